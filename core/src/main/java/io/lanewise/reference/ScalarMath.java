package io.lanewise.reference;

import io.lanewise.kernel.Fma;

/**
 * exp, expm1, log, log1p, sigmoid, tanh and erf in {@code float}, with the same bits on every machine.
 *
 * <p>Every function is one fixed sequence of correctly rounded IEEE 754 operations (+, -, *, /,
 * fma, comparison) and of integer operations on the bits of a float, without branches and tables,
 * so that a vector unit can perform the same sequence lane by lane. The order of the operations and
 * the constants are part of the contract: changing either changes the bits of every model. A NaN
 * gives a NaN, whose payload and sign are not promised.
 *
 * <p>The largest error over all 2<sup>32</sup> inputs, against the same in {@code double}:
 *
 * <table>
 * <caption>Errors in units in the last place of the exact result</caption>
 * <tr><th>function</th><th>error</th><th>at</th></tr>
 * <tr><td>exp</td><td>0.876</td><td>0x1.f31782p3f = 15.59662</td></tr>
 * <tr><td>expm1</td><td>1.504</td><td>0x1.63954ap-2f = 0.34725</td></tr>
 * <tr><td>log</td><td>0.883</td><td>0x1.4665f2p0f = 1.27499</td></tr>
 * <tr><td>log1p</td><td>1.597</td><td>0x1.565acep-2f = 0.33433</td></tr>
 * <tr><td>sigmoid</td><td>1.659</td><td>-0x1.1aa316p0f = -1.10405</td></tr>
 * <tr><td>tanh</td><td>1.969</td><td>0x1.c8691ep-4f = 0.11143, and its negative</td></tr>
 * <tr><td>erf</td><td>1.243</td><td>0x1.cc06a2p-3f = 0.22462, and its negative</td></tr>
 * </table>
 *
 * <p>None of them decreases between neighbouring floats, denormal inputs and results included.
 *
 * <p>The polynomials are minimax fits by Lawson's method (C. L. Lawson, 1961: least squares, the
 * weights multiplied by the error until it is level) in which the coefficients are rounded to float
 * one by one, the lowest degree first, and the others fitted again after each.
 *
 * <p>Thread-safe: there is no state.
 */
public final class ScalarMath {

    /** Beyond these exp is 0 and infinite; with them its scale stays within two floats. */
    private static final float EXP_LOWEST = -104f;

    private static final float EXP_HIGHEST = 89f;

    /** Below this expm1 is -1. */
    private static final float EXPM1_LOWEST = -30f;

    /** Beyond this erf is 1. */
    private static final float ERF_SATURATED = 4f;

    /** Beyond this, either sign, sigmoid is 0 or 1. */
    static final float SIGMOID_SATURATED = 104f;

    /** Beyond this tanh is 1. */
    private static final float TANH_SATURATED = 10f;

    static final float LOG2_E = 0x1.715476p0f;

    /** ln 2 = LN2_HIGH + LN2_LOW to 49 bits. */
    static final float LN2_HIGH = 0x1.62e43p-1f;

    static final float LN2_LOW = -0x1.05c61p-29f;

    /** (e^r - 1 - r) / r^2 for |r| up to 0.34675: relative error of e^r 3.2e-9. */
    private static final float E2 = 0x1.fffffcp-2f;

    private static final float E3 = 0x1.555492p-3f;
    private static final float E4 = 0x1.5558bp-5f;
    private static final float E5 = 0x1.12398ep-7f;
    private static final float E6 = 0x1.6a4d6p-10f;

    /**
     * 1.5 * 2^23: adding it rounds a float below 2^22 to an integer, and leaves that integer in the
     * low bits of the sum.
     */
    private static final float ROUND = 0x1.8p23f;

    static final int ROUND_BITS = 0x4b400000;

    private static final int MANTISSA_BITS = 23;
    static final int EXPONENT_BIAS = 127;

    /** As ROUND, with the bias of one exponent, or of the two that share n, added to the integer. */
    static final float ROUND_BIASED = ROUND + EXPONENT_BIAS;

    static final float ROUND_BIASED_TWICE = ROUND + 2 * EXPONENT_BIAS;

    /** ln 2 again: the high part has 15 bits, so that its product with an exponent is exact. */
    static final float LN2_SHORT = 0x1.62e4p-1f;

    static final float LN2_REST = 0x1.7f7d1cp-20f;

    /** Bits of the float next to 2/3: log takes mantissas from there up to 4/3. */
    private static final int TWO_THIRDS_BITS = 0x3f2aaaab;

    /** (log(1 + f) - f) / f^2 for |f| up to 1/3: relative error of log 4.7e-9. */
    private static final float L2 = -0x1p-1f;

    private static final float L3 = 0x1.555506p-2f;
    private static final float L4 = -0x1.fffefap-3f;
    private static final float L5 = 0x1.99d052p-3f;
    private static final float L6 = -0x1.559c5ep-3f;
    private static final float L7 = 0x1.1ed52ep-3f;
    private static final float L8 = -0x1.f33432p-4f;
    private static final float L9 = 0x1.1e6e02p-3f;
    private static final float L10 = -0x1.07c062p-3f;

    /**
     * -log(1 - erf a) / a for a up to 4: relative error of erf 4.3e-9. The constant term is 2 /
     * sqrt(pi), and Y0_REST what it lacks.
     */
    private static final float Y0 = 0x1.20dd76p0f;

    private static final float Y0_REST = -0x1.f7ac92p-25f;
    private static final float Y1 = 0x1.45f2fep-1f;
    private static final float Y2 = 0x1.a4f95ap-4f;
    private static final float Y3 = -0x1.39c046p-6f;
    private static final float Y4 = -0x1.5beb96p-13f;
    private static final float Y5 = 0x1.b65cd2p-10f;
    private static final float Y6 = -0x1.4d3686p-11f;
    private static final float Y7 = 0x1.f081cp-14f;
    private static final float Y8 = -0x1.3945dp-17f;

    private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;

    /** Lifts every denormal among the normal numbers. */
    private static final float LIFT = 0x1p24f;

    private static final float LIFT_EXPONENT = 24f;

    private static final int SIGN_BIT = 0x80000000;

    /** The sign and the exponent. */
    private static final int EXPONENT_BITS = 0xff800000;

    private static final int ONE_BITS = 0x3f800000;

    private ScalarMath() {}

    /**
     * Returns e<sup>x</sup>: 0 for -infinity, infinity from 88.72284 on, denormal below -87.33655.
     *
     * <p>The argument is reduced as by W. J. Cody and W. Waite (Software Manual for the Elementary
     * Functions, 1980): x = n ln 2 + r with an integer n and |r| &lt;= ln 2 / 2, then e<sup>x</sup> =
     * 2<sup>n</sup> (1 + w) where w = e<sup>r</sup> - 1. The scale is applied in two halves, since
     * 2<sup>n</sup> need not be a float; only the second can round, and only a denormal result.
     */
    public static float exp(final float x) {
        final float y = clamp(x, EXP_LOWEST, EXP_HIGHEST);
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED_TWICE);

        final int exponents = Float.floatToRawIntBits(shifted);
        final int firstHalf = exponents >> 1;
        final float first = powerOfTwo(firstHalf);
        final float second = powerOfTwo(exponents - firstHalf);
        return Fma.fma(w, first, first) * second;
    }

    /**
     * Returns e<sup>x</sup> - 1, with a small relative error near zero too: the sign of zero kept, -1
     * for -infinity.
     *
     * <p>With x = n ln 2 + r and w = e<sup>r</sup> - 1 as in {@link #exp}, this is 2<sup>n</sup> w +
     * (2<sup>n</sup> - 1), computed as 2<sup>i</sup> w + (2<sup>i</sup> - 2<sup>-j</sup>) times
     * 2<sup>j</sup> where i + j = n; for n = 0 it is w, so a denormal result is exact.
     */
    public static float expm1(final float x) {
        final float y = clamp(x, EXPM1_LOWEST, EXP_HIGHEST);
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED_TWICE);

        final int exponents = Float.floatToRawIntBits(shifted);
        final int firstHalf = exponents >> 1;
        final int secondHalf = exponents - firstHalf;
        final float first = powerOfTwo(firstHalf);
        final float inverse = powerOfTwo(2 * EXPONENT_BIAS - secondHalf);
        return withSignOf(x, Fma.fma(w, first, first - inverse) * powerOfTwo(secondHalf));
    }

    /**
     * Returns the natural logarithm: -infinity for both zeros, NaN below them.
     *
     * <p>x, a denormal lifted by 2<sup>24</sup> first, is 2<sup>k</sup> (1 + f) with 1 + f in [2/3,
     * 4/3); log x = k ln 2 + f + f<sup>2</sup> p(f). The first two terms, which may cancel, are added
     * without loss (T. J. Dekker's fast two-sum, 1971): their rounding error joins the small terms.
     */
    public static float log(final float x) {
        final boolean tiny = x < SMALLEST_NORMAL;
        final float y = tiny ? x * LIFT : x;
        final int bits = Float.floatToRawIntBits(y);
        final int exponent = (bits - TWO_THIRDS_BITS) >> MANTISSA_BITS;
        final float f = Float.intBitsToFloat(bits - (exponent << MANTISSA_BITS)) - 1f;
        final float k = Float.intBitsToFloat(ROUND_BITS + exponent) - (tiny ? ROUND + LIFT_EXPONENT : ROUND);

        final float log = logOfParts(k, f);
        final float orInfiniteOrNaN = x < Float.POSITIVE_INFINITY ? log : x;
        final float orNegative = x < 0f ? Float.NaN : orInfiniteOrNaN;
        return x == 0f ? Float.NEGATIVE_INFINITY : orNegative;
    }

    /**
     * Returns log(1 + x), with a small relative error near zero too: the sign of zero kept, -infinity
     * for -1, NaN below.
     *
     * <p>u = 1 + x is rounded, and what it lost is known exactly (D. E. Knuth's two-sum, The Art of
     * Computer Programming, volume 2, 1969). u = 2<sup>k</sup> (1 + f) as in {@link #log}, and the loss,
     * divided by 2<sup>k</sup>, joins f before the only rounding; for k = 0 this makes f = x.
     */
    public static float log1p(final float x) {
        final float u = 1f + x;
        final float added = u - 1f;
        final float lost = (1f - (u - added)) + (x - added);
        final int bits = Float.floatToRawIntBits(u);
        final int shift = (bits - TWO_THIRDS_BITS) & EXPONENT_BITS;
        // For k = 128 the power is 0 instead of infinite bits: what is lost does not count there.
        final float inverse = Float.intBitsToFloat(Math.max(ONE_BITS - shift, 0));
        final float f = Fma.fma(lost, inverse, Float.intBitsToFloat(bits - shift) - 1f);
        final float k = Float.intBitsToFloat(ROUND_BITS + (shift >> MANTISSA_BITS)) - ROUND;
        final float log = logOfParts(k, f);

        final float orInfiniteOrNaN = u < Float.POSITIVE_INFINITY ? log : x;
        final float orUndefined = u < 0f ? Float.NaN : orInfiniteOrNaN;
        return withSignOf(x, u == 0f ? Float.NEGATIVE_INFINITY : orUndefined);
    }

    /**
     * Returns 1 / (1 + e<sup>-x</sup>), in [0, 1], with a small relative error for very negative x
     * too.
     *
     * <p>With -x = n ln 2 + r and w = e<sup>r</sup> - 1 as in {@link #exp}, and n = i + j halved, the
     * fraction is expanded by 2<sup>-i</sup>: 2<sup>-i</sup> / (2<sup>-i</sup> + 2<sup>j</sup> +
     * 2<sup>j</sup> w), where nothing overflows and only the quotient may be denormal. The sum of the
     * two powers is inexact where they differ much; what it loses is kept.
     */
    public static float sigmoid(final float x) {
        final float y = clamp(-x, -SIGMOID_SATURATED, SIGMOID_SATURATED);
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED_TWICE);

        final int exponents = Float.floatToRawIntBits(shifted);
        final int firstHalf = exponents >> 1;
        final float one = powerOfTwo(2 * EXPONENT_BIAS - firstHalf);
        final float scale = powerOfTwo(exponents - firstHalf);
        final float sum = one + scale;
        final float lost = one - (sum - scale);
        return one / (sum + Fma.fma(w, scale, lost));
    }

    /**
     * Returns the hyperbolic tangent: odd, |tanh x| &lt;= |x|, the sign of zero kept.
     *
     * <p>With -2|x| = n ln 2 + r and w = e<sup>r</sup> - 1 as in {@link #exp}, |tanh x| = (1 -
     * e<sup>-2|x|</sup>) / (1 + e<sup>-2|x|</sup>), in which 1 is added to 2<sup>n</sup> first: for
     * small x this leaves w / (2 + w), with nothing cancelled.
     */
    public static float tanh(final float x) {
        final float magnitude = Math.abs(x);
        final float y = -2f * (magnitude > TANH_SATURATED ? TANH_SATURATED : magnitude);
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED);

        final float scale = powerOfTwo(Float.floatToRawIntBits(shifted));
        final float tanh = Fma.fma(w, scale, scale - 1f) / Fma.fma(w, scale, scale + 1f);

        // Near zero the quotient may be an ulp above |x|. Without a sign, floats are ordered as their
        // bits are, NaN on top, and a minimum of integers is one instruction everywhere.
        final int bounded = Math.min(Float.floatToRawIntBits(Math.abs(tanh)), Float.floatToRawIntBits(magnitude));
        return Float.intBitsToFloat(bounded | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    /**
     * Returns the error function, 2 / sqrt(pi) times the integral of e<sup>-t&#178;</sup> from 0 to x: odd,
     * the sign of zero kept, 1 from 3.879 on.
     *
     * <p>erf |x| = 1 - e<sup>-y</sup> where y = -log(1 - erf |x|), a smooth function that begins with 2 |x| /
     * sqrt(pi): y / |x| is a polynomial. It and y are kept in two floats, without which erf would not ascend
     * everywhere. The rest is {@link #expm1}: nothing cancels near zero, and far from it the error of y no
     * longer counts.
     */
    public static float erf(final float x) {
        final float magnitude = Math.abs(x);
        final float a = magnitude > ERF_SATURATED ? ERF_SATURATED : magnitude;
        float p = Y8;
        p = Fma.fma(p, a, Y7);
        p = Fma.fma(p, a, Y6);
        p = Fma.fma(p, a, Y5);
        p = Fma.fma(p, a, Y4);
        p = Fma.fma(p, a, Y3);
        p = Fma.fma(p, a, Y2);
        p = Fma.fma(p, a, Y1);
        final float factor = Fma.fma(p, a, Y0);
        final float factorRest = Fma.fma(p, a, Y0 - factor) + Y0_REST;
        final float negative = -a;
        final float y = factor * negative;
        final float yRest = Fma.fma(factorRest, negative, Fma.fma(factor, negative, -y));
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED);
        final float w = expm1OfRemainder(y, yRest, shifted - ROUND_BIASED);

        final float scale = powerOfTwo(Float.floatToRawIntBits(shifted));
        return withSignOf(x, Math.abs(Fma.fma(-w, scale, 1f - scale)));
    }

    /**
     * Returns e<sup>r</sup> - 1 for r = y - n ln 2.
     *
     * <p>y - n LN2_HIGH is exact. Adding the rest among the small terms saves the rounding of r,
     * which would cost exp 0.14 ULP. Horner's scheme: pairing the terms, as Estrin does, was no
     * faster in vectors, and took log to 1.01 ULP.
     */
    static float expm1OfRemainder(final float y, final float n) {
        return expm1OfSum(Fma.fma(n, -LN2_HIGH, y), n * -LN2_LOW);
    }

    /** The same for an argument in two floats, y + yRest. */
    static float expm1OfRemainder(final float y, final float yRest, final float n) {
        return expm1OfSum(Fma.fma(n, -LN2_HIGH, y), Fma.fma(n, -LN2_LOW, yRest));
    }

    private static float expm1OfSum(final float high, final float low) {
        return high + expm1Rest(high, low);
    }

    /** Returns e<sup>high + low</sup> - 1 - high, for the argument's two parts. */
    static float expm1Rest(final float high, final float low) {
        final float r = high + low;
        float p = E6;
        p = Fma.fma(p, r, E5);
        p = Fma.fma(p, r, E4);
        p = Fma.fma(p, r, E3);
        p = Fma.fma(p, r, E2);
        return Fma.fma(r * r, p, low);
    }

    /** Returns k ln 2 + log(1 + f), as {@link #log} needs it. */
    private static float logOfParts(final float k, final float f) {
        final float high = k * LN2_SHORT;
        final float sum = high + f;
        final float lost = f - (sum - high);
        return sum + Fma.fma(f * f, logPolynomial(f), Fma.fma(k, LN2_REST, lost));
    }

    /** (log(1 + f) - f) / f<sup>2</sup> for |f| up to 1/3. */
    static float logPolynomial(final float f) {
        float p = L10;
        p = Fma.fma(p, f, L9);
        p = Fma.fma(p, f, L8);
        p = Fma.fma(p, f, L7);
        p = Fma.fma(p, f, L6);
        p = Fma.fma(p, f, L5);
        p = Fma.fma(p, f, L4);
        p = Fma.fma(p, f, L3);
        return Fma.fma(p, f, L2);
    }

    /** A magnitude, or a value that has the sign of x already unless it is a zero. */
    private static float withSignOf(final float x, final float y) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(y) | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    /** The power of two whose biased exponent is in the low bits; the others are shifted out. */
    static float powerOfTwo(final int biasedExponent) {
        return Float.intBitsToFloat(biasedExponent << MANTISSA_BITS);
    }

    /** NaN compares false with both bounds, and so passes. */
    static float clamp(final float x, final float lowest, final float highest) {
        final float y = x < lowest ? lowest : x;
        return y > highest ? highest : y;
    }
}
