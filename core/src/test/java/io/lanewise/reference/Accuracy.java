package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/** Assertions on the error and the order of functions of one float, over a dense sample. */
final class Accuracy {
    static final int SAMPLES = 1 << 20;

    /** Coprime to 2^32 / SAMPLES, so that the samples' low bits take all values. */
    private static final int STRIDE = 4095;

    interface FloatFunction {
        float apply(float x);
    }

    private Accuracy() {}

    static void assertAscendingAround(final FloatFunction function, final float centre) {
        float x = centre;
        for (int i = 0; i < 50; i++) {
            x = Math.nextDown(x);
        }
        for (int i = 0; i < 100; i++) {
            assertNotAbove(function, x, Math.nextUp(x));
            x = Math.nextUp(x);
        }
    }

    /** On floats of all magnitudes, and on some spread evenly where the function is not constant. */
    static void assertAccurateAndAscending(
            final FloatFunction function,
            final DoubleUnaryOperator exact,
            final double ulps,
            final float from,
            final float to) {
        final IntFunction<Float> even = i -> from + (to - from) * i / SAMPLES;
        assertAccurate(function, exact, ulps, SAMPLES, Accuracy::anyFloat);
        assertAccurate(function, exact, ulps, SAMPLES, even);
        for (int i = 0; i < SAMPLES; i++) {
            assertNotAbove(function, anyFloat(i), Math.nextUp(anyFloat(i)));
            assertNotAbove(function, even.apply(i), Math.nextUp(even.apply(i)));
            assertNotAbove(function, even.apply(i), even.apply(i + 1));
        }
    }

    static void assertAccurate(
            final FloatFunction function,
            final DoubleUnaryOperator exact,
            final double ulps,
            final int samples,
            final IntFunction<Float> sample) {
        for (int i = 0; i < samples; i++) {
            final float x = sample.apply(i);
            final float y = function.apply(x);
            final double error = ulpsBetween(exact.applyAsDouble(x), y);
            assertTrue(error <= ulps, () -> y + " at " + x + " is off by " + error + " ULP");
        }
    }

    /** NaN is above and below nothing. */
    static void assertNotAbove(final FloatFunction function, final float x, final float next) {
        final float y = function.apply(x);
        final float yNext = function.apply(next);
        assertTrue(!(y > yNext), () -> "decreases from " + y + " to " + yNext + " at " + x);
    }

    /** |exact - actual| in units of the last place that a float near the exact value has. */
    static double ulpsBetween(final double exact, final float actual) {
        if (Double.isNaN(exact) || Float.isNaN(actual)) {
            return Double.isNaN(exact) && Float.isNaN(actual) ? 0 : Double.POSITIVE_INFINITY;
        }
        if ((float) exact == actual) {
            return 0;
        }
        final int exponent = Math.max(Math.getExponent(exact), Float.MIN_EXPONENT);
        return Math.abs(exact - actual) / Math.scalb(1.0, exponent - 23);
    }

    static float anyFloat(final int i) {
        return Float.intBitsToFloat(i * STRIDE);
    }

    static void assertBits(final float expected, final float actual) {
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual));
    }

    static void assertNaN(final float actual) {
        assertTrue(Float.isNaN(actual), () -> "expected NaN, got " + actual);
    }
}
