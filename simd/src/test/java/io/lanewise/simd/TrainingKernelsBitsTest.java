package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only training needs is the reference's to the bit, at every length, special values included. */
@Tag("vector")
final class TrainingKernelsBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int[] ROWS = {1, 2, 5, 38};
    private static final int GAP = 3; // elements before, between and behind what a kernel may touch

    /** A matrix somewhere in an array. */
    private record Place(int rows, int columns, int offset, int ld) {
        static Place of(final int rows, final int columns, final SplittableRandom random) {
            return new Place(rows, columns, random.nextInt(GAP), columns + random.nextInt(GAP));
        }

        float[] numbers(final int seed, final SplittableRandom random) {
            final int length = offset + rows * ld + GAP;
            return seed % 2 == 0 ? Bits.random(random, length) : Bits.special(random, length);
        }
    }

    /** A kernel that writes to the arrays it is given. */
    private interface Call {
        void run(Kernels kernels, Scratchpad scratchpad, float[][] arrays);
    }

    /** Both backends write the same to all of their arrays, and leave the same alone. */
    private static void agree(final String what, final Call call, final float[]... arrays) {
        final float[][] expected = copy(arrays);
        final float[][] actual = copy(arrays);
        call.run(SCALAR, SCALAR.scratchpad(0, 0, 0), expected);
        call.run(SIMD, SIMD.scratchpad(0, 0, 0), actual);
        for (int i = 0; i < arrays.length; i++) {
            Bits.assertSame(expected[i], actual[i], "array " + i + " of " + what);
        }
    }

    private static float[][] copy(final float[][] arrays) {
        return Arrays.stream(arrays).map(float[]::clone).toArray(float[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 47, 64, 100, 129, 255, 257, 300, 1000})
    void matricesAgree(final int columns) {
        for (final int rows : ROWS) {
            for (int seed = 0; seed < 4; seed++) {
                final SplittableRandom random = new SplittableRandom(seed * 1000L + columns);
                final Place x = Place.of(rows, columns, random);
                final Place t = Place.of(rows, columns, random);
                final Place y = Place.of(rows, columns, random);
                final float[] xs = x.numbers(seed, random);
                final float[] ts = t.numbers(seed & 2, random);
                final float[] ys = y.numbers(seed, random);
                final float[] weights = Place.of(1, columns, random).numbers(seed & 2, random);
                final String what = rows + " × " + columns + ", seed " + seed;
                losses(x, t, y, xs, ts, ys, what);
                layerNorms(x, y, xs, ys, weights, what);
                batchNorms(x, y, xs, ys, weights, what);
                products(x, y, xs, ys, what);
            }
        }
    }

    private static void losses(
            final Place x,
            final Place t,
            final Place y,
            final float[] xs,
            final float[] ts,
            final float[] ys,
            final String what) {
        final int rows = x.rows;
        final int n = x.columns;
        final float[] losses = Bits.filled(rows + 2, 7f);
        final Call dense = (k, pad, a) -> k.softmaxCrossEntropy(
                rows, n, xs, x.offset, x.ld, ts, t.offset, t.ld, 0.3f, a[0], 1, a[1], y.offset, y.ld, pad);
        agree("dense cross-entropy " + what, dense, losses, ys);
        final Call denseInPlace = (k, pad, a) -> k.softmaxCrossEntropy(
                rows, n, a[1], x.offset, x.ld, ts, t.offset, t.ld, 0.3f, a[0], 1, a[1], x.offset, x.ld, pad);
        agree("dense cross-entropy in place " + what, denseInPlace, losses, xs);
        for (final PointwiseLoss f : PointwiseLoss.values()) {
            for (final float delta : new float[] {1f, 0.25f}) {
                final Call call = (k, pad, a) -> k.pointwiseLoss(
                        f, delta, rows, n, xs, x.offset, x.ld, ts, t.offset, t.ld, 0.3f, a[0], 1, a[1], y.offset, y.ld,
                        pad);
                agree(f + " " + what, call, losses, ys);
                final Call inPlace = (k, pad, a) -> k.pointwiseLoss(
                        f, delta, rows, n, a[1], x.offset, x.ld, ts, t.offset, t.ld, 0.3f, a[0], 1, a[1], x.offset,
                        x.ld, pad);
                agree(f + " in place " + what, inPlace, losses, xs);
            }
        }
    }

    private static void layerNorms(
            final Place x,
            final Place y,
            final float[] xs,
            final float[] ys,
            final float[] weights,
            final String what) {
        final int rows = x.rows;
        final int n = x.columns;
        final Call backward = (k, pad, a) -> k.layerNormBackward(
                rows, n, xs, x.offset, x.ld, weights, 1, 1e-5f, a[0], y.offset, y.ld, a[1], 1, a[2], 2, pad);
        agree("layer normalisation backward " + what, backward, ys, new float[n + 2], new float[n + 3]);
        final Call oneArray = (k, pad, a) -> k.layerNormBackward(
                rows, n, xs, x.offset, x.ld, weights, 1, 1e-5f, a[0], y.offset, y.ld, a[1], n + 2, a[1], 1, pad);
        agree("layer normalisation backward, one array " + what, oneArray, ys, Bits.filled(2 * n + 3, 7f));
    }

    private static void batchNorms(
            final Place x,
            final Place y,
            final float[] xs,
            final float[] ys,
            final float[] weights,
            final String what) {
        final int rows = x.rows;
        final int n = x.columns;
        final float[] nothing = Bits.filled(n + 1, 7f);
        final Call forward = (k, pad, a) -> k.batchNorm(
                rows, n, xs, x.offset, x.ld, weights, 1, weights, 0, 1e-5f, a[0], a[1], a[2], y.offset, y.ld);
        agree("batch normalisation " + what, forward, nothing, nothing, ys);
        final Call inPlace = (k, pad, a) -> k.batchNorm(
                rows, n, a[2], x.offset, x.ld, weights, 1, weights, 0, 1e-5f, a[0], a[1], a[2], x.offset, x.ld);
        agree("batch normalisation in place " + what, inPlace, nothing, nothing, xs);
        final float[] mean = new float[n];
        final float[] variance = new float[n];
        SCALAR.batchNorm(
                rows, n, xs, x.offset, x.ld, weights, 1, weights, 0, 1e-5f, mean, variance, ys.clone(), y.offset, y.ld);
        final Call backward = (k, pad, a) -> k.batchNormBackward(
                rows, n, xs, x.offset, x.ld, weights, 1, 1e-5f, mean, variance, a[0], y.offset, y.ld, a[1], n + 2, a[1],
                1);
        agree("batch normalisation backward " + what, backward, ys, Bits.filled(2 * n + 3, 7f));
    }

    private static void products(final Place x, final Place y, final float[] xs, final float[] ys, final String what) {
        final int n = x.columns;
        agree("multiply " + what, (k, pad, a) -> k.multiply(x.rows, n, xs, x.offset, x.ld, a[0], y.offset, y.ld), ys);
        agree(
                "column sums " + what,
                (k, pad, a) -> k.columnSums(x.rows, n, xs, x.offset, x.ld, a[0], 1),
                new float[n + 2]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 11, 13, 15, 16, 17, 31, 33, 47, 95, 100, 1000, 4095})
    void arraysAgree(final int n) {
        for (int seed = 0; seed < 4; seed++) {
            final SplittableRandom random = new SplittableRandom(seed * 10_000L + n);
            final int offset = random.nextInt(GAP);
            final float[] x = new Place(1, n, offset, n).numbers(seed, random);
            final String what = "n = " + n + ", seed " + seed;
            agree("clip " + what, (k, pad, a) -> k.clip(n, 0.5f, a[0], offset), x);
            agree("sum of squares " + what, (k, pad, a) -> a[0][0] = k.sumOfSquares(n, x, offset, pad), new float[1]);
            updates(n, offset, x, seed, random, what);
        }
    }

    private static void updates(
            final int n,
            final int offset,
            final float[] g,
            final int seed,
            final SplittableRandom random,
            final String what) {
        final Place place = new Place(1, n, offset, n);
        final float[] m = place.numbers(seed, random);
        final float[] v = place.numbers(seed, random);
        for (int i = 0; i < v.length; i++) {
            v[i] = Math.abs(v[i]);
        }
        final float[] p = place.numbers(0, random);
        for (final float decay : new float[] {0f, 1e-3f}) {
            for (final boolean nesterov : new boolean[] {false, true}) {
                agree(
                        "SGD with momentum " + what,
                        (k, pad, a) -> k.sgd(n, 0.7f, 0.1f, 0.9f, nesterov, decay, g, a[0], a[1], offset),
                        m,
                        p);
                agree(
                        "SGD " + what,
                        (k, pad, a) -> k.sgd(n, 0.7f, 0.1f, 0f, nesterov, decay, g, a[0], a[1], offset),
                        new float[0],
                        p);
            }
            agree(
                    "Adam " + what,
                    (k, pad, a) ->
                            k.adam(n, 0.7f, decay, 0.9f, 0.999f, 1e-8f, 0.01f, 3f, 0.99f, g, a[0], a[1], a[2], offset),
                    m,
                    v,
                    p);
            agree(
                    "RMSProp with momentum " + what,
                    (k, pad, a) -> k.rmsProp(n, 0.7f, 0.1f, 0.99f, 1e-8f, 0.9f, decay, g, a[0], a[1], a[2], offset),
                    m,
                    v,
                    p);
            agree(
                    "RMSProp " + what,
                    (k, pad, a) -> k.rmsProp(n, 0.7f, 0.1f, 0.99f, 1e-8f, 0f, decay, g, a[0], a[1], a[2], offset),
                    new float[0],
                    v,
                    p);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 255, 1000, 1037})
    void dropoutAgrees(final int n) {
        final float[] mask = Bits.filled(n + 3, 7f);
        final long[] firsts = {0, 1, 2, 3, 4, 17, (1L << 34) - 30, (3L << 40) + 1, Long.MAX_VALUE - 60};
        for (final long first : firsts) {
            for (final float rate : new float[] {0f, Float.MIN_VALUE, 0.1f, 0.5f, 0.75f, 0x1.fffffep-1f}) {
                for (final long seed : new long[] {0, 7, -3, 1L << 40}) {
                    agree(
                            "dropout of " + n + " from " + first + ", rate " + rate + ", seed " + seed,
                            (k, pad, a) -> k.dropoutMask(n, rate, seed, (int) (5 - seed), first, a[0], 2),
                            mask);
                }
            }
        }
    }

    /** A change of this hash is a change of every model that was trained with dropout. */
    @Test
    void dropoutIsTheOneThatModelsWereTrainedWith() {
        final float[] mask = new float[10_000];
        SIMD.dropoutMask(10_000, 0.2f, 2026, 3, (5L << 40) + 3, mask, 0);
        assertEquals(1876360705, Arrays.hashCode(mask));
    }
}
