package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Matrices without elements need no arrays to speak of, whatever their leading dimension says. */
@Tag("vector")
final class EmptyMatricesTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Scratchpad SCRATCHPAD = SIMD.scratchpad(9, 9, 9);
    private static final float[] NOTHING = {};
    private static final int LD = 1_000_000_000; // two rows of it are beyond an int

    @Test
    void productsWithoutColumns() {
        for (final Gemm.Start start : Gemm.Start.values()) {
            final Gemm op = Gemm.AB.from(start).then(Activation.RELU);
            SIMD.gemm(op, 5, 0, 0, NOTHING, 0, LD, NOTHING, 0, LD, NOTHING, 0, NOTHING, 0, LD, SCRATCHPAD);
            SIMD.gemm(op, 5, NOTHING, 0, LD, SIMD.pack(0, 0, NOTHING, 0, LD), NOTHING, 0, NOTHING, 0, LD, SCRATCHPAD);
            SIMD.gemm(
                    op,
                    5,
                    new float[15],
                    0,
                    3,
                    SIMD.pack(3, 0, NOTHING, 0, LD),
                    NOTHING,
                    0,
                    NOTHING,
                    0,
                    LD,
                    SCRATCHPAD);
        }
    }

    @Test
    void productsWithoutRows() {
        final float[] b = new float[6];
        SIMD.gemm(Gemm.AB, 0, 2, 3, NOTHING, 0, LD, b, 0, 2, null, 0, NOTHING, 0, LD, SCRATCHPAD);
        SIMD.gemm(Gemm.AB, 0, NOTHING, 0, LD, SIMD.pack(3, 2, b, 0, 2), null, 0, NOTHING, 0, LD, SCRATCHPAD);
    }

    @Test
    void rowsWithoutColumns() {
        SIMD.softmax(3, 0, NOTHING, 0, LD, NOTHING, 0, LD, SCRATCHPAD);
        final float[] losses = {9, 9, 9};
        SIMD.pointwiseLoss(
                PointwiseLoss.SQUARED,
                0,
                3,
                0,
                NOTHING,
                0,
                LD,
                NOTHING,
                0,
                LD,
                1,
                losses,
                0,
                NOTHING,
                0,
                LD,
                SCRATCHPAD);
        assertArrayEquals(new float[3], losses);
        SIMD.standardize(3, 0, NOTHING, 0, LD, NOTHING, NOTHING, NOTHING, 0, LD);
        SIMD.columnSums(3, 0, NOTHING, 0, LD, NOTHING, 0);
        for (final Activation f : Activation.values()) {
            SIMD.activate(f, 3, 0, NOTHING, 0, LD);
            SIMD.activateBackward(f, 3, 0, NOTHING, 0, LD, NOTHING, 0, LD);
        }
    }

    @Test
    void trainingWithoutColumns() {
        final float[] losses = {9, 9, 9};
        for (final PointwiseLoss f : PointwiseLoss.values()) {
            Arrays.fill(losses, 9);
            SIMD.pointwiseLoss(f, 1, 3, 0, NOTHING, 0, LD, NOTHING, 0, LD, 1, losses, 0, NOTHING, 0, LD, SCRATCHPAD);
            assertArrayEquals(new float[3], losses);
        }
        SIMD.softmaxCrossEntropy(3, 0, NOTHING, 0, LD, NOTHING, 0, LD, 1, losses, 0, NOTHING, 0, LD, SCRATCHPAD);
        SIMD.layerNormBackward(3, 0, NOTHING, 0, LD, NOTHING, 0, 1, NOTHING, 0, LD, NOTHING, 0, NOTHING, 0, SCRATCHPAD);
        SIMD.batchNorm(9, 0, NOTHING, 0, LD, NOTHING, 0, NOTHING, 0, 1, NOTHING, NOTHING, NOTHING, 0, LD);
        SIMD.batchNormBackward(
                9, 0, NOTHING, 0, LD, NOTHING, 0, 1, NOTHING, NOTHING, NOTHING, 0, LD, NOTHING, 0, NOTHING, 0);
        SIMD.multiply(3, 0, NOTHING, 0, LD, NOTHING, 0, LD);
    }

    @Test
    void trainingWithoutRows() {
        final int[] labels = {};
        for (final int columns : new int[] {0, 5, 50}) {
            for (final PointwiseLoss f : PointwiseLoss.values()) {
                SIMD.pointwiseLoss(
                        f, 1, 0, columns, NOTHING, 0, LD, NOTHING, 0, LD, 1, NOTHING, 0, NOTHING, 0, LD, SCRATCHPAD);
            }
            SIMD.softmaxCrossEntropy(
                    0, columns, NOTHING, 0, LD, NOTHING, 0, LD, 1, NOTHING, 0, NOTHING, 0, LD, SCRATCHPAD);
            SIMD.softmaxCrossEntropy(0, columns, NOTHING, 0, LD, labels, 0, 1, NOTHING, 0, NOTHING, 0, LD, SCRATCHPAD);
            SIMD.multiply(0, columns, NOTHING, 0, LD, NOTHING, 0, LD);
            final float[] sums = Bits.filled(2 * columns, 9f);
            SIMD.layerNormBackward(
                    0, columns, NOTHING, 0, LD, sums, 0, 1, NOTHING, 0, LD, sums, 0, sums, columns, SCRATCHPAD);
            assertArrayEquals(new float[2 * columns], sums);
            Arrays.fill(sums, 9f);
            SIMD.columnSums(0, columns, NOTHING, 0, LD, sums, columns);
            Arrays.fill(sums, 0, columns, 0f);
            assertArrayEquals(new float[2 * columns], sums);
        }
    }

    @Test
    void nothingToUpdate() {
        SIMD.dropoutMask(0, 0.5f, 1, 2, 3, NOTHING, 0);
        SIMD.clip(0, 1, NOTHING, 0);
        assertEquals(0, SIMD.sumOfSquares(0, NOTHING, 0, SCRATCHPAD));
        SIMD.sgd(0, 1, 1, 0.9f, true, 0, NOTHING, NOTHING, NOTHING, 0);
        SIMD.adam(0, 1, 0, 0.9f, 0.9f, 1, 1, 1, 1, NOTHING, NOTHING, NOTHING, NOTHING, 0);
        SIMD.rmsProp(0, 1, 1, 0.9f, 1, 0.9f, 0, NOTHING, NOTHING, NOTHING, NOTHING, 0);
    }

    /** Without a k to sum over, rows of A and B may lie outside their arrays. */
    @Test
    void sumsOfNothing() {
        final int m = 130;
        final int n = 40;
        for (final boolean transposeA : new boolean[] {false, true}) {
            for (final boolean transposeB : new boolean[] {false, true}) {
                final Gemm op = new Gemm(transposeA, transposeB, Gemm.Start.BIAS, Activation.RELU);
                final float[] c = Bits.filled(m * n, Float.NaN);
                SIMD.gemm(
                        op,
                        m,
                        n,
                        0,
                        NOTHING,
                        0,
                        LD,
                        NOTHING,
                        0,
                        LD,
                        Bits.filled(n, 3f),
                        0,
                        c,
                        0,
                        n,
                        SIMD.scratchpad(m, n, 0));
                assertArrayEquals(Bits.filled(m * n, 3f), c);
            }
        }
    }

    /** Few rows of a transposed A whose leading dimension is a power of two, with B packed: found by a fuzzer. */
    @Test
    void fewTransposedRowsOfPackedProducts() {
        for (int m = 1; m < 20; m++) {
            final float[] a = Bits.filled(10 * 256, 1f);
            final float[] c = new float[m * 64];
            SIMD.gemm(
                    Gemm.ATB,
                    m,
                    a,
                    0,
                    256,
                    SIMD.pack(10, 64, Bits.filled(640, 2f), 0, 64),
                    null,
                    0,
                    c,
                    0,
                    64,
                    SIMD.scratchpad(m, 0, 10));
            assertArrayEquals(Bits.filled(m * 64, 20f), c);
        }
    }
}
