package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;
import static io.lanewise.simd.VectorActivations.DENSITY;
import static io.lanewise.simd.VectorActivations.GELU_LOWEST;
import static io.lanewise.simd.VectorActivations.GELU_TANH_LOWEST;
import static io.lanewise.simd.VectorActivations.K;
import static io.lanewise.simd.VectorActivations.R0;
import static io.lanewise.simd.VectorActivations.R1;
import static io.lanewise.simd.VectorActivations.R10;
import static io.lanewise.simd.VectorActivations.R2;
import static io.lanewise.simd.VectorActivations.R3;
import static io.lanewise.simd.VectorActivations.R4;
import static io.lanewise.simd.VectorActivations.R5;
import static io.lanewise.simd.VectorActivations.R6;
import static io.lanewise.simd.VectorActivations.R7;
import static io.lanewise.simd.VectorActivations.R8;
import static io.lanewise.simd.VectorActivations.R9;
import static io.lanewise.simd.VectorActivations.SILU_LOWEST;
import static io.lanewise.simd.VectorActivations.TANH_A;
import static io.lanewise.simd.VectorActivations.TANH_B;
import static io.lanewise.simd.VectorMath.E2;
import static io.lanewise.simd.VectorMath.E3;
import static io.lanewise.simd.VectorMath.E4;
import static io.lanewise.simd.VectorMath.E5;
import static io.lanewise.simd.VectorMath.E6;
import static io.lanewise.simd.VectorMath.EXPM1_LOWEST;
import static io.lanewise.simd.VectorMath.EXPONENT_BIAS;
import static io.lanewise.simd.VectorMath.EXP_HIGHEST;
import static io.lanewise.simd.VectorMath.EXP_LOWEST;
import static io.lanewise.simd.VectorMath.INTS;
import static io.lanewise.simd.VectorMath.LN2_HIGH;
import static io.lanewise.simd.VectorMath.LN2_LOW;
import static io.lanewise.simd.VectorMath.LOG2_E;
import static io.lanewise.simd.VectorMath.MANTISSA_BITS;
import static io.lanewise.simd.VectorMath.ROUND_BIASED_TWICE;
import static io.lanewise.simd.VectorMath.SIGMOID_SATURATED;
import static io.lanewise.simd.VectorMath.SIGN_BIT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products with the derivatives that are more than a few operations: in every lane the bits of {@link
 * io.lanewise.reference.ScalarActivations#backward}. Each is one loop without a helper, for the reasons that {@link
 * VectorMath} gives.
 */
final class VectorDerivatives {
    private VectorDerivatives() {}

    /** {@code dy[i] = dy[i] · (Φ(x[i]) + x[i] φ(x[i]))} for n elements, whole vectors. */
    static void gelu(final int n, final float[] x, final int xOffset, final float[] dy, final int dyOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector lifted = in.blend(
                    FloatVector.broadcast(FLOATS, GELU_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, GELU_LOWEST)));
            final FloatVector bounded = lifted.blend(
                    FloatVector.broadcast(FLOATS, -GELU_LOWEST),
                    lifted.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, -GELU_LOWEST)));
            final FloatVector a = bounded.abs();
            final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
            final FloatVector reciprocal = one.div(a.add(FloatVector.broadcast(FLOATS, K)));
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

            // exp: its bound above is not reached
            final FloatVector z = a.mul(a.mul(FloatVector.broadcast(FLOATS, -0.5f)));
            final FloatVector v = z.blend(
                    FloatVector.broadcast(FLOATS, EXP_LOWEST),
                    z.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, EXP_LOWEST)));
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
            final FloatVector e = w.fma(first, first).mul(second);

            final FloatVector tail = g.mul(reciprocal).mul(e);
            final FloatVector normal = one.sub(tail).blend(tail, bounded.compare(VectorOperators.LT, 0f));
            bounded.mul(FloatVector.broadcast(FLOATS, DENSITY))
                    .fma(e, normal)
                    .mul(FloatVector.fromArray(FLOATS, dy, dyOffset + i))
                    .intoArray(dy, dyOffset + i);
        }
    }

    /** {@code dy[i] = dy[i] · s (1 + x[i] (1 − s) z')}, s the sigmoid of the cubic z, for n elements, whole vectors. */
    static void geluTanh(final int n, final float[] x, final int xOffset, final float[] dy, final int dyOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector lifted = in.blend(
                    FloatVector.broadcast(FLOATS, GELU_TANH_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, GELU_TANH_LOWEST)));
            final FloatVector bounded = lifted.blend(
                    FloatVector.broadcast(FLOATS, -GELU_TANH_LOWEST),
                    lifted.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, -GELU_TANH_LOWEST)));
            final FloatVector square = bounded.mul(bounded);
            final FloatVector factor =
                    square.fma(FloatVector.broadcast(FLOATS, TANH_B), FloatVector.broadcast(FLOATS, TANH_A));
            final FloatVector slope =
                    square.fma(FloatVector.broadcast(FLOATS, 3f * TANH_B), FloatVector.broadcast(FLOATS, TANH_A));
            final FloatVector z = bounded.mul(factor).neg();
            final FloatVector raised = z.blend(
                    FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED),
                    z.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED)));
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
            final FloatVector unit = FloatVector.broadcast(FLOATS, 1f);
            final FloatVector reciprocal = unit.div(sum.add(w.fma(scale, lost)));
            final FloatVector complement = w.fma(scale, scale).mul(reciprocal);
            one.mul(reciprocal)
                    .mul(bounded.mul(complement).fma(slope, unit))
                    .mul(FloatVector.fromArray(FLOATS, dy, dyOffset + i))
                    .intoArray(dy, dyOffset + i);
        }
    }

    /** {@code dy[i] = dy[i] · s (1 + x[i] (1 − s))}, s the sigmoid of x[i], for n elements, whole vectors. */
    static void silu(final int n, final float[] x, final int xOffset, final float[] dy, final int dyOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + i);
            final FloatVector lifted = in.blend(
                    FloatVector.broadcast(FLOATS, SILU_LOWEST),
                    in.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, SILU_LOWEST)));
            final FloatVector bounded = lifted.blend(
                    FloatVector.broadcast(FLOATS, -SILU_LOWEST),
                    lifted.compare(VectorOperators.GT, FloatVector.broadcast(FLOATS, -SILU_LOWEST)));
            final FloatVector z = bounded.neg();
            final FloatVector raised = z.blend(
                    FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED),
                    z.compare(VectorOperators.LT, FloatVector.broadcast(FLOATS, -SIGMOID_SATURATED)));
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
            final FloatVector unit = FloatVector.broadcast(FLOATS, 1f);
            final FloatVector reciprocal = unit.div(sum.add(w.fma(scale, lost)));
            final FloatVector complement = w.fma(scale, scale).mul(reciprocal);
            one.mul(reciprocal)
                    .mul(bounded.mul(complement).add(unit))
                    .mul(FloatVector.fromArray(FLOATS, dy, dyOffset + i))
                    .intoArray(dy, dyOffset + i);
        }
    }

    /** {@code dy[i] = dy[i] · −expm1(−y[i])} for n elements, whole vectors. */
    static void softplus(final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        for (int i = 0; i < n; i += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, y, yOffset + i).neg();
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
            expm1.neg().mul(FloatVector.fromArray(FLOATS, dy, dyOffset + i)).intoArray(dy, dyOffset + i);
        }
    }
}
