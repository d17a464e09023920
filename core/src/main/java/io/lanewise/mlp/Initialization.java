package io.lanewise.mlp;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Fma;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;

/**
 * How large the random weights of dense layers are before training; biases are 0. All have a mean of 0, and a variance
 * that keeps values of about the same size from layer to layer:
 *
 * <table>
 * <caption>Variances</caption>
 * <tr><th>He</th><td>2 / inputs</td><td>√2 is the gain of ReLU; it is taken for every layer, as Keras does</td></tr>
 * <tr><th>Glorot</th><td>2 / (inputs + outputs)</td><td>a gain of 1</td></tr>
 * <tr><th>LeCun</th><td>1 / inputs</td><td>a gain of 1</td></tr>
 * </table>
 *
 * <p>Element e of layer l's weights, row-major (inputs, outputs), is addressed by {@link Purpose#WEIGHTS}, step l and
 * element e. Uniform weights are {@code fma(2 · bound, u, −bound)} in {@code float}, u being {@link Philox#uniform} and
 * bound √(3 · variance), rounded to {@code float}. Normal weights are {@code √variance · z} in {@code double}, z being
 * {@link Philox#normal}, rounded once to {@code float}. They are not cut off, as in {@code torch.nn.init}; Keras cuts
 * them off at two standard deviations.
 *
 * <p>{@link Names} gives their written forms: {@code he-normal}.
 *
 * @see <a href="https://arxiv.org/abs/1502.01852">He et al. 2015</a>
 * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio 2010</a>
 * @see <a href="https://doi.org/10.1007/3-540-49430-8_2">LeCun et al. 1998: Efficient BackProp</a>
 * @see <a href="https://docs.pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>
 */
public enum Initialization {
    /**
     * As each layer's activation asks for: {@link #HE_UNIFORM} before a ReLU and what resembles it: leaky ReLU, ReLU6,
     * ELU, GELU, SiLU, softplus, hard-swish; {@link #LECUN_UNIFORM} before SELU, as <a
     * href="https://arxiv.org/abs/1706.02515">Klambauer et al. 2017</a> assume; {@link #GLOROT_UNIFORM} otherwise.
     */
    AUTO,
    /** Within ±√(6 / inputs). */
    HE_UNIFORM,
    /** Standard deviation √(2 / inputs). */
    HE_NORMAL,
    /** Within ±√(6 / (inputs + outputs)). */
    GLOROT_UNIFORM,
    /** Standard deviation √(2 / (inputs + outputs)). */
    GLOROT_NORMAL,
    /** Within ±√(3 / inputs). */
    LECUN_UNIFORM,
    /** Standard deviation √(1 / inputs). */
    LECUN_NORMAL;

    /** What {@link #AUTO} is before an activation. */
    private static Initialization of(final Activation activation) {
        return switch (activation) {
            case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SWISH, RELU6 -> HE_UNIFORM;
            case SELU -> LECUN_UNIFORM;
            case IDENTITY, SIGMOID, TANH, HARD_SIGMOID -> GLOROT_UNIFORM;
        };
    }

    /**
     * Writes the weights of a layer.
     *
     * @param number the layer's place in the network, from 0
     * @param weights (inputs, outputs) from {@code offset} on
     */
    void fill(final Dense layer, final long seed, final int number, final float[] weights, final int offset) {
        final double inputs = layer.inputs();
        final double both = inputs + layer.outputs();
        switch (this) {
            case AUTO -> of(layer.activation()).fill(layer, seed, number, weights, offset);
            case HE_UNIFORM -> uniform(6 / inputs, layer, seed, number, weights, offset);
            case HE_NORMAL -> normal(2 / inputs, layer, seed, number, weights, offset);
            case GLOROT_UNIFORM -> uniform(6 / both, layer, seed, number, weights, offset);
            case GLOROT_NORMAL -> normal(2 / both, layer, seed, number, weights, offset);
            case LECUN_UNIFORM -> uniform(3 / inputs, layer, seed, number, weights, offset);
            case LECUN_NORMAL -> normal(1 / inputs, layer, seed, number, weights, offset);
        }
    }

    private static void uniform(
            final double squaredBound,
            final Dense layer,
            final long seed,
            final int number,
            final float[] weights,
            final int offset) {
        final float bound = (float) StrictMath.sqrt(squaredBound);
        for (int e = 0; e < layer.weights(); e++) {
            weights[offset + e] = Fma.fma(2f * bound, Philox.uniform(seed, Purpose.WEIGHTS, number, e), -bound);
        }
    }

    private static void normal(
            final double variance,
            final Dense layer,
            final long seed,
            final int number,
            final float[] weights,
            final int offset) {
        final double deviation = StrictMath.sqrt(variance);
        for (int e = 0; e < layer.weights(); e++) {
            weights[offset + e] = (float) (deviation * Philox.normal(seed, Purpose.WEIGHTS, number, e));
        }
    }
}
