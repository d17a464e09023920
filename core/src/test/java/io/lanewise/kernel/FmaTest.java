package io.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused multiply-add for CPUs that have none is the real one to the bit, above all where it is rounded twice. */
final class FmaTest {
    private static final int CASES = 300_000;

    private static void check(final float a, final float b, final float c) {
        final float expected = Math.fma(a, b, c);
        final float actual = Fma.software(a, b, c);
        assertEquals(
                Float.floatToIntBits(expected),
                Float.floatToIntBits(actual),
                () -> Float.toHexString(a) + " · " + Float.toHexString(b) + " + " + Float.toHexString(c) + ": expected "
                        + Float.toHexString(expected) + ", got " + Float.toHexString(actual));
    }

    @Test
    void anyBits() {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CASES; i++) {
            check(
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()));
        }
    }

    @Test
    void specialValues() {
        final float[] values = {
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
            -Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            0x1.fffffcp-127f,
            0x1.000002p0f,
            0x1p-75f,
            0x1p104f
        };
        for (final float a : values) {
            for (final float b : values) {
                for (final float c : values) {
                    check(a, b, c);
                }
            }
        }
    }

    /** Sums that lie half-way between two numbers, or so little beside it that a {@code double} does not see it. */
    @Test
    void halfWay() {
        final SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < CASES; i++) {
            final int exponent = random.nextInt(-100, 100);
            final float c = Math.scalb(1f + random.nextInt(1 << 23) * 0x1p-23f, exponent);
            // Half a unit in the last place of c, times 1 and a bit or a bit less, as a product of two numbers.
            final float a = Math.scalb(1f, random.nextInt(-20, 20));
            final float nudge = random.nextInt(-2, 3) * 0x1p-23f;
            final float b = Math.scalb(1f + nudge, exponent - 24 - Math.getExponent(a));
            check(a, b, c);
            check(-a, b, c);
            check(a, b, -c);
            check(a * (1f + 0x1p-20f), b * (1f - 0x1p-20f), c);
            check(1f + 0x1p-12f, Math.scalb(1f - 0x1p-12f, exponent - 24), c);
        }
    }

    /** Where the sum nearly vanishes, the product's lower half is all that is left. */
    @Test
    void cancellation() {
        final SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < CASES; i++) {
            final float a = Math.scalb((float) random.nextInt(1 << 24), random.nextInt(-90, 20));
            final float b = Math.scalb((float) random.nextInt(1 << 24), random.nextInt(-90, 20));
            check(a, b, -a * b);
            check(a, b, Math.nextUp(-a * b));
        }
    }

    /** Denormal results have fewer bits than the others. */
    @Test
    void denormals() {
        final SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < CASES; i++) {
            final int exponent = random.nextInt(-149, -100);
            check(
                    Math.scalb((float) random.nextInt(1 << 24), exponent),
                    Math.scalb((float) random.nextInt(1 << 12), -random.nextInt(30)),
                    Math.scalb((float) (random.nextInt(1 << 24) - (1 << 23)), -149));
        }
    }

    /** The yardstick itself, which may be the CPU's, against the definition. */
    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7})
    void theYardstickIsRoundedOnce(final int seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            final float a = Math.scalb((float) random.nextInt(1, 1 << 24), random.nextInt(-40, 10));
            final float b = Math.scalb((float) random.nextInt(1, 1 << 24), random.nextInt(-40, 10));
            final float c = Math.scalb((float) random.nextInt(1, 1 << 24), random.nextInt(-40, 10));
            final BigDecimal exact =
                    new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c));
            assertEquals(exact.floatValue(), Fma.software(a, b, c));
        }
    }
}
