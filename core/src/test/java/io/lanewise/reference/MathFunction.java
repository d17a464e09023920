package io.lanewise.reference;

import io.lanewise.DoubleMath;
import io.lanewise.kernel.Activation;
import io.lanewise.reference.Accuracy.FloatFunction;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * The functions of one float, each with the same in {@code double}, its range, and where it turns from falling to rising.
 *
 * <p>Activations that are a few operations are compared with their formula: constants such as {@link
 * Activation#HARD_SLOPE} are the floats that they are, and only what the operations round is an error.
 */
enum MathFunction {
    EXP(ScalarMath::exp, StrictMath::exp, 0f, Float.POSITIVE_INFINITY),
    EXPM1(ScalarMath::expm1, StrictMath::expm1, -1f, Float.POSITIVE_INFINITY),
    LOG(ScalarMath::log, StrictMath::log, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
    LOG1P(ScalarMath::log1p, StrictMath::log1p, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
    SIGMOID(ScalarMath::sigmoid, DoubleMath::sigmoid, 0f, 1f),
    TANH(ScalarMath::tanh, StrictMath::tanh, -1f, 1f),
    ERF(ScalarMath::erf, DoubleMath::erf, -1f, 1f),
    SOFTPLUS(ScalarActivations::softplus, DoubleMath::softplus, 0f, Float.POSITIVE_INFINITY),
    ELU(Activation.ELU, x -> x < 0 ? StrictMath.expm1(x) : x, -1f),
    SELU(
            Activation.SELU,
            x -> x < 0 ? Activation.SELU_NEGATIVE * StrictMath.expm1(x) : Activation.SELU_POSITIVE * x,
            -Activation.SELU_NEGATIVE),
    SILU(ScalarActivations::silu, DoubleMath::silu, -0.2785f, Float.POSITIVE_INFINITY, -0x1.474974p0f),
    GELU(ScalarActivations::gelu, DoubleMath::gelu, -0.17f, Float.POSITIVE_INFINITY, -0x1.80ead2p-1f),
    GELU_TANH(ScalarActivations::geluTanh, DoubleMath::geluTanh, -0.1701f, Float.POSITIVE_INFINITY, -0x1.8142ap-1f),
    HARD_SIGMOID(Activation.HARD_SIGMOID, MathFunction::hardSigmoid, 0f),
    HARD_SWISH(
            x -> ScalarActivations.activate(Activation.HARD_SWISH, x),
            x -> (x < -3 ? -3 : x) * hardSigmoid(x),
            -0.3750001f,
            Float.POSITIVE_INFINITY,
            -1.5f),
    RELU(Activation.RELU, x -> x < 0 ? 0 : x, -0f),
    RELU6(Activation.RELU6, x -> x < 0 ? 0 : x > 6 ? 6 : x, -0f),
    LEAKY_RELU(Activation.LEAKY_RELU, x -> x < 0 ? x * Activation.LEAKY_SLOPE : x, Float.NEGATIVE_INFINITY);

    private final FloatFunction function;
    private final DoubleUnaryOperator exact;

    /** Nothing is below this, */
    final float lowest;

    /** nor above this. */
    final float highest;

    /** Up to here it falls, from here on it rises; -infinity if it only rises. */
    final float turn;

    MathFunction(
            final FloatFunction function,
            final DoubleUnaryOperator exact,
            final float lowest,
            final float highest,
            final float turn) {
        this.function = function;
        this.exact = exact;
        this.lowest = lowest;
        this.highest = highest;
        this.turn = turn;
    }

    MathFunction(
            final FloatFunction function, final DoubleUnaryOperator exact, final float lowest, final float highest) {
        this(function, exact, lowest, highest, Float.NEGATIVE_INFINITY);
    }

    MathFunction(final Activation f, final DoubleUnaryOperator exact, final float lowest) {
        this(x -> ScalarActivations.activate(f, x), exact, lowest, Float.POSITIVE_INFINITY);
    }

    private static double hardSigmoid(final double x) {
        return Math.clamp(Math.fma(x, Activation.HARD_SLOPE, 0.5), 0, 1);
    }

    float apply(final float x) {
        return function.apply(x);
    }

    double exact(final float x) {
        return exact.applyAsDouble(x);
    }

    /** As people write it: {@code gelu-tanh}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
