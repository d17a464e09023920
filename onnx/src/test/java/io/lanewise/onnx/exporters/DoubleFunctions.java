package io.lanewise.onnx.exporters;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Functions of elements and rows in {@code double}, by the names of their operators. */
final class DoubleFunctions {
    private DoubleFunctions() {}

    /** Those without attributes. */
    static Map<String, DoubleUnaryOperator> of() {
        return Map.ofEntries(
                Map.entry("Relu", x -> Math.max(x, 0)),
                Map.entry("Sigmoid", DoubleFunctions::sigmoid),
                Map.entry("Tanh", Math::tanh),
                Map.entry("Softplus", DoubleFunctions::softplus),
                Map.entry("Softsign", x -> x / (1 + Math.abs(x))),
                Map.entry("HardSwish", x -> x * Math.clamp(x / 6 + 0.5, 0.0, 1.0)),
                Map.entry("Erf", DoubleFunctions::erf),
                Map.entry("Exp", Math::exp),
                Map.entry("Log", Math::log),
                Map.entry("Sqrt", Math::sqrt),
                Map.entry("Neg", x -> -x),
                Map.entry("Abs", Math::abs),
                Map.entry("Reciprocal", x -> 1 / x));
    }

    /** The value of an attribute {@code alpha} that is left out. */
    static double defaultAlpha(final String operator) {
        return switch (operator) {
            case "LeakyRelu" -> 0.01f;
            case "HardSigmoid" -> 0.2f;
            case "Selu" -> 1.6732632423543772;
            default -> 1;
        };
    }

    static double sigmoid(final double x) {
        return 1 / (1 + Math.exp(-x));
    }

    static double softplus(final double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double gelu(final double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    static double geluTanh(final double x) {
        return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /** 2 / √π · exp(−x²) · Σ 2^n x^(2n+1) / (2n+1)!!, all terms of one sign. */
    static double erf(final double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    static DoubleArray softmax(final DoubleArray x, final int axis, final boolean logarithm) {
        final DoubleArray largest = x.reduce(axis, Double.NEGATIVE_INFINITY, Math::max);
        final DoubleArray shifted = x.with(largest, (a, max) -> a - max);
        final DoubleArray sum = shifted.map(Math::exp).reduce(axis, 0, Double::sum);
        return logarithm ? shifted.with(sum, (a, s) -> a - Math.log(s)) : shifted.with(sum, (a, s) -> Math.exp(a) / s);
    }

    /** The attribute {@code post_transform} of the linear models of ai.onnx.ml. */
    static DoubleArray afterwards(final String transform, final DoubleArray scores) {
        return switch (transform) {
            case "NONE" -> scores;
            case "LOGISTIC" -> scores.map(DoubleFunctions::sigmoid);
            case "SOFTMAX" -> softmax(scores, 1, false);
            default -> throw new IllegalArgumentException("no test has the transform " + transform);
        };
    }
}
