package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activations, standardisation and other loops over elements and columns, worked out by hand. */
final class ReferenceKernelsTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final float N = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float TWO_24 = 0x1p24f; // 2^24 + 1 is no float

    @Test
    void isCalledScalar() {
        assertEquals("scalar", SCALAR.name());
        assertEquals(16, Kernels.REDUCTION_LANES);
    }

    @ParameterizedTest
    @EnumSource
    void activations(final Activation f) {
        final float[] y = {9, -2, -0f, 0, 3, N, -INFINITY, INFINITY, 9};
        SCALAR.activate(f, 1, 7, y, 1, 7);
        final float[] expected = switch (f) {
            case IDENTITY -> new float[] {9, -2, -0f, 0, 3, N, -INFINITY, INFINITY, 9};
            case RELU -> new float[] {9, 0, -0f, 0, 3, N, 0, INFINITY, 9};
            case LEAKY_RELU -> new float[] {9, -0.02f, -0f, 0, 3, N, -INFINITY, INFINITY, 9};
            case SIGMOID -> new float[] {9, y[1], 0.5f, 0.5f, y[4], N, 0, 1, 9};
            case TANH -> new float[] {9, y[1], -0f, 0, y[4], N, -1, 1, 9};
            case ELU -> new float[] {9, y[1], -0f, 0, 3, N, -1, INFINITY, 9};
            case SELU -> new float[] {9, y[1], -0f, 0, y[4], N, -Activation.SELU_NEGATIVE, INFINITY, 9};
            case GELU, GELU_TANH, SILU, HARD_SWISH -> new float[] {9, y[1], -0f, 0, y[4], N, -0f, INFINITY, 9};
            case SOFTPLUS -> new float[] {9, y[1], y[2], y[2], y[4], N, 0, INFINITY, 9};
            case HARD_SIGMOID -> new float[] {9, y[1], 0.5f, 0.5f, 1, N, 0, 1, 9};
            case RELU6 -> new float[] {9, 0, -0f, 0, 3, N, 0, 6, 9};
        };
        assertArrayEquals(expected, y);
        assertEquals(DoubleNet.activated(f, -2), y[1], 1.2e-7);
        assertEquals(DoubleNet.activated(f, 0), y[3], 6e-8);
        assertEquals(DoubleNet.activated(f, 3), y[4], 2.4e-7);
    }

    @Test
    void activationsTouchTheirMatrixOnly() {
        final float[] y = {-1, -1, -1, -1, -1, -1, -1, -1};
        SCALAR.activate(Activation.RELU, 2, 2, y, 1, 3);
        assertArrayEquals(new float[] {-1, 0, 0, -1, 0, 0, -1, -1}, y);
    }

    @ParameterizedTest
    @EnumSource
    void derivatives(final Activation f) {
        final float[] y = {N, 0.25f, 0.5f, N, 0, -0.5f};
        final float[] dy = {9, 9, 8, 4, 9, 9, 2, 4, 9};
        SCALAR.activateBackward(f, 2, 2, y, 1, 3, dy, 2, 4);
        final float[] expected = switch (f) {
            case IDENTITY -> new float[] {9, 9, 8, 4, 9, 9, 2, 4, 9};
            case RELU -> new float[] {9, 9, 8, 4, 9, 9, 0, 0, 9};
            case LEAKY_RELU -> new float[] {9, 9, 8, 4, 9, 9, 0.02f, 0.04f, 9};
            case SIGMOID -> new float[] {9, 9, 1.5f, 1, 9, 9, 0, -3, 9};
            case TANH -> new float[] {9, 9, 7.5f, 3, 9, 9, 2, 3, 9};
            case ELU -> new float[] {9, 9, 8, 4, 9, 9, 2, 2, 9};
            case SELU ->
                new float[] {
                    9,
                    9,
                    8 * Activation.SELU_POSITIVE,
                    4 * Activation.SELU_POSITIVE,
                    9,
                    9,
                    2 * Activation.SELU_NEGATIVE,
                    4 * (Activation.SELU_NEGATIVE - 0.5f),
                    9
                };
            case HARD_SIGMOID -> new float[] {9, 9, 8 / 6f, 4 / 6f, 9, 9, 0, 0, 9};
            case RELU6 -> new float[] {9, 9, 8, 4, 9, 9, 0, 0, 9};
            case GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SWISH ->
                new float[] { // ScalarActivationsTest checks the slopes
                    9,
                    9,
                    8 * ScalarActivations.backward(f, 0.25f, 1),
                    4 * ScalarActivations.backward(f, 0.5f, 1),
                    9,
                    9,
                    2 * ScalarActivations.backward(f, 0, 1),
                    4 * ScalarActivations.backward(f, -0.5f, 1),
                    9
                };
        };
        assertArrayEquals(expected, dy);
    }

    @Test
    void standardize() {
        final float[] x = {N, 1, 2, N, 3, 5};
        final float[] mean = {1, -1};
        final float[] scale = {2, 0.5f};
        final float[] y = {N, N, N, 9, N, N, 9};
        SCALAR.standardize(2, 2, x, 1, 3, mean, scale, y, 1, 3);
        assertArrayEquals(new float[] {N, 0, 1.5f, 9, 4, 3, 9}, y);
        SCALAR.standardize(2, 2, x, 1, 3, mean, scale, x, 1, 3);
        assertArrayEquals(new float[] {N, 0, 1.5f, N, 4, 3}, x);
        // (2^24 − (−1)) · 3: the difference is rounded first.
        final float[] one = {TWO_24};
        SCALAR.standardize(1, 1, one, 0, 1, new float[] {-1}, new float[] {3}, one, 0, 1);
        assertEquals(3 * TWO_24, one[0]);
    }

    @Test
    void columnSumsRunDownTheRows() {
        final float[] a = {N, TWO_24, 1, 1, N, 1, TWO_24, 2, N, -TWO_24, -TWO_24, 3};
        final float[] sums = {9, N, N, N, 9};
        SCALAR.columnSums(3, 3, a, 1, 4, sums, 1);
        // Any order but the rows' own would find the 1 of the first two columns.
        assertArrayEquals(new float[] {9, 0, 0, 6, 9}, sums);
        SCALAR.columnSums(0, 3, a, 0, 4, sums, 1);
        assertArrayEquals(new float[] {9, 0, 0, 0, 9}, sums);
    }

    @Test
    void columnSumsStartAtPlusZero() {
        final float[] sums = {N};
        SCALAR.columnSums(1, 1, new float[] {-0f}, 0, 1, sums, 0);
        assertArrayEquals(new float[] {0f}, sums);
    }

    @Test
    void multiply() {
        final float[] x = {N, 2, 3, N, -4, INFINITY};
        final float[] y = {9, 9, 5, 0.5f, 9, 9, 0.25f, 0};
        SCALAR.multiply(2, 2, x, 1, 3, y, 2, 4);
        assertArrayEquals(new float[] {9, 9, 10, 1.5f, 9, 9, -1, N}, y);
    }

    @Test
    void clip() {
        final float[] x = {9, N, INFINITY, -INFINITY, 1.5f, -1.5f, 1.25f, -0f, 9};
        SCALAR.clip(7, 1.25f, x, 1);
        assertArrayEquals(new float[] {9, N, 1.25f, -1.25f, 1.25f, -1.25f, 1.25f, -0f, 9}, x);
    }

    @Test
    void sumOfSquaresAddsInSixteenLanes() {
        final float[] x = new float[33];
        x[0] = N;
        x[1] = 4096; // its square is 2^24
        x[9] = 1;
        x[17] = 1;
        x[25] = 1;
        // Lane 0 loses the 1 of element 16; lane 8 collects 2.
        assertEquals(TWO_24 + 2, SCALAR.sumOfSquares(32, x, 1, SCALAR.scratchpad(0, 0, 0)));
        assertEquals(0, SCALAR.sumOfSquares(0, x, 33, SCALAR.scratchpad(0, 0, 0)));
    }

    @Test
    void sumOfSquaresIsFused() {
        final float[] x = new float[17];
        x[0] = 0x1p-12f;
        x[16] = 0x1.001p0f;
        assertEquals(0x1.002002p0f, SCALAR.sumOfSquares(17, x, 0, SCALAR.scratchpad(0, 0, 0)));
    }
}
