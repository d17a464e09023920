package io.lanewise.training;

import io.lanewise.mlp.Names;

/**
 * How parameters follow from gradients. Definitions and defaults are PyTorch's; {@link io.lanewise.kernel.Kernels} has
 * the exact arithmetic.
 */
public sealed interface Optimizer {
    /** The optimisers; moments of one mean nothing to another. */
    enum Kind {
        /** {@link Adam}. */
        ADAM,
        /** {@link AdamW}. */
        ADAMW,
        /** {@link Sgd}. */
        SGD,
        /** {@link RmsProp}. */
        RMSPROP;

        /** As it is written in files and on the command line. */
        @Override
        public String toString() {
            return Names.of(this);
        }
    }

    /** Which of them it is. */
    default Kind kind() {
        return switch (this) {
            case Adam ignored -> Kind.ADAM;
            case AdamW ignored -> Kind.ADAMW;
            case Sgd ignored -> Kind.SGD;
            case RmsProp ignored -> Kind.RMSPROP;
        };
    }

    /** The step size, before any {@link Schedule}. */
    float learningRate();

    /** Adam with PyTorch's defaults (β1 0.9, β2 0.999, ε 1e-8, no weight decay). */
    static Optimizer adam(final float learningRate) {
        return new Adam(learningRate, 0.9f, 0.999f, 1e-8f, 0f);
    }

    /** AdamW with PyTorch's defaults (β1 0.9, β2 0.999, ε 1e-8, weight decay 0.01). */
    static Optimizer adamW(final float learningRate) {
        return new AdamW(learningRate, 0.9f, 0.999f, 1e-8f, 0.01f);
    }

    /** Stochastic gradient descent. */
    static Optimizer sgd(final float learningRate, final float momentum) {
        return new Sgd(learningRate, momentum, 0f, false);
    }

    /** RMSProp with PyTorch's defaults (α 0.99, ε 1e-8, no weight decay, no momentum, not centred). */
    static Optimizer rmsProp(final float learningRate) {
        return new RmsProp(learningRate, 0.99f, 1e-8f, 0f, 0f);
    }

    /**
     * Stochastic gradient descent with momentum: {@code v = momentum · v + g + weightDecay · p},
     * {@code p = p − learningRate · v}; by Nesterov {@code p = p − learningRate · (g + weightDecay · p + momentum · v)}.
     *
     * @param learningRate positive
     * @param momentum from 0 to below 1
     * @param weightDecay at least 0
     * @param nesterov whether to look ahead; needs a momentum above 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's SGD</a>
     */
    record Sgd(float learningRate, float momentum, float weightDecay, boolean nesterov) implements Optimizer {
        /** Checks the ranges. */
        public Sgd {
            Ranges.positive("learning rate", learningRate);
            Ranges.fraction("momentum", momentum);
            Ranges.notNegative("weight decay", weightDecay);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("Nesterov's momentum needs a momentum above 0");
            }
        }
    }

    /**
     * Adam. Weight decay is added to the gradient and goes through the moments: an L2 penalty.
     *
     * @param learningRate positive
     * @param beta1 from 0 to below 1
     * @param beta2 from 0 to below 1
     * @param epsilon positive
     * @param weightDecay at least 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html">PyTorch's Adam</a>
     */
    record Adam(float learningRate, float beta1, float beta2, float epsilon, float weightDecay) implements Optimizer {
        /** Checks the ranges. */
        public Adam {
            Ranges.positive("learning rate", learningRate);
            checkAdam(beta1, beta2, epsilon, weightDecay);
        }
    }

    /**
     * Adam with decoupled weight decay: parameters shrink by {@code learningRate · weightDecay} of themselves a step.
     *
     * @param learningRate positive
     * @param beta1 from 0 to below 1
     * @param beta2 from 0 to below 1
     * @param epsilon positive
     * @param weightDecay at least 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html">PyTorch's AdamW</a>
     */
    record AdamW(float learningRate, float beta1, float beta2, float epsilon, float weightDecay) implements Optimizer {
        /** Checks the ranges. */
        public AdamW {
            Ranges.positive("learning rate", learningRate);
            checkAdam(beta1, beta2, epsilon, weightDecay);
        }
    }

    /**
     * RMSProp, not centred: {@code v = α · v + (1 − α) · g²}, {@code p = p − learningRate · g / (√v + ε)}; with a
     * momentum, {@code m = momentum · m + g / (√v + ε)} and {@code p = p − learningRate · m}.
     *
     * @param learningRate positive
     * @param alpha α, from 0 to below 1
     * @param epsilon positive
     * @param weightDecay at least 0; added to the gradient
     * @param momentum from 0 to below 1
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">PyTorch's RMSprop</a>
     */
    record RmsProp(float learningRate, float alpha, float epsilon, float weightDecay, float momentum)
            implements Optimizer {
        /** Checks the ranges. */
        public RmsProp {
            Ranges.positive("learning rate", learningRate);
            Ranges.fraction("alpha", alpha);
            Ranges.positive("epsilon", epsilon);
            Ranges.notNegative("weight decay", weightDecay);
            Ranges.fraction("momentum", momentum);
        }
    }

    private static void checkAdam(final float beta1, final float beta2, final float epsilon, final float weightDecay) {
        Ranges.fraction("beta1", beta1);
        Ranges.fraction("beta2", beta2);
        Ranges.positive("epsilon", epsilon);
        Ranges.notNegative("weight decay", weightDecay);
    }
}
