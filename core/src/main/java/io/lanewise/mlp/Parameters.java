package io.lanewise.mlp;

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

    /** Random weights to start a training with, by {@link Initialization#AUTO}, and zero biases. */
    public static Parameters random(final Mlp mlp, final long seed) {
        return random(mlp, seed, Initialization.AUTO);
    }

    /**
     * Random weights to start a training with, and zero biases. A layer's weights follow from its sizes, its number in
     * the network, its activation if the initialisation is {@link Initialization#AUTO}, and the seed: what other layers
     * there are changes nothing. Normalisations start with weights of 1, biases of 0, means of 0 and variances of 1.
     */
    public static Parameters random(final Mlp mlp, final long seed, final Initialization initialization) {
        final float[] values = new float[mlp.parameterCount()];
        for (int i = 0; i < mlp.layers().size(); i++) {
            final int offset = mlp.parameterOffset(i);
            switch (mlp.layers().get(i)) {
                case Dense layer -> initialization.fill(layer, seed, i, values, offset);
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
