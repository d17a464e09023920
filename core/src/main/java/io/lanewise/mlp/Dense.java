package io.lanewise.mlp;

import io.lanewise.kernel.Activation;
import java.util.List;

/**
 * A fully connected layer: {@code Y = activation(X · W + b)}, X (batch, inputs), W (inputs, outputs), b (outputs).
 *
 * @param inputs the width of X, at least 1
 * @param outputs the width of Y, at least 1
 * @param activation what is applied to each element
 */
public record Dense(int inputs, int outputs, Activation activation) implements Layer {
    /** The largest width of a layer: products of two of them stay far from overflow. */
    public static final int MAX_WIDTH = 1 << 20;

    /** Checks the sizes. */
    public Dense {
        Widths.check("inputs", inputs);
        Widths.check("outputs", outputs);
    }

    /** The number of weights. */
    public long weights() {
        return (long) inputs * outputs;
    }

    /** {@code weight} (inputs, outputs) and {@code bias} (outputs). */
    @Override
    public List<Tensor> tensors() {
        return List.of(new Tensor("weight", List.of(inputs, outputs)), new Tensor("bias", List.of(outputs)));
    }

    @Override
    public long parameterCount() {
        return weights() + outputs;
    }
}
