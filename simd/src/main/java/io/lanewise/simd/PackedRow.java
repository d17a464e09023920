package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Start;

/**
 * One row times a packed matrix of few rows: the commonest product of a small network that scores single rows. It takes
 * less time than the five loops need to find out what to do, so it goes to the micro-kernels straight.
 */
final class PackedRow {
    private PackedRow() {}

    /** Whether a product is one: a row that lies without gaps, and panels in one block of k. */
    static boolean is(final Product x) {
        return x.m == 1 && x.layout == Product.Layout.PANELS && !x.byColumns && x.k <= Blocking.KC;
    }

    /**
     * Computes it.
     *
     * @param t where to keep what micro-kernels are told
     * @param tile room for NR elements: the columns behind the last whole tile
     */
    static void run(final Product x, final TileOperands t, final float[] tile) {
        t.kc = x.k;
        t.a = x.a;
        t.aOffset = x.aOffset;
        t.panelStride = NR * x.k;
        int j = 0;
        for (int vectors = Blocking.WIDEST; vectors >= Blocking.VECTORS; vectors /= 2) {
            final int width = vectors * LANES;
            for (; j + width <= x.n; j += width) {
                start(x, t, j);
                t.end(x.c, x.cOffset + j, 0);
                t.panel(x.b, x.bOffset + j * x.k, NR);
                if (vectors > Blocking.VECTORS) {
                    RowMicroKernels.runWide(1, vectors, t);
                } else {
                    RowMicroKernels.kernel1x2(t);
                }
            }
        }
        if (x.activation != Activation.IDENTITY) {
            Elementwise.activate(x.activation, 1, j, x.c, x.cOffset, j);
        }
        if (j < x.n) {
            edge(x, t, tile, j);
        }
    }

    /** The last columns, fewer than a panel has. */
    private static void edge(final Product x, final TileOperands t, final float[] tile, final int j) {
        final int columns = x.n - j;
        if (x.start == Start.ZERO) {
            start(x, t, j);
        } else {
            final float[] bias = x.start == Start.BIAS ? x.bias : null;
            for (int l = 0; l < columns; l++) {
                tile[l] = bias == null ? x.c[x.cOffset + j + l] : bias[x.biasOffset + j + l];
            }
            t.start(tile, 0, 0);
        }
        t.end(tile, 0, 0);
        t.panel(x.b, x.bOffset + j * x.k, NR);
        if (columns <= LANES) {
            RowMicroKernels.kernel1x1(t);
        } else {
            RowMicroKernels.kernel1x2(t);
        }
        Elementwise.activate(x.activation, 1, columns <= LANES ? LANES : NR, tile, 0, NR);
        for (int l = 0; l < columns; l++) {
            x.c[x.cOffset + j + l] = tile[l];
        }
    }

    private static void start(final Product x, final TileOperands t, final int j) {
        if (x.start == Start.ACCUMULATE) {
            t.start(x.c, x.cOffset + j, 0);
        } else if (x.start == Start.BIAS && x.bias != null) {
            t.start(x.bias, x.biasOffset + j, 0);
        } else {
            t.start(GemmLoops.ZEROS, 0, 0);
        }
    }
}
