package io.lanewise.bench.training;

import java.util.Locale;

/** How parameters follow from gradients, written {@code sgd} and {@code adam}. */
public enum Method {
    /** Stochastic gradient descent without momentum: {@code p = p − learningRate · g}. */
    SGD(0.1f, 2e-3),
    /** Adam with PyTorch's defaults. */
    ADAM(1e-4f, 3e-2);

    private final float learningRate;
    private final double tolerance;

    Method(final float learningRate, final double tolerance) {
        this.learningRate = learningRate;
        this.tolerance = tolerance;
    }

    /** A usual learning rate: a few steps change the loss visibly. */
    float learningRate() {
        return learningRate;
    }

    /**
     * How far parameters may be from the expected ones after a few steps, to the distance that they have gone (both
     * Euclidean). Sums in another order make for 10⁻⁶ of it. But where a unit's input is so near to 0 that they decide
     * whether ReLU lets it pass, one row of the gradient is there or not: up to 5 · 10⁻⁴ was seen. Adam divides by the size
     * of the gradient, so that those which are nothing but rounding count as much as others: up to 6 · 10⁻³ was seen. And
     * DL4J's, which adds ε to the root of a second moment whose bias it has not corrected, came to 10⁻².
     */
    double tolerance() {
        return tolerance;
    }

    /** {@code sgd} or {@code adam}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
