package io.lanewise.simd;

import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.simd.Product.Layout;
import java.util.Arrays;

/**
 * One row times a B in place. Tiles are as wide as registers allow, so that B is read in few streams, and their last vector
 * ends where the row ends: nothing is packed, padded or copied.
 */
final class OneRow {
    private OneRow() {}

    /** Whether a product is one whose rows are long enough. */
    static boolean is(final Product x, final int columns) {
        return x.m == 1 && x.layout == Layout.ROWS && columns >= LANES && (!x.transposed || x.ldc == 1);
    }

    /** Computes columns {@code j0} to {@code j1}: by tiles, or row of B by row. */
    static void run(final Product x, final int j0, final int j1, final TileOperands t) {
        final boolean gaps = x.byColumns && x.lda != 1; // between the elements of A, which tiles do not know
        if (gaps || Blocking.worthStreaming(x.k, j1 - j0)) {
            RowUpdates.row(x, j0, j1 - j0);
        } else {
            tiles(x, j0, j1, t);
        }
    }

    private static void tiles(final Product x, final int j0, final int j1, final TileOperands t) {
        final float[] bias = x.start == Start.BIAS ? x.bias : null;
        final boolean fromC = x.start == Start.ACCUMULATE || (bias != null && x.transposed);
        if (bias != null && x.transposed) { // all start from one element
            Arrays.fill(x.c, x.cOffset + j0, x.cOffset + j1, bias[x.biasOffset]);
        }
        final boolean relu = x.activation == Activation.RELU;
        t.kc = x.k;
        t.relu = relu;
        t.left(x.a, x.aOffset, 0);
        final int whole = Math.ceilDiv(j1 - j0, LANES);
        int left = whole;
        int j = j0;
        for (int tiles = Math.ceilDiv(whole, Blocking.VECTORS_OF_ROW); tiles > 0; tiles--) {
            final int vectors = Math.ceilDiv(left, tiles);
            final int at = x.cOffset + j;
            if (fromC) {
                t.start(x.c, at, 0);
            } else if (bias != null) {
                t.start(bias, x.biasOffset + j, 0);
            } else {
                t.start(GemmLoops.ZEROS, 0, 0);
            }
            t.panel(x.b, x.bOffset + j, x.ldb);
            t.end(x.c, at, 0);
            t.last = Math.min(vectors * LANES, j1 - j) - LANES;
            OneRowKernels.run(vectors, t);
            left -= vectors;
            j += vectors * LANES;
        }
        if (!relu) {
            Elementwise.activate(x.activation, 1, j1 - j0, x.c, x.cOffset + j0, j1 - j0);
        }
    }
}
