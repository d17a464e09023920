package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Gemm.Start;
import io.lanewise.simd.Product.Layout;
import jdk.incubator.vector.FloatVector;

/**
 * Products whose sums have a single term, {@code C = S + a · bᵀ}, as the gradients of a last layer with one output or of a
 * batch of one are: two vectors of b stay in registers for all rows, where tiles would begin anew each few rows.
 */
final class OuterProduct {
    /** The vectors that stay in registers. */
    private static final int VECTORS = 2;

    /**
     * The vectors of the longest rows: they are written in pieces. On Zen 4, GFLOP/s of tiles and so: 512 × 32 × 1 16 and 30,
     * 512 × 100 × 1 19 and 22, 4 × 128 × 1 10 and 17, 2 × 32 × 1 2 and 4.
     */
    private static final int MOST = 8;

    private OuterProduct() {}

    /** Whether so many rows and columns of a product are computed so. */
    static boolean is(final Product x, final int rows, final int columns) {
        return x.k == 1
                && rows > 1
                && columns >= LANES
                && columns <= MOST * LANES
                && (x.start != Start.ACCUMULATE || columns % LANES == 0)
                && x.layout != Layout.COLUMNS // panels of one row are that row
                && !x.transposed;
    }

    /** Computes rows {@code i0} to {@code i1} of columns {@code j0} to {@code j1}. */
    static void run(final Product x, final int i0, final int i1, final int j0, final int j1) {
        final int rows = i1 - i0;
        final int stride = x.byColumns ? 1 : x.lda;
        final int a = x.aOffset + i0 * stride;
        final int c = x.cOffset + i0 * x.ldc;
        final int last = j1 - LANES;
        for (int j = j0; j < j1; j += VECTORS * LANES) {
            final int first = Math.min(j, last);
            final int second = Math.min(j + LANES, last);
            if (x.start == Start.ACCUMULATE) {
                add(rows, x.a, a, stride, x.b, x.bOffset + first, second - first, x.c, c + first, x.ldc);
            } else {
                final float[] bias = x.start == Start.BIAS ? x.bias : null;
                final float[] s = bias == null ? GemmLoops.ZEROS : bias;
                final int sOffset = bias == null ? 0 : x.biasOffset + first;
                set(rows, x.a, a, stride, x.b, x.bOffset + first, second - first, s, sOffset, x.c, c + first, x.ldc);
            }
        }
        Elementwise.activate(x.activation, rows, j1 - j0, x.c, c + j0, x.ldc);
    }

    private static void set(
            final int rows,
            final float[] a,
            final int aOffset,
            final int aStride,
            final float[] b,
            final int bOffset,
            final int second,
            final float[] s,
            final int sOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        final FloatVector b0 = FloatVector.fromArray(FLOATS, b, bOffset);
        final FloatVector b1 = FloatVector.fromArray(FLOATS, b, bOffset + second);
        final FloatVector s0 = FloatVector.fromArray(FLOATS, s, sOffset);
        final FloatVector s1 = FloatVector.fromArray(FLOATS, s, sOffset + second);
        int at = cOffset;
        int aAt = aOffset;
        for (int i = 0; i < rows; i++) {
            final FloatVector row = FloatVector.broadcast(FLOATS, a[aAt]);
            row.fma(b0, s0).intoArray(c, at);
            row.fma(b1, s1).intoArray(c, at + second);
            at += ldc;
            aAt += aStride;
        }
    }

    private static void add(
            final int rows,
            final float[] a,
            final int aOffset,
            final int aStride,
            final float[] b,
            final int bOffset,
            final int second,
            final float[] c,
            final int cOffset,
            final int ldc) {
        final FloatVector b0 = FloatVector.fromArray(FLOATS, b, bOffset);
        final FloatVector b1 = FloatVector.fromArray(FLOATS, b, bOffset + second);
        int at = cOffset;
        int aAt = aOffset;
        for (int i = 0; i < rows; i++) {
            final FloatVector row = FloatVector.broadcast(FLOATS, a[aAt]);
            row.fma(b0, FloatVector.fromArray(FLOATS, c, at)).intoArray(c, at);
            if (second > 0) {
                row.fma(b1, FloatVector.fromArray(FLOATS, c, at + second)).intoArray(c, at + second);
            }
            at += ldc;
            aAt += aStride;
        }
    }
}
