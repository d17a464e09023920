package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;
import static io.lanewise.simd.VectorMath.E2;
import static io.lanewise.simd.VectorMath.E3;
import static io.lanewise.simd.VectorMath.E4;
import static io.lanewise.simd.VectorMath.E5;
import static io.lanewise.simd.VectorMath.E6;
import static io.lanewise.simd.VectorMath.EXPM1_LOWEST;
import static io.lanewise.simd.VectorMath.EXPONENT_BIAS;
import static io.lanewise.simd.VectorMath.EXP_HIGHEST;
import static io.lanewise.simd.VectorMath.INTS;
import static io.lanewise.simd.VectorMath.L10;
import static io.lanewise.simd.VectorMath.L2;
import static io.lanewise.simd.VectorMath.L3;
import static io.lanewise.simd.VectorMath.L4;
import static io.lanewise.simd.VectorMath.L5;
import static io.lanewise.simd.VectorMath.L6;
import static io.lanewise.simd.VectorMath.L7;
import static io.lanewise.simd.VectorMath.L8;
import static io.lanewise.simd.VectorMath.L9;
import static io.lanewise.simd.VectorMath.LN2_HIGH;
import static io.lanewise.simd.VectorMath.LN2_LOW;
import static io.lanewise.simd.VectorMath.LN2_REST;
import static io.lanewise.simd.VectorMath.LN2_SHORT;
import static io.lanewise.simd.VectorMath.LOG2_E;
import static io.lanewise.simd.VectorMath.MANTISSA_BITS;
import static io.lanewise.simd.VectorMath.ROUND_BIASED;
import static io.lanewise.simd.VectorMath.ROUND_BIASED_TWICE;
import static io.lanewise.simd.VectorMath.ROUND_BITS;
import static io.lanewise.simd.VectorMath.SIGN_BIT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The activations that are more than a few operations: in every lane the bits of {@link
 * io.lanewise.reference.ScalarActivations}, whose documentation derives the formulas and states the errors. Each is one
 * loop without a helper, for the reasons that {@link VectorMath} gives.
 */
final class VectorActivations {
    // The constants of ScalarActivations, repeated: the reference shares nothing with what it checks.

    static final float SOFTPLUS_LOWEST = -104f;
    static final float SILU_LOWEST = -120f;
    static final float SILU_HIGHEST = 60f;
    static final int LEAST_EXPONENT = ROUND_BITS + 1;
    static final int HALF_EXPONENT_ZERO = (ROUND_BITS >> 1) + EXPONENT_BIAS;
    static final float LOG_3 = 0x1.193ea8p0f;

    static final float GELU_TANH_LOWEST = -11f;
    static final float GELU_TANH_HIGHEST = 8f;
    static final float TANH_A = 0x1.988454p0f;
    static final float TANH_B = 0x1.2444f2p-4f;
    static final float TANH_SCALE = -TANH_B;
    static final float TANH_SCALE_REST = -0x1.49b16ap-29f;
    static final float TANH_SQUARE = 22.375f;
    static final float TANH_SQUARE_REST = -0x1.6d0914p-7f;

    static final float GELU_LOWEST = -14.5f;
    static final float K = 2.34375f;
    static final float DENSITY = 0x1.988454p-2f;
    static final float R0 = 0x1.6523p-1f;
    static final float R1 = -0x1.9eaf7ep-2f;
    static final float R2 = 0x1.982a18p-4f;
    static final float R3 = 0x1.664182p-6f;
    static final float R4 = -0x1.b5d5bap-7f;
    static final float R5 = -0x1.1ddf4ep-8f;
    static final float R6 = 0x1.b0050ep-10f;
    static final float R7 = 0x1.41872ap-10f;
    static final float R8 = 0x1.e98e6cp-18f;
    static final float R9 = -0x1.ef1e12p-13f;
    static final float R10 = -0x1.3063b8p-14f;

    private VectorActivations() {}

    /**
     * {@code y[i] = x[i] < 0 ? negative · expm1(x[i]) : positive · x[i]} for n elements, whole vectors; x and y may be
     * the same.
     */
    static void elu(
            final int n,
            final float positive,
            final float negative,
            final float[] x,
            final int xOffset,
            final float[] y,
            final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector raised = in.blend(
                    FloatVector.broadcast(FLOATS, EXPM1_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, EXPM1_LOWEST)));
            final FloatVector v = raised.blend(
                    FloatVector.broadcast(FLOATS, EXP_HIGHEST),
                    raised.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, EXP_HIGHEST)));
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            // w = expm1(r), where r = v − count · ln 2 in two parts
            final FloatVector high = count.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), v);
            final FloatVector low = count.mul(FloatVector.broadcast(FLOATS, -LN2_LOW));
            final FloatVector r = high.add(low);
            FloatVector p = FloatVector.broadcast(FLOATS, E6);
            p = p.fma(r, FloatVector.broadcast(FLOATS, E5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
            final FloatVector w = high.add(r.mul(r).fma(p, low));

            final IntVector exponents = shifted.reinterpretAsInts();
            final IntVector firstHalf = exponents.lanewise(VectorOperators.ASHR, 1);
            final IntVector secondHalf = exponents.sub(firstHalf);
            final FloatVector first =
                    firstHalf.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
            final FloatVector second =
                    secondHalf.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
            final FloatVector inverse = IntVector.broadcast(INTS, 2 * EXPONENT_BIAS)
                    .sub(secondHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector magnitude = w.fma(first, first.sub(inverse)).mul(second);
            final FloatVector expm1 = magnitude
                    .reinterpretAsInts()
                    .or(in.reinterpretAsInts().and(SIGN_BIT))
                    .reinterpretAsFloats();
            in.mul(FloatVector.broadcast(FLOATS, positive))
                    .blend(expm1.mul(FloatVector.broadcast(FLOATS, negative)), in.compare(VectorOperators.LT, 0f))
                    .intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = softplus(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void softplus(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector opposite = in.abs().neg();
            final FloatVector v = opposite.blend(
                    FloatVector.broadcast(FLOATS, SOFTPLUS_LOWEST),
                    opposite.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, SOFTPLUS_LOWEST)));
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED));
            // w = expm1(r), where r = v − count · ln 2 in two parts
            final FloatVector high = count.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), v);
            final FloatVector low = count.mul(FloatVector.broadcast(FLOATS, -LN2_LOW));
            final FloatVector r = high.add(low);
            FloatVector p = FloatVector.broadcast(FLOATS, E6);
            p = p.fma(r, FloatVector.broadcast(FLOATS, E5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
            final FloatVector rest = r.mul(r).fma(p, low);
            final FloatVector w = high.add(rest);
            final FloatVector wLost = rest.sub(w.sub(high));

            final IntVector exponent = shifted.reinterpretAsInts();
            final IntVector normal = exponent.max(IntVector.broadcast(INTS, LEAST_EXPONENT));
            final FloatVector first =
                    normal.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
            final FloatVector second = exponent.sub(normal)
                    .add(EXPONENT_BIAS)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();

            final VectorMask<Float> large = v.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, -LOG_3));
            final FloatVector zero = FloatVector.zero(FLOATS);
            final FloatVector scale = first.blend(first.mul(FloatVector.broadcast(FLOATS, 0.5f)), large);
            final FloatVector start = scale.blend(scale.sub(FloatVector.broadcast(FLOATS, 0.5f)), large);
            final FloatVector unscaled = w.fma(scale, start);
            final FloatVector f = unscaled.mul(second);
            final FloatVector fLost =
                    wLost.fma(scale, w.fma(scale, start.sub(unscaled))).mul(second);

            final FloatVector linear = in.blend(zero, in.compare(VectorOperators.LT, zero));
            final FloatVector shiftedF = linear.add(f);
            final FloatVector linearLost = f.sub(shiftedF.sub(linear));
            final FloatVector ln2 = zero.blend(FloatVector.broadcast(FLOATS, LN2_SHORT), large);
            final FloatVector sum = ln2.add(shiftedF);
            final FloatVector lost = shiftedF.sub(sum.sub(ln2));
            final FloatVector small = zero.blend(FloatVector.broadcast(FLOATS, LN2_REST), large)
                    .add(linearLost.add(lost).add(fLost));
            FloatVector l = FloatVector.broadcast(FLOATS, L10);
            l = l.fma(f, FloatVector.broadcast(FLOATS, L9));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L8));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L7));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L6));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L5));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L4));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L3));
            l = l.fma(f, FloatVector.broadcast(FLOATS, L2));
            final FloatVector softplus = sum.add(f.mul(f).fma(l, small));
            in.blend(softplus, in.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = silu(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void silu(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector numerator = in.blend(
                    FloatVector.broadcast(FLOATS, SILU_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, SILU_LOWEST)));
            final FloatVector opposite = numerator.neg();
            final FloatVector v = opposite.blend(
                    FloatVector.broadcast(FLOATS, -SILU_HIGHEST),
                    opposite.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, -SILU_HIGHEST)));
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            // w = expm1(r), where r = v − count · ln 2 in two parts
            final FloatVector high = count.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), v);
            final FloatVector low = count.mul(FloatVector.broadcast(FLOATS, -LN2_LOW));
            final FloatVector r = high.add(low);
            FloatVector p = FloatVector.broadcast(FLOATS, E6);
            p = p.fma(r, FloatVector.broadcast(FLOATS, E5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
            final FloatVector w = high.add(r.mul(r).fma(p, low));

            final IntVector exponents = shifted.reinterpretAsInts();
            final IntVector firstHalf =
                    exponents.lanewise(VectorOperators.ASHR, 1).max(IntVector.broadcast(INTS, HALF_EXPONENT_ZERO));
            final FloatVector one = IntVector.broadcast(INTS, 2 * EXPONENT_BIAS)
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector scale = exponents
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector sum = one.add(scale);
            final FloatVector lost = one.sub(sum.sub(scale));
            numerator.mul(one).div(sum.add(w.fma(scale, lost))).intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = gelu(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void gelu(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector magnitude = in.abs();
            final FloatVector a = magnitude.blend(
                    FloatVector.broadcast(FLOATS, -GELU_LOWEST),
                    magnitude.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, -GELU_LOWEST)));
            final FloatVector u = a.add(FloatVector.broadcast(FLOATS, K));
            final FloatVector uLost = a.sub(u.sub(FloatVector.broadcast(FLOATS, K)));
            final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
            final FloatVector rough = one.div(u);
            final FloatVector opposite = rough.neg();
            final FloatVector reciprocal =
                    opposite.fma(uLost, opposite.fma(u, one)).fma(rough, rough);
            final FloatVector t = reciprocal.fma(FloatVector.broadcast(FLOATS, -2f * K), one);
            FloatVector q = FloatVector.broadcast(FLOATS, R10);
            q = q.fma(t, FloatVector.broadcast(FLOATS, R9));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R8));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R7));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R6));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R5));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R4));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R3));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R2));
            q = q.fma(t, FloatVector.broadcast(FLOATS, R1));
            final FloatVector g = q.fma(t, FloatVector.broadcast(FLOATS, R0));
            final FloatVector gLost = q.fma(t, FloatVector.broadcast(FLOATS, R0).sub(g));
            final FloatVector ag = a.mul(g);
            final FloatVector agLost = a.fma(gLost, a.fma(g, ag.neg()));

            final FloatVector half = a.mul(FloatVector.broadcast(FLOATS, -0.5f));
            final FloatVector v = a.mul(half);
            final FloatVector vRest = a.fma(half, v.neg());
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            // w = expm1(r), where r = v + vRest − count · ln 2 in two parts
            final FloatVector high = count.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), v);
            final FloatVector low = count.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), vRest);
            final FloatVector r = high.add(low);
            FloatVector p = FloatVector.broadcast(FLOATS, E6);
            p = p.fma(r, FloatVector.broadcast(FLOATS, E5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
            final FloatVector w = high.add(r.mul(r).fma(p, low));

            final IntVector exponents = shifted.reinterpretAsInts();
            final IntVector firstHalf = exponents.lanewise(VectorOperators.ASHR, 1);
            final FloatVector first =
                    firstHalf.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
            final FloatVector second = exponents
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();

            final FloatVector numerator = w.fma(ag, ag);
            final FloatVector numeratorLost = w.fma(ag, ag.sub(numerator)).add(w.fma(agLost, agLost));
            final FloatVector quotient = numerator.mul(reciprocal);
            final FloatVector negative = quotient.neg();
            final FloatVector remainder = negative.fma(u, numerator).add(negative.fma(uLost, numeratorLost));
            final FloatVector tail = remainder.fma(reciprocal, quotient).mul(first);
            final FloatVector linear = in.blend(-0f, in.compare(VectorOperators.LT, 0f));
            tail.neg().fma(second, linear).intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = geluTanh(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void geluTanh(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector numerator = in.blend(
                    FloatVector.broadcast(FLOATS, GELU_TANH_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, GELU_TANH_LOWEST)));
            final FloatVector d = numerator.blend(
                    FloatVector.broadcast(FLOATS, GELU_TANH_HIGHEST),
                    numerator.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, GELU_TANH_HIGHEST)));
            final FloatVector square = d.fma(d, FloatVector.broadcast(FLOATS, TANH_SQUARE));
            final FloatVector squareRest = d.fma(
                            d,
                            square.sub(FloatVector.broadcast(FLOATS, TANH_SQUARE))
                                    .neg())
                    .add(FloatVector.broadcast(FLOATS, TANH_SQUARE_REST));
            final FloatVector cubic = d.mul(square);
            final FloatVector cubicRest = d.fma(squareRest, d.fma(square, cubic.neg()));
            final FloatVector v = cubic.mul(FloatVector.broadcast(FLOATS, TANH_SCALE));
            final FloatVector vLost = cubic.fma(FloatVector.broadcast(FLOATS, TANH_SCALE), v.neg());
            final FloatVector vRest = cubic.fma(
                    FloatVector.broadcast(FLOATS, TANH_SCALE_REST),
                    cubicRest.fma(FloatVector.broadcast(FLOATS, TANH_SCALE), vLost));
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED_TWICE));
            // w = expm1(r), where r = v + vRest − count · ln 2 in two parts
            final FloatVector high = count.fma(FloatVector.broadcast(FLOATS, -LN2_HIGH), v);
            final FloatVector low = count.fma(FloatVector.broadcast(FLOATS, -LN2_LOW), vRest);
            final FloatVector r = high.add(low);
            FloatVector p = FloatVector.broadcast(FLOATS, E6);
            p = p.fma(r, FloatVector.broadcast(FLOATS, E5));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E4));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E3));
            p = p.fma(r, FloatVector.broadcast(FLOATS, E2));
            final FloatVector w = high.add(r.mul(r).fma(p, low));

            final IntVector exponents = shifted.reinterpretAsInts();
            final IntVector firstHalf =
                    exponents.lanewise(VectorOperators.ASHR, 1).max(IntVector.broadcast(INTS, HALF_EXPONENT_ZERO));
            final FloatVector one = IntVector.broadcast(INTS, 2 * EXPONENT_BIAS)
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector scale = exponents
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector sum = one.add(scale);
            final FloatVector lost = one.sub(sum.sub(scale));
            numerator.mul(one).div(sum.add(w.fma(scale, lost))).intoArray(y, yOffset + i);
        }
    }
}
