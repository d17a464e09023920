package io.lanewise.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.lanewise.formats.AtomicFile;
import io.lanewise.formats.FormatException;
import io.lanewise.formats.NpyFile;
import io.lanewise.formats.RowReader;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.ModelFiles;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores the rows of a file, some at a time: the file may be larger than the memory. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Scores raw rows with a saved model and writes CSV: the class and each class's probability, or the"
                        + " value. To a file that ends in .npy it writes an array of the probabilities or values.",
        footer = {
            "",
            "Columns are found by the names that the model learnt; others are ignored. Images and arrays have to have"
                    + " the model's features in its order. Where there is also the true answer (the label column,"
                    + " --labels or --arrays), how well the model did is printed at the end.",
            "",
            "  lanewise predict iris.safetensors data/iris.csv",
            "  lanewise predict fashion.safetensors t10k-images-idx3-ubyte.gz \\",
            "      --labels t10k-labels-idx1-ubyte.gz -o predictions.csv",
            "  lanewise predict model.safetensors X.npy -o probabilities.npy",
            "  lanewise predict mnist.safetensors mnist.npz --arrays x_test,y_test \\",
            "      -o probabilities.npy"
        })
final class PredictCommand implements Callable<Integer> {
    private static final int BLOCK = 256;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A model saved by train or demo (.safetensors), or of any program (.onnx).")
    @SuppressWarnings("NullAway.Init")
    private Path modelFile;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "CSV table with a header, IDX images, npy array or npz arrays.")
    @SuppressWarnings("NullAway.Init")
    private Path data;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where to write the predictions: CSV, or an array (.npy). Default: standard output.")
    private @Nullable Path out;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description =
                    "Labels to judge predictions by, of IDX images (an IDX file) or of an npy array (another one).")
    private @Nullable Path labels;

    @Option(
            names = "--arrays",
            split = ",",
            paramLabel = "NAME",
            description = "X or X,Y: the arrays of an npz file with features and, to judge by, labels. Default: usual"
                    + " names, such as x_test,y_test or X,y.")
    private @Nullable List<String> arrays;

    @Override
    public Integer call() throws IOException {
        Outputs.check(Outputs.paths(modelFile, data, labels), Outputs.paths(out));
        final Model model = readModel();
        final Score score = new Score(model);
        final DataFile file = DataFile.of(data, DataFile.Purpose.PREDICTION, labels, arrays);
        try (RowReader rows = file.forPrediction(model).open()) {
            checkFeatures(model, rows);
            if (out == null) {
                toStandardOutput(model, rows, score);
            } else if (out.toString().toLowerCase(Locale.ROOT).endsWith(".npy")) {
                NpyFile.write(
                        out,
                        model.mlp().outputs(),
                        array -> predict(
                                model,
                                rows,
                                score,
                                (count, predictions) -> array.write(count, predictions.outputs(), 0)));
            } else {
                AtomicFile.write(
                        out,
                        stream -> write(model, rows, new OutputStreamWriter(stream, StandardCharsets.UTF_8), score));
            }
        }
        final PrintWriter err = spec.commandLine().getErr();
        err.println(score.summary());
        return Main.OK;
    }

    private Model readModel() throws IOException {
        try {
            return ModelFiles.read(modelFile);
        } catch (final FormatException e) {
            if (isModel(data)) {
                throw new UserException("expected the model, then the data, got them the other way round: lanewise"
                        + " predict " + data + " " + modelFile);
            }
            throw e;
        }
    }

    private static boolean isModel(final Path file) {
        try {
            ModelFiles.read(file);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** A print writer swallows errors: a full disk or a closed pipe is to be told, and to stop the work. */
    private void toStandardOutput(final Model model, final RowReader rows, final Score score) throws IOException {
        final PrintWriter standardOutput = spec.commandLine().getOut();
        final Writer checked = new FilterWriter(standardOutput) {
            @Override
            public void write(final char[] text, final int offset, final int length) throws IOException {
                standardOutput.write(text, offset, length);
                check();
            }

            @Override
            public void flush() throws IOException {
                check();
            }

            private void check() throws IOException {
                if (standardOutput.checkError()) { // flushes
                    throw new IOException("standard output takes no more: the disk is full, or the pipe was closed");
                }
            }
        };
        write(model, rows, checked, score);
    }

    private static void write(final Model model, final RowReader rows, final Writer writer, final Score score)
            throws IOException {
        final boolean classifier = model.classes() > 0;
        @SuppressWarnings("resource") // closing it would close standard output
        final CsvWriter csv =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(writer);
        csv.writeRecord(header(model));
        final List<String> fields = new ArrayList<>();
        predict(model, rows, score, (count, predictions) -> {
            for (int i = 0; i < count; i++) {
                fields.clear();
                if (classifier) {
                    fields.add(model.className(predictions.classOf(i)));
                }
                for (int j = 0; j < predictions.columns(); j++) {
                    fields.add(Float.toString(predictions.value(i, j)));
                }
                csv.writeRecord(fields);
            }
        });
        csv.flush();
    }

    /** Takes what a model says of a block of rows. */
    @FunctionalInterface
    private interface Sink {
        void add(int count, Predictions predictions) throws IOException;
    }

    private static void predict(final Model model, final RowReader rows, final Score score, final Sink sink)
            throws IOException {
        final Predictions predictions = new Predictions(Predictor.of(model), BLOCK);
        final float[] x = new float[Math.multiplyExact(BLOCK, rows.features())];
        for (int count = rows.read(x, 0, BLOCK); count > 0; count = rows.read(x, 0, BLOCK)) {
            predictions.run(count, x);
            sink.add(count, predictions);
            score.add(rows, count, predictions);
        }
    }

    private static void checkFeatures(final Model model, final RowReader rows) {
        if (rows.features() != model.mlp().inputs()) {
            throw new UserException("the model expects " + model.mlp().inputs() + " features in each row, but "
                    + rows.file().getFileName() + " has " + rows.features());
        }
    }

    private static List<String> header(final Model model) {
        final List<String> header = new ArrayList<>();
        final String prefix = model.mlp().head() == Head.LOG_SOFTMAX ? "log_p_" : "p_";
        if (model.classes() > 0) {
            header.add(model.targetName().isEmpty() ? "class" : model.targetName());
        }
        for (int c = 0; c < model.classes(); c++) {
            header.add(prefix + model.className(c));
        }
        for (int j = 0; j < model.mlp().outputs() && model.classes() == 0; j++) {
            header.add(model.outputName(j));
        }
        return header;
    }
}
