package io.lanewise.simd;

import static io.lanewise.simd.Panels.KC;
import static io.lanewise.simd.Panels.NR;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * {@code C = activation(start + op(A) · op(B))}. B is cut into panels, A is read where it is, and a tile of C stays in
 * registers for a whole block of k. Storing C between two blocks of k changes no bit, so every element is the one chain
 * of fused multiply-adds that the contract wants.
 */
final class SimdGemm {
    /** The rows of a tile. */
    static final int MR = 4;

    private SimdGemm() {}

    /**
     * All loops. Arguments were checked.
     *
     * @param packed B as panels, or null when it is to be packed from {@code b} block by block
     */
    static void multiply(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final @Nullable Panels packed,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc,
            final SimdScratchpad scratchpad) {
        if (n == 0) {
            return; // rows without elements may lie outside the array
        }
        start(op, m, n, bias, biasOffset, c, cOffset, ldc);
        final int rowStride = op.transposeA() ? 1 : lda;
        final int columnStride = op.transposeA() ? lda : 1;
        // 3rd loop: blocks of k. Once at least: with k = 0 the activation is all there is to do.
        for (int pc = 0; pc == 0 || pc < k; pc += KC) {
            final int kc = Math.min(KC, k - pc);
            final float[] panels;
            final int panelsOffset;
            if (packed != null) {
                panels = packed.values();
                panelsOffset = pc * Panels.padded(n);
            } else {
                panels = scratchpad.panels();
                panelsOffset = 0;
                final int block = bOffset + (op.transposeB() ? pc : pc * ldb);
                Panels.pack(op.transposeB(), kc, n, b, block, ldb, panels, 0);
            }
            final Activation activation = pc + kc == k ? op.activation() : Activation.IDENTITY;
            final int aBlock = aOffset + pc * columnStride;
            // 2nd loop: panels of B; one stays in L1 for all rows.
            for (int jr = 0; jr < n; jr += NR) {
                column(
                        activation,
                        m,
                        Math.min(NR, n - jr),
                        kc,
                        a,
                        aBlock,
                        rowStride,
                        columnStride,
                        panels,
                        panelsOffset + jr * kc,
                        c,
                        cOffset + jr,
                        ldc,
                        scratchpad.tile());
            }
        }
    }

    /** Where each chain starts. */
    private static void start(
            final Gemm op,
            final int m,
            final int n,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        if (op.start() == Gemm.Start.ACCUMULATE) {
            return;
        }
        for (int i = 0; i < m; i++) {
            final int row = cOffset + i * ldc;
            if (bias != null && op.start() == Gemm.Start.BIAS) {
                System.arraycopy(bias, biasOffset, c, row, n);
            } else {
                Arrays.fill(c, row, row + n, 0f);
            }
        }
    }

    /** 1st loop: one panel of B meets all rows of A. */
    private static void column(
            final Activation activation,
            final int m,
            final int columns,
            final int kc,
            final float[] a,
            final int aOffset,
            final int rowStride,
            final int columnStride,
            final float[] panels,
            final int panel,
            final float[] c,
            final int cOffset,
            final int ldc,
            final float[] tile) {
        int i = 0;
        while (i < m) {
            final int rows = m - i >= MR ? MR : 1;
            final int aRow = aOffset + i * rowStride;
            final int cRow = cOffset + i * ldc;
            if (columns == NR) {
                kernel(rows, kc, a, aRow, rowStride, columnStride, panels, panel, c, cRow, ldc);
                Elementwise.activate(activation, rows, NR, c, cRow, ldc);
            } else {
                // The edge: the same kernel on a private tile, so that it never needs to know.
                copy(rows, columns, c, cRow, ldc, tile, 0, NR);
                kernel(rows, kc, a, aRow, rowStride, columnStride, panels, panel, tile, 0, NR);
                Elementwise.activate(activation, rows, NR, tile, 0, NR);
                copy(rows, columns, tile, 0, NR, c, cRow, ldc);
            }
            i += rows;
        }
    }

    private static void kernel(
            final int rows,
            final int kc,
            final float[] a,
            final int aOffset,
            final int rowStride,
            final int columnStride,
            final float[] b,
            final int bOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        if (rows == MR) {
            kernel4x2(kc, a, aOffset, rowStride, columnStride, b, bOffset, c, cOffset, ldc);
        } else {
            kernel1x2(kc, a, aOffset, columnStride, b, bOffset, c, cOffset);
        }
    }

    private static void copy(
            final int rows,
            final int columns,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(from, fromOffset + i * fromLd, to, toOffset + i * toLd, columns);
        }
    }

    /** {@code C += A · B}: C (4, NR), A (4, kc) by strides, B one panel (kc, NR). */
    static void kernel4x2(
            final int kc,
            final float[] a,
            final int aOffset,
            final int rowStride,
            final int columnStride,
            final float[] b,
            final int bOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        final int c1 = cOffset + ldc;
        final int c2 = c1 + ldc;
        final int c3 = c2 + ldc;
        FloatVector c00 = FloatVector.fromArray(FLOATS, c, cOffset);
        FloatVector c01 = FloatVector.fromArray(FLOATS, c, cOffset + LANES);
        FloatVector c10 = FloatVector.fromArray(FLOATS, c, c1);
        FloatVector c11 = FloatVector.fromArray(FLOATS, c, c1 + LANES);
        FloatVector c20 = FloatVector.fromArray(FLOATS, c, c2);
        FloatVector c21 = FloatVector.fromArray(FLOATS, c, c2 + LANES);
        FloatVector c30 = FloatVector.fromArray(FLOATS, c, c3);
        FloatVector c31 = FloatVector.fromArray(FLOATS, c, c3 + LANES);
        int at = aOffset;
        for (int p = 0; p < kc; p++) {
            final FloatVector b0 = FloatVector.fromArray(FLOATS, b, bOffset + p * NR);
            final FloatVector b1 = FloatVector.fromArray(FLOATS, b, bOffset + p * NR + LANES);
            final FloatVector a0 = FloatVector.broadcast(FLOATS, a[at]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            final FloatVector a1 = FloatVector.broadcast(FLOATS, a[at + rowStride]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            final FloatVector a2 = FloatVector.broadcast(FLOATS, a[at + 2 * rowStride]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            final FloatVector a3 = FloatVector.broadcast(FLOATS, a[at + 3 * rowStride]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            at += columnStride;
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
        c10.intoArray(c, c1);
        c11.intoArray(c, c1 + LANES);
        c20.intoArray(c, c2);
        c21.intoArray(c, c2 + LANES);
        c30.intoArray(c, c3);
        c31.intoArray(c, c3 + LANES);
    }

    /** {@code C += A · B}: C (1, NR), A (1, kc) by stride, B one panel (kc, NR). */
    static void kernel1x2(
            final int kc,
            final float[] a,
            final int aOffset,
            final int columnStride,
            final float[] b,
            final int bOffset,
            final float[] c,
            final int cOffset) {
        FloatVector c00 = FloatVector.fromArray(FLOATS, c, cOffset);
        FloatVector c01 = FloatVector.fromArray(FLOATS, c, cOffset + LANES);
        int at = aOffset;
        for (int p = 0; p < kc; p++) {
            final FloatVector a0 = FloatVector.broadcast(FLOATS, a[at]);
            c00 = a0.fma(FloatVector.fromArray(FLOATS, b, bOffset + p * NR), c00);
            c01 = a0.fma(FloatVector.fromArray(FLOATS, b, bOffset + p * NR + LANES), c01);
            at += columnStride;
        }
        c00.intoArray(c, cOffset);
        c01.intoArray(c, cOffset + LANES);
    }
}
