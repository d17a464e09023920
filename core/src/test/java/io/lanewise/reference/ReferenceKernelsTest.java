package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activations, standardisation, column sums and parameter updates, worked out by hand. */
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
    void sgdByHand() {
        final float[] g = {0.5f, 9};
        final float[] v = {0.25f, 9};
        final float[] p = {1, 9};
        SCALAR.sgd(1, 1, 0.5f, 0.5f, false, 0.25f, g, v, p, 0);
        assertArrayEquals(new float[] {0.5f, 9}, g);
        assertArrayEquals(new float[] {0.875f, 9}, v); // 0.5 · 0.25 + (0.25 · 1 + 0.5)
        assertArrayEquals(new float[] {0.5625f, 9}, p); // 1 − 0.5 · 0.875
    }

    @Test
    void sgdIsFused() {
        // Each product is (1 + 2^-12)^2: what is lost when it is rounded first is 2^-24.
        final float x = 0x1.001p0f;
        final float rounded = 0x1.002p0f;
        final float[] v = {0};
        final float[] p = {rounded};
        SCALAR.sgd(1, 1, x, 0, false, 0, new float[] {x}, v, p, 0);
        assertArrayEquals(new float[] {-0x1p-24f}, p);
        v[0] = x;
        SCALAR.sgd(1, 1, 1, x, false, 0, new float[] {-rounded}, v, new float[1], 0);
        assertArrayEquals(new float[] {0x1p-24f}, v);
        v[0] = 0;
        SCALAR.sgd(1, 1, 1, 1, false, x, new float[] {-rounded}, v, new float[] {x}, 0);
        assertArrayEquals(new float[] {0x1p-24f}, v);
    }

    @Test
    void adamByHand() {
        final float[] g = {3, 9};
        final float[] m = {0, 9};
        final float[] v = {0, 9};
        final float[] p = {2, 9};
        SCALAR.adam(1, 1, 0, 0.5f, 0.75f, 1, 0.5f, 2, 0.5f, g, m, v, p, 0);
        assertArrayEquals(new float[] {3, 9}, g);
        assertArrayEquals(new float[] {1.5f, 9}, m); // 0.5 · 3
        assertArrayEquals(new float[] {2.25f, 9}, v); // 0.25 · 3 · 3
        assertArrayEquals(new float[] {0.8125f, 9}, p); // 0.5 · 2 − 0.5 · 1.5 / (1.5 · 2 + 1)
        SCALAR.adam(1, 1, 0, 0.5f, 0.75f, 1, 0.5f, 2, 1, new float[] {-1}, m, v, p, 0);
        assertArrayEquals(new float[] {0.25f, 9}, m); // 0.5 · 1.5 − 0.5 · 1
        assertArrayEquals(new float[] {1.9375f, 9}, v); // 0.75 · 2.25 + 0.25 · 1
        assertEquals(0.8125 - 0.5 * 0.25 / (Math.sqrt(1.9375) * 2 + 1), p[0], 1e-7);
    }
}
