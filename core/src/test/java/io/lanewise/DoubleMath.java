package io.lanewise;

/** What {@link Math} lacks, in {@code double}: relative errors below 1e-13. Shares nothing with the library. */
public final class DoubleMath {
    private static final double SQRT_PI = StrictMath.sqrt(Math.PI);

    private DoubleMath() {}

    /** The error function of a {@code float}'s value, whose square is exact. */
    public static double erf(final double x) {
        final double z = Math.abs(x);
        if (!(z < 6)) {
            return Math.copySign(Math.min(z, 1), x);
        }
        return Math.copySign(z < 2 ? series(z, z * z) : 1 - fraction(z, z * z), x);
    }

    /** x Φ(x) of a {@code float}'s value. */
    public static double gelu(final double x) {
        final double z = Math.abs(x) * StrictMath.sqrt(0.5);
        final double square = x * x / 2;
        if (!(z < 20)) {
            return x < 0 ? -0.0 : x;
        }
        final double tail = z < 2 ? (1 - series(z, square)) / 2 : fraction(z, square) / 2;
        return x < 0 ? x * tail : x * (1 - tail);
    }

    /** 0.5 x (1 + tanh(√(2 / π) (x + 0.044715 x³))), without the cancellation. */
    public static double geluTanh(final double x) {
        final double u = StrictMath.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
        return u < -350 ? -0.0 : x / (1 + StrictMath.exp(-2 * u));
    }

    public static double silu(final double x) {
        return x < -700 ? -0.0 : x / (1 + StrictMath.exp(-x));
    }

    public static double softplus(final double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    public static double sigmoid(final double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }

    /** erf z = 2 / √π · exp(−z²) · Σ 2^n z^(2n+1) / (2n+1)!!, all terms positive. */
    private static double series(final double z, final double square) {
        double term = z;
        double sum = z;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / SQRT_PI * StrictMath.exp(-square) * sum;
    }

    /** 1 − erf z = exp(−z²) / √π / (z + (1/2) / (z + (2/2) / (z + (3/2) / (z + …)))) for z from 2 on. */
    private static double fraction(final double z, final double square) {
        double below = 0;
        for (int k = z < 3 ? 80 : 40; k >= 1; k--) {
            below = k * 0.5 / (z + below);
        }
        return StrictMath.exp(-square) / SQRT_PI / (z + below);
    }
}
