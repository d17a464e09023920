package io.lanewise.verify;

import java.util.Arrays;

/**
 * A matrix inside an array, with elements before it, behind its rows and after it, which no kernel may touch; they are
 * hashed too.
 *
 * @param values element (i, j) is at {@code offset + i · ld + j}
 * @param ld the leading dimension
 */
@SuppressWarnings("ArrayRecordComponent")
record Matrix(float[] values, int offset, int ld) {
    private static final int BEHIND = 2;

    static Matrix plain(final Numbers numbers, final int rows, final int columns) {
        return within(numbers, rows, columns, 1f);
    }

    static Matrix within(final Numbers numbers, final int rows, final int columns, final float range) {
        return place(numbers.within(length(rows, columns), range), rows, columns);
    }

    static Matrix special(final Numbers numbers, final int rows, final int columns) {
        return place(numbers.special(length(rows, columns)), rows, columns);
    }

    /** One to be overwritten: what is in it now would show. */
    static Matrix output(final int rows, final int columns) {
        final float[] values = new float[length(rows, columns)];
        Arrays.fill(values, Float.NaN);
        return place(values, rows, columns);
    }

    private static Matrix place(final float[] values, final int rows, final int columns) {
        return new Matrix(values, offset(rows, columns), leading(rows, columns));
    }

    private static int length(final int rows, final int columns) {
        return offset(rows, columns) + rows * leading(rows, columns) + BEHIND;
    }

    private static int offset(final int rows, final int columns) {
        return (rows + columns) % 4;
    }

    private static int leading(final int rows, final int columns) {
        return columns + rows % 3;
    }
}
