package io.lanewise.inference;

/** The indices of the k largest of some values. */
final class TopK {
    private TopK() {}

    /**
     * The indices of the k largest of n values, the largest first; of equal ones the first. NaN counts as larger than
     * all else. Insertion into a sorted list: k is small.
     *
     * @param k from 1 to n
     * @param indices k elements from {@code indicesOffset}, output
     */
    static void of(
            final int n, final float[] x, final int offset, final int k, final int[] indices, final int indicesOffset) {
        int found = 0;
        for (int j = 0; j < n; j++) {
            int place = found;
            while (place > 0 && larger(x[offset + j], x[offset + indices[indicesOffset + place - 1]])) {
                place--;
            }
            if (place < k) {
                found = Math.min(k, found + 1);
                for (int p = found - 1; p > place; p--) {
                    indices[indicesOffset + p] = indices[indicesOffset + p - 1];
                }
                indices[indicesOffset + place] = j;
            }
        }
    }

    private static boolean larger(final float a, final float b) {
        return a > b || (Float.isNaN(a) && !Float.isNaN(b));
    }
}
