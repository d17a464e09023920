package io.lanewise.simd;

import static io.lanewise.simd.Simd.LANES;

/**
 * A matrix of rows times one column, where vectors along the columns would use one lane of many. Many rows are
 * transposed in registers; the rest is scalar, eight rows at a time to keep the units for fused multiply-adds busy.
 */
final class Dots {
    private static final int ROWS = 8;

    private Dots() {}

    /**
     * {@code c[i] = c[i] + Σ a[i, p] · y[p]} for ascending p.
     *
     * @param a (m, k) from {@code aOffset}, rows {@code lda} apart
     * @param y k elements from {@code yOffset}
     * @param c m elements from {@code cOffset}, {@code cStride} apart; where the chains start, and output
     * @param sums room for LANES
     */
    static void run(
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
        final int whole = k - k % LANES;
        int i = 0;
        if (whole > 0) {
            for (; i + LANES <= m; i += LANES) {
                final int row = aOffset + i * lda;
                final int at = cOffset + i * cStride;
                if (cStride == 1) {
                    TransposeKernels.dots(whole, a, row, lda, y, yOffset, c, at);
                } else {
                    for (int l = 0; l < LANES; l++) {
                        sums[l] = c[at + l * cStride];
                    }
                    TransposeKernels.dots(whole, a, row, lda, y, yOffset, sums, 0);
                    for (int l = 0; l < LANES; l++) {
                        c[at + l * cStride] = sums[l];
                    }
                }
            }
            if (whole < k) {
                scalar(i, k - whole, a, aOffset + whole, lda, y, yOffset + whole, c, cOffset, cStride);
            }
        }
        scalar(m - i, k, a, aOffset + i * lda, lda, y, yOffset, c, cOffset + i * cStride, cStride);
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
            final int cStride) {
        int i = 0;
        for (; i + ROWS <= m; i += ROWS) {
            eight(k, a, aOffset + i * lda, lda, y, yOffset, c, cOffset + i * cStride, cStride);
        }
        for (; i < m; i++) {
            one(k, a, aOffset + i * lda, y, yOffset, c, cOffset + i * cStride);
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
        final int r0 = aOffset;
        final int r1 = aOffset + lda;
        final int r2 = aOffset + 2 * lda;
        final int r3 = aOffset + 3 * lda;
        final int r4 = aOffset + 4 * lda;
        final int r5 = aOffset + 5 * lda;
        final int r6 = aOffset + 6 * lda;
        final int r7 = aOffset + 7 * lda;
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

    private static void one(
            final int k,
            final float[] a,
            final int aOffset,
            final float[] y,
            final int yOffset,
            final float[] c,
            final int cOffset) {
        float sum = c[cOffset];
        for (int p = 0; p < k; p++) {
            sum = Math.fma(a[aOffset + p], y[yOffset + p], sum);
        }
        c[cOffset] = sum;
    }
}
