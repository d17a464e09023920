package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Children;
import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.inference.Fork.Report;
import io.lanewise.bench.inference.Fork.Task;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares scoring with other libraries: starts forks, prints tables, writes JSON. */
@Command(
        name = "lanewise bench inference",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description =
                "Compares how fast Lanewise scores networks with its scalar reference, ONNX Runtime and PyTorch (by"
                    + " DJL), in microseconds per call, measured in alternating rounds in several virtual machines.",
        footer = {
            "",
            "The first table shows the median of the forks; (worst) is the worst fork. '/ ONNX Runtime' is the speed"
                    + " of Lanewise to that of ONNX Runtime: above 1, Lanewise is faster. The other libraries find the"
                    + " input in their own memory and leave the output there; nothing is copied.",
            "",
            "The second table shows the latencies of single rows that come in at a fixed rate, counted from when each"
                + " was due. The rate keeps the slower of Lanewise and ONNX Runtime busy half the time; a dash stands"
                + " for who could not keep up. LANEWISE_JAVA_OPTS reaches every fork."
        })
public final class InferenceCommand extends ContestCommand {
    private static final int FORKS = 3;
    private static final int QUICK_FORKS = 2;

    @Option(names = "--quick", description = "A subset of the cases and shorter turns: under 4 minutes.")
    private boolean quick;

    @Option(
            names = "--cases",
            paramLabel = "LIST",
            description = "Networks by their widths, and batches, such as 784-512-256-10:1,13-128-64-2:32; without a"
                    + " batch all that are usual.")
    private @Nullable String cases;

    @Option(
            names = "--forks",
            paramLabel = "N",
            description =
                    "Virtual machines, one after the other (default: " + FORKS + ", with --quick " + QUICK_FORKS + ").")
    private @Nullable Integer forks;

    private InferenceCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        main(new InferenceCommand(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<Case> chosen = cases();
        final int count = forks != null ? forks : quick ? QUICK_FORKS : FORKS;
        checkOptions(count);
        final PrintStream out = System.out;
        final Children children = new Children(threads(), List.of(), System.err::println);
        // This first child also unpacks what the libraries bring along.
        final List<Entrant> entrants = children.run(InferenceFork.class, task(List.of(), 0), Report.class)
                .entrants();
        header(out, children, entrants);
        final List<Report> reports = run(
                children,
                count,
                chosen.size() + " cases",
                InferenceFork.class,
                fork -> task(chosen, fork),
                Report.class);
        final Summary summary = Summary.of(chosen, reports);
        faults(reports).forEach(out::println);
        TableText.times(entrants, summary).forEach(out::println);
        out.println();
        if (!summary.services().isEmpty()) {
            TableText.latencies(summary).forEach(out::println);
            out.println();
        }
        TableText.allocations(summary).forEach(out::println);
        out.println();
        final Map<String, Object> content = new LinkedHashMap<>();
        content.put("contestants", entrants);
        content.put("summary", summary);
        content.put("forks", reports);
        write(content);
        out.println(summary.line());
        return 0;
    }

    private List<Case> cases() {
        if (cases == null) {
            return quick ? Cases.quick() : Cases.all();
        }
        try {
            return Case.parseList(cases, Cases.BATCHES);
        } catch (final IllegalArgumentException e) {
            throw wrong("--cases: " + e.getMessage(), e);
        }
    }

    private Task task(final List<Case> chosen, final int seed) {
        return new Task(
                chosen.stream().map(Case::toString).toList(),
                threads(),
                quick ? 11 : 21,
                quick ? 2 : 4,
                quick ? 2 : 8,
                seed);
    }

    private static Set<String> faults(final List<Report> reports) {
        final Set<String> faults = new LinkedHashSet<>();
        for (final Report report : reports) {
            for (final Fork.Timing timing : report.timings()) {
                if (timing.fault() != null) {
                    faults.add("WRONG: " + timing.contestant() + " at " + timing.inference() + ", left out: "
                            + timing.fault());
                }
            }
        }
        return faults;
    }
}
