package io.lanewise.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * exp, expm1, log, log1p, sigmoid, tanh and erf of vectors: in every lane the bits of {@link
 * io.lanewise.reference.ScalarMath}, whose documentation derives the formulas and states the
 * errors.
 *
 * <p>Each function is one loop over arrays without a helper, and steps that two of them share are written in both: a
 * vector that crosses a method which C2 does not inline is boxed, and whether it inlines depends on what ran before (seen
 * on JDK 25 at 256 and 128 bits). All of them are longer than 325 bytes of bytecode, where C2 stops inlining, so each is
 * compiled by itself: two of them in one method exceed its limit of nodes, and then vectors are boxed too. Bounds are set
 * by compare and blend: {@code max} and {@code min} give the same bits, but take six instructions each on x86 to honour
 * NaN and the sign of zero, which made exp and sigmoid up to 25 % slower.
 *
 * <p>Each method performs the operations of its scalar twin in the same order; a change to one is a
 * change to both. Integers become floats and back by their bits alone, never by conversion, and
 * masks only choose between two values.
 *
 * <p>Nanoseconds per element from L1, JDK 25 on one Zen 4 core (copying alone takes 0.04 to 0.08), measured while the
 * same operations were still methods on single vectors, inlined into a loop:
 *
 * <pre>
 * width              exp   log   sigmoid  tanh
 * 512                0.28  0.38  0.38     0.36
 * 256                0.37  0.48  0.49     0.49
 * 128                0.74  0.98  1.00     0.97
 * 256, UseAVX=2      0.37  0.68  0.56     0.56
 * </pre>
 */
final class VectorMath {

    private static final VectorSpecies<Float> FLOATS = Simd.FLOATS;
    private static final int LANES = Simd.LANES;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    // The constants of ScalarMath, repeated: the reference shares nothing with what it checks.

    static final float EXP_LOWEST = -104f;
    static final float EXP_HIGHEST = 89f;
    static final float EXPM1_LOWEST = -30f;
    static final float ERF_SATURATED = 4f;
    static final float SIGMOID_SATURATED = 104f;
    static final float TANH_SATURATED = 10f;

    static final float LOG2_E = 0x1.715476p0f;
    static final float LN2_HIGH = 0x1.62e43p-1f;
    static final float LN2_LOW = -0x1.05c61p-29f;

    static final float E2 = 0x1.fffffcp-2f;
    static final float E3 = 0x1.555492p-3f;
    static final float E4 = 0x1.5558bp-5f;
    static final float E5 = 0x1.12398ep-7f;
    static final float E6 = 0x1.6a4d6p-10f;

    static final float ROUND = 0x1.8p23f;
    static final int ROUND_BITS = 0x4b400000;
    static final int MANTISSA_BITS = 23;
    static final int EXPONENT_BIAS = 127;
    static final float ROUND_BIASED = ROUND + EXPONENT_BIAS;
    static final float ROUND_BIASED_TWICE = ROUND + 2 * EXPONENT_BIAS;

    static final float LN2_SHORT = 0x1.62e4p-1f;
    static final float LN2_REST = 0x1.7f7d1cp-20f;
    static final int TWO_THIRDS_BITS = 0x3f2aaaab;

    static final float L2 = -0x1p-1f;
    static final float L3 = 0x1.555506p-2f;
    static final float L4 = -0x1.fffefap-3f;
    static final float L5 = 0x1.99d052p-3f;
    static final float L6 = -0x1.559c5ep-3f;
    static final float L7 = 0x1.1ed52ep-3f;
    static final float L8 = -0x1.f33432p-4f;
    static final float L9 = 0x1.1e6e02p-3f;
    static final float L10 = -0x1.07c062p-3f;

    static final float Y0 = 0x1.20dd76p0f;
    static final float Y0_REST = -0x1.f7ac92p-25f;
    static final float Y1 = 0x1.45f2fep-1f;
    static final float Y2 = 0x1.a4f95ap-4f;
    static final float Y3 = -0x1.39c046p-6f;
    static final float Y4 = -0x1.5beb96p-13f;
    static final float Y5 = 0x1.b65cd2p-10f;
    static final float Y6 = -0x1.4d3686p-11f;
    static final float Y7 = 0x1.f081cp-14f;
    static final float Y8 = -0x1.3945dp-17f;

    static final float SMALLEST_NORMAL = Float.MIN_NORMAL;
    static final float LIFT = 0x1p24f;
    static final float LIFT_EXPONENT = 24f;
    static final int SIGN_BIT = 0x80000000;
    static final int EXPONENT_BITS = 0xff800000;
    static final int ONE_BITS = 0x3f800000;

    private VectorMath() {}

    /** {@code y[i] = exp(x[i] − shift)} for n elements, whole vectors; x and y may be the same. */
    static void exp(
            final int n, final float[] x, final int xOffset, final float shift, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in =
                    FloatVector.fromArray(FLOATS, x, xOffset + i).sub(FloatVector.broadcast(FLOATS, shift));
            final FloatVector raised = in.blend(
                    FloatVector.broadcast(FLOATS, EXP_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, EXP_LOWEST)));
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
            final FloatVector first =
                    firstHalf.lanewise(VectorOperators.LSHL, MANTISSA_BITS).reinterpretAsFloats();
            final FloatVector second = exponents
                    .sub(firstHalf)
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            w.fma(first, first).mul(second).intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = expm1(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void expm1(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
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
            expm1.intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = log(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void log(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final VectorMask<Float> tiny =
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, SMALLEST_NORMAL));
            final IntVector bits =
                    in.blend(in.mul(FloatVector.broadcast(FLOATS, LIFT)), tiny).reinterpretAsInts();
            final IntVector exponent = bits.sub(TWO_THIRDS_BITS).lanewise(VectorOperators.ASHR, MANTISSA_BITS);
            final FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, MANTISSA_BITS))
                    .reinterpretAsFloats()
                    .sub(FloatVector.broadcast(FLOATS, 1f));
            final FloatVector k = exponent.add(ROUND_BITS)
                    .reinterpretAsFloats()
                    .sub(FloatVector.broadcast(FLOATS, ROUND).blend(ROUND + LIFT_EXPONENT, tiny));

            final FloatVector high = k.mul(FloatVector.broadcast(FLOATS, LN2_SHORT));
            final FloatVector sum = high.add(f);
            final FloatVector lost = f.sub(sum.sub(high));
            final FloatVector small = k.fma(FloatVector.broadcast(FLOATS, LN2_REST), lost);
            FloatVector p = FloatVector.broadcast(FLOATS, L10);
            p = p.fma(f, FloatVector.broadcast(FLOATS, L9));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L8));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L7));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L6));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L5));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L4));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L3));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L2));
            final FloatVector log = sum.add(f.mul(f).fma(p, small));

            in.blend(log, in.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .blend(Float.NaN, in.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, in.compare(VectorOperators.EQ, 0f))
                    .intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = log1p(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void log1p(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
            final FloatVector u = one.add(in);
            final FloatVector added = u.sub(one);
            final FloatVector uLost = one.sub(u.sub(added)).add(in.sub(added));
            final IntVector bits = u.reinterpretAsInts();
            final IntVector shift = bits.sub(TWO_THIRDS_BITS).and(EXPONENT_BITS);
            final FloatVector inverse = IntVector.broadcast(INTS, ONE_BITS)
                    .sub(shift)
                    .max(IntVector.zero(INTS))
                    .reinterpretAsFloats();
            final FloatVector f =
                    uLost.fma(inverse, bits.sub(shift).reinterpretAsFloats().sub(one));
            final FloatVector k = shift.lanewise(VectorOperators.ASHR, MANTISSA_BITS)
                    .add(ROUND_BITS)
                    .reinterpretAsFloats()
                    .sub(FloatVector.broadcast(FLOATS, ROUND));

            final FloatVector high = k.mul(FloatVector.broadcast(FLOATS, LN2_SHORT));
            final FloatVector sum = high.add(f);
            final FloatVector lost = f.sub(sum.sub(high));
            final FloatVector small = k.fma(FloatVector.broadcast(FLOATS, LN2_REST), lost);
            FloatVector p = FloatVector.broadcast(FLOATS, L10);
            p = p.fma(f, FloatVector.broadcast(FLOATS, L9));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L8));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L7));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L6));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L5));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L4));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L3));
            p = p.fma(f, FloatVector.broadcast(FLOATS, L2));
            final FloatVector log = sum.add(f.mul(f).fma(p, small));

            in.blend(log, u.compare(VectorOperators.LT, Float.POSITIVE_INFINITY))
                    .blend(Float.NaN, u.compare(VectorOperators.LT, 0f))
                    .blend(Float.NEGATIVE_INFINITY, u.compare(VectorOperators.EQ, 0f))
                    .reinterpretAsInts()
                    .or(in.reinterpretAsInts().and(SIGN_BIT))
                    .reinterpretAsFloats()
                    .intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = sigmoid(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void sigmoid(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i).neg();
            final FloatVector raised = in.blend(
                    FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED)));
            final FloatVector v = raised.blend(
                    FloatVector.broadcast(FLOATS, SIGMOID_SATURATED),
                    raised.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, SIGMOID_SATURATED)));
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
            one.div(sum.add(w.fma(scale, lost))).intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = tanh(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void tanh(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector magnitude = in.abs();
            final FloatVector v = magnitude
                    .blend(
                            FloatVector.broadcast(FLOATS, TANH_SATURATED),
                            magnitude.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, TANH_SATURATED)))
                    .mul(FloatVector.broadcast(FLOATS, -2f));
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
            final FloatVector w = high.add(r.mul(r).fma(p, low));

            final FloatVector scale = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            final FloatVector tanh = w.fma(scale, scale.sub(FloatVector.broadcast(FLOATS, 1f)))
                    .div(w.fma(scale, scale.add(FloatVector.broadcast(FLOATS, 1f))));

            final IntVector bounded = tanh.abs().reinterpretAsInts().min(magnitude.reinterpretAsInts());
            bounded.or(in.reinterpretAsInts().and(SIGN_BIT))
                    .reinterpretAsFloats()
                    .intoArray(y, yOffset + i);
        }
    }

    /** {@code y[i] = erf(x[i])} for n elements, whole vectors; x and y may be the same. */
    static void erf(final int n, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector magnitude = in.abs();
            final FloatVector a = magnitude.blend(
                    FloatVector.broadcast(FLOATS, ERF_SATURATED),
                    magnitude.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, ERF_SATURATED)));
            FloatVector q = FloatVector.broadcast(FLOATS, Y8);
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y7));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y6));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y5));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y4));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y3));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y2));
            q = q.fma(a, FloatVector.broadcast(FLOATS, Y1));
            final FloatVector factor = q.fma(a, FloatVector.broadcast(FLOATS, Y0));
            final FloatVector factorRest =
                    q.fma(a, FloatVector.broadcast(FLOATS, Y0).sub(factor)).add(FloatVector.broadcast(FLOATS, Y0_REST));
            final FloatVector negative = a.neg();
            final FloatVector v = factor.mul(negative);
            final FloatVector vRest = factorRest.fma(negative, factor.fma(negative, v.neg()));
            final FloatVector shifted =
                    v.fma(FloatVector.broadcast(FLOATS, LOG2_E), FloatVector.broadcast(FLOATS, ROUND_BIASED));
            final FloatVector count = shifted.sub(FloatVector.broadcast(FLOATS, ROUND_BIASED));
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

            final FloatVector scale = shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                    .reinterpretAsFloats();
            w.neg()
                    .fma(scale, FloatVector.broadcast(FLOATS, 1f).sub(scale))
                    .abs()
                    .reinterpretAsInts()
                    .or(in.reinterpretAsInts().and(SIGN_BIT))
                    .reinterpretAsFloats()
                    .intoArray(y, yOffset + i);
        }
    }
}
