package io.lanewise.mlp;

import io.lanewise.kernel.Activation;

/**
 * A fully connected layer: {@code Y = activation(X · W + b)}, X (batch, inputs), W (inputs, outputs), b (outputs).
 *
 * @param inputs the width of X, at least 1
 * @param outputs the width of Y, at least 1
 * @param activation what is applied to each element
 */
public record Dense(int inputs, int outputs, Activation activation) {
    /** The largest width of a layer: products of two of them stay far from overflow. */
    public static final int MAX_WIDTH = 1 << 20;

    /** Checks the sizes. */
    public Dense {
        checkWidth("inputs", inputs);
        checkWidth("outputs", outputs);
    }

    private static void checkWidth(final String name, final int width) {
        if (width < 1 || width > MAX_WIDTH) {
            throw new IllegalArgumentException("expected 1 to " + MAX_WIDTH + " " + name + ", got " + width);
        }
    }

    /** The number of weights. */
    public long weights() {
        return (long) inputs * outputs;
    }
}
