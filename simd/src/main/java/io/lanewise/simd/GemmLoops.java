package io.lanewise.simd;

import static io.lanewise.simd.Blocking.KC;
import static io.lanewise.simd.Blocking.NC;
import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.simd.Product.Layout;
import java.util.Arrays;

/**
 * The five loops of a product, and the memory that one thread needs for them. B is cut into panels, A into blocks of
 * rows, and a tile of C stays in registers for a whole block of k. Storing C between two blocks of k changes no bit, so
 * every element is the one chain of fused multiply-adds that the contract wants. docs/gemm.md has a drawing.
 */
final class GemmLoops {
    static final float[] ZEROS = new float[Math.max(Blocking.WIDEST, Blocking.VECTORS_OF_ROW) * LANES];

    private final float[] block; // a block of A by columns: (kc, mc)
    private final float[] panels; // a block of B: panels of (KC, NR); or a gathered column
    private final float[] tile =
            new float[Math.max(Blocking.TALLEST, LANES) * NR]; // a private tile of C: at the edges, or transposed
    private final float[] edge =
            new float[Math.max(NR, DotKernels.ROWS)]; // where the chains of an edge start; sums of Dots
    private final float[] turned = new float[LANES * LANES]; // a part of a tile, transposed
    private final RowCopy copy;
    private final TileOperands t = new TileOperands();

    private final Product x;

    // The block of k at hand.
    private boolean fromC; // whether its chains go on from C
    private boolean separately; // whether an activation follows that micro-kernels do not know
    private boolean wide; // whether tiles span several panels
    private boolean rowsFirst; // whether a wide tile of rows meets all panels before the next one
    private boolean vast; // whether B is so large that even some rows are worth packing it

    // Where tiles read A: rows from aRow on.
    private int aStart;
    private int aRow;

    private final BlockOfB b;
    private boolean edges; // whether there are tiles that end where a row ends
    private boolean overlapping; // whether the last tiles overlap those before

    /**
     * For a product that is filled in before each run, of up to {@code m × n × k}, also with m and n swapped; n = 0 if every B is packed
     * beforehand.
     */
    GemmLoops(final Product product, final int m, final int n, final int k) {
        x = product;
        block = new float[blockSize(m, n, k)];
        panels = new float[panelsSize(m, n, k)];
        copy = new RowCopy(k);
        b = new BlockOfB(panels, copy);
    }

    /** Whether the memory is enough for such a product. */
    boolean holds(final int m, final int n, final int k) {
        return block.length >= blockSize(m, n, k) && panels.length >= panelsSize(m, n, k);
    }

    private static int blockSize(final int m, final int n, final int k) {
        final int rows = Math.max(m, n);
        return rows <= Blocking.MR_BY_COLUMNS
                ? 0
                : (int) Math.min(Blocking.BLOCK, (long) wholeVectors(rows) * Math.min(k, KC));
    }

    private static int panelsSize(final int m, final int n, final int k) {
        // Whatever is in place, its last columns may be packed.
        final int one = Math.min(k, KC) * NR;
        final int most = n == 0 ? one : Math.max(one, Math.max(Blocking.panels(m, n, k), Blocking.panels(n, m, k)));
        return most + LANES * NR; // a transposition writes whole squares
    }

    private static int wholeVectors(final int elements) {
        return Math.ceilDiv(elements, LANES) * LANES;
    }

    /** Computes rows {@code i0} to {@code i1} of columns {@code j0} to {@code j1}; j0 is a multiple of NR. */
    void run(final int i0, final int i1, final int j0, final int j1) {
        try {
            if (x.n == 1 && !x.byColumns) {
                Dots.column(x, i0, i1 - i0, panels, edge, copy);
            } else if (OneRow.is(x, j1 - j0)) {
                OneRow.run(x, j0, j1, t);
            } else if (OuterProduct.is(x, i1 - i0, j1 - j0)) {
                OuterProduct.run(x, i0, i1, j0, j1);
            } else if (FewColumns.is(x, i1 - i0)) {
                final int done = FewColumns.run(x, i0, i1, t, panels, tile, copy);
                if (i0 + done < i1) {
                    loops(i0 + done, i1, j0, j1);
                }
            } else {
                loops(i0, i1, j0, j1);
            }
        } finally {
            b.letGo();
            t.letGo();
        }
    }

    private void loops(final int i0, final int i1, final int j0, final int j1) {
        final int rows = i1 - i0;
        final int k = x.k;
        t.tiles = 1; // a call may have ended in the middle; only these loops have kernels of several
        vast = x.layout == Layout.ROWS && Blocking.vast(rows, k, x.n, x.ldb);
        b.choose(x, vast, rows, j1 - j0);
        final int kcMost = Math.max(1, Blocking.even(k, kcMost(rows)));
        final int mcMost = rows <= Blocking.MC
                ? rows
                : Math.ceilDiv(Blocking.even(rows, Blocking.mc(kcMost)), Blocking.MR) * Blocking.MR;
        rowsFirst = !x.transposed && Blocking.rowsFirst(rows, j1 - j0, k);
        wide = rowsFirst || (!x.byColumns && !x.transposed && Blocking.wide(rows, x.n));
        final int ncMost = rowsFirst ? Math.min(NC, Blocking.columnsInL2(k)) : NC;
        // 5th loop: blocks of columns, whose panels stay in L3.
        for (int jc = j0; jc < j1; jc += ncMost) {
            final int nc = Math.min(ncMost, j1 - jc);
            // 4th loop: blocks of k. Once at least: with k = 0 the activation is all there is to do.
            for (int pc = 0; pc == 0 || pc < k; pc += kcMost) {
                t.kc = Math.min(kcMost, k - pc);
                fromC = pc > 0 || x.start == Start.ACCUMULATE;
                final boolean last = pc + t.kc == k; // chains end here
                t.relu = last && x.activation == Activation.RELU;
                separately = last && !t.relu && x.activation != Activation.IDENTITY;
                if (rows <= mcMost) {
                    oneBlock(pc, i0, rows, jc, nc);
                    continue;
                }
                takeB(pc, jc, nc, rows);
                // 3rd loop: blocks of rows of A, which stay in L2 while they meet one panel after the other.
                for (int ic = i0; ic < i1; ic += mcMost) {
                    final int mc = Math.min(mcMost, i1 - ic);
                    takeA(pc, ic, mc, nc);
                    sweep(ic, mc, jc, nc);
                }
            }
        }
    }

    private int kcMost(final int rows) {
        if (vast) {
            return Blocking.KC_OF_VAST;
        }
        if (x.layout == Layout.PANELS) {
            return KC; // as it was packed
        }
        final boolean inPlace = x.layout == Layout.ROWS && !b.isPacked() && !x.transposed;
        return Blocking.kc(x.byColumns, b.isPacked(), inPlace, rows, x.n, x.k);
    }

    /**
     * What meets a single block of A: that one stays in L2, and B is packed in parts that stay there too until they are
     * read, instead of going to L3 and back.
     */
    private void oneBlock(final int pc, final int ic, final int mc, final int jc, final int nc) {
        takeA(pc, ic, mc, nc);
        final int part = vast ? Blocking.NC_OF_VAST : b.isPacked() ? Blocking.columnsInL2(t.kc) : nc;
        for (int jp = jc; jp < jc + nc; jp += part) {
            final int columns = Math.min(part, jc + nc - jp);
            takeB(pc, jp, columns, mc);
            sweep(ic, mc, jp, columns);
        }
    }

    /** Packs a block of B, or says where to read it. */
    private void takeB(final int pc, final int jc, final int nc, final int rows) {
        b.take(x, t, pc, jc, nc);
        final int columns = nc % NR;
        edges = b.isInPlace() && !x.byColumns && !x.transposed && Blocking.MANY_REGISTERS;
        // Chains that start from C would go on twice where tiles overlap.
        overlapping = b.isInPlace() && nc >= LANES && columns % LANES != 0 && !fromC && !x.transposed;
        if (columns > 0 && !overlapping && !(edges && Blocking.atEdge(nc))) {
            b.padTail(t.kc, columns, rows);
        }
    }

    /** Says where to read a block of A; one by columns may be copied. */
    private void takeA(final int pc, final int ic, final int mc, final int nc) {
        aRow = ic;
        if (!x.byColumns) {
            aStart = x.aOffset + ic * x.lda + pc;
            t.left(x.a, aStart, x.lda);
            return;
        }
        aStart = x.aOffset + pc * x.lda + ic;
        if (t.kc > 0 && Blocking.worthCopyingColumns(x.lda, mc, nc)) {
            final int stride = wholeVectors(mc);
            Panels.copy(t.kc, mc, x.a, aStart, x.lda, block, 0, stride);
            aStart = 0;
            t.left(block, 0, stride);
        } else {
            t.left(x.a, aStart, x.lda);
        }
    }

    /** All tiles of a block of A and a block of B. */
    private void sweep(final int ic, final int mc, final int jc, final int nc) {
        int jr = wide ? sweepWide(ic, mc, jc, nc) : 0;
        // 2nd loop: panels of B; each stays in L1, or comes from L2 in one stream, for all rows of the block.
        for (; jr < nc; jr += NR) {
            final int left = nc - jr;
            if (edges && Blocking.isEdge(left)) {
                edge(ic, mc, jc + jr, left);
                break;
            }
            final int columns = Math.min(NR, left);
            if (columns < NR && overlapping) {
                if (columns > LANES) {
                    oneVector(ic, mc, jc + jr);
                }
                oneVector(ic, mc, jc + nc - LANES);
                continue;
            }
            final int tiles = Math.ceilDiv(mc, mostRows(columns));
            if (!x.transposed && (columns == NR || (columns == LANES && b.tailSafe == 0))) {
                b.panel(t, jc + jr, columns);
                wholeTiles(ic, mc, jc + jr, columns / LANES, columns, tiles);
                continue;
            }
            // 1st loop: tiles of rows, as equal as can be.
            int ir = 0;
            for (int more = tiles; more > 0; more--) {
                final int rows = Math.ceilDiv(mc - ir, more);
                tile(ic + ir, rows, jc + jr, columns);
                ir += rows;
            }
        }
    }

    /** The 1st loop for LANES columns of a B that is read in place, from any column on. */
    private void oneVector(final int ic, final int mc, final int j) {
        b.vector(t, j);
        wholeTiles(ic, mc, j, 1, LANES, Math.ceilDiv(mc, mostRows(LANES)));
    }

    /** The 1st loop for the last columns of a B in place, in tiles of two or three vectors that end where rows end. */
    private void edge(final int ic, final int mc, final int j, final int columns) {
        final int vectors = Math.ceilDiv(columns, LANES);
        b.vector(t, j);
        t.last = columns - LANES;
        final int most = vectors == Blocking.VECTORS ? Blocking.MR : Blocking.MR_IN_PLACE;
        wholeTiles(ic, mc, j, vectors, columns, Math.ceilDiv(mc, most));
    }

    /** The rows of a tile of so many columns. */
    private int mostRows(final int columns) {
        if (x.byColumns) {
            return Blocking.MR_BY_COLUMNS;
        }
        return columns <= LANES ? Blocking.MR_OF_ONE : Blocking.MR;
    }

    /** The 1st loop where tiles write to C themselves, with as little as can be between two kernels. */
    private void wholeTiles(
            final int ic, final int mc, final int j, final int vectors, final int columns, final int tiles) {
        final boolean edge = vectors == 3 || columns < vectors * LANES;
        final int ldc = x.ldc;
        final int aStep = x.byColumns ? 1 : t.aStride;
        final int least = mc / tiles;
        final int taller = mc % tiles; // so many tiles have a row more
        final boolean several = !edge && !separately;
        int at = x.cOffset + ic * ldc + j;
        start(at, j);
        t.end(x.c, at, ldc);
        t.aOffset = aStart;
        int left = tiles;
        while (left > 0) {
            final boolean tall = left > tiles - taller;
            final int rows = tall ? least + 1 : least;
            final int alike = tall ? taller - (tiles - left) : left;
            final int together =
                    several && alike >= Blocking.SEVERAL && MicroKernels.takesSeveral(x.byColumns, rows, vectors, t)
                            ? alike
                            : 1;
            t.tiles = together;
            t.cOffset = at;
            if (fromC) {
                t.sOffset = at;
            }
            if (edge) {
                RowEdgeMicroKernels.run(rows, vectors, t);
            } else {
                MicroKernels.run(x.byColumns, rows, vectors, t);
            }
            t.tiles = 1;
            if (separately) {
                Elementwise.activate(x.activation, rows, columns, x.c, at, ldc);
            }
            t.aOffset += together * rows * aStep;
            at += together * rows * ldc;
            left -= together;
        }
    }

    /** The same with tiles that span several panels; returns the columns done. */
    private int sweepWide(final int ic, final int mc, final int jc, final int nc) {
        final int tiles = Math.ceilDiv(mc, b.isInPlace() && !x.byColumns ? Blocking.MR_IN_PLACE : Blocking.MR);
        if (rowsFirst) {
            return sweepRows(ic, mc, jc, nc, tiles);
        }
        int jr = 0;
        for (int vectors = Blocking.wideVectors(Math.ceilDiv(mc, tiles)); vectors > Blocking.VECTORS; vectors /= 2) {
            jr = sweepWide(ic, mc, jc, nc, jr, tiles, vectors);
        }
        return jr;
    }

    private int sweepWide(
            final int ic,
            final int mc,
            final int jc,
            final int nc,
            final int start,
            final int tiles,
            final int vectors) {
        final int width = vectors * LANES;
        int jr = start;
        for (; jr + width <= nc; jr += width) {
            b.panel(t, jc + jr, width);
            wholeTiles(ic, mc, jc + jr, vectors, width, tiles);
        }
        return jr;
    }

    /**
     * The same with the two inner loops the other way round: tiles of rows, and for each of them all panels. So rows of C
     * are written from end to end.
     */
    private int sweepRows(final int ic, final int mc, final int jc, final int nc, final int tiles) {
        final int vectors = Blocking.MANY_REGISTERS ? Blocking.WIDE : Blocking.VECTORS;
        final int width = vectors * LANES;
        final int aStep = x.byColumns ? 1 : t.aStride;
        int i = 0;
        for (int left = tiles; left > 0; left--) {
            final int rows = Math.ceilDiv(mc - i, left);
            t.aOffset = aStart + i * aStep;
            final int at = x.cOffset + (ic + i) * x.ldc + jc;
            for (int jr = 0; jr + width <= nc; jr += width) {
                b.panel(t, jc + jr, width);
                start(at + jr, jc + jr);
                t.end(x.c, at + jr, x.ldc);
                MicroKernels.run(x.byColumns, rows, vectors, t);
                if (separately) {
                    Elementwise.activate(x.activation, rows, width, x.c, at + jr, x.ldc);
                }
            }
            i += rows;
        }
        return nc - nc % width;
    }

    /** Where the chains of a tile start that is not at the edge. */
    private void start(final int at, final int j) {
        if (fromC) {
            t.start(x.c, at, x.ldc);
        } else if (x.start == Start.BIAS && x.bias != null) {
            t.start(x.bias, x.biasOffset + j, 0);
        } else {
            t.start(ZEROS, 0, 0);
        }
    }

    /** One tile of C: rows from {@code i} on, columns from {@code j} on. */
    private void tile(final int i, final int rows, final int j, final int columns) {
        final int vectors = columns <= LANES ? 1 : Blocking.VECTORS;
        final int width = vectors * LANES;
        b.panel(t, j, columns);
        if (x.transposed) {
            turnedTile(i, rows, j, columns, vectors);
            return;
        }
        final int at = x.cOffset + i * x.ldc + j;
        if (columns < width) {
            edgeTile(i, rows, j, columns, vectors, at);
            return;
        }
        start(at, j);
        t.end(x.c, at, x.ldc);
        kernel(i, rows, columns, vectors);
        if (separately) {
            Elementwise.activate(x.activation, rows, width, x.c, at, x.ldc);
        }
    }

    /** A tile at the right edge: the same kernel on a private tile, so that it never needs to know. */
    private void edgeTile(
            final int i, final int rows, final int j, final int columns, final int vectors, final int at) {
        if (fromC) {
            Tiles.copy(rows, columns, x.c, at, x.ldc, tile, 0, NR);
            t.start(tile, 0, NR);
        } else if (x.start == Start.BIAS && x.bias != null) {
            System.arraycopy(x.bias, x.biasOffset + j, edge, 0, columns);
            t.start(edge, 0, 0);
        } else {
            t.start(ZEROS, 0, 0);
        }
        t.end(tile, 0, NR);
        kernel(i, rows, columns, vectors);
        if (separately) {
            Elementwise.activate(x.activation, rows, vectors * LANES, tile, 0, NR);
        }
        Tiles.copy(rows, columns, tile, 0, NR, x.c, at, x.ldc);
    }

    /** A tile of a transposed C. */
    private void turnedTile(final int i, final int rows, final int j, final int columns, final int vectors) {
        final int at = x.cOffset + j * x.ldc + i;
        t.start(tile, 0, NR);
        if (fromC) {
            Tiles.transpose(columns, rows, x.c, at, x.ldc, tile, 0, NR, turned);
        } else if (x.start == Start.BIAS && x.bias != null) {
            for (int r = 0; r < rows; r++) {
                Arrays.fill(tile, r * NR, r * NR + NR, x.bias[x.biasOffset + i + r]);
            }
        } else {
            t.start(ZEROS, 0, 0);
        }
        t.end(tile, 0, NR);
        kernel(i, rows, columns, vectors);
        if (separately) {
            Elementwise.activate(x.activation, rows, vectors * LANES, tile, 0, NR);
        }
        Tiles.transpose(rows, columns, tile, 0, NR, x.c, at, x.ldc, turned);
    }

    /** The kernel of a tile, which at the right edge may find B in two places. */
    private void kernel(final int i, final int rows, final int columns, final int vectors) {
        t.aOffset = x.byColumns ? aStart + i - aRow : aStart + (i - aRow) * t.aStride;
        if (columns == NR || b.tailSafe == 0) {
            MicroKernels.run(x.byColumns, rows, vectors, t);
            return;
        }
        final int kc = t.kc;
        final boolean relu = t.relu;
        t.kc = b.tailSafe;
        t.relu = false;
        MicroKernels.run(x.byColumns, rows, vectors, t);
        t.relu = relu;
        t.kc = kc - b.tailSafe;
        t.aOffset += b.tailSafe * (x.byColumns ? t.aStride : 1);
        b.restOfTail(t);
        t.start(t.c, t.cOffset, t.ldc);
        MicroKernels.run(x.byColumns, rows, vectors, t);
        t.kc = kc;
    }
}
