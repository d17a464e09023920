package io.lanewise.bench.math;

import io.lanewise.bench.contest.Children;
import io.lanewise.bench.contest.Columns;
import io.lanewise.bench.contest.Machine;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.math.MathFork.Figure;
import io.lanewise.bench.math.MathFork.Report;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the functions of one float in several virtual machines, and prints a table in Markdown. */
@Command(
        name = "lanewise bench math",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description =
                "Compares Lanewise's exp, tanh, GELU, … with what the Vector API's own functions give (SVML on x86), on"
                        + " 4096 floats in the first-level cache, in rounds that alternate.",
        footer = {
            "",
            "Medians of the forks, of one float; above 1 in the last column Lanewise is faster. Cycles are counted by"
                    + " a chain of shifts and exclusive ors in the same rounds, of six cycles a step on x86 and on most"
                    + " others."
        })
public final class MathCommand implements Callable<Integer> {
    @Option(
            names = "--forks",
            defaultValue = "3",
            paramLabel = "N",
            description = "Virtual machines, one after the other (default: ${DEFAULT-VALUE}).")
    private int forks;

    private MathCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        System.exit(new CommandLine(new MathCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final PrintStream out = System.out;
        Machine.describe().forEach((what, value) -> out.println(what + ": " + value));
        final Children children = new Children(1, List.of(), System.err::println);
        final List<Report> reports = new ArrayList<>();
        for (int fork = 1; fork <= forks; fork++) {
            reports.add(children.run(MathFork.class, new MathFork.Task(fork), Report.class));
        }
        if (reports.isEmpty()) {
            return 0;
        }
        final List<Figure> first = reports.getFirst().figures();
        out.printf(
                Locale.ROOT,
                "vectors: %d bits; clock: %.2f GHz%n%n",
                reports.getFirst().width(),
                1 / median(reports, 0, Figure::cycle));
        out.println("| function | Lanewise ns | cycles | Vector API ns | cycles | Vector API / Lanewise |");
        out.println("|---|--:|--:|--:|--:|--:|");
        for (int i = 0; i < first.size(); i++) {
            out.println(line(
                    first.get(i).function(),
                    median(reports, i, Figure::lanewise),
                    median(reports, i, f -> f.lanewise() / f.cycle()),
                    median(reports, i, Figure::vectorApi),
                    median(reports, i, f -> f.vectorApi() / f.cycle()),
                    median(reports, i, f -> f.vectorApi() / f.lanewise())));
        }
        return 0;
    }

    private static double median(
            final List<Report> reports, final int function, final ToDoubleFunction<Figure> figure) {
        return Statistics.median(reports.stream()
                .map(report -> figure.applyAsDouble(report.figures().get(function)))
                .toList());
    }

    private static String line(final String function, final double... figures) {
        final String[] formats = {"%.3f", "%.2f", "%.3f", "%.2f", "%.2f"};
        final StringBuilder line =
                new StringBuilder("| " + function.toLowerCase(Locale.ROOT).replace('_', '-') + " |");
        for (int i = 0; i < figures.length; i++) {
            line.append(' ').append(Columns.number(formats[i], figures[i])).append(" |");
        }
        return line.toString();
    }
}
