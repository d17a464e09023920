package io.lanewise.kernel;

/**
 * What is applied to each element of a layer's product. The derivative of each is known from its output alone, so the
 * forward pass keeps one array per layer.
 *
 * <p>The formulas are the arithmetic: each is evaluated as written, in {@code float}.
 */
public enum Activation {
    /** {@code f(x) = x}. */
    IDENTITY,

    /** {@code f(x) = x < 0 ? 0 : x}; the derivative is {@code f(x) > 0 ? 1 : 0}. NaN stays NaN. */
    RELU,

    /** {@code f(x) = x < 0 ? 0.01 x : x}; the derivative is {@code f(x) > 0 ? 1 : 0.01}. */
    LEAKY_RELU,

    /** {@code f(x) = 1 / (1 + exp(-x))}; the derivative is {@code f(x) (1 - f(x))}. */
    SIGMOID,

    /** {@code f(x) = tanh(x)}; the derivative is {@code 1 - f(x)^2}. */
    TANH;

    /** The slope of {@link #LEAKY_RELU} below zero: PyTorch's default for {@code LeakyReLU}. */
    public static final float LEAKY_SLOPE = 0.01f;
}
