package io.lanewise.reference;

import static io.lanewise.NumericGradient.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.DoubleNet;
import io.lanewise.NumericGradient;
import io.lanewise.RandomArrays;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Normalisations against the textbook in {@code double}; their gradients against central differences of
 * {@code Σ dY · Y}, whose gradient with respect to Y is dY.
 */
final class ReferenceNormsTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final Scratchpad SCRATCHPAD = SCALAR.scratchpad(0, 0, 0);
    private static final float EPSILON = 1e-3f;

    /** Rows of some columns, normalised along the rows or along the columns. */
    private record Norm(boolean ofBatch, int rows, int columns) {
        double[] forward(final double[] x, final double[] weight, final double[] bias) {
            final double[] y = new double[x.length];
            final int lines = ofBatch ? columns : rows;
            final int length = ofBatch ? rows : columns;
            for (int line = 0; line < lines; line++) {
                double mean = 0;
                double variance = 0;
                for (int k = 0; k < length; k++) {
                    mean += x[at(line, k)] / length;
                }
                for (int k = 0; k < length; k++) {
                    variance += (x[at(line, k)] - mean) * (x[at(line, k)] - mean) / length;
                }
                for (int k = 0; k < length; k++) {
                    final int i = at(line, k);
                    y[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight[i % columns] + bias[i % columns];
                }
            }
            return y;
        }

        private int at(final int line, final int k) {
            return ofBatch ? k * columns + line : line * columns + k;
        }

        double product(final double[] x, final double[] weight, final double[] bias, final double[] dy) {
            final double[] y = forward(x, weight, bias);
            double sum = 0;
            for (int i = 0; i < y.length; i++) {
                sum += y[i] * dy[i];
            }
            return sum;
        }
    }

    @ParameterizedTest
    @CsvSource({"1,7", "5,1", "2,16", "9,3", "6,37"})
    void gradients(final int rows, final int columns) {
        final float[] x = RandomArrays.floats(1, rows * columns, 2);
        final float[] weight = RandomArrays.floats(2, columns, 2);
        final float[] bias = RandomArrays.floats(3, columns, 2);
        final float[] dy = RandomArrays.floats(4, rows * columns, 2);
        for (final boolean ofBatch : new boolean[] {false, true}) {
            final Norm norm = new Norm(ofBatch, rows, columns);
            final String what = norm.toString();
            final double[] wideX = DoubleNet.widened(x);
            final double[] w = DoubleNet.widened(weight);
            final double[] b = DoubleNet.widened(bias);
            final double[] wideDy = DoubleNet.widened(dy);
            final float[] y = new float[x.length];
            final float[] dx = dy.clone();
            final float[] dWeight = new float[columns];
            final float[] dBias = new float[columns];
            if (ofBatch) {
                final float[] mean = new float[columns];
                final float[] variance = new float[columns];
                SCALAR.batchNorm(
                        rows, columns, x, 0, columns, weight, 0, bias, 0, EPSILON, mean, variance, y, 0, columns);
                SCALAR.batchNormBackward(
                        rows, columns, x, 0, columns, weight, 0, EPSILON, mean, variance, dx, 0, columns, dWeight, 0,
                        dBias, 0);
            } else {
                SCALAR.layerNorm(rows, columns, x, 0, columns, weight, 0, bias, 0, EPSILON, y, 0, columns, SCRATCHPAD);
                SCALAR.layerNormBackward(
                        rows,
                        columns,
                        x,
                        0,
                        columns,
                        weight,
                        0,
                        EPSILON,
                        dx,
                        0,
                        columns,
                        dWeight,
                        0,
                        dBias,
                        0,
                        SCRATCHPAD);
            }
            assertClose("Y of " + what, norm.forward(wideX, w, b), y, 2e-6);
            assertClose("dBias of " + what, NumericGradient.of(v -> norm.product(wideX, w, v, wideDy), b), dBias, 2e-6);
            if (ofBatch ? rows == 1 : columns == 1) {
                // One number is its own mean.
                assertArrayEquals(new float[columns], dWeight, 1e-6f);
                assertArrayEquals(new float[x.length], dx, 1e-6f);
                continue;
            }
            assertClose(
                    "dWeight of " + what, NumericGradient.of(v -> norm.product(wideX, v, b, wideDy), w), dWeight, 2e-6);
            assertClose("dX of " + what, NumericGradient.of(v -> norm.product(v, w, b, wideDy), wideX), dx, 5e-6);
        }
    }

    @Test
    void batchNormByHand() {
        final float[] x = {9, 1, 5, 9, 3, 5, 9};
        final float[] weight = {9, 2, 3};
        final float[] bias = {0.5f, -1};
        final float[] mean = {7, 7, 7};
        final float[] variance = {7, 7, 7};
        final float[] y = {8, 8, 8, 8, 8, 8, 8};
        SCALAR.batchNorm(2, 2, x, 1, 3, weight, 1, bias, 0, 3, mean, variance, y, 1, 4);
        assertArrayEquals(new float[] {2, 5, 7}, mean);
        assertArrayEquals(new float[] {1, 0, 7}, variance);
        // 1 / √(1 + 3) = 0.5: ±1 · 0.5 · 2 + 0.5, and 0 · 3 − 1
        assertArrayEquals(new float[] {8, -0.5f, -1, 8, 8, 1.5f, -1}, y);
        SCALAR.batchNorm(2, 2, x, 1, 3, weight, 1, bias, 0, 3, mean, variance, x, 1, 3);
        assertArrayEquals(new float[] {9, -0.5f, -1, 9, 1.5f, -1, 9}, x);
    }

    @Test
    void batchNormBackwardByHand() {
        final float[] x = {1, 3};
        final float[] dy = {9, 2, 9, 6};
        final float[] sums = {9, 7, 7, 9};
        // r = 0.5, h = ∓0.5; dWeight = −1 + 3, dBias = 8; dX = (dY − 4 ± 0.5 · 1) · (4 · 0.5)
        SCALAR.batchNormBackward(
                2, 1, x, 0, 1, new float[] {4}, 0, 3, new float[] {2}, new float[] {1}, dy, 1, 2, sums, 2, sums, 1);
        assertArrayEquals(new float[] {9, 8, 2, 9}, sums);
        assertArrayEquals(new float[] {9, -3, 9, 3}, dy);
    }

    @Test
    void columnsAreAddedDownTheRows() {
        final float[] x = {0x1p24f, 1, 1, -0x1p24f};
        final float[] mean = new float[1];
        SCALAR.batchNorm(4, 1, x, 0, 1, new float[1], 0, new float[1], 0, 1, mean, new float[1], new float[4], 0, 1);
        assertEquals(0, mean[0]); // each 1 is lost, as 2^24 + 1 is no float
        final float[] sums = {7, 7};
        SCALAR.layerNormBackward(4, 1, new float[4], 0, 1, new float[1], 0, 1, x, 0, 1, sums, 0, sums, 1, SCRATCHPAD);
        assertArrayEquals(new float[2], sums);
    }

    @Test
    void noRowsHaveNoGradient() {
        final float[] sums = {9, 7, 7, 9};
        SCALAR.layerNormBackward(
                0, 1, new float[0], 0, 1, new float[1], 0, 1, new float[0], 0, 1, sums, 1, sums, 2, SCRATCHPAD);
        assertArrayEquals(new float[] {9, 0, 0, 9}, sums);
    }
}
