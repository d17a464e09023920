package io.lanewise.mlp;

import io.lanewise.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The architecture of a multi-layer perceptron: its layers and its head, without weights. Immutable.
 *
 * <pre>{@code
 * Mlp mlp = Mlp.inputs(784).dense(256, Activation.RELU).dense(10).softmax();
 * }</pre>
 *
 * <p>It also fixes the layout of {@link Parameters}, one flat array: the tensors of each layer in turn, as
 * {@link Layer#tensors} lists them; of a dense layer its weights, row-major (inputs, outputs), then its bias (outputs).
 *
 * @param layers the layers, first to last; each takes what the one before gives
 * @param head what the outputs mean
 */
public record Mlp(List<Layer> layers, Head head) {
    /** The most layers: more than any network has, so that a damaged file cannot ask for too much work. */
    public static final int MAX_LAYERS = 10_000;

    /** Checks that the layers fit together. */
    public Mlp {
        layers = List.copyOf(layers);
        if (layers.size() > MAX_LAYERS) {
            throw new IllegalArgumentException("expected at most " + MAX_LAYERS + " layers, got " + layers.size());
        }
        if (layers.stream().noneMatch(Dense.class::isInstance)) {
            throw new IllegalArgumentException("a network needs at least one dense layer");
        }
        long count = 0;
        for (int i = 0; i < layers.size(); i++) {
            final Layer layer = layers.get(i);
            if (i > 0 && layer.inputs() != layers.get(i - 1).outputs()) {
                throw new IllegalArgumentException("layer " + i + " takes " + layer.inputs() + " inputs, but layer "
                        + (i - 1) + " gives " + layers.get(i - 1).outputs());
            }
            if (layer instanceof Add add) {
                checkAdd(layers, i, add);
            }
            count += layer.parameterCount();
        }
        if (count > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "expected at most " + (Integer.MAX_VALUE - 16) + " parameters, got " + count);
        }
        final int outputs = layers.getLast().outputs();
        if ((head == Head.SOFTMAX || head == Head.LOG_SOFTMAX) && outputs < 2) {
            throw new IllegalArgumentException("softmax needs at least 2 outputs, got 1");
        }
    }

    private static void checkAdd(final List<Layer> layers, final int i, final Add add) {
        if (add.from() >= i) {
            throw new IllegalArgumentException(
                    "layer " + i + " adds what layer " + add.from() + " gives, which is not an earlier one");
        }
        final int other = add.from() == Add.INPUT
                ? layers.getFirst().inputs()
                : layers.get(add.from()).outputs();
        if (other != add.width()) {
            throw new IllegalArgumentException("layer " + i + " adds " + other + " values to " + add.width());
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
        return layers.stream().mapToInt(Layer::outputs).max().orElseThrow();
    }

    /** The number of parameters: all weights, biases and what else layers have. */
    public int parameterCount() {
        return parameterOffset(layers.size());
    }

    /** Where the parameters of a layer start, of a dense one its weights, in the flat array of {@link Parameters}. */
    public int parameterOffset(final int layer) {
        int offset = 0;
        for (int i = 0; i < layer; i++) {
            offset += (int) layers.get(i).parameterCount();
        }
        return offset;
    }

    /**
     * Where the bias of a layer starts in the flat array of {@link Parameters}.
     *
     * @throws IllegalArgumentException if the layer has none
     */
    public int biasOffset(final int layer) {
        final int weights = switch (layers.get(layer)) {
            case Dense dense -> (int) dense.weights();
            case LayerNorm norm -> norm.width();
            case BatchNorm norm -> norm.width();
            case ActivationLayer f -> throw withoutBias(layer, f);
            case Dropout dropout -> throw withoutBias(layer, dropout);
            case Add add -> throw withoutBias(layer, add);
        };
        return parameterOffset(layer) + weights;
    }

    private static IllegalArgumentException withoutBias(final int number, final Layer layer) {
        return new IllegalArgumentException("layer " + number + " has no bias: " + layer);
    }

    /** For people: {@code 784 → 256 relu → 10 softmax}. */
    @Override
    public String toString() {
        return text(inputs(), layers) + ' ' + Names.of(head);
    }

    private static String text(final int inputs, final List<Layer> layers) {
        final StringBuilder text = new StringBuilder().append(inputs);
        for (final Layer layer : layers) {
            switch (layer) {
                case Dense dense -> {
                    text.append(" → ").append(dense.outputs());
                    if (dense.activation() != Activation.IDENTITY) {
                        text.append(' ').append(Names.of(dense.activation()));
                    }
                }
                case LayerNorm ignored -> text.append(" layer-norm");
                case BatchNorm ignored -> text.append(" batch-norm");
                case ActivationLayer f -> text.append(' ').append(Names.of(f.activation()));
                case Dropout dropout -> text.append(" dropout ").append(dropout.rate());
                case Add add ->
                    text.append(add.from() == Add.INPUT ? " + input" : " + layer ")
                            .append(add.from() == Add.INPUT ? "" : add.from());
            }
        }
        return text.toString();
    }

    /** Collects layers. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Layer> layers = new ArrayList<>();
        private final int inputs;
        private int width;

        private Builder(final int inputs) {
            this.inputs = inputs;
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

        /** Normalises rows, with the usual ε of 1e-5. */
        public Builder layerNorm() {
            layers.add(new LayerNorm(width, LayerNorm.DEFAULT_EPSILON));
            return this;
        }

        /** Normalises columns, with the usual ε of 1e-5. */
        public Builder batchNorm() {
            layers.add(new BatchNorm(width, BatchNorm.DEFAULT_EPSILON));
            return this;
        }

        /** An activation on its own, as behind a normalisation. */
        public Builder activation(final Activation activation) {
            layers.add(new ActivationLayer(width, activation));
            return this;
        }

        /** Leaves out elements at random while training. */
        public Builder dropout(final float rate) {
            layers.add(new Dropout(width, rate));
            return this;
        }

        /**
         * A residual block: {@code y = x + block(x)}. The block has to give as many values as it takes.
         *
         * <pre>{@code
         * Mlp.inputs(64).dense(256).residual(block -> block.layerNorm().dense(1024, GELU).dense(256)).dense(10)
         * }</pre>
         *
         * @throws IllegalArgumentException if the block gives another number of values
         */
        public Builder residual(final Consumer<Builder> block) {
            final int from = layers.size() - 1; // Add.INPUT at the start
            final int taken = width;
            block.accept(this);
            if (width != taken) {
                throw new IllegalArgumentException(
                        "expected a residual block that gives the " + taken + " values that it takes, got " + width);
            }
            layers.add(new Add(width, from));
            return this;
        }

        /** A classifier: the outputs are class probabilities. */
        public Mlp softmax() {
            return new Mlp(layers, Head.SOFTMAX);
        }

        /** A classifier: the outputs are the logarithms of class probabilities. */
        public Mlp logSoftmax() {
            return new Mlp(layers, Head.LOG_SOFTMAX);
        }

        /** Answers that do not exclude each other: each output is a probability of its own. */
        public Mlp sigmoid() {
            return new Mlp(layers, Head.SIGMOID);
        }

        /** A regression: the outputs are values. */
        public Mlp linear() {
            return new Mlp(layers, Head.LINEAR);
        }

        /** For people: {@code 784 → 256 relu → 10, without a head yet}. */
        @Override
        public String toString() {
            return text(inputs, layers) + ", without a head yet";
        }
    }
}
