package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.simd.Product.Layout;

/**
 * The block of B at hand: packed into panels, or where the caller has it. It says where tiles find their columns. Kept by
 * the loops of one thread.
 */
@SuppressWarnings("ReferenceEquality") // the same array is what is asked for: see Kept
final class BlockOfB {
    private final float[] panels; // a block that is packed: panels of (KC, NR)
    private final RowCopy copy;

    private float[] b = GemmLoops.ZEROS;
    private int start;
    private int stride;
    private int column; // its first one
    private boolean packed;
    private boolean inPlace;

    // The last columns, which may have to be packed when the others are not.
    private float[] tail = GemmLoops.ZEROS;
    private int tailStart;
    private int tailStride;

    /** How many rows of the last columns can be read where the caller has them, when the others are packed; else 0. */
    int tailSafe;

    BlockOfB(final float[] panels, final RowCopy copy) {
        this.panels = panels;
        this.copy = copy;
    }

    /** Decides whether the blocks of a product are packed, for so many rows of A and so many columns. */
    void choose(final Product x, final boolean vast, final int rows, final int columns) {
        packed = x.layout == Layout.COLUMNS
                || (x.layout == Layout.ROWS && (vast || Blocking.worthPacking(x.byColumns, rows, columns, x.k, x.ldb)));
    }

    /** Whether blocks are packed. */
    boolean isPacked() {
        return packed;
    }

    /**
     * Packs {@code t.kc} rows from {@code pc} on, {@code nc} columns from {@code jc} on, or says where to read them.
     */
    void take(final Product x, final TileOperands t, final int pc, final int jc, final int nc) {
        final int kc = t.kc;
        column = jc;
        float[] from = panels;
        start = 0;
        stride = NR;
        t.panelStride = NR * kc;
        inPlace = false;
        if (x.layout == Layout.PANELS) {
            from = x.b;
            start = pc * Panels.padded(x.n) + jc * kc;
        } else if (x.layout == Layout.COLUMNS) {
            Panels.packTransposed(kc, nc, x.b, x.bOffset + jc * x.ldb + pc, x.ldb, panels, 0, false, copy);
        } else if (packed) {
            Panels.pack(kc, nc, x.b, x.bOffset + pc * x.ldb + jc, x.ldb, panels, 0);
        } else {
            inPlace = true;
            from = x.b;
            start = x.bOffset + pc * x.ldb + jc;
            stride = x.ldb;
            t.panelStride = NR;
        }
        if (b != from) {
            b = from;
        }
        final int whole = nc - nc % NR;
        if (tail != from) {
            tail = from;
        }
        tailStart = start + whole / NR * t.panelStride;
        tailStride = stride;
        tailSafe = 0;
    }

    /** Whether the columns from any on can be read as a vector. */
    boolean isInPlace() {
        return inPlace;
    }

    /**
     * Prepares the last columns, where they are read as whole vectors: the last rows may then be read beyond the end of
     * the array. For few tiles those alone are packed, unless sums are so short
     * that packing all costs less than calling the kernel twice (Zen 4, 8 × 8 × 8 7.9 and 9.1 GFLOP/s, 8 × 10 × 30 23.4 and 23.0).
     */
    void padTail(final int kc, final int columns, final int rows) {
        if (!inPlace) {
            return;
        }
        final int width = columns <= LANES ? LANES : NR;
        final int space = b.length - width - tailStart;
        final int safe = space < 0 ? 0 : Math.min(kc, space / stride + 1);
        if (safe == kc) {
            return;
        }
        tailSafe = rows <= 4 * Blocking.MR && kc > 2 * rows ? safe : 0;
        Panels.packLoosely(kc - tailSafe, columns, b, tailStart + tailSafe * stride, stride, panels, 0);
        if (tailSafe == 0) {
            tail = panels;
            tailStart = 0;
            tailStride = NR;
        }
    }

    /** Where the tiles of some columns find them; j is the first column of a panel. */
    void panel(final TileOperands t, final int j, final int columns) {
        if (columns < NR) {
            t.panel(tail, tailStart, tailStride);
        } else {
            t.panel(b, start + (j - column) / NR * t.panelStride, stride);
        }
    }

    /** The same for a vector of columns from any on, of a block that is in place. */
    void vector(final TileOperands t, final int j) {
        t.panel(b, start + j - column, stride);
    }

    /** The rows of the last columns behind {@link #tailSafe}. */
    void restOfTail(final TileOperands t) {
        t.panel(panels, 0, NR);
    }

    /** Lets go of a large array. */
    void letGo() {
        if (Kept.isLarge(b)) {
            b = Kept.NOTHING;
        }
        if (Kept.isLarge(tail)) {
            tail = Kept.NOTHING;
        }
    }
}
