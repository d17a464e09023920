package io.lanewise.cli;

import io.lanewise.formats.AtomicFile;
import io.lanewise.formats.ModelFile;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Names;
import io.lanewise.training.Dataset;
import io.lanewise.training.Evaluation;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Scaling;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model from files and saves it. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Trains a multi-layer perceptron on your data and saves it with all that is needed to score raw rows.",
        footer = {
            "",
            "A table is a CSV file with a header; all columns but the label must be numbers. Images are IDX files (the",
            "format of MNIST). Either may be gzipped. The same data and options give the same model, to the bit.",
            "",
            "  lanewise train data/iris.csv -o iris.safetensors",
            "  lanewise train houses.csv --task regression --label price -o houses.safetensors",
            "  lanewise train train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --hidden 256,128 \\",
            "      --epochs 10 --batch 128 -o fashion.safetensors"
        })
final class TrainCommand implements Callable<Integer> {
    /** What is learnt. */
    enum Task {
        CLASSIFICATION,
        REGRESSION
    }

    /** How parameters follow from gradients. */
    enum Method {
        ADAM,
        SGD
    }

    private static final long STEPS = 3000;
    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 200;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "DATA", description = "CSV table with a header, or IDX images; gzipped or not.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = {"-o", "--out"},
            required = true,
            paramLabel = "MODEL",
            description = "Where to save the model (.safetensors).")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(names = "--label", paramLabel = "COLUMN", description = "The column to predict. Default: the last one.")
    private @Nullable String label;

    @Option(names = "--labels", paramLabel = "FILE", description = "IDX labels, for IDX images.")
    private @Nullable Path labels;

    @Option(
            names = "--task",
            defaultValue = "classification",
            description = "What the label is: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Task task = Task.CLASSIFICATION;

    @Option(
            names = "--hidden",
            split = ",",
            defaultValue = "64,32",
            paramLabel = "UNITS",
            description = "Units of each hidden layer; 0 for none. Default: ${DEFAULT-VALUE}.")
    private List<Integer> hidden = List.of();

    @Option(
            names = "--activation",
            defaultValue = "relu",
            paramLabel = "NAME",
            completionCandidates = ActivationNames.class,
            description = "Of the hidden layers: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private String activation = "";

    @Option(
            names = "--epochs",
            description = "How often all rows are seen. Default: as many as make some 3,000 steps, from 10 to 200.")
    private @Nullable Integer epochs;

    @Option(names = "--batch", defaultValue = "32", description = "Rows in each step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.001",
            paramLabel = "RATE",
            description = "Step size. Default: ${DEFAULT-VALUE}.")
    private float learningRate;

    @Option(
            names = "--optimizer",
            defaultValue = "adam",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Method optimizer = Method.ADAM;

    @Option(names = "--momentum", defaultValue = "0.9", description = "Momentum of sgd. Default: ${DEFAULT-VALUE}.")
    private float momentum;

    @Option(
            names = "--weight-decay",
            defaultValue = "0",
            paramLabel = "DECAY",
            description = "Pulls weights towards zero. Default: ${DEFAULT-VALUE}.")
    private float weightDecay;

    @Option(
            names = "--validation",
            defaultValue = "0.2",
            paramLabel = "SHARE",
            description = "Share of the rows to hold out and judge by; 0 for none. Default: ${DEFAULT-VALUE}.")
    private double validation;

    @Option(
            names = "--standardize",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Bring inputs to mean 0 and deviation 1 (of images: all pixels alike). Default: yes.")
    private boolean standardize;

    @Option(
            names = "--seed",
            defaultValue = "0",
            description = "Decides initial weights, held-out rows and the order of rows. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--plot", paramLabel = "PNG", description = "Draw the loss of each epoch into this file.")
    private @Nullable Path plot;

    @Override
    public Integer call() throws IOException {
        final PrintWriter text = spec.commandLine().getOut();
        Outputs.check(Outputs.paths(data, labels), Outputs.paths(out, plot));
        final boolean classifier = task == Task.CLASSIFICATION;
        options(1); // wrong options are to be told before the data are read
        final TrainingData training = TrainingData.load(data, labels, label, classifier);
        training.hints().forEach(hint -> spec.commandLine().getErr().println("note: " + hint));
        final Mlp mlp = network(training, classifier);
        final Dataset.Split split = Arguments.checked(() -> training.data().split(validation, seed));
        if (split.training().rows() == 0) {
            throw new UserException("no rows are left to learn from: hold out fewer (--validation " + validation + ")");
        }
        text.println(Text.format(
                "%s: %s rows of %d features; learning from %s, holding out %s",
                data.getFileName(),
                Text.count(training.data().rows()),
                training.data().features(),
                Text.count(split.training().rows()),
                Text.count(split.heldOut().rows())));
        text.println(Text.format("network: %s (%s parameters)", mlp, Text.count(mlp.parameterCount())));
        final TrainingOptions options = options(split.training().rows());
        final TrainingResult result;
        try (Progress progress = new Progress(
                spec.commandLine().getErr(),
                Progress.isLive(),
                options.epochs(),
                split.training().rows(),
                classifier)) {
            result = Trainer.fit(
                    mlp, split.training(), split.heldOut(), options.withScaling(scaling(training)), progress);
        }
        final Model model =
                result.model().withNames(training.featureNames(), training.outputNames(), training.targetName());
        report(text, Predictor.of(model), split, classifier);
        ModelFile.write(model, out);
        text.println("model: " + out);
        if (plot != null) {
            final byte[] png = LossPlot.png("Loss of " + data.getFileName(), result.history(), classifier);
            AtomicFile.write(plot, stream -> stream.write(png));
            text.println("plot: " + plot);
        }
        return Main.OK;
    }

    private static void report(
            final PrintWriter text, final Predictor predictor, final Dataset.Split split, final boolean classifier) {
        final boolean held = split.heldOut().rows() > 0;
        final Evaluation evaluation = Evaluation.of(predictor, held ? split.heldOut() : split.training());
        text.println((held ? "held-out rows: " : "training rows: ") + Text.summary(evaluation, classifier));
    }

    private TrainingOptions options(final int rows) {
        final long steps = Math.max(1, rows / Math.max(1, batch));
        return Arguments.checked(() -> new TrainingOptions(
                epochs != null ? epochs : Math.clamp(STEPS / steps, FEWEST_EPOCHS, MOST_EPOCHS),
                batch,
                optimizer == Method.ADAM
                        ? new Optimizer.Adam(learningRate, 0.9f, 0.999f, 1e-8f, weightDecay)
                        : new Optimizer.Sgd(learningRate, momentum, weightDecay),
                seed,
                Scaling.NONE));
    }

    private Scaling scaling(final TrainingData training) {
        if (!standardize) {
            return Scaling.NONE;
        }
        return training.images() ? Scaling.COMMON : Scaling.PER_FEATURE;
    }

    private Mlp network(final TrainingData training, final boolean classifier) {
        return Arguments.checked(() -> {
            final Activation function = Names.parse(
                    Activation.class, activation.toLowerCase(Locale.ROOT).replace('_', '-'));
            final Mlp.Builder builder = Mlp.inputs(training.data().features());
            if (!hidden.equals(List.of(0))) {
                hidden.forEach(units -> builder.dense(units, function));
            }
            builder.dense(training.data().outputs());
            return classifier ? builder.softmax() : builder.linear();
        });
    }

    static final class ActivationNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Names.all(Activation.class).iterator();
        }
    }
}
