package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.simd.Product.Layout;
import java.util.Arrays;

/**
 * Many rows times 2 to 10 columns, as a last layer has them: vectors along the columns would use few of their lanes. So
 * rows lie along the lanes: NR rows of A at a time are transposed, and {@code Cᵀ = Bᵀ · Aᵀ} is computed by the kernels
 * that read their left operand by columns.
 */
final class FewColumns {
    /**
     * µs for 512 rows and k = 64, without this and with: on Zen 5, 11.4 and 6.9 for 2 columns, 11.2 and 8.0 for 4, 11.2
     * and 9.5 for 6, 11.2 and 10.8 for 8 and 10; on Zen 4, 15.4 and 12.2 for 7, 14.8 and 13.4 for 8, the same for 10
     * (but for k = 256, 54 and 51), 15.4 and 18.4 for 12.
     *
     * <p>No more than a panel has: a packed B is read as the columns of one.
     */
    private static final int MOST = Math.min(Math.min(10, NR), Blocking.MR_BY_COLUMNS);

    private FewColumns() {}

    /**
     * Whether {@code A · Bᵀ} is better computed as {@code Cᵀ = B · Aᵀ}, which has rows along the lanes too, but transposes
     * C: on Zen 4, 512 × 4 × 64 17 and 24 GFLOP/s, 512 × 10 × 256 48 and 55, but 128 × 10 × 64 39 and 37.
     */
    static boolean worthTurning(final int m, final int n, final int k) {
        return n > 1 && n <= MOST && m >= NR && k >= 8 * n;
    }

    /** Whether a product is worth it. */
    static boolean is(final Product x, final int rows) {
        return x.n > 1
                && x.n <= MOST
                && rows >= NR
                && x.k >= LANES
                && !x.byColumns
                && !x.transposed
                && x.layout != Layout.COLUMNS;
    }

    /**
     * Computes as many of the rows from {@code i0} to {@code i1} as are whole blocks, and returns how many.
     *
     * @param panel room for a block of A, transposed: (KC or k, NR), and a square
     * @param tile room for C, transposed: (n, NR)
     * @param copy room for some rows
     */
    static int run(
            final Product x,
            final int i0,
            final int i1,
            final TileOperands t,
            final float[] panel,
            final float[] tile,
            final RowCopy copy) {
        final int most = Blocking.even(x.k, Blocking.KC);
        final boolean copied = RowCopy.pays(x.m, most, x.lda);
        final boolean relu = x.activation == Activation.RELU;
        int i = i0;
        for (; i + NR <= i1; i += NR) {
            final int at = x.cOffset + i * x.ldc;
            start(x, t, tile, at);
            t.end(tile, 0, NR);
            t.panel(panel, 0, NR);
            t.left(x.b, x.bOffset, x.layout == Layout.PANELS ? NR : x.ldb); // each block of k moves it
            for (int pc = 0; pc < x.k; pc += most) {
                t.kc = Math.min(most, x.k - pc);
                t.relu = relu && pc + t.kc == x.k;
                t.aOffset = x.bOffset + pc * t.aStride;
                Panels.packTransposed(t.kc, NR, x.a, x.aOffset + i * x.lda + pc, x.lda, panel, 0, copied, copy);
                ColumnMicroKernels.run2(x.n, t);
                t.start(tile, 0, NR);
            }
            if (!relu) {
                Elementwise.activate(x.activation, x.n, NR, tile, 0, NR);
            }
            for (int l = 0; l < NR; l++) {
                for (int j = 0; j < x.n; j++) {
                    x.c[at + l * x.ldc + j] = tile[j * NR + l];
                }
            }
        }
        return i - i0;
    }

    private static void start(final Product x, final TileOperands t, final float[] tile, final int at) {
        if (x.start == Start.ACCUMULATE) {
            for (int j = 0; j < x.n; j++) {
                for (int l = 0; l < NR; l++) {
                    tile[j * NR + l] = x.c[at + l * x.ldc + j];
                }
            }
            t.start(tile, 0, NR);
        } else if (x.start == Start.BIAS && x.bias != null) {
            for (int j = 0; j < x.n; j++) {
                Arrays.fill(tile, j * NR, j * NR + NR, x.bias[x.biasOffset + j]);
            }
            t.start(tile, 0, NR);
        } else {
            t.start(GemmLoops.ZEROS, 0, 0);
        }
    }
}
