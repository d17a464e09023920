package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Gemm.Start;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * One row times a matrix that is read once, where it is: {@code c += a[p] · B[p, …]} for eight rows of B at a time. C
 * stays in L1, and the prefetchers follow eight whole rows, where tiles would read a piece of each row.
 */
final class RowUpdates {
    private static final int ROWS = 8;

    private RowUpdates() {}

    /** Columns {@code j0} on of a product with one row, whose B is read where it is. */
    static void row(final Product x, final int j0, final int columns) {
        final int at = x.cOffset + j0;
        if (x.start == Start.BIAS && x.bias != null) {
            if (x.transposed) {
                Arrays.fill(x.c, at, at + columns, x.bias[x.biasOffset]);
            } else {
                System.arraycopy(x.bias, x.biasOffset + j0, x.c, at, columns);
            }
        } else if (x.start != Start.ACCUMULATE) {
            Arrays.fill(x.c, at, at + columns, 0f);
        }
        final int step = x.byColumns ? x.lda : 1;
        run(columns, x.k, x.a, x.aOffset, step, x.b, x.bOffset + j0, x.ldb, x.c, at);
        Elementwise.activate(x.activation, 1, columns, x.c, at, columns);
    }

    /**
     * {@code c[j] = c[j] + Σ a[p] · B[p, j]} for ascending p.
     *
     * @param a k elements from {@code aOffset}, {@code aStride} apart
     * @param b (k, n) from {@code bOffset}
     * @param c n elements from {@code cOffset}
     */
    static void run(
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int aStride,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] c,
            final int cOffset) {
        int p = 0;
        for (; p + ROWS <= k; p += ROWS) {
            eight(n, a, aOffset + p * aStride, aStride, b, bOffset + p * ldb, ldb, c, cOffset);
        }
        for (; p < k; p++) {
            one(n, a[aOffset + p * aStride], b, bOffset + p * ldb, c, cOffset);
        }
    }

    private static void eight(
            final int n,
            final float[] a,
            final int aOffset,
            final int aStride,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float[] c,
            final int cOffset) {
        final float a0 = a[aOffset];
        final float a1 = a[aOffset + aStride];
        final float a2 = a[aOffset + 2 * aStride];
        final float a3 = a[aOffset + 3 * aStride];
        final float a4 = a[aOffset + 4 * aStride];
        final float a5 = a[aOffset + 5 * aStride];
        final float a6 = a[aOffset + 6 * aStride];
        final float a7 = a[aOffset + 7 * aStride];
        final FloatVector v0 = FloatVector.broadcast(FLOATS, a0);
        final FloatVector v1 = FloatVector.broadcast(FLOATS, a1);
        final FloatVector v2 = FloatVector.broadcast(FLOATS, a2);
        final FloatVector v3 = FloatVector.broadcast(FLOATS, a3);
        final FloatVector v4 = FloatVector.broadcast(FLOATS, a4);
        final FloatVector v5 = FloatVector.broadcast(FLOATS, a5);
        final FloatVector v6 = FloatVector.broadcast(FLOATS, a6);
        final FloatVector v7 = FloatVector.broadcast(FLOATS, a7);
        final int b1 = bOffset + ldb;
        final int b2 = bOffset + 2 * ldb;
        final int b3 = bOffset + 3 * ldb;
        final int b4 = bOffset + 4 * ldb;
        final int b5 = bOffset + 5 * ldb;
        final int b6 = bOffset + 6 * ldb;
        final int b7 = bOffset + 7 * ldb;
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, c, cOffset + j);
            sum = v0.fma(FloatVector.fromArray(FLOATS, b, bOffset + j), sum);
            sum = v1.fma(FloatVector.fromArray(FLOATS, b, b1 + j), sum);
            sum = v2.fma(FloatVector.fromArray(FLOATS, b, b2 + j), sum);
            sum = v3.fma(FloatVector.fromArray(FLOATS, b, b3 + j), sum);
            sum = v4.fma(FloatVector.fromArray(FLOATS, b, b4 + j), sum);
            sum = v5.fma(FloatVector.fromArray(FLOATS, b, b5 + j), sum);
            sum = v6.fma(FloatVector.fromArray(FLOATS, b, b6 + j), sum);
            sum = v7.fma(FloatVector.fromArray(FLOATS, b, b7 + j), sum);
            sum.intoArray(c, cOffset + j);
        }
        for (int j = whole; j < n; j++) {
            float sum = c[cOffset + j];
            sum = Math.fma(a0, b[bOffset + j], sum);
            sum = Math.fma(a1, b[b1 + j], sum);
            sum = Math.fma(a2, b[b2 + j], sum);
            sum = Math.fma(a3, b[b3 + j], sum);
            sum = Math.fma(a4, b[b4 + j], sum);
            sum = Math.fma(a5, b[b5 + j], sum);
            sum = Math.fma(a6, b[b6 + j], sum);
            sum = Math.fma(a7, b[b7 + j], sum);
            c[cOffset + j] = sum;
        }
    }

    private static void one(
            final int n, final float a, final float[] b, final int bOffset, final float[] c, final int cOffset) {
        for (int j = 0; j < n; j++) {
            c[cOffset + j] = Math.fma(a, b[bOffset + j], c[cOffset + j]);
        }
    }
}
