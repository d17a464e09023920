package io.lanewise.reference;

import static io.lanewise.reference.Accuracy.SAMPLES;
import static io.lanewise.reference.Accuracy.anyFloat;
import static io.lanewise.reference.Accuracy.assertAccurate;
import static io.lanewise.reference.Accuracy.assertAccurateAndAscending;
import static io.lanewise.reference.Accuracy.assertAscendingAround;
import static io.lanewise.reference.Accuracy.assertBits;
import static io.lanewise.reference.Accuracy.assertNaN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.DoubleMath;
import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Special values, accuracy and slopes of the activations; {@link ExhaustiveAccuracy} runs all floats. */
final class ScalarActivationsTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void softplusOfSpecialValues() {
        assertBits((float) StrictMath.log(2), ScalarActivations.softplus(0f));
        assertBits((float) StrictMath.log(2), ScalarActivations.softplus(-0f));
        assertBits(0f, ScalarActivations.softplus(-INFINITY));
        assertBits(0f, ScalarActivations.softplus(-Float.MAX_VALUE));
        assertBits((float) StrictMath.exp(-100), ScalarActivations.softplus(-100f)); // denormal
        assertBits(Float.MAX_VALUE, ScalarActivations.softplus(Float.MAX_VALUE));
        assertBits(INFINITY, ScalarActivations.softplus(INFINITY));
        assertNaN(ScalarActivations.softplus(Float.NaN));
    }

    /** Those that are like x far above zero, and −0 far below. */
    @ParameterizedTest
    @EnumSource(names = {"GELU", "GELU_TANH", "SILU", "HARD_SWISH"})
    void gatesAtSpecialValues(final Activation f) {
        assertBits(0f, ScalarActivations.activate(f, 0f));
        assertBits(-0f, ScalarActivations.activate(f, -0f));
        assertBits(-0f, ScalarActivations.activate(f, -INFINITY));
        assertBits(-0f, ScalarActivations.activate(f, -Float.MAX_VALUE));
        assertBits(Float.MAX_VALUE, ScalarActivations.activate(f, Float.MAX_VALUE));
        assertBits(INFINITY, ScalarActivations.activate(f, INFINITY));
        assertBits(Float.MIN_NORMAL / 2, ScalarActivations.activate(f, Float.MIN_NORMAL));
        assertBits(-5 * Float.MIN_VALUE, ScalarActivations.activate(f, -10 * Float.MIN_VALUE));
        assertEquals(0f, ScalarActivations.backward(f, -INFINITY, 3f), 0f);
        assertEquals(0f, ScalarActivations.backward(f, -Float.MAX_VALUE, 3f), 0f);
        assertBits(3f, ScalarActivations.backward(f, INFINITY, 3f));
        assertBits(3f, ScalarActivations.backward(f, Float.MAX_VALUE, 3f));
        assertBits(1.5f, ScalarActivations.backward(f, 0f, 3f));
        assertNaN(ScalarActivations.backward(f, Float.NaN, 3f));
    }

    @ParameterizedTest
    @EnumSource
    void nanStaysNan(final Activation f) {
        assertNaN(ScalarActivations.activate(f, Float.NaN));
    }

    @Test
    void softplusIsAccurate() {
        assertAccurateAndAscending(ScalarActivations::softplus, DoubleMath::softplus, 1.18, -104f, 18f);
        for (int n = 0; n <= 150; n++) {
            assertAscendingAround(ScalarActivations::softplus, -(n + 0.5f) * 0x1.62e43p-1f);
        }
        assertAscendingAround(ScalarActivations::softplus, (float) Math.log(3));
        assertAscendingAround(ScalarActivations::softplus, (float) -Math.log(3));
    }

    @Test
    void siluIsAccurate() {
        assertAccurate(ScalarActivations::silu, DoubleMath::silu, 1.63, SAMPLES, Accuracy::anyFloat);
        assertAccurate(ScalarActivations::silu, DoubleMath::silu, 1.63, SAMPLES, i -> -110f + 130f * i / SAMPLES);
    }

    @Test
    void geluIsAccurate() {
        assertAccurate(ScalarActivations::gelu, DoubleMath::gelu, 1.62, SAMPLES, Accuracy::anyFloat);
        assertAccurate(ScalarActivations::gelu, DoubleMath::gelu, 1.62, SAMPLES, i -> -14.6f + 21f * i / SAMPLES);
    }

    @Test
    void geluTanhIsAccurate() {
        assertAccurate(ScalarActivations::geluTanh, DoubleMath::geluTanh, 1.68, SAMPLES, Accuracy::anyFloat);
        assertAccurate(ScalarActivations::geluTanh, DoubleMath::geluTanh, 1.68, SAMPLES, i -> -11f + 18f * i / SAMPLES);
    }

    @Test
    void nothingIsBelowTheMinima() {
        for (int i = 0; i < SAMPLES; i++) {
            final float x = anyFloat(i);
            assertEquals(true, Float.isNaN(x) || ScalarActivations.gelu(x) >= -0.17f);
            assertEquals(true, Float.isNaN(x) || ScalarActivations.geluTanh(x) >= -0.1701f);
            assertEquals(true, Float.isNaN(x) || ScalarActivations.silu(x) >= -0.2785f);
        }
    }

    /** Derivatives against central differences of the formulas in {@code double}; no sample is a kink. */
    @ParameterizedTest
    @EnumSource
    void slopes(final Activation f) {
        final double h = 1e-5;
        for (int i = 0; i < 2000; i++) {
            final float x = -12.003f + i * 0.0123f;
            final float y = f.derivativeFromInput() ? x : ScalarActivations.activate(f, x);
            final double expected = (DoubleNet.activated(f, x + h) - DoubleNet.activated(f, x - h)) / (2 * h);
            assertEquals(expected, ScalarActivations.backward(f, y, 1f), 4e-7, () -> f + "' at " + x);
            assertEquals(3 * expected, ScalarActivations.backward(f, y, 3f), 1.2e-6, () -> f + "' at " + x);
        }
    }
}
