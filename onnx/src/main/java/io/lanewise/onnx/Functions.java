package io.lanewise.onnx;

/** Functions of one number in {@code double}: the formulas of the operators' specification. */
final class Functions {
    private static final double SERIES = 3; // up to here; the tail is exact enough beyond
    private static final double SELU_ALPHA = 1.6732632f;
    private static final double SELU_GAMMA = 1.050701f;

    private Functions() {}

    static double sigmoid(final double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    static double silu(final double x, final double beta) {
        return x < -700 / Math.max(1, Math.abs(beta)) ? x * StrictMath.exp(beta * x) : x * sigmoid(beta * x);
    }

    static double softplus(final double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    static double leaky(final double x, final double slope) {
        return x < 0 ? slope * x : x;
    }

    static double elu(final double x, final double alpha) {
        return x < 0 ? alpha * StrictMath.expm1(x) : x;
    }

    static double celu(final double x, final double alpha) {
        return x < 0 ? alpha * StrictMath.expm1(x / alpha) : x;
    }

    static double selu(final double x, final double alpha, final double gamma) {
        return gamma * elu(x, alpha);
    }

    /** With the constants that the operator has where a file gives none. */
    static double selu(final double x) {
        return selu(x, SELU_ALPHA, SELU_GAMMA);
    }

    static double hardSigmoid(final double x, final double alpha, final double beta) {
        return clip(alpha * x + beta, 0, 1);
    }

    static double hardSwish(final double x) {
        return Double.isInfinite(x) ? Math.max(x, 0) : x * hardSigmoid(x, 1.0 / 6, 0.5);
    }

    /** NaN stays NaN. */
    static double clip(final double x, final double least, final double most) {
        return Math.min(Math.max(x, least), most);
    }

    static double gelu(final double x) {
        final double t = x * StrictMath.sqrt(0.5);
        return x * 0.5 * (t < 0 ? erfc(-t) : 1 + erf(t));
    }

    static double geluTanh(final double x) {
        return silu(x, 2 * StrictMath.sqrt(2 / Math.PI) * (1 + 0.044715 * x * x));
    }

    /** 2 / √π e^(−x²) Σ 2^n x^(2n+1) / (2n+1)!!, Abramowitz and Stegun 7.1.6, and 1 − erfc beyond. */
    static double erf(final double x) {
        if (Math.abs(x) > SERIES) {
            return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / StrictMath.sqrt(Math.PI) * StrictMath.exp(-x * x) * sum;
    }

    /** 1 − erf of x ≥ 0; beyond 3 by the continued fraction of Abramowitz and Stegun 7.1.14. */
    private static double erfc(final double x) {
        if (x <= SERIES) {
            return 1 - erf(x);
        }
        double fraction = 0;
        for (int n = 60; n >= 1; n--) {
            fraction = n / 2.0 / (x + fraction);
        }
        return StrictMath.exp(-x * x) / (StrictMath.sqrt(Math.PI) * (x + fraction));
    }
}
