package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import org.jspecify.annotations.Nullable;

/** A layer to be, with parameters that may still change. */
sealed interface Step {
    /** Counts the steps of a model in the order in which they are made. */
    int number();

    /** The number of columns. */
    int width();

    /** The graph's inputs, side by side. */
    record Input(int number, int width) implements Step {}

    /** A layer that follows another step. */
    sealed interface Layer extends Step {
        /** What it takes. */
        Step x();
    }

    /**
     * x · W + b.
     *
     * @param weight (x.width, width)
     * @param bias (width)
     */
    record Dense(Step x, double[] weight, double[] bias, int number) implements Layer {
        @Override
        public int width() {
            return bias.length;
        }
    }

    record Activate(Step x, Activation activation, int number, int width) implements Layer {
        Activate(final Step x, final Activation activation, final int number) {
            this(x, activation, number, x.width()); // asked for once: chains are long
        }
    }

    /** weight and bias: (width) each. */
    record LayerNorm(Step x, double epsilon, double[] weight, double[] bias, int number) implements Layer {
        @Override
        public int width() {
            return bias.length;
        }
    }

    /** weight, bias, mean and variance: (width) each. */
    record BatchNorm(
            Step x, double epsilon, double[] weight, double[] bias, double[] mean, double[] variance, int number)
            implements Layer {
        @Override
        public int width() {
            return bias.length;
        }
    }

    /**
     * x + other.
     *
     * @param symbol for messages; null if both are of one symbol
     */
    record Add(Step x, Step other, @Nullable Symbol symbol, int number, int width) implements Layer {
        Add(final Step x, final Step other, final @Nullable Symbol symbol, final int number) {
            this(x, other, symbol, number, x.width());
        }
    }
}
