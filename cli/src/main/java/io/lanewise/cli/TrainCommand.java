package io.lanewise.cli;

import io.lanewise.formats.AtomicFile;
import io.lanewise.formats.CheckpointFolder;
import io.lanewise.formats.ModelFile;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.training.Loss;
import io.lanewise.training.Schedule;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingDivergedException;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model from files and saves it. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "lanewise train DATA -o MODEL [OPTIONS]",
        description =
                "Trains a multi-layer perceptron on your data and saves it with all that is needed to score raw rows.",
        footer = {
            "",
            "A table is a CSV file with a header; all columns that are learnt from must be numbers. Images are IDX"
                    + " files (the format of MNIST), arrays numpy's: npy or npz files, whose first dimension counts the"
                    + " rows. All but npz may be gzipped. The same data and options give the same model, to the bit.",
            "",
            "  lanewise train data/iris.csv -o iris.safetensors",
            "  lanewise train houses.csv --task regression --label price \\",
            "      --ignore id,street -o houses.safetensors",
            "  lanewise train train-images-idx3-ubyte.gz \\",
            "      --labels train-labels-idx1-ubyte.gz --hidden 256,128 --norm batch \\",
            "      --dropout 0.2 --schedule one-cycle --epochs 10 --batch 128 \\",
            "      -o fashion.safetensors",
            "  lanewise train X.npy --labels y.npy -o model.safetensors",
            "  lanewise train mnist.npz --arrays x_train,y_train \\",
            "      --validation-data mnist.npz -o mnist.safetensors"
        })
final class TrainCommand implements Callable<Integer> {
    /** The headings of the options in the help. */
    static final OptionSections SECTIONS = new OptionSections(List.of(
            Map.entry("data", "Data"),
            Map.entry("network", "Network"),
            Map.entry("loss", "Loss"),
            Map.entry("optimizer", "Optimisation"),
            Map.entry("run", "Run"),
            Map.entry("checkpoints", "Checkpoints")));

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "CSV table with a header, IDX images, npy array or npz arrays.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "MODEL",
            description =
                    "Where to save the model (.safetensors). The last good model of a run whose loss becomes NaN or"
                            + " infinite is saved beside it, as MODEL.last-good.safetensors.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--plot", paramLabel = "PNG", description = "Draw the loss of each epoch into this file.")
    private @Nullable Path plot;

    @Option(
            names = "--log",
            paramLabel = "CSV",
            description = "Write a line for each epoch into this file, as it ends: steps, loss, learning rate, loss and"
                    + " accuracy (or R²) on held-out rows, speed.")
    private @Nullable Path log;

    @Mixin
    private final DataOptions data = new DataOptions();

    @Mixin
    private final NetworkOptions network = new NetworkOptions();

    @Mixin
    private final LossOptions loss = new LossOptions();

    @Mixin
    private final OptimizerOptions optimizer = new OptimizerOptions();

    @Mixin
    private final RunOptions run = new RunOptions();

    @Mixin
    private final CheckpointOptions checkpoints = new CheckpointOptions();

    @Override
    public Integer call() throws IOException {
        final PrintWriter text = spec.commandLine().getOut();
        Outputs.check(data.inputs(file), Outputs.paths(out, plot, log));
        check();
        checkpoints.checkOutputs(Outputs.paths(out, plot, log));
        final TrainingRows rows = data.read(file, run.seed()); // before a folder is made for what cannot be learnt from
        try (CheckpointFolder folder = checkpoints.open(text);
                Ending ending = folder == null ? null : Ending.watch()) {
            return train(text, rows, folder, ending) ? Main.OK : Main.FAILED;
        }
    }

    /** Trains and saves; false if the run was asked to end before. */
    private boolean train(
            final PrintWriter text,
            final TrainingRows rows,
            final @Nullable CheckpointFolder folder,
            final @Nullable Ending ending)
            throws IOException {
        rows.names().hints().forEach(hint -> spec.commandLine().getErr().println("note: " + hint));
        final Mlp mlp = network.mlp(rows.learnt().features(), rows.learnt().outputs(), data.isClassification());
        final TrainingOptions options =
                options(rows.names(), rows.learnt().classRows(), rows.learnt().rows());
        text.println(file.getFileName() + ": " + rows.summary());
        text.println(Text.format("network: %s (%s parameters)", mlp, Text.count(mlp.parameterCount())));
        if (options.loss() instanceof Loss.CrossEntropy entropy
                && !entropy.classWeights().isEmpty()) {
            text.println("class weights: " + Text.weights(rows.names().outputs(), entropy.classWeights()));
        }
        final TrainingResult result;
        try {
            result = fit(mlp, options, rows, folder, ending);
        } catch (final TrainingDivergedException e) {
            throw new UserException(
                    e.getMessage() + LastGood.saved(e, options, rows.names(), out) + checkpoints.remains(folder));
        }
        if (result.end() == TrainingResult.End.CANCELLED) {
            spec.commandLine()
                    .getErr()
                    .println(checkpoints.stopped(result.history().size() + 1, options.epochs()));
            return false;
        }
        save(text, rows, options, result);
        return true;
    }

    private void save(
            final PrintWriter text, final TrainingRows rows, final TrainingOptions options, final TrainingResult result)
            throws IOException {
        final Model model = rows.names().on(result.model());
        if (options.earlyStopping() != null) {
            text.println(ending(result, options.epochs()));
        }
        rows.judge(Predictor.of(model)).ifPresent(text::println);
        ModelFile.write(model, out);
        text.println("model: " + out);
        if (plot != null) {
            final byte[] png = LossPlot.png("Loss of " + file.getFileName(), result.history(), data.isClassification());
            AtomicFile.write(plot, stream -> stream.write(png));
            text.println("plot: " + plot);
        }
    }

    /** Wrong options are to be told before the data are read. */
    private void check() {
        data.check();
        network.check(data.isClassification());
        loss.check(data.isClassification(), network.isBinary());
        run.checkThreads();
        checkpoints.check();
        final TrainingOptions options = options(new DataNames(List.of(), List.of(), "", false), new long[0], 1);
        if (!data.hasValidation()) {
            final String remedy = " needs rows to judge by: hold some out (--validation SHARE), or name a file of them"
                    + " (--validation-data FILE)";
            if (options.earlyStopping() != null) {
                throw new UserException("--early-stopping" + remedy);
            }
            if (options.schedule() instanceof Schedule.ReduceOnPlateau) {
                throw new UserException("--schedule plateau" + remedy);
            }
        }
    }

    /** What the run is told, for rows with these names, so many of each class, and so many to learn from. */
    private TrainingOptions options(final DataNames names, final long[] classRows, final long rows) {
        return Arguments.checked(() -> new TrainingOptions(
                run.epochs(rows),
                run.batch(),
                optimizer.optimizer(),
                run.seed(),
                data.scaling(names),
                loss(names, classRows),
                optimizer.schedule(),
                optimizer.clipping(),
                run.earlyStopping(),
                network.initialization()));
    }

    private Loss loss(final DataNames names, final long[] classRows) {
        if (network.isBinary()) {
            return new Loss.BinaryCrossEntropy();
        }
        return classRows.length > 0 ? loss.loss(names.outputs(), classRows) : loss.loss();
    }

    private TrainingResult fit(
            final Mlp mlp,
            final TrainingOptions options,
            final TrainingRows rows,
            final @Nullable CheckpointFolder folder,
            final @Nullable Ending ending)
            throws IOException {
        final long count = rows.learnt().rows();
        final long stepsPerEpoch = (count - 1) / options.batchSize() + 1;
        final boolean live = Progress.isLive();
        final PrintWriter err = spec.commandLine().getErr();
        try (ThreadTeam team = run.team();
                TrainingLog history = log == null ? null : new TrainingLog(log, stepsPerEpoch, err);
                Progress progress = new Progress(err, live, options, count, data.isClassification())) {
            final TrainingListener resumed =
                    new CheckpointOptions.Resumed(spec.commandLine().getOut(), options.epochs());
            final Trainer trainer = Trainer.of(mlp, options)
                    .listener(new Listeners(
                            history == null ? List.of(resumed, progress) : List.of(resumed, progress, history)))
                    .team(team)
                    .cancelledBy(() -> ending != null && ending.isAsked());
            return checkpoints.fit(trainer, folder, rows::fit);
        }
    }

    private static String ending(final TrainingResult result, final int epochs) {
        final int made = result.history().size();
        final String best = Text.format(
                "the model is that of epoch %d, whose loss on held-out rows was the lowest: %s",
                result.epoch(),
                Text.loss(result.history().get(result.epoch() - 1).validationLoss()));
        return result.end() == TrainingResult.End.EARLY_STOPPING
                ? Text.format("stopped early, after epoch %d of %d; %s", made, epochs, best)
                : Text.format("all %d epochs were made; %s", made, best);
    }
}
