package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Children;
import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.OpenBlasChoice;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Task;
import io.lanewise.bench.gemm.Fork.Timing;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares matrix products with other libraries: starts forks, prints a table, writes JSON. */
@Command(
        name = "lanewise bench gemm",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description =
                "Compares Lanewise's matrix product with the scalar reference, VectorBLAS, EJML, OpenBLAS, MKL and"
                    + " oneDNN, in GFLOP/s (2mnk / time), measured in alternating rounds in several virtual machines.",
        footer = {
            "",
            "The table shows the median of the forks; (worst) is the worst fork. '/ native' is Lanewise to the best"
                    + " of OpenBLAS, MKL and oneDNN; 'pre' is with B packed beforehand. Variables such as"
                    + " MKL_ENABLE_INSTRUCTIONS and ONEDNN_MAX_CPU_ISA reach the libraries; LANEWISE_JAVA_OPTS reaches"
                    + " every fork."
        })
public final class GemmCommand extends ContestCommand {
    @Option(names = "--quick", description = "A subset of the shapes and shorter turns: under 4 minutes.")
    private boolean quick;

    @Option(
            names = "--shapes",
            paramLabel = "LIST",
            description =
                    "Shapes m x n x k, such as 512x512x512,32x512x784; :abt or :atb behind one transposes B or A.")
    private @Nullable String shapes;

    @Option(
            names = "--forks",
            defaultValue = "3",
            paramLabel = "N",
            description = "Virtual machines, one after the other (default: ${DEFAULT-VALUE}).")
    private int forks;

    @Option(
            names = "--statistic",
            defaultValue = "MEDIAN",
            paramLabel = "NAME",
            description = "What stands for the rounds of a fork: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Summary.Statistic statistic = Summary.Statistic.MEDIAN;

    @Mixin
    private OpenBlasChoice openBlas = new OpenBlasChoice();

    private GemmCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        main(new GemmCommand(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<Problem> problems = problems();
        if (!checkOptions(forks)) {
            return 0;
        }
        final PrintStream out = System.out;
        final Children children = openBlas.children(threads(), System.err::println);
        final List<Entrant> entrants = entrants(children);
        header(out, children, entrants);
        final List<Report> reports = run(
                children,
                forks,
                problems.size() + " shapes",
                GemmFork.class,
                fork -> task(problems, fork),
                Report.class);
        final Summary summary = Summary.of(problems, reports, statistic);
        faults(reports).forEach(out::println);
        TableText.lines(entrants, summary).forEach(out::println);
        final Map<String, Object> content = new LinkedHashMap<>();
        content.put("statistic", statistic);
        content.put("contestants", entrants);
        content.put("summary", summary);
        content.put("forks", reports.stream().map(Report::timings).toList());
        write(content);
        out.println(summary.line());
        return 0;
    }

    private List<Problem> problems() {
        if (shapes == null) {
            return quick ? Problems.quick() : Problems.all();
        }
        return parsed("--shapes", shapes, Problem::parseList);
    }

    private Task task(final List<Problem> problems, final int seed) {
        return new Task(
                problems.stream().map(Problem::toString).toList(), threads(), quick ? 11 : 21, quick ? 2 : 4, seed);
    }

    /** Who takes part; this first child also unpacks what the libraries bring along. */
    private List<Entrant> entrants(final Children children) throws IOException, InterruptedException {
        final Report report = children.run(GemmFork.class, task(List.of(), 0), Report.class);
        return openBlas.added(report.entrants(), "OpenBLAS");
    }

    private static Set<String> faults(final List<Report> reports) {
        final Set<String> faults = new LinkedHashSet<>();
        for (final Report report : reports) {
            for (final Timing timing : report.timings()) {
                if (timing.fault() != null) {
                    faults.add("WRONG: " + timing.contestant() + " at " + timing.problem() + ", left out: "
                            + timing.fault());
                }
            }
        }
        return faults;
    }
}
