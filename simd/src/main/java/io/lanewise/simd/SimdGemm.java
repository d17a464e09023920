package io.lanewise.simd;

import static io.lanewise.simd.Panels.KC;
import static io.lanewise.simd.Panels.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code C = activation(start + op(A) · op(B))}. B is cut into panels, A is read where it is, and a tile of C stays in
 * registers for a whole block of k. Storing C between two blocks of k changes no bit, so every element is the one chain
 * of fused multiply-adds that the contract wants.
 */
final class SimdGemm {
    /** The rows of a tile: with two vectors of C for each, two of B and one of A, all that the registers hold. */
    static final int MR = Simd.REGISTERS >= 32 ? 12 : 6;

    /** Rows of A in a block: with KC columns, half of an L2 of 1 MiB. */
    private static final int MC = 40 * 12;

    /** Columns of B in a block: with KC rows, 4 MiB of L3. */
    static final int NC = 4096;

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
        if (m == 0 || n == 0) {
            return; // rows without elements may lie outside the array
        }
        start(op, m, n, bias, biasOffset, c, cOffset, ldc);
        final int rowStride = op.transposeA() ? 1 : lda;
        final int columnStride = op.transposeA() ? lda : 1;
        final int width = Panels.padded(n);
        // Few rows would use each packed number once: read B where it is.
        final boolean inPlace = packed == null && !op.transposeB() && m <= MR;
        // 5th loop: blocks of columns, whose panels stay in L3.
        for (int jc = 0; jc < n; jc += NC) {
            final int nc = Math.min(NC, n - jc);
            // 4th loop: blocks of k. Once at least: with k = 0 the activation is all there is to do.
            for (int pc = 0; pc == 0 || pc < k; pc += KC) {
                final int kc = Math.min(KC, k - pc);
                final Activation activation = pc + kc == k ? op.activation() : Activation.IDENTITY;
                final int aBlock = aOffset + pc * columnStride;
                final int cBlock = cOffset + jc;
                final float[] tile = scratchpad.tile();
                if (packed != null) {
                    block(
                            activation,
                            m,
                            nc,
                            kc,
                            a,
                            aBlock,
                            rowStride,
                            columnStride,
                            packed.values(),
                            pc * width + jc * kc,
                            NR,
                            NR * kc,
                            c,
                            cBlock,
                            ldc,
                            tile);
                } else if (inPlace) {
                    final int whole = nc - nc % NR;
                    final int bBlock = bOffset + pc * ldb + jc;
                    block(
                            activation,
                            m,
                            whole,
                            kc,
                            a,
                            aBlock,
                            rowStride,
                            columnStride,
                            b,
                            bBlock,
                            ldb,
                            NR,
                            c,
                            cBlock,
                            ldc,
                            tile);
                    // The last columns would be read beyond the end of a row.
                    Panels.pack(false, kc, nc - whole, b, bBlock + whole, ldb, scratchpad.panels(), 0);
                    block(
                            activation,
                            m,
                            nc - whole,
                            kc,
                            a,
                            aBlock,
                            rowStride,
                            columnStride,
                            scratchpad.panels(),
                            0,
                            NR,
                            NR * kc,
                            c,
                            cBlock + whole,
                            ldc,
                            tile);
                } else {
                    final int bBlock = bOffset + (op.transposeB() ? jc * ldb + pc : pc * ldb + jc);
                    Panels.pack(op.transposeB(), kc, nc, b, bBlock, ldb, scratchpad.panels(), 0);
                    block(
                            activation,
                            m,
                            nc,
                            kc,
                            a,
                            aBlock,
                            rowStride,
                            columnStride,
                            scratchpad.panels(),
                            0,
                            NR,
                            NR * kc,
                            c,
                            cBlock,
                            ldc,
                            tile);
                }
            }
        }
    }

    /**
     * A block of B, (kc, nc), meets all rows of A. Its rows are {@code bStride} apart within a panel, its panels
     * {@code panelStride}.
     */
    private static void block(
            final Activation activation,
            final int m,
            final int nc,
            final int kc,
            final float[] a,
            final int aOffset,
            final int rowStride,
            final int columnStride,
            final float[] b,
            final int bOffset,
            final int bStride,
            final int panelStride,
            final float[] c,
            final int cOffset,
            final int ldc,
            final float[] tile) {
        // 3rd loop: blocks of rows of A, which stay in L2 while they meet one panel after the other.
        for (int ic = 0; ic < m; ic += MC) {
            final int mc = Math.min(MC, m - ic);
            final int aRow = aOffset + ic * rowStride;
            final int cRow = cOffset + ic * ldc;
            int jr = 0;
            if (m <= 2) {
                // One or two rows do not fill the registers, nor the pipeline: several panels at a time.
                final int columns = 4 / m * NR;
                for (; jr + columns <= nc; jr += columns) {
                    final int panel = bOffset + jr / NR * panelStride;
                    MicroKernels.runWide(
                            m, kc, a, aRow, rowStride, columnStride, b, panel, bStride, panelStride, c, cRow + jr, ldc);
                    Elementwise.activate(activation, m, columns, c, cRow + jr, ldc);
                }
            }
            // 2nd loop: panels of B; each stays in L1 for all rows of the block.
            for (; jr < nc; jr += NR) {
                final int panel = bOffset + jr / NR * panelStride;
                final int columns = Math.min(NR, nc - jr);
                column(
                        activation,
                        mc,
                        columns,
                        kc,
                        a,
                        aRow,
                        rowStride,
                        columnStride,
                        b,
                        panel,
                        bStride,
                        c,
                        cRow + jr,
                        ldc,
                        tile);
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

    /** 1st loop: one panel of B meets the rows of a block of A. */
    private static void column(
            final Activation activation,
            final int m,
            final int columns,
            final int kc,
            final float[] a,
            final int aOffset,
            final int rowStride,
            final int columnStride,
            final float[] b,
            final int bOffset,
            final int bStride,
            final float[] c,
            final int cOffset,
            final int ldc,
            final float[] tile) {
        final int vectors = columns <= LANES ? 1 : Panels.VECTORS;
        final int width = vectors * LANES;
        int i = 0;
        while (i < m) {
            final int rows = rows(m - i);
            final int aRow = aOffset + i * rowStride;
            final int cRow = cOffset + i * ldc;
            if (columns == width) {
                MicroKernels.run(
                        rows, vectors, kc, a, aRow, rowStride, columnStride, b, bOffset, bStride, c, cRow, ldc);
                Elementwise.activate(activation, rows, width, c, cRow, ldc);
            } else {
                // The edge: the same kernel on a private tile, so that it never needs to know.
                copy(rows, columns, c, cRow, ldc, tile, 0, NR);
                MicroKernels.run(rows, vectors, kc, a, aRow, rowStride, columnStride, b, bOffset, bStride, tile, 0, NR);
                Elementwise.activate(activation, rows, width, tile, 0, NR);
                copy(rows, columns, tile, 0, NR, c, cRow, ldc);
            }
            i += rows;
        }
    }

    /** The largest tile that there is a kernel for, of those that fit into the registers and into what is left. */
    private static int rows(final int left) {
        if (left >= MR) {
            return MR;
        }
        return left >= 8 ? 8 : left >= 6 && MR == 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
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
}
