package io.lanewise.reference;

import static io.lanewise.reference.ScalarMath.EXPONENT_BIAS;
import static io.lanewise.reference.ScalarMath.LN2_HIGH;
import static io.lanewise.reference.ScalarMath.LN2_LOW;
import static io.lanewise.reference.ScalarMath.LN2_REST;
import static io.lanewise.reference.ScalarMath.LN2_SHORT;
import static io.lanewise.reference.ScalarMath.LOG2_E;
import static io.lanewise.reference.ScalarMath.ROUND_BIASED;
import static io.lanewise.reference.ScalarMath.ROUND_BIASED_TWICE;
import static io.lanewise.reference.ScalarMath.ROUND_BITS;
import static io.lanewise.reference.ScalarMath.SIGMOID_SATURATED;
import static io.lanewise.reference.ScalarMath.clamp;
import static io.lanewise.reference.ScalarMath.expm1OfRemainder;
import static io.lanewise.reference.ScalarMath.expm1Rest;
import static io.lanewise.reference.ScalarMath.logPolynomial;
import static io.lanewise.reference.ScalarMath.powerOfTwo;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Fma;
import io.lanewise.kernel.Kernels;

/**
 * Every {@link Activation} and its derivative on one {@code float}, with the same bits on every machine: like {@link
 * ScalarMath}, fixed sequences of IEEE 754 operations without branches and tables.
 *
 * <p>The largest error over all 2<sup>32</sup> inputs, against the formula in {@code double}:
 *
 * <table>
 * <caption>Errors in units in the last place of the exact result</caption>
 * <tr><th>function</th><th>error</th><th>at</th></tr>
 * <tr><td>softplus</td><td>1.172</td><td>-0x1.037ea4p0f = -1.01365</td></tr>
 * <tr><td>silu</td><td>1.629</td><td>-0x1.2e40ep4f = -18.89084</td></tr>
 * <tr><td>gelu</td><td>1.618</td><td>-0x1.67a2e6p0f = -1.40483</td></tr>
 * <tr><td>geluTanh</td><td>1.674</td><td>-0x1.4c718ep2f = -5.19443</td></tr>
 * </table>
 *
 * <p>softplus never decreases between neighbouring floats. Where an exponential has a large argument, the rounding of
 * the argument would be multiplied by it; so arguments that are computed (x<sup>2</sup> / 2 of GELU, the cubic of its
 * tanh form) are kept as sums of two floats.
 *
 * <p>Derivatives are less exact: off by less than 3e-7 at a million inputs from -20 to 20. The polynomial was fitted as
 * those of {@link ScalarMath}.
 */
public final class ScalarActivations {
    /** Below this softplus is 0. */
    private static final float SOFTPLUS_LOWEST = -104f;

    /** Below these the functions are -0, and their derivatives 0. */
    private static final float SILU_LOWEST = -120f;

    private static final float GELU_LOWEST = -14.5f;
    private static final float GELU_TANH_LOWEST = -11f;

    /** Beyond these the sigmoid in them is 1, and every power of two still a normal float. */
    private static final float SILU_HIGHEST = 60f;

    private static final float GELU_TANH_HIGHEST = 8f;

    /** The least exponent of a normal float, as {@link ScalarMath#ROUND_BIASED} leaves it in the low bits. */
    private static final int LEAST_EXPONENT = ROUND_BITS + 1;

    /** Exponent 0, as half of what {@link ScalarMath#ROUND_BIASED_TWICE} leaves in the low bits. */
    private static final int HALF_EXPONENT_ZERO = (ROUND_BITS >> 1) + EXPONENT_BIAS;

    /** log 3: softplus takes e<sup>-|x|</sup> above 1/3 as 2 (1 + f) - 1. */
    private static final float LOG_3 = 0x1.193ea8p0f;

    /** sqrt(8 / pi) and 0.044715 sqrt(8 / pi). */
    private static final float TANH_A = 0x1.988454p0f;

    private static final float TANH_B = 0x1.2444f2p-4f;

    /** -TANH_B in two floats, and 1 / 0.044715, the first part of which is so short that subtracting it is exact. */
    private static final float TANH_SCALE = -TANH_B;

    private static final float TANH_SCALE_REST = -0x1.49b16ap-29f;
    private static final float TANH_SQUARE = 22.375f;
    private static final float TANH_SQUARE_REST = -0x1.6d0914p-7f;

    /** What is added to |x| in the denominator of the normal tail; see {@link #gelu}. */
    private static final float K = 2.34375f;

    /** (a + K) R(a) for a up to 14.4, by powers of t: relative error 3.3e-9. K makes R0 all but exact. */
    private static final float R0 = 0x1.6523p-1f;

    private static final float R1 = -0x1.9eaf7ep-2f;
    private static final float R2 = 0x1.982a18p-4f;
    private static final float R3 = 0x1.664182p-6f;
    private static final float R4 = -0x1.b5d5bap-7f;
    private static final float R5 = -0x1.1ddf4ep-8f;
    private static final float R6 = 0x1.b0050ep-10f;
    private static final float R7 = 0x1.41872ap-10f;
    private static final float R8 = 0x1.e98e6cp-18f;
    private static final float R9 = -0x1.ef1e12p-13f;
    private static final float R10 = -0x1.3063b8p-14f;

    /** 1 / sqrt(2 pi): the normal density at 0. */
    private static final float DENSITY = 0x1.988454p-2f;

    private ScalarActivations() {}

    /** One element of {@link Kernels#activate}. */
    public static float activate(final Activation f, final float x) {
        return switch (f) {
            case IDENTITY -> x;
            case RELU -> x < 0f ? 0f : x;
            case LEAKY_RELU -> x < 0f ? x * Activation.LEAKY_SLOPE : x;
            case SIGMOID -> ScalarMath.sigmoid(x);
            case TANH -> ScalarMath.tanh(x);
            case ELU -> x < 0f ? ScalarMath.expm1(x) : x;
            case SELU -> x < 0f ? ScalarMath.expm1(x) * Activation.SELU_NEGATIVE : x * Activation.SELU_POSITIVE;
            case GELU -> gelu(x);
            case GELU_TANH -> geluTanh(x);
            case SILU -> silu(x);
            case SOFTPLUS -> softplus(x);
            case HARD_SIGMOID -> hardSigmoid(x);
            case HARD_SWISH -> (x < -3f ? -3f : x) * hardSigmoid(x);
            case RELU6 -> clamp(x, 0f, 6f);
        };
    }

    /**
     * One element of {@link Kernels#activateBackward}.
     *
     * @param y the activation's input if {@link Activation#derivativeFromInput}, else its output
     */
    public static float backward(final Activation f, final float y, final float dy) {
        return switch (f) {
            case IDENTITY -> dy;
            case RELU -> y > 0f ? dy : 0f;
            case LEAKY_RELU -> y > 0f ? dy : dy * Activation.LEAKY_SLOPE;
            case SIGMOID -> dy * (y * (1f - y));
            case TANH -> dy * Fma.fma(-y, y, 1f);
            case ELU -> y > 0f ? dy : dy * (y + 1f);
            case SELU -> y > 0f ? dy * Activation.SELU_POSITIVE : dy * (y + Activation.SELU_NEGATIVE);
            case GELU -> dy * geluDerivative(y);
            case GELU_TANH -> dy * geluTanhDerivative(y);
            case SILU -> dy * siluDerivative(y);
            case SOFTPLUS -> dy * -ScalarMath.expm1(-y);
            case HARD_SIGMOID -> y > 0f && y < 1f ? dy * Activation.HARD_SLOPE : 0f;
            case HARD_SWISH -> dy * hardSwishDerivative(y);
            case RELU6 -> y > 0f && y < 6f ? dy : 0f;
        };
    }

    /**
     * Returns log(1 + e<sup>x</sup>): 0 for -infinity, infinity for infinity.
     *
     * <p>This is max(x, 0) + log(1 + e) where e = e<sup>-|x|</sup> is at most 1. With -|x| = n ln 2 + r and w =
     * e<sup>r</sup> - 1 as in {@link ScalarMath#exp}, e = 2<sup>n</sup> (1 + w); above 1/3, 1 + e is 2 (1 + f) with f =
     * (e - 1) / 2, below it f = e. What w, f, max(x, 0) + f and the sum with ln 2 lose joins the small terms, so that
     * the whole is rounded once: near zero, where e has far fewer values than x, it would not ascend otherwise. A denormal
     * e is scaled in two steps.
     */
    public static float softplus(final float x) {
        final float negative = -Math.abs(x);
        final float y = negative < SOFTPLUS_LOWEST ? SOFTPLUS_LOWEST : negative;
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED);
        final float count = shifted - ROUND_BIASED;
        final float high = Fma.fma(count, -LN2_HIGH, y);
        final float rest = expm1Rest(high, count * -LN2_LOW);
        final float w = high + rest;
        final float wLost = rest - (w - high);
        final int exponent = Float.floatToRawIntBits(shifted);
        final int normal = Math.max(exponent, LEAST_EXPONENT);
        final float first = powerOfTwo(normal);
        final float second = powerOfTwo(EXPONENT_BIAS + (exponent - normal));

        final boolean large = y > -LOG_3;
        final float scale = first * (large ? 0.5f : 1f);
        final float start = scale + (large ? -0.5f : 0f);
        final float unscaled = Fma.fma(w, scale, start);
        final float f = unscaled * second;
        final float fLost = Fma.fma(wLost, scale, Fma.fma(w, scale, start - unscaled)) * second;

        final float linear = x < 0f ? 0f : x;
        final float shiftedF = linear + f;
        final float linearLost = f - (shiftedF - linear);
        final float ln2 = large ? LN2_SHORT : 0f;
        final float sum = ln2 + shiftedF;
        final float lost = shiftedF - (sum - ln2);
        final float small = (large ? LN2_REST : 0f) + ((linearLost + lost) + fLost);
        final float softplus = sum + Fma.fma(f * f, logPolynomial(f), small);
        return x < Float.POSITIVE_INFINITY ? softplus : x;
    }

    /**
     * Returns x / (1 + e<sup>-x</sup>): the sign of zero kept, -0 for -infinity, infinity for infinity.
     *
     * <p>One quotient, as in {@link ScalarMath#sigmoid} with x for its 1. The fraction is expanded only when
     * e<sup>-x</sup> is above 1, so that the numerator cannot overflow.
     */
    public static float silu(final float x) {
        final float v = x < SILU_LOWEST ? SILU_LOWEST : x;
        final float y = -v < -SILU_HIGHEST ? -SILU_HIGHEST : -v;
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED_TWICE);
        return timesSigmoid(v, Float.floatToRawIntBits(shifted), w);
    }

    /**
     * Returns 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x<sup>3</sup>))) (D. Hendrycks and K. Gimpel, 2016): the sign
     * of zero kept, -0 for -infinity, infinity for infinity.
     *
     * <p>Since 1 + tanh u = 2 / (1 + e<sup>-2u</sup>), it is x / (1 + e<sup>-z</sup>), where nothing cancels, with z =
     * b x (c + x<sup>2</sup>), c = 1 / 0.044715. All products and sums of z keep what they lose.
     */
    public static float geluTanh(final float x) {
        final float v = x < GELU_TANH_LOWEST ? GELU_TANH_LOWEST : x;
        final float d = v > GELU_TANH_HIGHEST ? GELU_TANH_HIGHEST : v;
        final float square = Fma.fma(d, d, TANH_SQUARE);
        final float squareRest = Fma.fma(d, d, -(square - TANH_SQUARE)) + TANH_SQUARE_REST;
        final float cubic = d * square;
        final float cubicRest = Fma.fma(d, squareRest, Fma.fma(d, square, -cubic));
        final float y = cubic * TANH_SCALE;
        final float lost = Fma.fma(cubic, TANH_SCALE, -y);
        final float yRest = Fma.fma(cubic, TANH_SCALE_REST, Fma.fma(cubicRest, TANH_SCALE, lost));
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, yRest, shifted - ROUND_BIASED_TWICE);
        return timesSigmoid(v, Float.floatToRawIntBits(shifted), w);
    }

    /** Returns v / (1 + 2<sup>n</sup> (1 + w)), n in the low bits with two biases. */
    private static float timesSigmoid(final float v, final int exponents, final float w) {
        final int firstHalf = Math.max(exponents >> 1, HALF_EXPONENT_ZERO);
        final float one = powerOfTwo(2 * EXPONENT_BIAS - firstHalf);
        final float scale = powerOfTwo(exponents - firstHalf);
        final float sum = one + scale;
        final float lost = one - (sum - scale);
        return v * one / (sum + Fma.fma(w, scale, lost));
    }

    /**
     * Returns x &Phi;(x), &Phi; the normal distribution (D. Hendrycks and K. Gimpel, 2016): the sign of zero kept, -0
     * for -infinity, infinity for infinity.
     *
     * <p>With a = |x| and the tail Q(a) = 1 - &Phi;(a), it is max(x, 0) - a Q(a), so the negative side has no
     * cancellation. Q(a) = e<sup>-a&#178;/2</sup> R(a), where (a + K) R(a) is nearly constant and a polynomial in t =
     * (a - K) / (a + K) = 1 - 2K / (a + K) (M. M. Shepherd and J. G. Laframboise, Mathematics of Computation 36, 1981,
     * for erfc). The quotient is corrected by the numerator's and the denominator's rounding errors and its own remainder.
     */
    public static float gelu(final float x) {
        final float magnitude = Math.abs(x);
        final float a = magnitude > -GELU_LOWEST ? -GELU_LOWEST : magnitude;
        final float u = a + K;
        final float uLost = a - (u - K);
        final float rough = 1f / u;
        final float r = Fma.fma(rough, Fma.fma(-rough, uLost, Fma.fma(-rough, u, 1f)), rough);
        final float t = Fma.fma(r, -2f * K, 1f);
        final float p = tailPolynomial(t);
        final float g = Fma.fma(p, t, R0);
        final float gLost = Fma.fma(p, t, R0 - g);
        final float ag = a * g;
        final float agLost = Fma.fma(a, gLost, Fma.fma(a, g, -ag));

        final float half = a * -0.5f;
        final float y = a * half;
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, Fma.fma(a, half, -y), shifted - ROUND_BIASED_TWICE);
        final int exponents = Float.floatToRawIntBits(shifted);
        final int firstHalf = exponents >> 1;
        final float first = powerOfTwo(firstHalf);
        final float second = powerOfTwo(exponents - firstHalf);

        final float n = Fma.fma(w, ag, ag);
        final float nLost = Fma.fma(w, ag, ag - n) + Fma.fma(w, agLost, agLost);
        final float quotient = n * r;
        final float remainder = Fma.fma(-quotient, u, n) + Fma.fma(-quotient, uLost, nLost);
        final float tail = Fma.fma(remainder, r, quotient) * first;
        return Fma.fma(-tail, second, x < 0f ? -0f : x);
    }

    /** ((a + K) R(a) - R0) / t. */
    private static float tailPolynomial(final float t) {
        float p = R10;
        p = Fma.fma(p, t, R9);
        p = Fma.fma(p, t, R8);
        p = Fma.fma(p, t, R7);
        p = Fma.fma(p, t, R6);
        p = Fma.fma(p, t, R5);
        p = Fma.fma(p, t, R4);
        p = Fma.fma(p, t, R3);
        p = Fma.fma(p, t, R2);
        return Fma.fma(p, t, R1);
    }

    /** Returns &Phi;(x) + x &phi;(x), with Q as in {@link #gelu} but nothing corrected. */
    private static float geluDerivative(final float x) {
        final float v = clamp(x, GELU_LOWEST, -GELU_LOWEST);
        final float a = Math.abs(v);
        final float r = 1f / (a + K);
        final float t = Fma.fma(r, -2f * K, 1f);
        final float g = Fma.fma(tailPolynomial(t), t, R0);
        final float e = ScalarMath.exp(a * (a * -0.5f));
        final float tail = g * r * e;
        return Fma.fma(v * DENSITY, e, v < 0f ? tail : 1f - tail);
    }

    /** The slope of x times the sigmoid of z = x (A + B x<sup>2</sup>), with z' = A + 3B x<sup>2</sup>. */
    private static float geluTanhDerivative(final float x) {
        final float v = clamp(x, GELU_TANH_LOWEST, -GELU_TANH_LOWEST);
        final float square = v * v;
        final float z = v * Fma.fma(square, TANH_B, TANH_A);
        return gateDerivative(v, z, Fma.fma(square, 3f * TANH_B, TANH_A));
    }

    private static float siluDerivative(final float x) {
        final float v = clamp(x, SILU_LOWEST, -SILU_LOWEST);
        return gateDerivative(v, v, 1f);
    }

    /**
     * Returns s (1 + v (1 - s) slope), where s is the sigmoid of z; it begins as {@link ScalarMath#sigmoid}. 1 - s is
     * e<sup>-z</sup> s, computed from the same fraction: a difference would cancel where s is near 1.
     */
    private static float gateDerivative(final float v, final float z, final float slope) {
        final float y = clamp(-z, -SIGMOID_SATURATED, SIGMOID_SATURATED);
        final float shifted = Fma.fma(y, LOG2_E, ROUND_BIASED_TWICE);
        final float w = expm1OfRemainder(y, shifted - ROUND_BIASED_TWICE);
        final int exponents = Float.floatToRawIntBits(shifted);
        final int firstHalf = exponents >> 1;
        final float one = powerOfTwo(2 * EXPONENT_BIAS - firstHalf);
        final float scale = powerOfTwo(exponents - firstHalf);
        final float sum = one + scale;
        final float lost = one - (sum - scale);
        final float reciprocal = 1f / (sum + Fma.fma(w, scale, lost));
        final float complement = Fma.fma(w, scale, scale) * reciprocal;
        return one * reciprocal * Fma.fma(v * complement, slope, 1f);
    }

    private static float hardSigmoid(final float x) {
        return clamp(Fma.fma(x, Activation.HARD_SLOPE, 0.5f), 0f, 1f);
    }

    private static float hardSwishDerivative(final float x) {
        final float inside = x < -3f ? 0f : Fma.fma(x, 2f * Activation.HARD_SLOPE, 0.5f);
        return x > 3f ? 1f : inside;
    }
}
