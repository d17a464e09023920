package io.lanewise.reference;

import static io.lanewise.NumericGradient.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lanewise.DoubleNet;
import io.lanewise.NumericGradient;
import io.lanewise.RandomArrays;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax and the losses: values, gradients, and the order in which a row is added up. */
final class ReferenceLossesTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final Scratchpad SCRATCHPAD = SCALAR.scratchpad(0, 0, 0);
    private static final float N = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void softmaxOfKnownLogits() {
        final float[] x = {N, 1, 2, 3, N, -4, 0, 0.5f};
        final float[] y = {9, N, N, N, 9, N, N, N, 9};
        SCALAR.softmax(2, 3, x, 1, 4, y, 1, 4, SCRATCHPAD);
        final double[] first = DoubleNet.softmax(new double[] {1, 2, 3});
        final double[] second = DoubleNet.softmax(new double[] {-4, 0, 0.5});
        for (int j = 0; j < 3; j++) {
            assertEquals(first[j], y[1 + j], 1e-7);
            assertEquals(second[j], y[5 + j], 1e-7);
        }
        assertArrayEquals(new float[] {9, 9, 9}, new float[] {y[0], y[4], y[8]});
        SCALAR.softmax(2, 3, x, 1, 4, x, 1, 4, SCRATCHPAD);
        assertArrayEquals(Arrays.copyOfRange(y, 1, 4), Arrays.copyOfRange(x, 1, 4));
        assertArrayEquals(Arrays.copyOfRange(y, 5, 8), Arrays.copyOfRange(x, 5, 8));
    }

    @Test
    void softmaxOfExtremes() {
        final float[] x = {1000, 1000, -INFINITY, 0, -1000, 0, 1, N, 1, 5, 5, 5};
        final float[] y = new float[12];
        SCALAR.softmax(4, 3, x, 0, 3, y, 0, 3, SCRATCHPAD);
        final float third = 1f / 3f;
        assertArrayEquals(new float[] {0.5f, 0.5f, 0, 0.5f, 0, 0.5f, N, N, N, third, third, third}, y);
        final float[] untouched = {9};
        SCALAR.softmax(1, 0, untouched, 0, 1, untouched, 0, 1, SCRATCHPAD);
        assertArrayEquals(new float[] {9}, untouched);
    }

    @Test
    void softmaxAddsInSixteenLanes() {
        final int n = 75;
        final float[] x = RandomArrays.floats(3, n, 4);
        final float[] y = new float[n];
        SCALAR.softmax(1, n, x, 0, n, y, 0, n, SCRATCHPAD);
        float max = x[0];
        for (final float value : x) {
            max = Math.max(max, value);
        }
        final float[] e = new float[n];
        float naive = 0;
        for (int j = 0; j < n; j++) {
            e[j] = ScalarMath.exp(x[j] - max);
            naive += e[j];
        }
        // Written out for 75 elements: lanes 0 to 10 hold five of them, the others four.
        final float[] l = new float[16];
        for (int lane = 0; lane < 16; lane++) {
            l[lane] = ((e[lane] + e[lane + 16]) + e[lane + 32]) + e[lane + 48];
        }
        for (int lane = 0; lane < 11; lane++) {
            l[lane] += e[lane + 64];
        }
        final float even = ((l[0] + l[8]) + (l[4] + l[12])) + ((l[2] + l[10]) + (l[6] + l[14]));
        final float odd = ((l[1] + l[9]) + (l[5] + l[13])) + ((l[3] + l[11]) + (l[7] + l[15]));
        final float sum = even + odd;
        assertNotEquals(1f / naive, 1f / sum, "the case tells no order from another");
        for (int j = 0; j < n; j++) {
            assertEquals(e[j] * (1f / sum), y[j]);
        }
    }

    @Test
    void crossEntropyAndItsGradient() {
        final float[] x = {N, 1, 2, 3, N, -4, 0, 0.5f};
        final int[] labels = {-7, 0, 2};
        final float[] losses = {9, N, N, 9};
        final float[] dx = {9, N, N, N, 9, N, N, N, 9};
        SCALAR.softmaxCrossEntropy(2, 3, x, 1, 4, labels, 1, 0.5f, losses, 1, dx, 1, 4, SCRATCHPAD);
        final double[] first = DoubleNet.softmax(new double[] {1, 2, 3});
        final double[] second = DoubleNet.softmax(new double[] {-4, 0, 0.5});
        assertEquals(-Math.log(first[0]), losses[1], 3e-7);
        assertEquals(-Math.log(second[2]), losses[2], 3e-7);
        assertEquals(9, losses[0]);
        assertEquals(9, losses[3]);
        final double[] expected = {
            9, (first[0] - 1) / 2, first[1] / 2, first[2] / 2, 9, second[0] / 2, second[1] / 2, (second[2] - 1) / 2, 9
        };
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], dx[i], 1e-7);
        }
        SCALAR.softmaxCrossEntropy(2, 3, x, 1, 4, labels, 1, 0.5f, losses, 1, x, 1, 4, SCRATCHPAD);
        assertArrayEquals(Arrays.copyOfRange(dx, 1, 4), Arrays.copyOfRange(x, 1, 4));
        assertArrayEquals(Arrays.copyOfRange(dx, 5, 8), Arrays.copyOfRange(x, 5, 8));
    }

    @Test
    void crossEntropyOfAnImpossibleClassStaysFinite() {
        final float[] dx = new float[2];
        final float[] losses = new float[1];
        SCALAR.softmaxCrossEntropy(1, 2, new float[] {0, 500}, 0, 2, new int[1], 0, 1, losses, 0, dx, 0, 2, SCRATCHPAD);
        assertArrayEquals(new float[] {500}, losses);
        assertArrayEquals(new float[] {-1, 1}, dx);
    }

    @Test
    void aTargetOfOneClassIsALabel() {
        final float[] x = RandomArrays.floats(7, 5 * 37, 4);
        final int[] labels = RandomArrays.ints(8, 5, 37);
        final float[] t = new float[5 * 37];
        for (int i = 0; i < 5; i++) {
            t[i * 37 + labels[i]] = 1;
        }
        final float[] expected = new float[5];
        final float[] expectedGradient = new float[5 * 37];
        SCALAR.softmaxCrossEntropy(5, 37, x, 0, 37, labels, 0, 0.2f, expected, 0, expectedGradient, 0, 37, SCRATCHPAD);
        final float[] losses = new float[5];
        SCALAR.softmaxCrossEntropy(5, 37, x, 0, 37, t, 0, 37, 0.2f, losses, 0, x, 0, 37, SCRATCHPAD);
        assertArrayEquals(expected, losses);
        assertArrayEquals(expectedGradient, x);
    }

    @Test
    void crossEntropyOfWeightedClasses() {
        final int n = 19;
        final float[] x = RandomArrays.floats(9, 2 * n, 4);
        final float[] t = RandomArrays.floats(10, 2 * n, 1); // of either sign, with any sum
        final float[] losses = new float[2];
        final float[] dx = new float[2 * n];
        SCALAR.softmaxCrossEntropy(2, n, x, 0, n, t, 0, n, 0.5f, losses, 0, dx, 0, n, SCRATCHPAD);
        for (int i = 0; i < 2; i++) {
            final double[] targets = DoubleNet.widened(Arrays.copyOfRange(t, i * n, (i + 1) * n));
            final double[] logits = DoubleNet.widened(Arrays.copyOfRange(x, i * n, (i + 1) * n));
            final ToDoubleFunction<double[]> loss = v -> {
                final double[] probabilities = DoubleNet.softmax(v);
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum -= targets[j] * Math.log(probabilities[j]);
                }
                return sum;
            };
            assertEquals(loss.applyAsDouble(logits), losses[i], 1e-5);
            final double[] gradient = NumericGradient.of(loss, logits);
            Arrays.setAll(gradient, j -> gradient[j] * 0.5);
            assertClose("row " + i, gradient, Arrays.copyOfRange(dx, i * n, (i + 1) * n), 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void pointwiseLossesAndTheirGradients(final PointwiseLoss f) {
        final int n = 37;
        final float delta = 0.75f;
        final float[] x = RandomArrays.floats(11, n, 3);
        final float[] t = RandomArrays.floats(12, n, f == PointwiseLoss.BINARY_CROSS_ENTROPY ? 1 : 3);
        final float[] losses = new float[1];
        final float[] dx = new float[n];
        SCALAR.pointwiseLoss(f, delta, 1, n, x, 0, n, t, 0, n, 0.5f, losses, 0, dx, 0, n, SCRATCHPAD);
        final ToDoubleFunction<double[]> loss = v -> {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += textbook(f, delta, v[j], t[j]);
            }
            return sum;
        };
        final double[] values = DoubleNet.widened(x);
        assertEquals(loss.applyAsDouble(values), losses[0], 2e-7 * loss.applyAsDouble(values));
        final double[] gradient = NumericGradient.of(loss, values);
        Arrays.setAll(gradient, j -> gradient[j] * (f == PointwiseLoss.SQUARED ? 0.25 : 0.5));
        assertClose(f.toString(), gradient, dx, 1e-6);
        SCALAR.pointwiseLoss(f, delta, 1, n, x, 0, n, t, 0, n, 0.5f, losses, 0, x, 0, n, SCRATCHPAD);
        assertArrayEquals(dx, x);
    }

    private static double textbook(final PointwiseLoss f, final double delta, final double x, final double t) {
        final double d = Math.abs(x - t);
        final double p = 1 / (1 + Math.exp(-x));
        return switch (f) {
            case SQUARED -> d * d;
            case ABSOLUTE -> d;
            case HUBER -> d <= delta ? d * d / 2 : delta * (d - delta / 2);
            case BINARY_CROSS_ENTROPY -> -t * Math.log(p) - (1 - t) * Math.log(1 - p);
        };
    }

    @Test
    void binaryCrossEntropyOfLargeLogitsIsFinite() {
        final float[] x = {1e30f, -1e30f, 200, -200};
        final float[] t = {1, 0, 0, 1};
        final float[] losses = new float[1];
        SCALAR.pointwiseLoss(
                PointwiseLoss.BINARY_CROSS_ENTROPY, 0, 1, 4, x, 0, 4, t, 0, 4, 1, losses, 0, x, 0, 4, SCRATCHPAD);
        assertArrayEquals(new float[] {400}, losses);
        assertArrayEquals(new float[] {0, 0, 1, -1}, x);
    }

    @ParameterizedTest
    @CsvSource({"ABSOLUTE,Infinity", "HUBER,Infinity", "SQUARED,Infinity", "ABSOLUTE,NaN", "HUBER,NaN", "SQUARED,NaN"})
    void lossesOfWhatIsNotFinite(final PointwiseLoss f, final float d) {
        final float[] losses = new float[1];
        final float[] dx = new float[1];
        SCALAR.pointwiseLoss(
                f, 0.5f, 1, 1, new float[] {d}, 0, 1, new float[1], 0, 1, 1, losses, 0, dx, 0, 1, SCRATCHPAD);
        assertEquals(d, losses[0]);
        assertEquals(f == PointwiseLoss.SQUARED ? d : Math.min(d, f == PointwiseLoss.HUBER ? 0.5f : 1f), dx[0]);
    }

    @Test
    void whereTheLossIsLeastTheGradientIsZero() {
        final float[] x = {1, 2, -3};
        final float[] losses = new float[1];
        for (final PointwiseLoss f :
                new PointwiseLoss[] {PointwiseLoss.SQUARED, PointwiseLoss.ABSOLUTE, PointwiseLoss.HUBER}) {
            final float[] dx = {9, 9, 9};
            SCALAR.pointwiseLoss(f, 1, 1, 3, x, 0, 3, x, 0, 3, 1, losses, 0, dx, 0, 3, SCRATCHPAD);
            assertArrayEquals(new float[3], dx);
            assertArrayEquals(new float[1], losses);
        }
    }

    @Test
    void squaredErrorAndItsGradient() {
        final float[] x = {N, 1, 2, 3, N, 5, 5, 5};
        final float[] t = {0, 4, 3, 5, 5, 5};
        final float[] losses = {9, N, N, 9};
        final float[] dx = {9, 9, N, N, N, 9, 9, N, N, N};
        SCALAR.pointwiseLoss(PointwiseLoss.SQUARED, 0, 2, 3, x, 1, 4, t, 0, 3, 0.5f, losses, 1, dx, 2, 5, SCRATCHPAD);
        assertArrayEquals(new float[] {9, 5, 0, 9}, losses);
        assertArrayEquals(new float[] {9, 9, 0.5f, -1, 0, 9, 9, 0, 0, 0}, dx);
        SCALAR.pointwiseLoss(PointwiseLoss.SQUARED, 0, 2, 3, x, 1, 4, t, 0, 3, 2, losses, 1, x, 1, 4, SCRATCHPAD);
        assertArrayEquals(new float[] {N, 2, -4, 0, N, 0, 0, 0}, x);
    }

    @Test
    void squaredErrorAddsInSixteenLanes() {
        final float[] x = new float[32];
        x[0] = 4096; // its square is 2^24, and 2^24 + 1 is no float
        x[8] = 1;
        x[16] = 1;
        x[24] = 1;
        // Lane 0 loses the 1 of element 16; lane 8 collects 2. From left to right, or in 8 lanes, all three are lost.
        assertEquals(0x1p24f + 2, loss(x));
    }

    @Test
    void squaredErrorHalvesItsLanes() {
        final float[] x = new float[16];
        Arrays.fill(x, 1);
        x[0] = 4096;
        // Lane 0 loses the 1 of lane 8 and adds 2, 4 and 8. One lane after the other would lose all.
        assertEquals(0x1p24f + 14, loss(x));
    }

    @Test
    void squaredErrorIsFused() {
        final float[] x = new float[17];
        x[0] = 0x1p-12f;
        x[16] = 0x1.001p0f;
        // 2^-24 + (1 + 2^-12)^2; rounding the second square first would lose 2^-23.
        assertEquals(0x1.002002p0f, loss(x));
    }

    private static float loss(final float[] x) {
        final int n = x.length;
        final float[] losses = new float[1];
        SCALAR.pointwiseLoss(
                PointwiseLoss.SQUARED,
                0,
                1,
                n,
                x,
                0,
                n,
                new float[n],
                0,
                n,
                1,
                losses,
                0,
                new float[n],
                0,
                n,
                SCRATCHPAD);
        return losses[0];
    }
}
