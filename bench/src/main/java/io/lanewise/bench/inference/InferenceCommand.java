package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Children;
import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Effort;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.inference.Fork.Report;
import io.lanewise.bench.inference.Fork.Task;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.ModelFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
                + " for who could not keep up. '(a wait)' takes the time of Lanewise's call and computes nothing: its"
                + " tail is the machine's. LANEWISE_JAVA_OPTS reaches every fork."
        })
public final class InferenceCommand extends ContestCommand {
    @Mixin
    private Effort effort = new Effort();

    @Option(
            names = "--cases",
            paramLabel = "LIST",
            description = "Networks by their widths, and batches, such as 784-512-256-10:1,13-128-64-2:32; without a"
                    + " batch all that are usual.")
    private @Nullable String cases;

    @Option(
            names = "--model",
            paramLabel = "FILE",
            description = "The model of a file (.safetensors, .onnx) instead of networks with random weights, at the"
                    + " usual batches. PyTorch is left out.")
    private @Nullable Path model;

    private InferenceCommand() {}

    /** Runs the command and exits. */
    public static void main(final String[] args) {
        main(new InferenceCommand(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final List<Case> chosen = cases();
        if (!checkOptions(effort.forks())) {
            return 0;
        }
        final PrintStream out = System.out;
        final Children children = new Children(threads(), List.of(), System.err::println);
        // This first child also unpacks what the libraries bring along.
        final List<Entrant> entrants = children.run(InferenceFork.class, task(List.of(), 0), Report.class)
                .entrants();
        header(out, children, entrants);
        final List<Report> reports = run(
                children,
                effort.forks(),
                chosen.size() + " cases",
                InferenceFork.class,
                fork -> task(chosen, fork),
                Report.class);
        final Summary summary = Summary.of(chosen, reports);
        Summary.timings(reports).faults().forEach(out::println);
        print(out, TableText.times(entrants, summary));
        if (!summary.services().isEmpty()) {
            print(out, TableText.latencies(summary));
        }
        print(out, TableText.allocations(summary));
        write(entrants, summary, reports);
        out.println(summary.line());
        return 0;
    }

    private List<Case> cases() {
        if (model != null) {
            return parsed("--model", model.toString(), file -> {
                if (cases != null) {
                    throw new IllegalArgumentException("give either a model or --cases, not both");
                }
                return Cases.of(read(Path.of(file)), effort.quick());
            });
        }
        if (cases == null) {
            return effort.quick() ? Cases.quick() : Cases.all();
        }
        return parsed("--cases", cases, text -> Case.parseList(text, Cases.BATCHES));
    }

    private static Model read(final Path file) {
        try {
            return ModelFiles.read(file);
        } catch (final NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (final IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Task task(final List<Case> chosen, final int seed) {
        return new Task(
                chosen.stream().map(Case::toString).toList(),
                model == null ? null : model.toAbsolutePath().toString(),
                threads(),
                effort.quick() ? 11 : 21,
                effort.quick() ? 2 : 4,
                effort.quick() ? 2 : 8,
                seed);
    }
}
