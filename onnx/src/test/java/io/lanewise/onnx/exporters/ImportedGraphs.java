package io.lanewise.onnx.exporters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads graphs of tests, and compares what Lanewise predicts with what others compute. */
final class ImportedGraphs {
    /** Of the largest value of a batch, or of the least one below. */
    private static final double TOLERANCE = 1e-5;

    /** Of smaller values only an absolute error is asked for: they may be what is left of a difference. */
    private static final double LEAST = 0.05;

    private ImportedGraphs() {}

    static Model read(final ExportedGraph graph, final Path folder) throws IOException {
        return Onnx.read(Files.write(folder.resolve("model.onnx"), graph.model().toByteArray()));
    }

    /** What Lanewise predicts, (rows, outputs). */
    static float[] predict(final Model model, final float[] x) {
        return Predictor.of(model).predict(x);
    }

    /**
     * Compares predictions with the graph's. Where a graph gives the probabilities of two classes side by side and the
     * model that of the second one alone, that one is compared.
     *
     * @param expected (rows, columns)
     */
    static void check(
            final String what, final Model model, final float[] predicted, final double[] expected, final int rows) {
        final int outputs = model.mlp().outputs();
        final int columns = expected.length / rows;
        final int skipped = outputs == 1 && columns == 2 ? 1 : 0;
        assertEquals(columns, outputs + skipped, () -> what + ": outputs of " + model);
        final double[] found = new double[rows * columns];
        for (int i = 0; i < predicted.length; i++) {
            found[i * (1 + skipped) + skipped] = predicted[i];
            if (skipped == 1) {
                found[2 * i] = 1 - predicted[i];
            }
        }
        checkClose(what + ", " + model, expected, found);
    }

    /** Compares elements with each other, relative to the largest one. */
    static void checkClose(final String what, final double[] expected, final double[] found) {
        assertEquals(expected.length, found.length, () -> what + ": outputs");
        final double largest = Arrays.stream(expected).map(Math::abs).reduce(LEAST, Math::max);
        for (int i = 0; i < expected.length; i++) {
            final int at = i;
            assertEquals(expected[i], found[i], TOLERANCE * largest, () -> what + ": element " + at);
        }
    }
}
