package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Arrays that are compared bit for bit, and filled with numbers that make errors show. */
final class Bits {
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
        1e-30f
    };

    private Bits() {}

    /** Numbers of −2 to 2, of many magnitudes. */
    static float[] random(final SplittableRandom random, final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            final double scale = random.nextInt(4) == 0 ? Math.scalb(1.0, -random.nextInt(20)) : 1.0;
            values[i] = (float) (random.nextDouble(-2, 2) * scale);
        }
        return values;
    }

    /** As {@link #random}, with one element in eight a special value. */
    static float[] special(final SplittableRandom random, final int n) {
        final float[] values = random(random, n);
        for (int i = 0; i < n; i++) {
            if (random.nextInt(8) == 0) {
                values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
            }
        }
        return values;
    }

    static float[] filled(final int n, final float value) {
        final float[] values = new float[n];
        Arrays.fill(values, value);
        return values;
    }

    /** Fails at the first element whose bits differ; any NaN equals any other. */
    static void assertSame(final float[] expected, final float[] actual, final String what) {
        if (expected.length != actual.length) {
            fail(what + ": expected " + expected.length + " elements, got " + actual.length);
        }
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                fail(what + ": element " + i + ": expected " + Float.toHexString(expected[i]) + ", got "
                        + Float.toHexString(actual[i]));
            }
        }
    }
}
