package io.lanewise.simd;

import io.lanewise.kernel.PackedMatrix;
import java.util.Arrays;

/**
 * The right operand of a product as panels of {@value #VECTORS} vectors: blocks of up to {@link #KC} rows; in each
 * block one panel after the other, {@link #NR} columns wide and padded with zeros; in each panel row after row. So the
 * micro-kernel reads one ascending stream.
 *
 * @param rows k
 * @param columns n
 * @param values the panels
 */
record Panels(int rows, int columns, float[] values) implements PackedMatrix {
    /** The vectors in each row of a panel. */
    static final int VECTORS = 2;

    /** The columns of a panel. */
    static final int NR = VECTORS * Simd.LANES;

    /** The most rows of a block: a panel of them stays in L1 while it meets row after row of A. */
    static final int KC = 256;

    /** n, rounded up to whole panels. */
    static int padded(final int n) {
        return Math.multiplyExact(Math.ceilDiv(n, NR), NR);
    }

    /** Packs all of B ({@code k × n}). */
    static Panels of(final int k, final int n, final float[] b, final int bOffset, final int ldb) {
        final int width = padded(n);
        final float[] values = new float[Math.multiplyExact(k, width)];
        for (int pc = 0; pc < k; pc += KC) {
            pack(false, Math.min(KC, k - pc), n, b, bOffset + pc * ldb, ldb, values, pc * width);
        }
        return new Panels(k, n, values);
    }

    /**
     * Packs one block of rows.
     *
     * @param transposed whether B is stored as {@code n × kc}
     * @param kc the rows of the block, at most {@link #KC}
     */
    static void pack(
            final boolean transposed,
            final int kc,
            final int n,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panels,
            final int panelsOffset) {
        for (int j = 0; j < n; j += NR) {
            final int columns = Math.min(NR, n - j);
            final int panel = panelsOffset + j * kc;
            if (transposed) {
                for (int l = 0; l < columns; l++) {
                    for (int p = 0; p < kc; p++) {
                        panels[panel + p * NR + l] = b[bOffset + (j + l) * ldb + p];
                    }
                }
                if (columns < NR) {
                    for (int p = 0; p < kc; p++) {
                        Arrays.fill(panels, panel + p * NR + columns, panel + (p + 1) * NR, 0f);
                    }
                }
            } else {
                for (int p = 0; p < kc; p++) {
                    final int to = panel + p * NR;
                    System.arraycopy(b, bOffset + p * ldb + j, panels, to, columns);
                    if (columns < NR) {
                        Arrays.fill(panels, to + columns, to + NR, 0f);
                    }
                }
            }
        }
    }
}
