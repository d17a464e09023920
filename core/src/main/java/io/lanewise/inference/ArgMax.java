package io.lanewise.inference;

/** The index of the largest of some values. */
public final class ArgMax {
    private ArgMax() {}

    /**
     * The index, from 0, of the largest of n values; of equal ones the first. NaN counts as larger than all else.
     *
     * @param n at least 1
     */
    public static int of(final int n, final float[] x, final int offset) {
        int best = 0;
        for (int j = 1; j < n; j++) {
            final float value = x[offset + j];
            final float largest = x[offset + best];
            if (value > largest || (Float.isNaN(value) && !Float.isNaN(largest))) {
                best = j;
            }
        }
        return best;
    }
}
