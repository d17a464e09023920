package io.lanewise.bench.math;

import io.lanewise.simd.OpenVectorMath;
import java.util.Arrays;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same functions as one would write them with the Vector API's own, which the JVM takes from a library where it has
 * one: Intel's SVML on x86, SLEEF on arm64 and RISC-V. They have other bits on other platforms. There is no error function.
 *
 * <p>Each is a loop of its own, since an operator that is not a constant is not compiled.
 */
public enum VectorApi {
    EXP(VectorApi::exp),
    EXPM1(VectorApi::expm1),
    LOG(VectorApi::log),
    LOG1P(VectorApi::log1p),
    TANH(VectorApi::tanh),
    /** {@code 1 / (1 + exp(-x))}. */
    SIGMOID(VectorApi::sigmoid),
    /** {@code x < 0 ? expm1(x) : x}. */
    ELU(VectorApi::elu),
    /** {@code max(x, 0) + log1p(exp(-|x|))}. */
    SOFTPLUS(VectorApi::softplus),
    /** {@code x / (1 + exp(-x))}. */
    SILU(VectorApi::silu),
    /** {@code 0.5 x (1 + tanh(√(2 / π) (x + 0.044715 x³)))}. */
    GELU_TANH(VectorApi::geluTanh);

    private static final VectorSpecies<Float> FLOATS = OpenVectorMath.FLOATS;

    private final OpenVectorMath.Loop loop;

    VectorApi(final OpenVectorMath.Loop loop) {
        this.loop = loop;
    }

    /** The Vector API's, if there is one. */
    public static Optional<OpenVectorMath.Loop> of(final OpenVectorMath.Function function) {
        return Arrays.stream(values())
                .filter(f -> f.name().equals(function.name()))
                .map(f -> f.loop)
                .findFirst();
    }

    private static void exp(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.EXP).intoArray(y, i);
        }
    }

    private static void expm1(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.EXPM1).intoArray(y, i);
        }
    }

    private static void log(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.LOG).intoArray(y, i);
        }
    }

    private static void log1p(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.LOG1P).intoArray(y, i);
        }
    }

    private static void tanh(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            FloatVector.fromArray(FLOATS, x, i).lanewise(VectorOperators.TANH).intoArray(y, i);
        }
    }

    private static void sigmoid(final float[] x, final float[] y) {
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            final FloatVector e = FloatVector.fromArray(FLOATS, x, i).neg().lanewise(VectorOperators.EXP);
            one.div(e.add(one)).intoArray(y, i);
        }
    }

    private static void elu(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            final FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            v.blend(v.lanewise(VectorOperators.EXPM1), v.lt(0f)).intoArray(y, i);
        }
    }

    private static void softplus(final float[] x, final float[] y) {
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            final FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            final FloatVector e = v.abs().neg().lanewise(VectorOperators.EXP);
            v.max(0f).add(e.lanewise(VectorOperators.LOG1P)).intoArray(y, i);
        }
    }

    private static void silu(final float[] x, final float[] y) {
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            final FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            v.div(v.neg().lanewise(VectorOperators.EXP).add(one)).intoArray(y, i);
        }
    }

    private static void geluTanh(final float[] x, final float[] y) {
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < x.length; i += FLOATS.length()) {
            final FloatVector v = FloatVector.fromArray(FLOATS, x, i);
            final FloatVector u = v.mul(v).mul(0.044715f).add(one).mul(v).mul(0.7978846f);
            v.mul(0.5f).mul(u.lanewise(VectorOperators.TANH).add(one)).intoArray(y, i);
        }
    }
}
