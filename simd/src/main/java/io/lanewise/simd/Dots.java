package io.lanewise.simd;

import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Gemm.Start;
import io.lanewise.simd.Product.Layout;

/**
 * A matrix of rows times one column, where vectors along the columns would use one lane of many. Many rows are
 * transposed in registers; the rest is scalar, eight rows at a time to keep the units for fused multiply-adds busy.
 */
final class Dots {
    private static final int ROWS = 8;

    /** Sums that make up for transposing, if nothing of them is left over: on Zen 4, 128 × 1 × 8 4.2 to 5.2 GFLOP/s. */
    private static final int SHORT = 8;

    /** Sums that do so in any case; with 512 bits, 128 × 1 × 13 5.3 to 4.8, with 256 4.5 to 5.4. */
    private static final int LONG = LANES == 8 ? 8 : 16;

    /** Sums that do so for fewer rows than a square has: on Zen 4, 10 × 1 × 30 3.6 to 3.3 GFLOP/s, 12 × 1 × 100 6.1 to 7.7. */
    private static final int LONG_OF_FEW = 32;

    private Dots() {}

    /**
     * Rows {@code i0} on of a product with one column.
     *
     * @param memory room for a part of the column, at least one element
     * @param sums room for {@value DotKernels#ROWS} elements
     * @param copy room for some rows
     */
    static void column(
            final Product x,
            final int i0,
            final int rows,
            final float[] memory,
            final float[] sums,
            final RowCopy copy) {
        final int stride = x.transposed ? 1 : x.ldc;
        final int at = x.cOffset + i0 * stride;
        if (x.start != Start.ACCUMULATE) {
            final float[] bias = x.start == Start.BIAS ? x.bias : null;
            for (int i = 0; i < rows; i++) {
                x.c[at + i * stride] = bias == null ? 0f : bias[x.biasOffset + (x.transposed ? i0 + i : 0)];
            }
        }
        final int aAt = x.aOffset + i0 * x.lda;
        final int step = x.layout == Layout.ROWS ? x.ldb : 1;
        if (step == 1) {
            run(rows, x.k, x.a, aAt, x.lda, x.b, x.bOffset, x.c, at, stride, sums, copy);
        } else {
            for (int p = 0; p < x.k; p += memory.length) {
                final int kc = Math.min(memory.length, x.k - p);
                for (int l = 0; l < kc; l++) {
                    memory[l] = x.b[x.bOffset + (p + l) * step];
                }
                run(rows, kc, x.a, aAt + p, x.lda, memory, 0, x.c, at, stride, sums, copy);
            }
        }
        if (x.transposed) {
            Elementwise.activate(x.activation, 1, rows, x.c, at, rows);
        } else {
            Elementwise.activate(x.activation, rows, 1, x.c, at, x.ldc);
        }
    }

    /**
     * {@code c[i] = c[i] + Σ a[i, p] · y[p]} for ascending p.
     *
     * @param a (m, k) from {@code aOffset}, rows {@code lda} apart
     * @param y k elements from {@code yOffset}
     * @param c m elements from {@code cOffset}, {@code cStride} apart; where the chains start, and output
     * @param sums room for {@value DotKernels#ROWS} elements
     * @param copy room for some rows
     */
    private static void run(
            final int m,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride,
            final float[] sums,
            final RowCopy copy) {
        int i = 0;
        final int least = k >= LONG_OF_FEW ? DotKernels.LEAST : DotKernels.ROWS;
        if (m >= least && (k >= LONG || (k >= SHORT && k % (LANES / 2) == 0))) {
            final boolean copied = RowCopy.paysForColumn(m, k, lda);
            if (copied || !RowCopy.inSameSets(lda)) {
                i = squares(m, least, k, a, aOffset, lda, y, yOffset, c, cOffset, cStride, sums, copied, copy);
            }
        }
        scalar(m - i, k, a, aOffset + i * lda, lda, y, yOffset, c, cOffset + i * cStride, cStride, sums);
    }

    /** The same for as many rows as are transposed, at least {@code least} at a time; returns their number. */
    private static int squares(
            final int m,
            final int least,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride,
            final float[] sums,
            final boolean copied,
            final RowCopy copy) {
        final int whole = k - k % (LANES / 2);
        int i = 0;
        for (; m - i >= least; i += DotKernels.ROWS) {
            final int rows = Math.min(DotKernels.ROWS, m - i);
            final int row = aOffset + i * lda;
            final int at = cOffset + i * cStride;
            if (cStride == 1 && rows == DotKernels.ROWS && !copied) {
                DotKernels.run(whole, a, row, lda, rows - 1, y, yOffset, c, at);
                continue;
            }
            for (int l = 0; l < rows; l++) {
                sums[l] = c[at + l * cStride];
            }
            if (copied) {
                copied(rows, whole, a, row, lda, y, yOffset, sums, copy);
            } else {
                DotKernels.run(whole, a, row, lda, rows - 1, y, yOffset, sums, 0);
            }
            for (int l = 0; l < rows; l++) {
                c[at + l * cStride] = sums[l];
            }
        }
        final int done = Math.min(i, m);
        if (whole < k) {
            scalar(done, k - whole, a, aOffset + whole, lda, y, yOffset + whole, c, cOffset, cStride, sums);
        }
        return done;
    }

    /** The same for a square's rows, by way of a copy. */
    private static void copied(
            final int rows,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] sums,
            final RowCopy copy) {
        for (int p = 0; p < k; p += copy.columns) {
            final int kc = Math.min(copy.columns, k - p);
            copy.take(rows, kc, a, aOffset + p, lda);
            DotKernels.run(kc, copy.values, 0, copy.stride, rows - 1, y, yOffset + p, sums, 0);
        }
    }

    private static void scalar(
            final int m,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride,
            final float[] sums) {
        int i = 0;
        for (; i + ROWS <= m; i += ROWS) {
            eight(k, a, aOffset + i * lda, lda, y, yOffset, c, cOffset + i * cStride, cStride);
        }
        if (i < m) {
            some(m - i, k, a, aOffset + i * lda, lda, y, yOffset, c, cOffset + i * cStride, cStride, sums);
        }
    }

    private static void eight(
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride) {
        chains(
                k,
                a,
                aOffset,
                aOffset + lda,
                aOffset + 2 * lda,
                aOffset + 3 * lda,
                aOffset + 4 * lda,
                aOffset + 5 * lda,
                aOffset + 6 * lda,
                aOffset + 7 * lda,
                y,
                yOffset,
                c,
                cOffset,
                cStride);
    }

    /** One element: {@code start + Σ a[p] · y[p]} for ascending p. */
    static float chain(
            final int k, final float start, final float[] a, final int aOffset, final float[] y, final int yOffset) {
        float sum = start;
        for (int p = 0; p < k; p++) {
            sum = Math.fma(a[aOffset + p], y[yOffset + p], sum);
        }
        return sum;
    }

    /** Fewer than eight: the last one several times, which costs nothing. */
    private static void some(
            final int rows,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride,
            final float[] sums) {
        if (rows == 1) {
            c[cOffset] = chain(k, c[cOffset], a, aOffset, y, yOffset);
            return;
        }
        for (int i = 0; i < ROWS; i++) {
            sums[i] = c[cOffset + Math.min(i, rows - 1) * cStride];
        }
        chains(
                k,
                a,
                aOffset,
                aOffset + Math.min(1, rows - 1) * lda,
                aOffset + Math.min(2, rows - 1) * lda,
                aOffset + Math.min(3, rows - 1) * lda,
                aOffset + Math.min(4, rows - 1) * lda,
                aOffset + Math.min(5, rows - 1) * lda,
                aOffset + Math.min(6, rows - 1) * lda,
                aOffset + (rows - 1) * lda,
                y,
                yOffset,
                sums,
                0,
                1);
        for (int i = 0; i < rows; i++) {
            c[cOffset + i * cStride] = sums[i];
        }
    }

    /** Eight chains at once; row i of A starts at {@code ri}. */
    private static void chains(
            final int k,
            final float[] a,
            final int r0,
            final int r1,
            final int r2,
            final int r3,
            final int r4,
            final int r5,
            final int r6,
            final int r7,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset,
            final int cStride) {
        float s0 = c[cOffset];
        float s1 = c[cOffset + cStride];
        float s2 = c[cOffset + 2 * cStride];
        float s3 = c[cOffset + 3 * cStride];
        float s4 = c[cOffset + 4 * cStride];
        float s5 = c[cOffset + 5 * cStride];
        float s6 = c[cOffset + 6 * cStride];
        float s7 = c[cOffset + 7 * cStride];
        for (int p = 0; p < k; p++) {
            final float v = y[yOffset + p];
            s0 = Math.fma(a[r0 + p], v, s0);
            s1 = Math.fma(a[r1 + p], v, s1);
            s2 = Math.fma(a[r2 + p], v, s2);
            s3 = Math.fma(a[r3 + p], v, s3);
            s4 = Math.fma(a[r4 + p], v, s4);
            s5 = Math.fma(a[r5 + p], v, s5);
            s6 = Math.fma(a[r6 + p], v, s6);
            s7 = Math.fma(a[r7 + p], v, s7);
        }
        c[cOffset] = s0;
        c[cOffset + cStride] = s1;
        c[cOffset + 2 * cStride] = s2;
        c[cOffset + 3 * cStride] = s3;
        c[cOffset + 4 * cStride] = s4;
        c[cOffset + 5 * cStride] = s5;
        c[cOffset + 6 * cStride] = s6;
        c[cOffset + 7 * cStride] = s7;
    }
}
