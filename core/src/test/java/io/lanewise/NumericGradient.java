package io.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.ToDoubleFunction;

/** Central differences in {@code double}. */
public final class NumericGradient {
    private static final double H = 1e-5;

    private NumericGradient() {}

    /** The gradient of a function of some numbers; they are changed and put back. */
    public static double[] of(final ToDoubleFunction<double[]> f, final double[] x) {
        final double[] gradient = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            final double old = x[i];
            x[i] = old + H;
            final double above = f.applyAsDouble(x);
            x[i] = old - H;
            final double below = f.applyAsDouble(x);
            x[i] = old;
            gradient[i] = (above - below) / (2 * H);
        }
        return gradient;
    }

    /** Fails if an error is larger than the tolerance times the largest element. */
    public static void assertClose(
            final String what, final double[] expected, final float[] actual, final double tolerance) {
        assertEquals(expected.length, actual.length, what);
        double largest = 0;
        for (final double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 1e-4, what + ": the case has no gradient to speak of");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * largest, what + ", element " + i);
        }
    }
}
