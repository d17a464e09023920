package io.lanewise.simd;

import static io.lanewise.simd.Simd.LANES;

/**
 * Memory for a copy of some rows, side by side in the caches, a part of their columns at a time. They are copied before
 * they are transposed where that would read beyond the end of their array, and where they lie in the same sets of L1.
 */
final class RowCopy {
    /** The most rows. */
    static final int ROWS = DotKernels.ROWS;

    /** The most columns at a time. */
    private static final int COLUMNS = 32 * LANES;

    /**
     * Rows whose distance is a multiple of so many elements, 4 KiB, lie in the same sets of L1, which has room for fewer of
     * them than are transposed side by side. (Zen 4, 512 × 1 × 1000 17 GFLOP/s, 512 × 1 × 1024 6 and, copied, 10; 512 × 10 ×
     * 1000 61, 512 × 10 × 1024 38 and 51.)
     */
    private static final int SAME_SETS = 1024;

    /** The shortest rows that make up for it. */
    private static final int LONG = 64;

    /**
     * The elements of the largest matrix that does: a quarter of L3, or 4 MiB. From memory, many streams are faster than one
     * after the other. (Zen 4, L3 of 32 MiB that others use too, in place and copied: 1024 × 1 × 1024 7 and 9 GFLOP/s, 2048 ×
     * 1 × 1024 6 and 5 to 8, 4096 × 1 × 1024 6 and 4.)
     */
    private static final int IN_L3 = Caches.L3 / 4 / Float.BYTES;

    final float[] values;

    /** The columns at a time: a multiple of LANES. */
    final int columns;

    /** The distance of the rows: an odd number of lines. */
    final int stride;

    /** For rows of up to k elements; of longer ones, fewer columns are copied at a time. */
    RowCopy(final int k) {
        columns = Math.ceilDiv(Math.clamp(k, 1, COLUMNS), LANES) * LANES;
        stride = Blocking.stride(columns);
        values = new float[ROWS * stride];
    }

    /** Whether rows that are {@code ld} apart lie in the same sets of L1. */
    static boolean inSameSets(final int ld) {
        return ld % SAME_SETS == 0;
    }

    /** Whether a matrix whose rows are {@code ld} apart is copied before it is transposed. */
    static boolean pays(final int rows, final int k, final int ld) {
        return inSameSets(ld) && k >= LONG && (long) rows * ld <= IN_L3;
    }

    /**
     * The same for a product with one column. With 16 registers the alternative, chains of scalars, is slower than copying a
     * matrix of any size (Zen 4, 256 bits, chains and copied: 13 × 1 × 262144 3.6 and 5.5 GFLOP/s, 2048 × 1 × 1024 4.3 and 8.3).
     */
    static boolean paysForColumn(final int rows, final int k, final int ld) {
        return pays(rows, k, ld) || (!Blocking.MANY_REGISTERS && inSameSets(ld) && k >= LONG);
    }

    /**
     * Copies {@code length} columns, at most {@link #columns}, of some rows. What stands behind them, up to the stride, and in
     * the other rows, are numbers of earlier copies.
     */
    void take(final int rows, final int length, final float[] from, final int offset, final int ld) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(from, offset + i * ld, values, i * stride, length);
        }
    }
}
