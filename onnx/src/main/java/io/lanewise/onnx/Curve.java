package io.lanewise.onnx;

import io.lanewise.kernel.Activation;

/**
 * A function of one number: an activation between two straight lines, {@code c · f(a x + b) + d}.
 *
 * @param slope that of a leaky ReLU below zero, for other activations 0
 */
record Curve(Activation activation, double slope, double a, double b, double c, double d) {
    static Curve of(final Activation activation) {
        final double slope = activation == Activation.LEAKY_RELU ? Activation.LEAKY_SLOPE : 0;
        return new Curve(activation, slope, 1, 0, 1, 0);
    }

    static Curve leaky(final double slope) {
        return slope == 0
                ? of(Activation.RELU)
                : new Curve(Activation.LEAKY_RELU, snapped(slope, Activation.LEAKY_SLOPE), 1, 0, 1, 0);
    }

    /** The curve of a straight line: {@code f(scale · x + shift)}. */
    Curve after(final double scale, final double shift) {
        return new Curve(activation, slope, a * scale, a * shift + b, c, d);
    }

    /** The curve on a straight line: {@code scale · f(x) + shift}. */
    Curve then(final double scale, final double shift) {
        return new Curve(activation, slope, a, b, snapped(c * scale, 1), d * scale + shift);
    }

    /** The function with no more than these bounds; infinite ones are none. Exact where one bound is 0. */
    static Curve clip(final double least, final double most) {
        if (most == Double.POSITIVE_INFINITY) {
            return of(Activation.RELU).after(1, -least).then(1, least);
        }
        if (least == Double.NEGATIVE_INFINITY) {
            return of(Activation.RELU).after(-1, most).then(-1, most);
        }
        final double scale = (most - least) / 6;
        if (most == 0) {
            return of(Activation.RELU6).after(-1 / scale, 0).then(-scale, 0);
        }
        return of(Activation.RELU6).after(1 / scale, -least / scale).then(scale, least);
    }

    /** The usual number where a file's is rounded. */
    static double snapped(final double value, final double usual) {
        return Math.abs(value - usual) <= 1e-6 * Math.abs(usual) ? usual : value;
    }

    /** The activation of a number. */
    double f(final double x) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> Functions.leaky(x, slope);
            case SIGMOID -> Functions.sigmoid(x);
            case TANH -> StrictMath.tanh(x);
            case ELU -> Functions.elu(x, 1);
            case SELU -> Functions.selu(x);
            case GELU -> Functions.gelu(x);
            case GELU_TANH -> Functions.geluTanh(x);
            case SILU -> Functions.silu(x, 1);
            case SOFTPLUS -> Functions.softplus(x);
            case HARD_SIGMOID -> Functions.hardSigmoid(x, 1.0 / 6, 0.5);
            case HARD_SWISH -> Functions.hardSwish(x);
            case RELU6 -> Functions.clip(x, 0, 6);
        };
    }

    /** The value at a number. */
    double at(final double x) {
        return c * f(a * x + b) + d;
    }
}
