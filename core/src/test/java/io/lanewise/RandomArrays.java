package io.lanewise;

import java.util.SplittableRandom;

/** Arrays of the same random numbers in every run. */
public final class RandomArrays {
    private RandomArrays() {}

    /** n numbers from {@code −bound} to {@code bound}. */
    public static float[] floats(final long seed, final int n, final double bound) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    /** n numbers from 0 to {@code limit} − 1. */
    public static int[] ints(final long seed, final int n, final int limit) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] values = new int[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(limit);
        }
        return values;
    }
}
