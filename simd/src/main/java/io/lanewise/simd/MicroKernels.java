package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;

/**
 * Finds the micro-kernel of a tile. Beside those for edges and for one row, there are four families: A by rows or by
 * columns, B with the stride of panels, which the compiler knows, or with any other. A known stride takes the checks of
 * bounds out of the loop (Zen 5, tiles of 24 vectors: 126 to 141 GFLOP/s for sums of 13, 187 to 198 for 32, 206 to 213 for
 * 64). With 16 registers it makes C2 spill (102 to 42, JDK 25): there only the wide tiles, of one or two rows, know the
 * stride.
 */
final class MicroKernels {
    private MicroKernels() {}

    /** Whether the kernel of a tile computes as many as {@code t} says, one below the other, instead of one. */
    static boolean takesSeveral(final boolean byColumns, final int rows, final int vectors, final TileOperands t) {
        if (!Blocking.MANY_REGISTERS) {
            return t.kc <= Blocking.SHORT_FOR_SEVERAL
                    && (byColumns
                            ? ColumnStridedMicroKernels.takesSeveral(rows, vectors)
                            : RowStridedMicroKernels.takesSeveral(rows, vectors));
        }
        return !byColumns
                && vectors > Blocking.VECTORS
                && (ofPanels(vectors, t)
                        ? RowMicroKernels.takesSeveral(rows, vectors)
                        : RowStridedMicroKernels.takesSeveral(rows, vectors));
    }

    private static boolean ofPanels(final int vectors, final TileOperands t) {
        return t.bStride == NR && (Blocking.MANY_REGISTERS || vectors > 2);
    }

    /** Computes a tile of so many rows and vectors, or as many as {@code t} says. */
    static void run(final boolean byColumns, final int rows, final int vectors, final TileOperands t) {
        if (ofPanels(vectors, t)) {
            ofPanels(byColumns, rows, vectors, t);
        } else {
            strided(byColumns, rows, vectors, t);
        }
    }

    private static void ofPanels(final boolean byColumns, final int rows, final int vectors, final TileOperands t) {
        if (byColumns) {
            if (vectors > 2) {
                ColumnMicroKernels.runWide(rows, vectors, t);
            } else if (vectors == 2) {
                ColumnMicroKernels.run2(rows, t);
            } else {
                ColumnMicroKernels.run1(rows, t);
            }
        } else if (vectors > 2) {
            RowMicroKernels.runWide(rows, vectors, t);
        } else if (vectors == 2) {
            RowMicroKernels.run2(rows, t);
        } else {
            RowMicroKernels.run1(rows, t);
        }
    }

    private static void strided(final boolean byColumns, final int rows, final int vectors, final TileOperands t) {
        if (byColumns) {
            if (vectors > 2) {
                ColumnStridedMicroKernels.runWide(rows, vectors, t);
            } else if (vectors == 2) {
                ColumnStridedMicroKernels.run2(rows, t);
            } else {
                ColumnStridedMicroKernels.run1(rows, t);
            }
        } else if (vectors > 2) {
            RowStridedMicroKernels.runWide(rows, vectors, t);
        } else if (vectors == 2) {
            RowStridedMicroKernels.run2(rows, t);
        } else {
            RowStridedMicroKernels.run1(rows, t);
        }
    }
}
