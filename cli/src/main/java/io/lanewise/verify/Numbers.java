package io.lanewise.verify;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;

/**
 * Where inputs come from: the specified random stream, by operations that are exact, so that no machine and no Java can
 * make other ones. Each call takes the next step of the stream.
 */
final class Numbers {
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        88.5f,
        -104f,
        0x1p-100f,
        0x1.fffffep-127f
    };

    private final long seed;
    private int step;

    Numbers(final long seed) {
        this.seed = seed;
    }

    /** Numbers of −1 to 1; one in four is made up to 128 times smaller. */
    float[] plain(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            final int bits = bits(i);
            final float value = 2f * ((bits >>> 8) * 0x1p-24f) - 1f; // exact
            values[i] = (bits & 0x18) == 0 ? Math.scalb(value, -(bits & 7)) : value;
        }
        step++;
        return values;
    }

    /** As {@link #plain}, with one element in eight a special value: an infinity, NaN, a denormal number, … */
    float[] special(final int n) {
        final float[] values = plain(n);
        for (int i = 0; i < n; i++) {
            final int bits = bits(i);
            if ((bits & 7) == 0) {
                values[i] = SPECIAL[bits >>> 28];
            }
        }
        step++;
        return values;
    }

    /** Numbers of 2⁻⁷ to 1 and a bit: for variances, weights of rows, and the like. */
    float[] positive(final int n) {
        final float[] values = plain(n);
        for (int i = 0; i < n; i++) {
            values[i] = Math.max(Math.abs(values[i]), 0x1p-7f);
        }
        return values;
    }

    /** Numbers of −range to range. */
    float[] within(final int n, final float range) {
        final float[] values = plain(n);
        for (int i = 0; i < n; i++) {
            values[i] *= range;
        }
        return values;
    }

    /** Any pattern of 32 bits: all magnitudes, some of them infinite or NaN. */
    float[] anything(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Float.intBitsToFloat(bits(i));
        }
        step++;
        return values;
    }

    /** Whole numbers from 0 to below a bound. */
    int[] integers(final int n, final int bound) {
        final int[] values = new int[n];
        for (int i = 0; i < n; i++) {
            values[i] = (int) ((Integer.toUnsignedLong(bits(i)) * bound) >>> 32);
        }
        step++;
        return values;
    }

    private int bits(final int element) {
        return Philox.bits(seed, Purpose.WEIGHTS, step, element);
    }
}
