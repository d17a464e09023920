package io.lanewise.simd;

import static io.lanewise.simd.Blocking.KC;
import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.PackedMatrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The right operand of a product as panels: blocks of up to {@link Blocking#KC} rows; in each block one panel after the
 * other, {@link Blocking#NR} columns wide and padded with zeros; in each panel row after row. So the micro-kernel reads
 * one ascending stream. A single column is kept as it is.
 *
 * @param rows k
 * @param columns n
 * @param values the panels
 */
record Panels(int rows, int columns, float[] values) implements PackedMatrix {
    /** n, rounded up to whole panels. */
    static int padded(final int n) {
        return Math.multiplyExact(Math.ceilDiv(n, NR), NR);
    }

    /** Packs all of B ({@code k × n}). */
    static Panels of(final int k, final int n, final float[] b, final int bOffset, final int ldb) {
        if (n == 1) {
            final float[] column = new float[k];
            for (int p = 0; p < k; p++) {
                column[p] = b[bOffset + p * ldb];
            }
            return new Panels(k, n, column);
        }
        final int width = padded(n);
        final float[] values = new float[Math.multiplyExact(k, width)];
        final int most = Blocking.even(k, KC);
        for (int pc = 0; pc < k; pc += most) {
            pack(Math.min(most, k - pc), n, b, bOffset + pc * ldb, ldb, values, pc * width);
        }
        return new Panels(k, n, values);
    }

    /** Packs one block of {@code kc} rows. */
    static void pack(
            final int kc,
            final int n,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panels,
            final int panelsOffset) {
        final int whole = n - n % NR;
        final int columns = n - whole;
        int j = 0;
        for (; j + 4 * NR <= n; j += 4 * NR) {
            fourPanels(kc, b, bOffset + j, ldb, panels, panelsOffset + j * kc, kc * NR);
        }
        for (; j < whole; j += NR) {
            onePanel(kc, b, bOffset + j, ldb, panels, panelsOffset + j * kc);
        }
        if (columns > 0) {
            for (int p = 0; p < kc; p++) {
                final int to = panelsOffset + whole * kc + p * NR;
                System.arraycopy(b, bOffset + p * ldb + whole, panels, to, columns);
                Arrays.fill(panels, to + columns, to + NR, 0f);
            }
        }
    }

    /** Four at a time, so that the prefetchers follow longer rows. */
    private static void fourPanels(
            final int kc,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panels,
            final int panelsOffset,
            final int panelStride) {
        final int second = panelsOffset + panelStride;
        final int third = second + panelStride;
        final int fourth = third + panelStride;
        int at = bOffset;
        for (int p = 0; p < kc; p++) {
            FloatVector.fromArray(FLOATS, b, at).intoArray(panels, panelsOffset + p * NR);
            FloatVector.fromArray(FLOATS, b, at + LANES).intoArray(panels, panelsOffset + p * NR + LANES);
            FloatVector.fromArray(FLOATS, b, at + 2 * LANES).intoArray(panels, second + p * NR);
            FloatVector.fromArray(FLOATS, b, at + 3 * LANES).intoArray(panels, second + p * NR + LANES);
            FloatVector.fromArray(FLOATS, b, at + 4 * LANES).intoArray(panels, third + p * NR);
            FloatVector.fromArray(FLOATS, b, at + 5 * LANES).intoArray(panels, third + p * NR + LANES);
            FloatVector.fromArray(FLOATS, b, at + 6 * LANES).intoArray(panels, fourth + p * NR);
            FloatVector.fromArray(FLOATS, b, at + 7 * LANES).intoArray(panels, fourth + p * NR + LANES);
            at += ldb;
        }
    }

    private static void onePanel(
            final int kc,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panels,
            final int panelsOffset) {
        int at = bOffset;
        for (int p = 0; p < kc; p++) {
            FloatVector.fromArray(FLOATS, b, at).intoArray(panels, panelsOffset + p * NR);
            FloatVector.fromArray(FLOATS, b, at + LANES).intoArray(panels, panelsOffset + p * NR + LANES);
            at += ldb;
        }
    }

    /**
     * Packs one panel of up to NR columns for one use: what is beyond the columns is whatever stands there, and what
     * comes out of it is never looked at.
     */
    static void packLoosely(
            final int kc,
            final int columns,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panel,
            final int panelOffset) {
        final int width = columns <= LANES ? LANES : NR;
        int p = 0;
        for (; p < kc && (long) bOffset + (long) p * ldb + width <= b.length; p++) {
            final int from = bOffset + p * ldb;
            final int to = panelOffset + p * NR;
            FloatVector.fromArray(FLOATS, b, from).intoArray(panel, to);
            if (width > LANES) {
                FloatVector.fromArray(FLOATS, b, from + LANES).intoArray(panel, to + LANES);
            }
        }
        for (; p < kc; p++) {
            System.arraycopy(b, bOffset + p * ldb, panel, panelOffset + p * NR, columns);
        }
    }

    /**
     * Packs one block of {@code kc} rows of B that is stored as {@code n × kc}. Squares are transposed in registers;
     * {@code panels} needs room for one of them, {@code LANES · NR}, behind the block.
     *
     * @param copied whether its rows are copied first; those at the end of their array are in any case
     * @param copy room for some rows
     */
    static void packTransposed(
            final int kc,
            final int n,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] panels,
            final int panelsOffset,
            final boolean copied,
            final RowCopy copy) {
        final int whole = wholeHalves(kc);
        for (int j = 0; j < n; j += LANES) {
            final int columns = Math.min(LANES, n - j);
            final int from = bOffset + j * ldb;
            final int to = panelsOffset + j / NR * NR * kc + j % NR;
            // Squares that reach beyond the block do no harm inside the array: what they write there is overwritten
            // by the next panel, or never looked at.
            if (!copied && (long) from + (long) (LANES - 1) * ldb + whole <= b.length) {
                TransposeKernels.strip(whole, b, from, ldb, panels, to);
                continue;
            }
            for (int p = 0; p < kc; p += copy.columns) {
                final int length = Math.min(copy.columns, kc - p);
                copy.take(columns, length, b, from + p, ldb);
                TransposeKernels.strip(wholeHalves(length), copy.values, 0, copy.stride, panels, to + p * NR);
            }
        }
    }

    /** {@code elements}, rounded up to whole halves of a square. */
    private static int wholeHalves(final int elements) {
        return Math.ceilDiv(elements, LANES / 2) * (LANES / 2);
    }

    /**
     * Copies a block of A. What stands behind {@code columns}, up to the next multiple of the lanes, may be copied too.
     */
    static void copy(
            final int rows,
            final int columns,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd) {
        final int padded = Math.ceilDiv(columns, LANES) * LANES;
        int i = 0;
        // Four rows at a time: the loop over one is too short to pay for what C2 puts before and behind it.
        for (; i + 4 <= rows && fromOffset + (i + 3) * fromLd <= from.length - padded; i += 4) {
            copyFour(padded, from, fromOffset + i * fromLd, fromLd, to, toOffset + i * toLd, toLd);
        }
        for (; i < rows; i++) {
            copyRow(columns, from, fromOffset + i * fromLd, to, toOffset + i * toLd);
        }
    }

    private static void copyFour(
            final int n,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd) {
        final int from1 = fromOffset + fromLd;
        final int from2 = from1 + fromLd;
        final int from3 = from2 + fromLd;
        final int to1 = toOffset + toLd;
        final int to2 = to1 + toLd;
        final int to3 = to2 + toLd;
        for (int j = 0; j < n; j += LANES) {
            FloatVector.fromArray(FLOATS, from, fromOffset + j).intoArray(to, toOffset + j);
            FloatVector.fromArray(FLOATS, from, from1 + j).intoArray(to, to1 + j);
            FloatVector.fromArray(FLOATS, from, from2 + j).intoArray(to, to2 + j);
            FloatVector.fromArray(FLOATS, from, from3 + j).intoArray(to, to3 + j);
        }
    }

    private static void copyRow(
            final int n, final float[] from, final int fromOffset, final float[] to, final int toOffset) {
        final int padded = Math.ceilDiv(n, LANES) * LANES;
        if (padded > from.length - fromOffset) {
            System.arraycopy(from, fromOffset, to, toOffset, n);
            return;
        }
        for (int j = 0; j < n; j += LANES) {
            FloatVector.fromArray(FLOATS, from, fromOffset + j).intoArray(to, toOffset + j);
        }
    }
}
