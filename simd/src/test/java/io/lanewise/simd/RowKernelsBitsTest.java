package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.reference.ReferenceKernels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All that is not a product is the reference's to the bit, at every length, special values included. */
@Tag("vector")
final class RowKernelsBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int ROWS = 5;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 47, 48, 113, 256, 1000, 4097, 9999})
    void rowsAgree(final int columns) {
        for (int seed = 0; seed < 6; seed++) {
            final SplittableRandom random = new SplittableRandom(seed * 1000L + columns);
            final int ld = columns + random.nextInt(3);
            final int offset = random.nextInt(4);
            final int length = offset + ROWS * ld;
            final float[] x = seed % 2 == 0 ? Bits.random(random, length) : Bits.special(random, length);
            final float[] t = Bits.random(random, length);
            final String what = "columns " + columns + " seed " + seed;
            softmax(columns, ld, offset, x, what);
            norms(columns, ld, offset, x, t, what);
            losses(columns, ld, offset, x, t, random, what);
            elementwise(columns, ld, offset, x, t, what);
        }
    }

    private static void softmax(final int columns, final int ld, final int offset, final float[] x, final String what) {
        final float[] expected = Bits.filled(x.length, Float.NaN);
        final float[] actual = expected.clone();
        SCALAR.softmax(ROWS, columns, x, offset, ld, expected, offset, ld, SCALAR.scratchpad(0, 0, 0));
        SIMD.softmax(ROWS, columns, x, offset, ld, actual, offset, ld, SIMD.scratchpad(0, 0, 0));
        Bits.assertSame(expected, actual, "softmax " + what);
        final float[] inPlace = x.clone();
        SIMD.softmax(ROWS, columns, inPlace, offset, ld, inPlace, offset, ld, SIMD.scratchpad(0, 0, 0));
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(inPlace, offset + i * ld, actual, offset + i * ld, columns);
        }
        Bits.assertSame(expected, actual, "softmax in place " + what);
    }

    /** A kernel from X to Y, on either backend. */
    private interface RowKernel {
        void run(Kernels kernels, float[] from, float[] to);
    }

    private static void norms(
            final int columns, final int ld, final int offset, final float[] x, final float[] t, final String what) {
        agree(
                "log-softmax " + what,
                x,
                columns,
                ld,
                offset,
                (k, from, to) -> k.logSoftmax(ROWS, columns, from, offset, ld, to, offset, ld, k.scratchpad(0, 0, 0)));
        agree(
                "layer normalisation " + what,
                x,
                columns,
                ld,
                offset,
                (k, from, to) -> k.layerNorm(
                        ROWS,
                        columns,
                        from,
                        offset,
                        ld,
                        t,
                        offset,
                        t,
                        0,
                        1e-5f,
                        to,
                        offset,
                        ld,
                        k.scratchpad(0, 0, 0)));
        agree(
                "affine " + what,
                x,
                columns,
                ld,
                offset,
                (k, from, to) -> k.affine(ROWS, columns, from, offset, ld, t, t, to, offset, ld));
        final float[] expected = t.clone();
        final float[] actual = t.clone();
        SCALAR.add(ROWS, columns, x, offset, ld, expected, offset, ld);
        SIMD.add(ROWS, columns, x, offset, ld, actual, offset, ld);
        Bits.assertSame(expected, actual, "add " + what);
    }

    /** The same bits on both backends, also in place, and nothing touched between rows. */
    private static void agree(
            final String what,
            final float[] x,
            final int columns,
            final int ld,
            final int offset,
            final RowKernel kernel) {
        final float[] expected = Bits.filled(x.length, Float.NaN);
        final float[] actual = expected.clone();
        kernel.run(SCALAR, x, expected);
        kernel.run(SIMD, x, actual);
        Bits.assertSame(expected, actual, what);
        for (final Kernels kernels : new Kernels[] {SCALAR, SIMD}) {
            final float[] inPlace = x.clone();
            kernel.run(kernels, inPlace, inPlace);
            final float[] merged = x.clone();
            for (int i = 0; i < ROWS; i++) {
                System.arraycopy(expected, offset + i * ld, merged, offset + i * ld, columns);
            }
            Bits.assertSame(merged, inPlace, what + " in place, " + kernels.name());
        }
    }

    private static void losses(
            final int columns,
            final int ld,
            final int offset,
            final float[] x,
            final float[] t,
            final SplittableRandom random,
            final String what) {
        final float[] expectedLosses = new float[ROWS];
        final float[] actualLosses = new float[ROWS];
        final float[] expected = Bits.filled(x.length, 3f);
        final float[] actual = expected.clone();
        SCALAR.pointwiseLoss(
                PointwiseLoss.SQUARED,
                0,
                ROWS,
                columns,
                x,
                offset,
                ld,
                t,
                offset,
                ld,
                0.3f,
                expectedLosses,
                0,
                expected,
                offset,
                ld,
                SCALAR.scratchpad(0, 0, 0));
        SIMD.pointwiseLoss(
                PointwiseLoss.SQUARED,
                0,
                ROWS,
                columns,
                x,
                offset,
                ld,
                t,
                offset,
                ld,
                0.3f,
                actualLosses,
                0,
                actual,
                offset,
                ld,
                SIMD.scratchpad(0, 0, 0));
        Bits.assertSame(expected, actual, "squared error's gradient " + what);
        Bits.assertSame(expectedLosses, actualLosses, "squared error " + what);
        if (columns == 0) {
            return;
        }
        final int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextInt(columns);
        }
        SCALAR.softmaxCrossEntropy(
                ROWS,
                columns,
                x,
                offset,
                ld,
                labels,
                0,
                0.2f,
                expectedLosses,
                0,
                expected,
                offset,
                ld,
                SCALAR.scratchpad(0, 0, 0));
        SIMD.softmaxCrossEntropy(
                ROWS,
                columns,
                x,
                offset,
                ld,
                labels,
                0,
                0.2f,
                actualLosses,
                0,
                actual,
                offset,
                ld,
                SIMD.scratchpad(0, 0, 0));
        Bits.assertSame(expected, actual, "cross-entropy's gradient " + what);
        Bits.assertSame(expectedLosses, actualLosses, "cross-entropy " + what);
    }

    private static void elementwise(
            final int columns, final int ld, final int offset, final float[] x, final float[] t, final String what) {
        for (final Activation f : Activation.values()) {
            final float[] expected = x.clone();
            final float[] actual = x.clone();
            SCALAR.activate(f, ROWS, columns, expected, offset, ld);
            SIMD.activate(f, ROWS, columns, actual, offset, ld);
            Bits.assertSame(expected, actual, f + " " + what);
            final float[] expectedGradient = t.clone();
            final float[] actualGradient = t.clone();
            SCALAR.activateBackward(f, ROWS, columns, x, offset, ld, expectedGradient, offset, ld);
            SIMD.activateBackward(f, ROWS, columns, x, offset, ld, actualGradient, offset, ld);
            Bits.assertSame(expectedGradient, actualGradient, f + " backward " + what);
        }
        final float[] expected = Bits.filled(x.length, Float.NaN);
        final float[] actual = expected.clone();
        SCALAR.standardize(ROWS, columns, x, offset, ld, t, t, expected, offset, ld);
        SIMD.standardize(ROWS, columns, x, offset, ld, t, t, actual, offset, ld);
        Bits.assertSame(expected, actual, "standardize " + what);
        final float[] expectedSums = new float[columns + 1];
        final float[] actualSums = new float[columns + 1];
        SCALAR.columnSums(ROWS, columns, x, offset, ld, expectedSums, 1);
        SIMD.columnSums(ROWS, columns, x, offset, ld, actualSums, 1);
        Bits.assertSame(expectedSums, actualSums, "column sums " + what);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 11, 13, 15, 16, 31, 33, 47, 95, 1000, 4095})
    void optimizersAgree(final int n) {
        final SplittableRandom random = new SplittableRandom(n);
        final float[] g = Bits.special(random, n);
        final float[] m = Bits.random(random, n);
        final float[] v = Bits.random(random, n);
        for (int i = 0; i < n; i++) {
            v[i] = Math.abs(v[i]);
        }
        final float[] p = Bits.random(random, n);
        final float[][] scalar = {m.clone(), v.clone(), p.clone()};
        final float[][] simd = {m.clone(), v.clone(), p.clone()};
        SCALAR.adam(n, 1f, 0f, 0.9f, 0.999f, 1e-8f, 0.01f, 3f, 0.99f, g, scalar[0], scalar[1], scalar[2], 0);
        SIMD.adam(n, 1f, 0f, 0.9f, 0.999f, 1e-8f, 0.01f, 3f, 0.99f, g, simd[0], simd[1], simd[2], 0);
        SCALAR.sgd(n, 1f, 0.1f, 0.9f, false, 1e-3f, g, scalar[0], scalar[2], 0);
        SIMD.sgd(n, 1f, 0.1f, 0.9f, false, 1e-3f, g, simd[0], simd[2], 0);
        for (int i = 0; i < 3; i++) {
            Bits.assertSame(scalar[i], simd[i], "array " + i + " of the optimisers, n = " + n);
        }
    }
}
