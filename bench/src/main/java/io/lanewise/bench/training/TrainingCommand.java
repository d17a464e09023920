package io.lanewise.bench.training;

import io.lanewise.bench.contest.Children;
import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Effort;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.OpenBlasChoice;
import io.lanewise.bench.training.Fork.Report;
import io.lanewise.bench.training.Fork.Task;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares training with other libraries: starts forks, prints tables, writes JSON. */
@Command(
        name = "lanewise bench training",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        description = "Compares how fast Lanewise trains classifiers with its scalar reference, libtorch and DL4J, in"
                + " microseconds per step (forward, loss, backward, update), measured in alternating rounds in"
                + " several virtual machines.",
        footer = {
            "",
            "The first table shows the median of the forks; (worst) is the worst fork. '/ libtorch' is the speed of"
                    + " Lanewise to that of libtorch: above 1, Lanewise is faster. Before anything is measured, all"
                    + " take the same three steps, and whoever comes to other parameters is left out. The batch is"
                    + " in each library's own memory; nothing is copied.",
            "",
            "The second table shows what the steps leave to Java's garbage collector, on all threads; what libtorch"
                    + " and DL4J allocate outside the Java heap is not counted. LANEWISE_JAVA_OPTS reaches every fork."
        })
public final class TrainingCommand extends ContestCommand {
    @Mixin
    private Effort effort = new Effort();

    @Mixin
    private OpenBlasChoice openBlas = new OpenBlasChoice();

    @Option(
            names = "--cases",
            paramLabel = "LIST",
            description = "Networks by their widths, batches and optimisers, such as 784-512-256-10:128:adam; without a"
                    + " batch, or an optimiser, all that are usual.")
    private @Nullable String cases;

    private TrainingCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        main(new TrainingCommand(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<Case> chosen = cases();
        if (!checkOptions(effort.forks())) {
            return 0;
        }
        final PrintStream out = System.out;
        final Children children = openBlas.children(threads(), System.err::println);
        // This first child also unpacks what the libraries bring along.
        final Report first = children.run(TrainingFork.class, task(List.of(), 0), Report.class);
        final List<Entrant> entrants = openBlas.added(first.entrants(), "libtorch");
        header(out, children, entrants);
        final List<Report> reports = run(
                children,
                effort.forks(),
                chosen.size() + " cases",
                TrainingFork.class,
                fork -> task(chosen, fork),
                Report.class);
        final Summary summary = Summary.of(chosen, reports);
        Summary.timings(reports).faults().forEach(out::println);
        print(out, TableText.times(entrants, summary));
        print(out, TableText.garbage(summary));
        write(entrants, summary, reports);
        out.println(summary.line());
        return 0;
    }

    private List<Case> cases() {
        if (cases == null) {
            return effort.quick() ? Cases.quick() : Cases.all();
        }
        return parsed("--cases", cases, text -> Case.parseList(text, Cases.BATCHES));
    }

    private Task task(final List<Case> chosen, final int seed) {
        return new Task(
                chosen.stream().map(Case::toString).toList(),
                threads(),
                effort.quick() ? 11 : 21,
                effort.quick() ? 5 : 10,
                seed);
    }
}
