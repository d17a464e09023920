package io.lanewise.kernel;

/**
 * What is applied to each element of a layer's product. Most derivatives are known from the output alone, so that the
 * forward pass keeps one array per layer; those that {@link #derivativeFromInput} names need the input.
 *
 * <p>The formulas are the arithmetic: where they are of +, -, *, comparisons and {@code fma}, each is evaluated as
 * written, in {@code float}; the functions in them are those of {@link io.lanewise.reference.ScalarMath} and {@link
 * io.lanewise.reference.ScalarActivations}. NaN gives NaN.
 */
public enum Activation {
    /** {@code f(x) = x}. */
    IDENTITY,

    /** {@code f(x) = x < 0 ? 0 : x}; the derivative is {@code f(x) > 0 ? 1 : 0}. {@code f(-0) = -0}. */
    RELU,

    /** {@code f(x) = x < 0 ? 0.01 x : x}; the derivative is {@code f(x) > 0 ? 1 : 0.01}. {@code f(-0) = -0}. */
    LEAKY_RELU,

    /** {@code f(x) = 1 / (1 + exp(-x))}; the derivative is {@code f(x) (1 - f(x))}. */
    SIGMOID,

    /** {@code f(x) = tanh(x)}; the derivative is {@code 1 - f(x)^2}. {@code f(-0) = -0}. */
    TANH,

    /**
     * {@code f(x) = x < 0 ? expm1(x) : x}; the derivative is {@code f(x) > 0 ? 1 : f(x) + 1}. {@code f(-0) = -0}.
     *
     * @see <a href="https://arxiv.org/abs/1511.07289">Clevert, Unterthiner and Hochreiter 2015</a>
     */
    ELU,

    /**
     * {@code f(x) = x < 0 ? n expm1(x) : p x} with p = {@link #SELU_POSITIVE} and n = {@link #SELU_NEGATIVE}; the
     * derivative is {@code f(x) > 0 ? p : f(x) + n}. {@code f(-0) = -0}.
     *
     * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer, Unterthiner, Mayr and Hochreiter 2017</a>
     */
    SELU,

    /**
     * {@code f(x) = x Φ(x)}, Φ the normal distribution; the derivative is {@code Φ(x) + x φ(x)}, φ its density. {@code
     * f(-0) = -0} and {@code f(-infinity) = -0}.
     *
     * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
     */
    GELU(true),

    /**
     * {@code f(x) = x s}, s the sigmoid of {@code z = 2 √(2 / π) (x + 0.044715 x^3)}, which is the usual {@code 0.5 x (1
     * + tanh(z / 2))}; the derivative is {@code s (1 + x (1 - s) z')}. {@code f(-0) = -0} and {@code f(-infinity) = -0}.
     *
     * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
     */
    GELU_TANH(true),

    /**
     * {@code f(x) = x s}, s the sigmoid of x; the derivative is {@code s (1 + x (1 - s))}. Also called swish. {@code
     * f(-0) = -0} and {@code f(-infinity) = -0}.
     *
     * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing, Uchibe and Doya 2017</a>
     */
    SILU(true),

    /** {@code f(x) = log(1 + exp(x))}; the derivative is {@code -expm1(-f(x))}. */
    SOFTPLUS,

    /**
     * {@code f(x) = h < 0 ? 0 : h > 1 ? 1 : h} with {@code h = fma(x, 1/6, 0.5)}, 1/6 being {@link #HARD_SLOPE}; the
     * derivative is {@code 0 < f(x) && f(x) < 1 ? 1/6 : 0}.
     */
    HARD_SIGMOID,

    /**
     * {@code f(x) = (x < -3 ? -3 : x) · hard-sigmoid(x)}; the derivative is {@code x < -3 ? 0 : x > 3 ? 1 : fma(x, 1/3,
     * 0.5)}. {@code f(-0) = -0}, and up to -3 it is -0 too.
     *
     * @see <a href="https://arxiv.org/abs/1905.02244">Howard and others 2019</a>
     */
    HARD_SWISH(true),

    /**
     * {@code f(x) = x < 0 ? 0 : x > 6 ? 6 : x}; the derivative is {@code 0 < f(x) && f(x) < 6 ? 1 : 0}. {@code f(-0) =
     * -0}.
     */
    RELU6;

    /** The slope of {@link #LEAKY_RELU} below zero: PyTorch's default for {@code LeakyReLU}. */
    public static final float LEAKY_SLOPE = 0.01f;

    /** The scale of {@link #SELU}, 1.0507009873554805. */
    public static final float SELU_POSITIVE = 0x1.0cfabep0f;

    /** The scale of {@link #SELU} times its α, 1.6732632423543772. */
    public static final float SELU_NEGATIVE = 0x1.c212ccp0f;

    /** The slope of {@link #HARD_SIGMOID}. */
    public static final float HARD_SLOPE = 1f / 6f;

    private final boolean derivativeFromInput;

    Activation() {
        this(false);
    }

    Activation(final boolean derivativeFromInput) {
        this.derivativeFromInput = derivativeFromInput;
    }

    /**
     * Whether {@link Kernels#activateBackward} needs the activation's input instead of its output, because two inputs
     * that have one output have two derivatives.
     */
    public boolean derivativeFromInput() {
        return derivativeFromInput;
    }
}
