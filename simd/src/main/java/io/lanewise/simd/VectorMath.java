package io.lanewise.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * exp, log, sigmoid and tanh of vectors: in every lane the bits of {@link
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
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    // The constants of ScalarMath, repeated: the reference shares nothing with what it checks.

    private static final float EXP_LOWEST = -104f;
    private static final float EXP_HIGHEST = 89f;
    private static final float SIGMOID_SATURATED = 104f;
    private static final float TANH_SATURATED = 10f;

    private static final float LOG2_E = 0x1.715476p0f;
    private static final float LN2_HIGH = 0x1.62e43p-1f;
    private static final float LN2_LOW = -0x1.05c61p-29f;

    private static final float E2 = 0x1.fffffcp-2f;
    private static final float E3 = 0x1.555492p-3f;
    private static final float E4 = 0x1.5558bp-5f;
    private static final float E5 = 0x1.12398ep-7f;
    private static final float E6 = 0x1.6a4d6p-10f;

    private static final float ROUND = 0x1.8p23f;
    private static final int ROUND_BITS = 0x4b400000;
    private static final int MANTISSA_BITS = 23;
    private static final int EXPONENT_BIAS = 127;
    private static final float ROUND_BIASED = ROUND + EXPONENT_BIAS;
    private static final float ROUND_BIASED_TWICE = ROUND + 2 * EXPONENT_BIAS;

    private static final float LN2_SHORT = 0x1.62e4p-1f;
    private static final float LN2_REST = 0x1.7f7d1cp-20f;
    private static final int TWO_THIRDS_BITS = 0x3f2aaaab;

    private static final float L2 = -0x1p-1f;
    private static final float L3 = 0x1.555506p-2f;
    private static final float L4 = -0x1.fffefap-3f;
    private static final float L5 = 0x1.99d052p-3f;
    private static final float L6 = -0x1.559c5ep-3f;
    private static final float L7 = 0x1.1ed52ep-3f;
    private static final float L8 = -0x1.f33432p-4f;
    private static final float L9 = 0x1.1e6e02p-3f;
    private static final float L10 = -0x1.07c062p-3f;

    private static final float SMALLEST_NORMAL = Float.MIN_NORMAL;
    private static final float LIFT = 0x1p24f;
    private static final float LIFT_EXPONENT = 24f;
    private static final int SIGN_BIT = 0x80000000;

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
}
