package io.lanewise.training;

/** How gradients are kept from growing too large before they are used. */
public sealed interface Clipping {
    /** Not at all. */
    record None() implements Clipping {}

    /**
     * All gradients together, by their Euclidean norm: they are multiplied with {@code limit / (norm + 1e-6)} where that
     * is below 1. The norm's squares are added in runs of 4,096 parameters as row reductions, the runs in order in
     * {@code double}.
     *
     * @param limit positive
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html">PyTorch's
     *     clip_grad_norm_</a>
     */
    record Norm(float limit) implements Clipping {
        /** Checks the limit. */
        public Norm {
            Ranges.positive("limit of the gradient's norm", limit);
        }
    }

    /**
     * Each gradient to ±limit.
     *
     * @param limit positive
     */
    record Value(float limit) implements Clipping {
        /** Checks the limit. */
        public Value {
            Ranges.positive("limit of gradients", limit);
        }
    }

    /** Gradients as they are. */
    static Clipping none() {
        return new None();
    }
}
