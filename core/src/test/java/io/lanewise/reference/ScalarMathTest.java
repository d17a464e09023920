package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Special values, accuracy and order of the scalar functions; {@code Exhaustive} runs all floats.
 */
final class ScalarMathTest {

    private static final int SAMPLES = 1 << 20;

    /** Coprime to 2^32 / SAMPLES, so that the samples' low bits take all values. */
    private static final int STRIDE = 4095;

    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float LN2 = 0x1.62e43p-1f;

    private interface Function {
        float apply(float x);
    }

    @Test
    void expOfSpecialValues() {
        assertBits(1f, ScalarMath.exp(0f));
        assertBits(1f, ScalarMath.exp(-0f));
        assertBits(1f, ScalarMath.exp(Float.MIN_VALUE));
        assertBits(0f, ScalarMath.exp(-INFINITY));
        assertBits(0f, ScalarMath.exp(-Float.MAX_VALUE));
        assertBits(INFINITY, ScalarMath.exp(INFINITY));
        assertBits(INFINITY, ScalarMath.exp(Float.MAX_VALUE));
        assertNaN(ScalarMath.exp(Float.NaN));
    }

    @Test
    void expOverflowsAndUnderflowsWhereItShould() {
        final float lastFinite = 0x1.62e42ep6f; // 88.72283, just below 128 ln 2
        assertTrue(ScalarMath.exp(lastFinite) <= Float.MAX_VALUE);
        assertBits(INFINITY, ScalarMath.exp(Math.nextUp(lastFinite)));

        assertBits((float) StrictMath.exp(-100), ScalarMath.exp(-100f)); // 27 * 2^-149
        final float lastPositive = -0x1.9fe368p6f; // -103.97208, just above -150 ln 2
        assertBits(Float.MIN_VALUE, ScalarMath.exp(lastPositive));
        assertBits(0f, ScalarMath.exp(Math.nextDown(lastPositive)));
    }

    @Test
    void logOfSpecialValues() {
        assertBits(0f, ScalarMath.log(1f));
        assertBits(-INFINITY, ScalarMath.log(0f));
        assertBits(-INFINITY, ScalarMath.log(-0f));
        assertBits(INFINITY, ScalarMath.log(INFINITY));
        assertNaN(ScalarMath.log(-Float.MIN_VALUE));
        assertNaN(ScalarMath.log(-1f));
        assertNaN(ScalarMath.log(-INFINITY));
        assertNaN(ScalarMath.log(Float.NaN));
    }

    @Test
    void logOfDenormalsIsRight() {
        assertBits((float) (-149 * StrictMath.log(2)), ScalarMath.log(Float.MIN_VALUE));
        assertAccurate(ScalarMath::log, StrictMath::log, 0.89, SAMPLES, i -> Float.intBitsToFloat(1 + 7 * i));
    }

    @Test
    void sigmoidOfSpecialValues() {
        assertBits(0.5f, ScalarMath.sigmoid(0f));
        assertBits(0.5f, ScalarMath.sigmoid(-0f));
        assertBits(1f, ScalarMath.sigmoid(INFINITY));
        assertBits(1f, ScalarMath.sigmoid(Float.MAX_VALUE));
        assertBits(0f, ScalarMath.sigmoid(-INFINITY));
        assertBits(0f, ScalarMath.sigmoid(-Float.MAX_VALUE));
        assertBits((float) StrictMath.exp(-100), ScalarMath.sigmoid(-100f));
        assertNaN(ScalarMath.sigmoid(Float.NaN));
    }

    @Test
    void tanhOfSpecialValues() {
        assertBits(0f, ScalarMath.tanh(0f));
        assertBits(-0f, ScalarMath.tanh(-0f));
        assertBits(Float.MIN_VALUE, ScalarMath.tanh(Float.MIN_VALUE));
        assertBits(-Float.MIN_NORMAL, ScalarMath.tanh(-Float.MIN_NORMAL));
        assertBits(1f, ScalarMath.tanh(INFINITY));
        assertBits(-1f, ScalarMath.tanh(-INFINITY));
        assertBits(1f, ScalarMath.tanh(Float.MAX_VALUE));
        assertNaN(ScalarMath.tanh(Float.NaN));
    }

    @Test
    void tanhIsOddAndBelowTheIdentity() {
        for (int i = 0; i < SAMPLES; i++) {
            final float x = Math.abs(anyFloat(i));
            assertEquals(-ScalarMath.tanh(x), ScalarMath.tanh(-x));
            assertTrue(Float.isNaN(x) || ScalarMath.tanh(x) <= x, () -> "tanh exceeds " + x);
        }
    }

    @Test
    void sigmoidStaysBetweenZeroAndOne() {
        for (int i = 0; i < SAMPLES; i++) {
            final float x = anyFloat(i);
            final float y = ScalarMath.sigmoid(x);
            assertTrue(Float.isNaN(x) || (y >= 0f && y <= 1f), () -> "sigmoid of " + x + " is " + y);
        }
    }

    @Test
    void expIsAccurate() {
        assertAccurateAndAscending(ScalarMath::exp, StrictMath::exp, 0.88, -104f, 89f);
    }

    @Test
    void logIsAccurate() {
        assertAccurateAndAscending(ScalarMath::log, StrictMath::log, 0.89, 0f, 4f);
    }

    @Test
    void sigmoidIsAccurate() {
        assertAccurateAndAscending(ScalarMath::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 1.66, -104f, 18f);
    }

    @Test
    void tanhIsAccurate() {
        assertAccurateAndAscending(ScalarMath::tanh, StrictMath::tanh, 1.97, -10f, 10f);
    }

    /** Where the argument reduction goes from one integer to the next. */
    @Test
    void neverDecreasesAtTheSeams() {
        for (int n = -160; n <= 140; n++) {
            assertAscendingAround(ScalarMath::exp, (n + 0.5f) * LN2);
            assertAscendingAround(ScalarMath::sigmoid, (n + 0.5f) * LN2);
            assertAscendingAround(ScalarMath::tanh, (n + 0.5f) * LN2 / 2);
        }
        for (int k = -148; k <= 127; k++) {
            assertAscendingAround(ScalarMath::log, Math.scalb(4f / 3f, k));
        }
    }

    private static void assertAscendingAround(final Function function, final float centre) {
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
    private static void assertAccurateAndAscending(
            final Function function,
            final DoubleUnaryOperator exact,
            final double ulps,
            final float from,
            final float to) {
        final IntFunction<Float> even = i -> from + (to - from) * i / SAMPLES;
        assertAccurate(function, exact, ulps, SAMPLES, ScalarMathTest::anyFloat);
        assertAccurate(function, exact, ulps, SAMPLES, even);
        for (int i = 0; i < SAMPLES; i++) {
            assertNotAbove(function, anyFloat(i), Math.nextUp(anyFloat(i)));
            assertNotAbove(function, even.apply(i), Math.nextUp(even.apply(i)));
            assertNotAbove(function, even.apply(i), even.apply(i + 1));
        }
    }

    private static void assertAccurate(
            final Function function,
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
    private static void assertNotAbove(final Function function, final float x, final float next) {
        final float y = function.apply(x);
        final float yNext = function.apply(next);
        assertTrue(!(y > yNext), () -> "decreases from " + y + " to " + yNext + " at " + x);
    }

    /** |exact - actual| in units of the last place that a float near the exact value has. */
    private static double ulpsBetween(final double exact, final float actual) {
        if (Double.isNaN(exact) || Float.isNaN(actual)) {
            return Double.isNaN(exact) && Float.isNaN(actual) ? 0 : INFINITY;
        }
        if ((float) exact == actual) {
            return 0;
        }
        final int exponent = Math.max(Math.getExponent(exact), Float.MIN_EXPONENT);
        return Math.abs(exact - actual) / Math.scalb(1.0, exponent - 23);
    }

    private static float anyFloat(final int i) {
        return Float.intBitsToFloat(i * STRIDE);
    }

    private static void assertBits(final float expected, final float actual) {
        assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual));
    }

    private static void assertNaN(final float actual) {
        assertTrue(Float.isNaN(actual), () -> "expected NaN, got " + actual);
    }
}
