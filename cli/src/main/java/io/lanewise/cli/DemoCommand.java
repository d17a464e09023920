package io.lanewise.cli;

import io.lanewise.formats.AtomicFile;
import io.lanewise.formats.ModelFile;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backends;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.training.Dataset;
import io.lanewise.training.Evaluation;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Scaling;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains on handwritten digits and shows what came out. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Trains a network on 1,797 handwritten digits that come with it, scores digits it has not seen, and"
                        + " saves the model and a plot of the loss.",
        footer = {
            "",
            "Data: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning"
                    + " Repository, CC BY 4.0 (see NOTICE)."
        })
final class DemoCommand implements Callable<Integer> {
    static final int SIZE = 8;
    static final float BLACK = 16f;
    private static final double HELD_OUT = 0.2;
    private static final int SHOWN = 4;
    private static final int TIMED = 200_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-o", "--out"},
            defaultValue = "lanewise-demo",
            paramLabel = "FOLDER",
            description = "Where to write the model and the plot. Default: ${DEFAULT-VALUE}.")
    private Path folder = Path.of("");

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Decides initial weights, held-out rows and the order of rows. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        Backends.best(); // a wrong choice of kernels is to be told first
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UserException("expected a folder to write to, but " + folder + " is a file");
        }
        Files.createDirectories(folder);
        final TrainingData digits = TrainingData.digits();
        final Dataset.Split split = digits.data().split(HELD_OUT, seed);
        final Mlp mlp = network();
        out.println(Text.format(
                "%s handwritten digits of %d × %d pixels; learning from %s, holding out %s",
                Text.count(digits.data().rows()),
                SIZE,
                SIZE,
                Text.count(split.training().rows()),
                Text.count(split.heldOut().rows())));
        out.println(Text.format(
                "network: %s (%s parameters), kernels: %s",
                mlp, Text.count(mlp.parameterCount()), Backends.best().name()));
        final TrainingOptions options = options(seed);
        final TrainingResult result;
        try (Progress progress = new Progress(
                spec.commandLine().getErr(),
                Progress.isLive(),
                options,
                split.training().rows(),
                true)) {
            result = Trainer.fit(mlp, split.training(), split.heldOut(), options, progress);
        }
        final Model model = digits.names().on(result.model());
        final Predictor predictor = Predictor.of(model);
        show(out, predictor, split.heldOut());
        out.println("one prediction takes " + Text.duration(secondsForOne(predictor, split.heldOut())));
        save(out, model, result);
        return Main.OK;
    }

    static Mlp network() {
        return Mlp.inputs(SIZE * SIZE)
                .dense(128, Activation.RELU)
                .dense(64, Activation.RELU)
                .dense(10)
                .softmax();
    }

    static TrainingOptions options(final long seed) {
        return TrainingOptions.defaults()
                .withEpochs(40)
                .withOptimizer(new Optimizer.AdamW(2e-3f, 0.9f, 0.999f, 1e-8f, 1e-2f))
                .withScaling(Scaling.COMMON)
                .withSeed(seed);
    }

    private static void show(final PrintWriter out, final Predictor predictor, final Dataset heldOut) {
        final Evaluation evaluation = Evaluation.of(predictor, heldOut);
        final Model model = predictor.model();
        out.println();
        out.println(
                Text.format("held-out rows: %s (%d rows)", Text.summary(evaluation, model.mlp()), evaluation.rows()));
        out.println();
        out.println("confusion matrix (rows: the digit that was written, columns: the digit that was read)");
        out.print(Text.confusion(evaluation.confusion(), model.outputNames()));
        out.println();
        final int[] predicted = predictor.classifyAll(heldOut.x());
        final List<float[]> images = new ArrayList<>();
        final StringBuilder captions = new StringBuilder();
        for (final int row : examples(predicted, heldOut.labels())) {
            images.add(Arrays.copyOfRange(heldOut.x(), row * heldOut.features(), (row + 1) * heldOut.features()));
            final int truth = heldOut.labels()[row];
            final String caption = "read " + model.outputName(predicted[row])
                    + (truth == predicted[row] ? "" : " (is " + model.outputName(truth) + ")");
            captions.append(Text.format("%-" + (2 * SIZE + 3) + "s", caption));
        }
        out.print(Text.images(images, SIZE, BLACK));
        out.println(captions.toString().stripTrailing());
        out.println();
    }

    /** The first held-out digits, and the first mistake if there is one. */
    private static int[] examples(final int[] predicted, final int[] labels) {
        final int[] rows = new int[Math.min(SHOWN, labels.length)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = i;
        }
        for (int row = 0; row < labels.length; row++) {
            if (predicted[row] != labels[row]) {
                rows[rows.length - 1] = Math.max(row, rows.length - 1);
                break;
            }
        }
        return rows;
    }

    /** The mean time of a batch of one, compiled code, each row in turn. */
    private static double secondsForOne(final Predictor predictor, final Dataset data) {
        final InferenceSession session = predictor.session(1);
        final float[] probabilities = new float[data.outputs()];
        double seconds = 0;
        for (int round = 0; round < 2; round++) { // the first round is for the compiler
            final long start = System.nanoTime();
            for (int i = 0; i < TIMED; i++) {
                session.run(1, data.x(), i % data.rows() * data.features(), probabilities, 0);
            }
            seconds = (System.nanoTime() - start) * 1e-9 / TIMED;
        }
        return seconds;
    }

    private void save(final PrintWriter out, final Model model, final TrainingResult result) throws IOException {
        final Path file = folder.resolve("digits.safetensors");
        ModelFile.write(model, file);
        out.println("model: " + file);
        try {
            final byte[] png = LossPlot.png("Loss on handwritten digits", result.history(), true);
            final Path plot = folder.resolve("loss.png");
            AtomicFile.write(plot, stream -> stream.write(png));
            out.println("plot: " + plot);
        } catch (final IOException e) {
            out.println("no plot: " + e.getMessage());
        }
    }
}
