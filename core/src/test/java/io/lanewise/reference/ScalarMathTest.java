package io.lanewise.reference;

import static io.lanewise.reference.Accuracy.SAMPLES;
import static io.lanewise.reference.Accuracy.anyFloat;
import static io.lanewise.reference.Accuracy.assertAccurate;
import static io.lanewise.reference.Accuracy.assertAccurateAndAscending;
import static io.lanewise.reference.Accuracy.assertAscendingAround;
import static io.lanewise.reference.Accuracy.assertBits;
import static io.lanewise.reference.Accuracy.assertNaN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.DoubleMath;
import org.junit.jupiter.api.Test;

/**
 * Special values, accuracy and order of the scalar functions; {@link ExhaustiveAccuracy} runs all floats.
 */
final class ScalarMathTest {

    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float LN2 = 0x1.62e43p-1f;

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
    void expm1OfSpecialValues() {
        assertBits(0f, ScalarMath.expm1(0f));
        assertBits(-0f, ScalarMath.expm1(-0f));
        assertBits(Float.MIN_VALUE, ScalarMath.expm1(Float.MIN_VALUE));
        assertBits(-3 * Float.MIN_VALUE, ScalarMath.expm1(-3 * Float.MIN_VALUE));
        assertBits(-1f, ScalarMath.expm1(-INFINITY));
        assertBits(-1f, ScalarMath.expm1(-18f));
        assertBits(INFINITY, ScalarMath.expm1(INFINITY));
        assertBits(INFINITY, ScalarMath.expm1(Float.MAX_VALUE));
        assertBits(INFINITY, ScalarMath.expm1(Math.nextUp(0x1.62e42ep6f)));
        assertTrue(ScalarMath.expm1(0x1.62e42ep6f) <= Float.MAX_VALUE);
        assertNaN(ScalarMath.expm1(Float.NaN));
    }

    @Test
    void log1pOfSpecialValues() {
        assertBits(0f, ScalarMath.log1p(0f));
        assertBits(-0f, ScalarMath.log1p(-0f));
        assertBits(Float.MIN_VALUE, ScalarMath.log1p(Float.MIN_VALUE));
        assertBits(-3 * Float.MIN_VALUE, ScalarMath.log1p(-3 * Float.MIN_VALUE));
        assertBits(-INFINITY, ScalarMath.log1p(-1f));
        assertBits((float) (-24 * StrictMath.log(2)), ScalarMath.log1p(Math.nextUp(-1f)));
        assertBits((float) (128 * StrictMath.log(2)), ScalarMath.log1p(Float.MAX_VALUE));
        assertBits(INFINITY, ScalarMath.log1p(INFINITY));
        assertNaN(ScalarMath.log1p(Math.nextDown(-1f)));
        assertNaN(ScalarMath.log1p(-INFINITY));
        assertNaN(ScalarMath.log1p(Float.NaN));
    }

    @Test
    void erfOfSpecialValues() {
        assertBits(0f, ScalarMath.erf(0f));
        assertBits(-0f, ScalarMath.erf(-0f));
        assertBits(Float.MIN_VALUE, ScalarMath.erf(Float.MIN_VALUE));
        assertBits(1f, ScalarMath.erf(INFINITY));
        assertBits(-1f, ScalarMath.erf(-INFINITY));
        assertBits(1f, ScalarMath.erf(4f));
        assertBits(1f, ScalarMath.erf(Float.MAX_VALUE));
        assertNaN(ScalarMath.erf(Float.NaN));
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

    @Test
    void expm1IsAccurate() {
        assertAccurateAndAscending(ScalarMath::expm1, StrictMath::expm1, 1.51, -18f, 89f);
    }

    @Test
    void log1pIsAccurate() {
        assertAccurateAndAscending(ScalarMath::log1p, StrictMath::log1p, 1.6, -1f, 4f);
    }

    @Test
    void erfIsAccurateAndOdd() {
        assertAccurateAndAscending(ScalarMath::erf, DoubleMath::erf, 1.25, -4f, 4f);
        for (int i = 0; i < SAMPLES; i++) {
            final float x = Math.abs(anyFloat(i));
            assertEquals(-ScalarMath.erf(x), ScalarMath.erf(-x));
        }
    }

    /** Where the argument reduction goes from one integer to the next. */
    @Test
    void neverDecreasesAtTheSeams() {
        for (int n = -160; n <= 140; n++) {
            assertAscendingAround(ScalarMath::exp, (n + 0.5f) * LN2);
            assertAscendingAround(ScalarMath::expm1, (n + 0.5f) * LN2);
            assertAscendingAround(ScalarMath::sigmoid, (n + 0.5f) * LN2);
            assertAscendingAround(ScalarMath::tanh, (n + 0.5f) * LN2 / 2);
        }
        for (int k = -148; k <= 127; k++) {
            assertAscendingAround(ScalarMath::log, Math.scalb(4f / 3f, k));
            assertAscendingAround(ScalarMath::log1p, Math.scalb(4f / 3f, k) - 1f);
        }
    }
}
