package io.lanewise.mlp;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;
import java.util.Objects;

/** The weights and biases of a network in one flat array, laid out as {@link Mlp} says. Immutable. */
public final class Parameters {
    private final Mlp mlp;
    private final float[] values; // (parameterCount)

    private Parameters(final Mlp mlp, final float[] values) {
        this.mlp = mlp;
        this.values = values;
    }

    /**
     * Copies values.
     *
     * @param values as many as the network has parameters
     */
    public static Parameters of(final Mlp mlp, final float[] values) {
        if (values.length != mlp.parameterCount()) {
            throw new IllegalArgumentException(
                    "expected " + mlp.parameterCount() + " parameters for " + mlp + ", got " + values.length);
        }
        return new Parameters(mlp, values.clone());
    }

    /**
     * Random weights to start a training with, and zero biases. Weights are uniform in ±bound, element by element
     * {@code fma(2 · bound, u, −bound)}, where bound is √(6 / inputs) before a ReLU and what resembles it: leaky ReLU,
     * ReLU6, ELU, GELU, SiLU, softplus, hard-swish (He et al. 2015); √(3 / inputs) before SELU (LeCun et al. 1998, as
     * Klambauer et al. 2017 assume); and √(6 / (inputs + outputs)) otherwise (Glorot and Bengio 2010). The seed decides
     * them all. Normalisations start with weights of 1, biases of 0, means of 0 and variances of 1.
     *
     * @see <a href="https://arxiv.org/abs/1502.01852">He et al. 2015</a>
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio 2010</a>
     * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer et al. 2017</a>
     */
    public static Parameters random(final Mlp mlp, final long seed) {
        final float[] values = new float[mlp.parameterCount()];
        for (int i = 0; i < mlp.layers().size(); i++) {
            final int offset = mlp.parameterOffset(i);
            switch (mlp.layers().get(i)) {
                case Dense layer -> fillRandomly(layer, seed, i, values, offset);
                case LayerNorm norm -> Arrays.fill(values, offset, offset + norm.width(), 1f);
                case BatchNorm norm -> {
                    Arrays.fill(values, offset, offset + norm.width(), 1f);
                    Arrays.fill(values, offset + 3 * norm.width(), offset + 4 * norm.width(), 1f);
                }
                case ActivationLayer ignored -> {}
                case Dropout ignored -> {}
                case Add ignored -> {}
            }
        }
        return new Parameters(mlp, values);
    }

    private static void fillRandomly(
            final Dense layer, final long seed, final int number, final float[] values, final int offset) {
        final float bound = (float) StrictMath.sqrt(
                switch (layer.activation()) {
                    case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SWISH, RELU6 ->
                        6.0 / layer.inputs();
                    case SELU -> 3.0 / layer.inputs();
                    case IDENTITY, SIGMOID, TANH, HARD_SIGMOID -> 6.0 / ((double) layer.inputs() + layer.outputs());
                });
        for (int e = 0; e < layer.weights(); e++) {
            values[offset + e] = Math.fma(2f * bound, Philox.uniform(seed, Purpose.WEIGHTS, number, e), -bound);
        }
    }

    /** The network that these are the parameters of. */
    public Mlp mlp() {
        return mlp;
    }

    /** A copy of all values. */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * The weight from input {@code i} to output {@code j} of a dense layer.
     *
     * @throws IllegalArgumentException if the layer is of another kind
     */
    public float weight(final int layer, final int i, final int j) {
        if (!(mlp.layers().get(layer) instanceof Dense dense)) {
            throw new IllegalArgumentException(
                    "layer " + layer + " is not dense: " + mlp.layers().get(layer));
        }
        Objects.checkIndex(i, dense.inputs());
        Objects.checkIndex(j, dense.outputs());
        return values[mlp.parameterOffset(layer) + i * dense.outputs() + j];
    }

    /** The bias of output {@code j} of a layer that has one. */
    public float bias(final int layer, final int j) {
        Objects.checkIndex(j, mlp.layers().get(layer).outputs());
        return values[mlp.biasOffset(layer) + j];
    }

    /** Whether both are parameters of equal networks, equal bit for bit (any NaN equals any other). */
    @Override
    public boolean equals(final Object other) {
        return other instanceof Parameters that && mlp.equals(that.mlp) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * mlp.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Parameters of " + mlp;
    }
}
