package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Kernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameter updates: by hand, and many steps of PyTorch's formulas in {@code double}. */
final class ReferenceOptimizersTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int N = 6;
    private static final int BEFORE = 2; // elements before and behind those that are updated
    private static final int STEPS = 30;
    private static final double RATE = 0.01;
    private static final double SCALE = 0.5;

    private final float[] m = new float[N + 2 * BEFORE];
    private final float[] v = new float[N + 2 * BEFORE];
    private final float[] p = RandomArrays.floats(1, N + 2 * BEFORE, 1);
    private final float[] start = p.clone();

    private static float[] gradient(final int step) {
        return RandomArrays.floats(100 + step, N + 2 * BEFORE, 2);
    }

    private void compare(final double[] expected) {
        for (int i = 0; i < p.length; i++) {
            final boolean updated = i >= BEFORE && i < BEFORE + N;
            assertEquals(updated ? expected[i] : start[i], p[i], updated ? 1e-6 : 0, "parameter " + i);
        }
    }

    private double[] wideStart() {
        final double[] wide = new double[start.length];
        Arrays.setAll(wide, i -> start[i]);
        return wide;
    }

    @ParameterizedTest
    @CsvSource({"0,false,0", "0,true,0.1", "0.9,false,0", "0.9,false,0.1", "0.9,true,0", "0.9,true,0.1"})
    void sgd(final float momentum, final boolean nesterov, final float decay) {
        final double[] expected = wideStart();
        final double[] buffer = new double[p.length];
        for (int step = 0; step < STEPS; step++) {
            final float[] g = gradient(step);
            SCALAR.sgd(N, (float) SCALE, (float) RATE, momentum, nesterov, decay, g, v, p, BEFORE);
            for (int i = 0; i < p.length; i++) {
                final double d = SCALE * g[i] + decay * expected[i];
                buffer[i] = momentum * buffer[i] + d;
                expected[i] -= RATE * (nesterov ? d + momentum * buffer[i] : buffer[i]);
            }
        }
        compare(expected);
        if (momentum == 0) {
            assertArrayEquals(new float[v.length], v);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.1,0", "0,0.1"})
    void adam(final float l2, final float decay) {
        final double beta1 = 0.9;
        final double beta2 = 0.99;
        final double epsilon = 1e-8;
        final double[] expected = wideStart();
        final double[] first = new double[p.length];
        final double[] second = new double[p.length];
        for (int step = 1; step <= STEPS; step++) {
            final float[] g = gradient(step);
            final double rest1 = 1 - Math.pow(beta1, step);
            final double rest2 = 1 - Math.pow(beta2, step);
            SCALAR.adam(
                    N,
                    (float) SCALE,
                    l2,
                    (float) beta1,
                    (float) beta2,
                    (float) epsilon,
                    (float) (RATE / rest1),
                    (float) (1 / Math.sqrt(rest2)),
                    (float) (1 - RATE * decay),
                    g,
                    m,
                    v,
                    p,
                    BEFORE);
            for (int i = 0; i < p.length; i++) {
                final double d = SCALE * g[i] + l2 * expected[i];
                first[i] = beta1 * first[i] + (1 - beta1) * d;
                second[i] = beta2 * second[i] + (1 - beta2) * d * d;
                expected[i] -= RATE * decay * expected[i];
                expected[i] -= RATE * (first[i] / rest1) / (Math.sqrt(second[i] / rest2) + epsilon);
            }
        }
        compare(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,0.1", "0.9,0", "0.9,0.1"})
    void rmsProp(final float momentum, final float decay) {
        final double alpha = 0.9;
        final double epsilon = 1e-6;
        final double[] expected = wideStart();
        final double[] square = new double[p.length];
        final double[] buffer = new double[p.length];
        for (int step = 0; step < STEPS; step++) {
            final float[] g = gradient(step);
            SCALAR.rmsProp(
                    N,
                    (float) SCALE,
                    (float) RATE,
                    (float) alpha,
                    (float) epsilon,
                    momentum,
                    decay,
                    g,
                    m,
                    v,
                    p,
                    BEFORE);
            for (int i = 0; i < p.length; i++) {
                final double d = SCALE * g[i] + decay * expected[i];
                square[i] = alpha * square[i] + (1 - alpha) * d * d;
                buffer[i] = momentum * buffer[i] + d / (Math.sqrt(square[i]) + epsilon);
                expected[i] -= RATE * buffer[i];
            }
        }
        compare(expected);
        if (momentum == 0) {
            assertArrayEquals(new float[m.length], m);
        }
    }

    @Test
    void withoutMomentumThereIsNoVelocity() {
        final float[] none = {};
        SCALAR.sgd(N, 1, 1, 0, true, 0, new float[p.length], none, p, BEFORE);
        SCALAR.rmsProp(N, 1, 1, 0.9f, 1, 0, 0, new float[p.length], none, v, p, BEFORE);
        assertArrayEquals(start, p);
    }

    @Test
    void rmsPropByHand() {
        final float[] g = {9, 3};
        final float[] velocity = {9, 1};
        final float[] square = {9, 4};
        final float[] parameter = {9, 2};
        // d = 0.5 · 2 + 2 · 3, v = 0.75 · 4 + 0.25 · 49, u = 7 / (√15.25 + 0.5), m = 0.5 · 1 + u
        SCALAR.rmsProp(1, 2, 4, 0.75f, 0.5f, 0.5f, 0.5f, g, velocity, square, parameter, 1);
        assertArrayEquals(new float[] {9, 15.25f}, square);
        final double u = 7 / (Math.sqrt(15.25) + 0.5);
        assertEquals(0.5 + u, velocity[1], 2e-7);
        assertEquals(2 - 4 * (0.5 + u), parameter[1], 1e-6);
        assertArrayEquals(new float[] {9, 3}, g);
    }

    @Test
    void sgdByHand() {
        final float[] g = {0.5f, 9};
        final float[] velocity = {0.25f, 9};
        final float[] parameter = {1, 9};
        SCALAR.sgd(1, 1, 0.5f, 0.5f, false, 0.25f, g, velocity, parameter, 0);
        assertArrayEquals(new float[] {0.5f, 9}, g);
        assertArrayEquals(new float[] {0.875f, 9}, velocity); // 0.5 · 0.25 + (0.25 · 1 + 0.5)
        assertArrayEquals(new float[] {0.5625f, 9}, parameter); // 1 − 0.5 · 0.875
    }

    @Test
    void sgdIsFused() {
        // Each product is (1 + 2^-12)^2: what is lost when it is rounded first is 2^-24.
        final float x = 0x1.001p0f;
        final float rounded = 0x1.002p0f;
        final float[] velocity = {0};
        final float[] parameter = {rounded};
        SCALAR.sgd(1, 1, x, 0, false, 0, new float[] {x}, velocity, parameter, 0);
        assertArrayEquals(new float[] {-0x1p-24f}, parameter);
        velocity[0] = x;
        SCALAR.sgd(1, 1, 1, x, false, 0, new float[] {-rounded}, velocity, new float[1], 0);
        assertArrayEquals(new float[] {0x1p-24f}, velocity);
        velocity[0] = 0;
        SCALAR.sgd(1, 1, 1, 1, false, x, new float[] {-rounded}, velocity, new float[] {x}, 0);
        assertArrayEquals(new float[] {0x1p-24f}, velocity);
    }

    @Test
    void adamByHand() {
        final float[] g = {3, 9};
        final float[] first = {0, 9};
        final float[] second = {0, 9};
        final float[] parameter = {2, 9};
        SCALAR.adam(1, 1, 0, 0.5f, 0.75f, 1, 0.5f, 2, 0.5f, g, first, second, parameter, 0);
        assertArrayEquals(new float[] {3, 9}, g);
        assertArrayEquals(new float[] {1.5f, 9}, first); // 0.5 · 3
        assertArrayEquals(new float[] {2.25f, 9}, second); // 0.25 · 3 · 3
        assertArrayEquals(new float[] {0.8125f, 9}, parameter); // 0.5 · 2 − 0.5 · 1.5 / (1.5 · 2 + 1)
        SCALAR.adam(1, 1, 0, 0.5f, 0.75f, 1, 0.5f, 2, 1, new float[] {-1}, first, second, parameter, 0);
        assertArrayEquals(new float[] {0.25f, 9}, first); // 0.5 · 1.5 − 0.5 · 1
        assertArrayEquals(new float[] {1.9375f, 9}, second); // 0.75 · 2.25 + 0.25 · 1
        assertEquals(0.8125 - 0.5 * 0.25 / (Math.sqrt(1.9375) * 2 + 1), parameter[0], 1e-7);
    }
}
