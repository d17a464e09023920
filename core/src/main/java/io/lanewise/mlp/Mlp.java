package io.lanewise.mlp;

import io.lanewise.kernel.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * The architecture of a multi-layer perceptron: its layers and its head, without weights. Immutable.
 *
 * <pre>{@code
 * Mlp mlp = Mlp.inputs(784).dense(256, Activation.RELU).dense(10).softmax();
 * }</pre>
 *
 * <p>It also fixes the layout of {@link Parameters}, one flat array: for each layer in turn its weights, row-major
 * (inputs, outputs), then its bias (outputs).
 *
 * @param layers the layers, first to last; each takes what the one before gives
 * @param head what the outputs mean
 */
public record Mlp(List<Dense> layers, Head head) {
    /** Checks that the layers fit together. */
    public Mlp {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one dense layer");
        }
        long count = 0;
        for (int i = 0; i < layers.size(); i++) {
            final Dense layer = layers.get(i);
            if (i > 0 && layer.inputs() != layers.get(i - 1).outputs()) {
                throw new IllegalArgumentException("layer " + i + " takes " + layer.inputs() + " inputs, but layer "
                        + (i - 1) + " gives " + layers.get(i - 1).outputs());
            }
            count += layer.weights() + layer.outputs();
        }
        if (count > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "expected at most " + (Integer.MAX_VALUE - 16) + " parameters, got " + count);
        }
        if (head == Head.SOFTMAX && layers.getLast().outputs() < 2) {
            throw new IllegalArgumentException("softmax needs at least 2 outputs, got 1");
        }
    }

    /** Starts the description of a network that takes rows of {@code inputs} features. */
    public static Builder inputs(final int inputs) {
        return new Builder(inputs);
    }

    /** The number of features in each row. */
    public int inputs() {
        return layers.getFirst().inputs();
    }

    /** The number of outputs for each row. */
    public int outputs() {
        return layers.getLast().outputs();
    }

    /** The width of the widest layer's output. */
    public int widest() {
        return layers.stream().mapToInt(Dense::outputs).max().orElseThrow();
    }

    /** The number of parameters: all weights and biases. */
    public int parameterCount() {
        return weightOffset(layers.size());
    }

    /** Where the weights of a layer start in the flat array of {@link Parameters}. */
    public int weightOffset(final int layer) {
        int offset = 0;
        for (int i = 0; i < layer; i++) {
            offset += (int) layers.get(i).weights() + layers.get(i).outputs();
        }
        return offset;
    }

    /** Where the bias of a layer starts in the flat array of {@link Parameters}. */
    public int biasOffset(final int layer) {
        return weightOffset(layer) + (int) layers.get(layer).weights();
    }

    /** For people: {@code 784 → 256 relu → 10 softmax}. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder().append(inputs());
        for (final Dense layer : layers) {
            text.append(" → ").append(layer.outputs());
            if (layer.activation() != Activation.IDENTITY) {
                text.append(' ').append(Names.of(layer.activation()));
            }
        }
        return text.append(' ').append(Names.of(head)).toString();
    }

    /** Collects layers. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Dense> layers = new ArrayList<>();
        private int width;

        private Builder(final int inputs) {
            this.width = inputs;
        }

        /** Adds a layer of {@code outputs} units without an activation. */
        public Builder dense(final int outputs) {
            return dense(outputs, Activation.IDENTITY);
        }

        /** Adds a layer of {@code outputs} units. */
        public Builder dense(final int outputs, final Activation activation) {
            layers.add(new Dense(width, outputs, activation));
            width = outputs;
            return this;
        }

        /** A classifier: the outputs are class probabilities. */
        public Mlp softmax() {
            return new Mlp(layers, Head.SOFTMAX);
        }

        /** A regression: the outputs are values. */
        public Mlp linear() {
            return new Mlp(layers, Head.LINEAR);
        }
    }
}
