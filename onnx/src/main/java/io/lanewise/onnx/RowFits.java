package io.lanewise.onnx;

import io.lanewise.mlp.Head;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether some rows that a function gives are those of a layer normalisation, or of a softmax. */
final class RowFits {
    /** The number of rows that are looked at. */
    static final int ROWS = 5;

    /** What the rows are multiplied by: small ones tell ε, and rows of zeros the bias. */
    private static final double[] SCALES = {1, 0.01, 0.3, 20, 0};

    private static final double TOLERANCE = 1e-6;

    private RowFits() {}

    /** The weight and bias of a normalisation, (width) each. */
    record Norm(double[] weight, double[] bias) {}

    /** (ROWS, width): none of their elements is near its row's mean, but for the zeros. */
    static double[] samples(final int width) {
        final double[] samples = new double[ROWS * width];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < width; j++) {
                final double sign = (i + j) % 2 == 0 ? 1 : -1; // so that no order of columns is in all rows
                samples[i * width + j] = SCALES[i] * sign * (1 + 0.5 * StrictMath.sin(j + 3.0 * i));
            }
        }
        return samples;
    }

    private static double[] row(final double[] all, final int width, final int i) {
        return Arrays.copyOfRange(all, i * width, (i + 1) * width);
    }

    /** Softmax or log-softmax; null if it is neither. */
    static @Nullable Head head(final int width, final double[] x, final double[] y) {
        boolean softmax = true;
        boolean log = true;
        for (int i = 0; i < ROWS; i++) {
            final double[] row = row(x, width, i);
            softmax = softmax && agree(NormalizationOperators.softmax(row), row(y, width, i));
            log = log && agree(NormalizationOperators.logSoftmax(row), row(y, width, i));
        }
        return softmax ? Head.SOFTMAX : log ? Head.LOG_SOFTMAX : null;
    }

    private static boolean agree(final double[] expected, final double[] found) {
        for (int j = 0; j < expected.length; j++) {
            if (!(Math.abs(expected[j] - found[j]) <= TOLERANCE * Math.max(1, Math.abs(expected[j])))) {
                return false;
            }
        }
        return true;
    }

    /** The normalisation with this ε; null if it is none. */
    static @Nullable Norm norm(final int width, final double[] x, final double[] y, final double epsilon) {
        final double[] bias = row(y, width, ROWS - 1);
        final double[] weight = new double[width];
        final double[] first = normalized(row(x, width, 0), epsilon);
        for (int j = 0; j < width; j++) {
            weight[j] = Curve.snapped((y[j] - bias[j]) / first[j], 1);
        }
        for (int i = 1; i < ROWS; i++) {
            final double[] expected = normalized(row(x, width, i), epsilon);
            for (int j = 0; j < width; j++) {
                expected[j] = expected[j] * weight[j] + bias[j];
            }
            if (!agree(expected, row(y, width, i))) {
                return null;
            }
        }
        return new Norm(weight, bias);
    }

    private static double[] normalized(final double[] row, final double epsilon) {
        final double mean = Arrays.stream(row).sum() / row.length;
        final double variance =
                Arrays.stream(row).map(v -> (v - mean) * (v - mean)).sum() / row.length;
        return Arrays.stream(row)
                .map(v -> (v - mean) / Math.sqrt(variance + epsilon))
                .toArray();
    }
}
