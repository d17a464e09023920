package io.lanewise.simd;

import static io.lanewise.simd.Simd.LANES;

/**
 * The sizes of tiles and blocks, from the machine's registers and caches, and when packing pays. They change how fast a
 * product is, never its bits. docs/gemm.md draws what they cut and says how they were found.
 */
final class Blocking {
    static final boolean MANY_REGISTERS = Simd.REGISTERS >= 32;

    /** The vectors in a row of a panel of B. */
    static final int VECTORS = 2;

    /** The columns of a panel of B. */
    static final int NR = VECTORS * LANES;

    /** The vectors of a wide tile. */
    static final int WIDE = 4;

    /** The vectors of the widest tile. */
    static final int WIDEST = 8;

    /**
     * The most rows of a tile: of two vectors with 16 registers, of four with 32. A is read where it is, each row by an
     * index of its own; more rows would be more indices than there are registers for. With 16 registers, C2 mostly keeps one of
     * two vectors of B on the stack if there are 6 rows (Zen 4, 256 bits, with 6 and 5: 64³ 84 and 93 GFLOP/s, 384³ 85 and 105).
     */
    static final int MR = MANY_REGISTERS ? 6 : 5;

    /**
     * As {@link #MR}, for tiles of three or four vectors that read B in place: its stride and the checks of its bounds need registers
     * too. With a sixth row C2 often keeps a vector of B and the index of its row on the stack, and the tile falls from 102
     * to 73 GFLOP/s as soon as calls follow each other closely (Zen 4, sums of 128; with five rows 109).
     */
    static final int MR_IN_PLACE = 5;

    /** As {@link #MR}, for tiles of one vector, which need more rows to keep the units busy. */
    static final int MR_OF_ONE = 8;

    /** As {@link #MR}, for A by columns. */
    static final int MR_BY_COLUMNS = MANY_REGISTERS ? 12 : 5;

    /**
     * So many tiles below each other are worth a kernel of several: before the first tile it does more. (Zen 4: of 4 tiles, 32³
     * 99 to 95 GFLOP/s.)
     */
    static final int SEVERAL = 8;

    /**
     * The longest sums for which kernels of several tiles are used with 16 registers. In some virtual machines C2 keeps a vector of
     * B on the stack in them, and sums of 64 to 1024 are 5 to 14 % slower, in most it does not and they are 3 to 7 % faster; short
     * sums gain more than that (Zen 4, 256 bits, one and several: 512 × 64 × 13 65 and 75 GFLOP/s, 512 × 256 × 10:abt 55 and
     * 66, 512 × 64 × 32:abt 87 and 94, 512 × 256 × 32:atb 82 and 90).
     */
    static final int SHORT_FOR_SEVERAL = 64;

    /** The most rows of any tile. */
    static final int TALLEST = Math.max(MR_OF_ONE, MR_BY_COLUMNS);

    /**
     * The most rows of B in a block. A panel of so many need not stay in L1: C2's tiles take 256 bytes of B in 24 cycles, and
     * L2 streams several times that; but C is read and written half as often as with 512. On Zen 4, GFLOP/s with 384, 512, 1024
     * and 2048: 1024³, B packed, 100, 104, 108 and 108, 768³ –, 103, 108 and 107; with 256 bits, 512 × 512 × 784 –, 98, 103 and –.
     */
    static final int KC = 1024;

    /**
     * As {@link #KC}, where B is packed for few rows, so that a part of it stays in L2 beside them (Zen 4, 128 × 2048 × 1000:abt
     * 98 GFLOP/s, with 1024 95).
     */
    static final int KC_OF_FEW = 512;

    /**
     * As {@link #KC}, with 16 registers, for A by columns and a C of up to {@link #SMALL_C} elements. Tiles take so few elements of
     * each line of A that those of longer columns go through L1 again and again (Zen 4, 256 bits, blocks of 1024 and 192:
     * 784 × 512 × 512:atb 76 and 85 GFLOP/s, 300³ 89 and 97, 13 × 64 × 512 71 and 87; 2048 × 2048 × 512, where C is large, 86
     * and 78).
     */
    private static final int KC_BY_COLUMNS = 192;

    private static final int SMALL_C = Caches.L2 / Float.BYTES * 2;

    private static final int LINE = 16; // elements of a line of the caches

    /**
     * The elements of five eighths of L2, for a block of A: of 1 MiB, a batch of 128 is one block. (A quarter, three eighths
     * and half of it were no faster for 768³ to 2048³.) With 16 registers, narrower tiles read a block twice as often, and
     * together with a smaller {@link #NC} a quarter is 2 to 5 % faster from 1000³ on.
     */
    private static final int PART_OF_L2 = Caches.L2 / 8 / Float.BYTES * (MANY_REGISTERS ? 5 : 2);

    /** The most rows that are one block of A whatever its columns. */
    static final int MC = mc(KC);

    /** The most rows for which blocks of {@link #KC_OF_FEW} are packed. */
    private static final int MC_OF_FEW = mc(KC_OF_FEW);

    /** The most elements of a copied block of A: whole vectors of the most rows. */
    static final int BLOCK = Math.max(PART_OF_L2, MR * KC) + LANES * KC;

    /**
     * The most columns of B in a block: a share of L3, with 16 registers a smaller one (Zen 4, 256 bits, 1536³ with NC of 2048,
     * 1024, 512 and 256: 92, 90, 99 and 95 GFLOP/s).
     */
    static final int NC = Math.max(1, Caches.L3 / (MANY_REGISTERS ? 2 : 8) / Float.BYTES / KC / NR) * NR;

    /** The most rows that do not make up for packing B. */
    private static final int FEW_ROWS = 48;

    /**
     * As {@link #FEW_ROWS}, with 16 registers, for a B that L2 does not hold: tiles read only two vectors of each of its rows,
     * each in lines of their own. On Zen 4, 256 bits, in place and packed, GFLOP/s: 32 × 1000 × 2048 48 and 69, 32 × 512 × 784
     * 77 and 85, 20 × 512 × 784 78 and 78, 16 × 512 × 784 76 and 73. If rows of B, of any that is not small, are in the same sets
     * of the caches, two tiles make up for packing: 32 × 2048 × 1024 35 and 72, 8 × 2048 × 1024 34 and 53, 8 × 1024 × 64 38 and 49.
     */
    private static final int FEW_ROWS_OF_NARROW_TILES = 24;

    /**
     * Rows that make up for packing a small B too, with 16 registers, if the distance of its rows is a multiple of
     * {@value #FEW_SETS} elements, so that they lie in few sets of L1. On Zen 4, 256 bits, in place and packed, GFLOP/s:
     * 512 × 64 × 128 95 and 103, 2048 × 128 × 64 85 and 95; 128 × 64 × 64 97 and 93, 1000 × 100 × 50 88 and 84.
     */
    private static final int MANY_ROWS = 256;

    private static final int FEW_SETS = 64;

    /** The elements of a B that is large: more than a share of L2 and L3 holds. */
    private static final long LARGE = 1 << 20;

    /** The elements of a B that is read where it is, whatever the number of rows: it is small for L1. */
    private static final int SMALL = 1 << 11;

    /** As {@link #SMALL}, where tiles are nearly as wide as B, or read so much of each of its rows. */
    private static final int SMALL_FOR_WIDE_TILES = 1 << 14;

    /**
     * As {@link #SMALL}, where tiles read 256 bytes of each row: prefetchers then follow the rows of a B that L2 holds. On
     * Zen 4, in place and packed: 64³ 108 and 101 GFLOP/s, 256³ 114 and 111, 512³ 112 and 108, 768³ 104 and 108; with 256
     * bits, two vectors of which are 64 bytes, 96³ 88 and 83, 192³ 82 and 87, 512³ 68 and 82.
     */
    private static final int HELD = MANY_REGISTERS && WIDE * LANES * Float.BYTES >= 256
            ? Math.max(Caches.L2 / Float.BYTES, SMALL_FOR_WIDE_TILES)
            : SMALL_FOR_WIDE_TILES;

    /**
     * The elements of a B whose rows lie so far apart, and so far away, that packing pays for {@link #SOME_ROWS} rows
     * too, in short blocks of k, whose parts have longer rows: on Zen 4, 2048 × 2048 times 32 rows 63 to 69 GFLOP/s, 16
     * rows 44 to 52; 1024 × 2048 times 32 the same, and times 8 rows 79 to 56.
     */
    private static final int VAST = 1 << 22;

    private static final int SOME_ROWS = 16;

    /**
     * A vast B that is read in place for very few rows is read in blocks of few of its own, so that prefetchers follow whole
     * rows, if those are long: then fetching takes less time, and reading and writing C more. On Zen 4, GFLOP/s with blocks of
     * {@link #KC}, 12, 16 and 24 rows: 8 × 2048 × 2048 30, 42, 39 and 36, 5 × 2048 × 2048 15, 33, 28 and 21; with 256 bits 11,
     * 29, 26 and 21. Shorter rows lose (8 × 512 × 8192 38 to 27, 8 × 64 × 65536 100 to 56; with 256 bits 8 × 1024 × 4096 30 to
     * 25), and so does a B of a quarter of that size, which L3 holds (8 × 1000 × 2048 100 to 83, with 16). For 9 to 15 rows it
     * depends on n (12 × 1000 × 4500 42 to 38, 15 × 2048 × 2048 41 to 50).
     */
    private static final int KC_OF_STREAMED = 12;

    private static final int VERY_FEW_ROWS = 8;
    private static final int LONG_ROW = 1536;

    /** The most rows of B in a block, and its most columns at a time, if it is vast and meets some rows only. */
    static final int KC_OF_VAST = 256;

    static final int NC_OF_VAST = Math.max(1, 256 / NR) * NR;

    /** The longest sums that count as short: longer ones with 16 registers, whose narrow tiles write C in smaller pieces. */
    private static final int SHORT = MANY_REGISTERS ? 128 : 256;

    /** The elements of a quarter of L2. */
    private static final int IN_L2 = Caches.L2 / 4 / Float.BYTES;

    /** The elements of a C that is large: twice L2, or L2 with narrow tiles. */
    private static final int LARGE_C = Caches.L2 / Float.BYTES * (MANY_REGISTERS ? 2 : 1);

    private Blocking() {}

    /** The size of blocks of {@code total} elements that are as equal as can be, none above {@code most}. */
    static int even(final int total, final int most) {
        return total <= most ? total : Math.ceilDiv(total, Math.ceilDiv(total, most));
    }

    /** {@code size}, rounded up to whole tiles, but not beyond {@code total}. */
    static int wholeTiles(final int size, final int tile, final int total) {
        return (int) Math.min(total, Math.ceilDiv(size, tile) * (long) tile);
    }

    /** The most rows of A in a block of {@code kc} columns. For 1 MiB and {@link #KC} that is 156, or 60. */
    static int mc(final int kc) {
        return Math.max(1, PART_OF_L2 / kc / MR) * MR;
    }

    /** How far apart copied rows of so many columns are put: an odd number of lines, or they would share few sets of the caches. */
    static int stride(final int columns) {
        return (Math.ceilDiv(columns, LINE) | 1) * LINE;
    }

    /**
     * The most rows of a B ({@code k × n}) that the caller has not packed in a block, which meets so many rows of A.
     *
     * @param byColumns whether A is by columns
     * @param packed whether the loops pack it
     * @param inPlace whether it is read where it is, and C is not transposed
     */
    static int kc(
            final boolean byColumns,
            final boolean packed,
            final boolean inPlace,
            final int rows,
            final int n,
            final int k) {
        if (byColumns && !MANY_REGISTERS && (long) rows * n <= SMALL_C && !rowsFirst(rows, n, k)) {
            return KC_BY_COLUMNS;
        }
        if (inPlace && rows <= VERY_FEW_ROWS && n >= LONG_ROW && (long) n * k >= VAST) {
            return KC_OF_STREAMED;
        }
        return packed && rows <= MC_OF_FEW ? KC_OF_FEW : KC;
    }

    /** The most elements of a block of B ({@code k × n}) that is packed for up to so many rows. */
    static int panels(final int rows, final int n, final int k) {
        return Math.min(k, rows <= MC_OF_FEW ? KC_OF_FEW : KC) * Panels.padded(Math.min(n, NC));
    }

    /** Whether enough rows meet a B ({@code k × n}) to make up for packing it, and it is better read as panels. */
    static boolean worthPacking(final boolean byColumns, final int rows, final int n, final int k, final int ldb) {
        final long elements = (long) n * k;
        return rows > fewRows(elements, ldb) && n > LANES && elements > mostInPlace(byColumns, rows, n, ldb);
    }

    /** The most rows that do not make up for packing so large a B. */
    private static int fewRows(final long elements, final int ldb) {
        if (MANY_REGISTERS || elements <= SMALL_FOR_WIDE_TILES) {
            return FEW_ROWS;
        }
        if (RowCopy.inSameSets(ldb)) {
            return MR;
        }
        return elements > Caches.L2 / Float.BYTES ? FEW_ROWS_OF_NARROW_TILES : FEW_ROWS;
    }

    private static int mostInPlace(final boolean byColumns, final int rows, final int n, final int ldb) {
        if (byColumns) {
            return n <= 2 * NR ? SMALL_FOR_WIDE_TILES : SMALL;
        }
        if (!MANY_REGISTERS && n > NR && rows >= MANY_ROWS && ldb % FEW_SETS == 0) {
            return 2 * SMALL;
        }
        // Without tiles for edges, one and a bit of a vector are two in place, but a single tile of a panel.
        return MANY_REGISTERS || n > NR ? HELD : SMALL;
    }

    /** Whether a vast B meets some rows. */
    static boolean vast(final int rows, final int k, final int n, final int ldb) {
        final long elements = (long) n * k;
        return rows >= SOME_ROWS && rows <= fewRows(elements, ldb) && elements >= VAST;
    }

    /**
     * Whether C is so small beside B that it may be worth transposing instead. C is transposed once for each block of k.
     * On Zen 5, A · Bᵀ of 32 and 64 rows gave 121 and 136 GFLOP/s so and 132 and 150 by packing B (n = 512, k = 256), 130
     * and 125 (64 rows, n = k = 2048), 150 and 153 (128 rows).
     */
    static boolean worthTransposingC(final int m, final int n, final int k) {
        return m <= LANES || (m <= 64 && (long) n * k > LARGE);
    }

    /** Whether columns of A are copied: their distance, a multiple of 1 KiB, would put them into few sets of L1. */
    static boolean worthCopyingColumns(final int lda, final int mc, final int nc) {
        return lda % 256 == 0 && nc > 2 * NR && mc > MR_BY_COLUMNS;
    }

    /**
     * Whether tiles span several panels. Few rows leave registers for that, and fill neither them nor the pipeline
     * otherwise; and of a large B they fetch several streams at a time. Short sums do not make up for copying A, and
     * tiles of 6 rows read it where it is (Zen 5, 64³: 190 to 172 GFLOP/s).
     */
    static boolean wide(final int rows, final int n) {
        return rows <= 2 || (MANY_REGISTERS && (rows <= MR || n >= 4 * LANES));
    }

    /** The most vectors of a tile of one row. */
    static final int VECTORS_OF_ROW = MANY_REGISTERS ? 16 : 8;

    /** Beyond so many tiles, each of them reads too small a piece of the rows of B. */
    private static final int MOST_TILES_OF_ROW = 4;

    /**
     * Whether a B that meets one row is read row by row, instead of by tiles: it has to be too large for L1, and its rows
     * long. On Zen 4, by rows and by tiles: 1 × 1024 × 512 26 and 36 GFLOP/s, 1 × 2048 × 1024 31 and 31; with 256 bits 1 ×
     * 256 × 512 43 and 43, 1 × 1024 × 512 29 and 20.
     */
    static boolean worthStreaming(final int k, final int n) {
        final long elements = (long) k * n;
        final int tile = VECTORS_OF_ROW * LANES;
        return (elements > SMALL_FOR_WIDE_TILES && n > MOST_TILES_OF_ROW * tile) || (elements > LARGE && n > tile);
    }

    /**
     * Whether all panels of a block of B meet a tile of rows before the next one. Where sums are short and C is large, writing C
     * is what takes the time, and so whole rows of it are written, while the block of B stays in L2. (With 256 bits on Zen 4
     * 2048 × 2048 × 32:atb 53 to 71 GFLOP/s, 1024 × 2048 × 128:atb 78 to 95, 2048 × 1000 × 256 73 to 84.)
     */
    static boolean rowsFirst(final int rows, final int columns, final int k) {
        return k <= SHORT && (long) rows * columns > LARGE_C;
    }

    /** Whether so many columns, the last ones, are a tile of two or three vectors at the edge. */
    static boolean isEdge(final int columns) {
        return columns > LANES && columns <= 3 * LANES && columns != NR;
    }

    /** Whether such a tile is the last one of so many columns. */
    static boolean atEdge(final int columns) {
        final int last = columns % (WIDE * LANES);
        return isEdge(last) || isEdge(last - NR);
    }

    /** The most columns of a block of B that takes up a quarter of L2. */
    static int columnsInL2(final int kc) {
        return Math.max(1, IN_L2 / Math.max(1, kc) / (WIDE * LANES)) * (WIDE * LANES);
    }

    /** The vectors of a wide tile of so many rows: what the registers hold. */
    static int wideVectors(final int rows) {
        return rows == 1 || (rows == 2 && MANY_REGISTERS) ? WIDEST : WIDE;
    }
}
