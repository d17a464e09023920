package io.lanewise.training;

/** How parameters follow from gradients. Defaults and formulas are PyTorch's, unless said otherwise. */
public sealed interface Optimizer {
    /** The step size. */
    float learningRate();

    /** Adam with PyTorch's defaults (β1 0.9, β2 0.999, ε 1e-8, no weight decay). */
    static Optimizer adam(final float learningRate) {
        return new Adam(learningRate, 0.9f, 0.999f, 1e-8f, 0f);
    }

    /** Stochastic gradient descent. */
    static Optimizer sgd(final float learningRate, final float momentum) {
        return new Sgd(learningRate, momentum, 0f);
    }

    /**
     * Stochastic gradient descent with momentum: {@code v = momentum · v + g + weightDecay · p},
     * {@code p = p − learningRate · v}.
     *
     * @param learningRate positive
     * @param momentum from 0 to below 1
     * @param weightDecay at least 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's SGD</a>
     */
    record Sgd(float learningRate, float momentum, float weightDecay) implements Optimizer {
        /** Checks the ranges. */
        public Sgd {
            positive("learning rate", learningRate);
            fraction("momentum", momentum);
            notNegative("weight decay", weightDecay);
        }
    }

    /**
     * Adam with decoupled weight decay (AdamW; Adam where the decay is 0).
     *
     * @param learningRate positive
     * @param beta1 from 0 to below 1
     * @param beta2 from 0 to below 1
     * @param epsilon positive
     * @param weightDecay at least 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html">PyTorch's AdamW</a>
     * @see io.lanewise.kernel.Kernels#adam
     */
    record Adam(float learningRate, float beta1, float beta2, float epsilon, float weightDecay) implements Optimizer {
        /** Checks the ranges. */
        public Adam {
            positive("learning rate", learningRate);
            fraction("beta1", beta1);
            fraction("beta2", beta2);
            positive("epsilon", epsilon);
            notNegative("weight decay", weightDecay);
        }
    }

    private static void positive(final String name, final float value) {
        if (!(value > 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a positive " + name + ", got " + value);
        }
    }

    private static void notNegative(final String name, final float value) {
        if (!(value >= 0 && value < Float.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a " + name + " of at least 0, got " + value);
        }
    }

    private static void fraction(final String name, final float value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("expected a " + name + " from 0 to below 1, got " + value);
        }
    }
}
