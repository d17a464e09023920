package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.reference.ScalarActivations;
import org.jspecify.annotations.Nullable;

/**
 * One row times a packed matrix of few rows: the commonest product of a small network that scores single rows. It takes
 * less time than the five loops need to find out what to do, so it goes to the micro-kernels straight (Zen 5: a network
 * of 13, 128, 64 and 2 in 0.7 instead of 1.0 µs). Kept in the scratchpad.
 */
final class PackedRow {
    private final TileOperands t = new TileOperands();
    private final float[] tile = new float[NR]; // the columns behind the last whole tile

    /** The elements of B beyond which the loops' overhead does not show, and a team may help. */
    private static final int MOST = 1 << 17;

    /** Whether a product is one: a row that lies without gaps, and panels in one block of k. */
    static boolean is(final Gemm op, final int m, final int n, final int k) {
        return m == 1 && k <= Blocking.KC && (long) n * k <= MOST && !op.transposeA();
    }

    /** {@code C = activation(start + A · B)}, A (1, k), B (k, n) and C (1, n). Arguments were checked. */
    void multiply(
            final Gemm op,
            final float[] a,
            final int aOffset,
            final Panels b,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset) {
        final int k = b.rows();
        final int n = b.columns();
        final float[] startsFrom = switch (op.start()) {
            case ZERO -> null;
            case BIAS -> bias;
            case ACCUMULATE -> c;
        };
        final int startsAt = op.start() == Start.BIAS ? biasOffset : cOffset;
        if (n == 1) {
            final float start = startsFrom == null ? 0f : startsFrom[startsAt];
            c[cOffset] = ScalarActivations.activate(op.activation(), Dots.chain(k, start, a, aOffset, b.values(), 0));
            return;
        }
        t.kc = k;
        t.left(a, aOffset, 0);
        t.relu = op.activation() == Activation.RELU;
        final boolean separately = !t.relu && op.activation() != Activation.IDENTITY;
        t.panelStride = NR * k;
        int j = 0;
        for (int vectors = Blocking.WIDEST; vectors >= Blocking.VECTORS; vectors /= 2) {
            final int width = vectors * LANES;
            for (; j + width <= n; j += width) {
                start(startsFrom, startsAt + j);
                t.end(c, cOffset + j, 0);
                t.panel(b.values(), j * k, NR);
                if (vectors > Blocking.VECTORS) {
                    RowMicroKernels.runWide(1, vectors, t);
                } else {
                    RowMicroKernels.kernel1x2(t);
                }
            }
        }
        if (separately) {
            Elementwise.activate(op.activation(), 1, j, c, cOffset, j);
        }
        if (j < n) {
            edge(
                    separately ? op.activation() : Activation.IDENTITY,
                    n - j,
                    startsFrom,
                    startsAt + j,
                    b.values(),
                    j * k,
                    c,
                    cOffset + j);
        }
        t.letGo();
    }

    /** The last columns, fewer than a panel has. */
    private void edge(
            final Activation f,
            final int columns,
            final float @Nullable [] startsFrom,
            final int startsAt,
            final float[] panel,
            final int panelAt,
            final float[] c,
            final int cAt) {
        if (startsFrom == null) {
            start(null, 0);
        } else {
            for (int l = 0; l < columns; l++) {
                tile[l] = startsFrom[startsAt + l];
            }
            t.start(tile, 0, 0);
        }
        t.end(tile, 0, 0);
        t.panel(panel, panelAt, NR);
        if (columns <= LANES) {
            RowMicroKernels.kernel1x1(t);
        } else {
            RowMicroKernels.kernel1x2(t);
        }
        Elementwise.activate(f, 1, columns <= LANES ? LANES : NR, tile, 0, NR);
        for (int l = 0; l < columns; l++) {
            c[cAt + l] = tile[l];
        }
    }

    private void start(final float @Nullable [] startsFrom, final int startsAt) {
        if (startsFrom == null) {
            t.start(GemmLoops.ZEROS, 0, 0);
        } else {
            t.start(startsFrom, startsAt, 0);
        }
    }
}
