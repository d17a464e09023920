package io.lanewise.training;

import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Names;
import java.util.List;

/**
 * What training makes small: the mean over the rows of a batch, each row counted by its weight where rows have weights.
 * Definitions and defaults are PyTorch's.
 */
public sealed interface Loss {
    /** The loss that belongs to a head: cross-entropy, binary cross-entropy, or the squared error. */
    static Loss of(final Head head) {
        return switch (head) {
            case SOFTMAX, LOG_SOFTMAX -> crossEntropy();
            case SIGMOID -> new BinaryCrossEntropy();
            case LINEAR -> new SquaredError();
        };
    }

    /** Cross-entropy, all classes counted alike. */
    static Loss crossEntropy() {
        return new CrossEntropy(0f, List.of());
    }

    /**
     * Cross-entropy of the softmax of the outputs, in nats. With smoothing ε and C classes, the truth of a row of class
     * y is {@code 1 − ε + ε / C} for y and {@code ε / C} for the others; class weights multiply its elements, and the
     * mean is taken by the weights of the rows' classes. Where rows have target values instead of a class, those are the
     * truth, and the mean is taken over the rows.
     *
     * @param labelSmoothing ε, from 0 to below 1
     * @param classWeights one for each class, at least 0; or none
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">PyTorch's
     *     CrossEntropyLoss</a>
     * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. 2015, for smoothing</a>
     */
    record CrossEntropy(float labelSmoothing, List<Float> classWeights) implements Loss {
        /** Checks the ranges, copies the weights. */
        public CrossEntropy {
            Ranges.fraction("label smoothing", labelSmoothing);
            classWeights = List.copyOf(classWeights);
            classWeights.forEach(weight -> Ranges.notNegative("class weight", weight));
            if (!classWeights.isEmpty() && classWeights.stream().allMatch(weight -> weight == 0)) {
                throw new IllegalArgumentException("expected class weights, at least one above 0, got " + classWeights);
            }
        }

        /** Whether the plain kernel of labels does: nothing is smoothed, and all classes count alike. */
        boolean isPlain() {
            return labelSmoothing == 0 && classWeights.isEmpty();
        }
    }

    /**
     * Binary cross-entropy of the sigmoid of each output, in nats, over all outputs.
     *
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">PyTorch's
     *     BCEWithLogitsLoss</a>
     */
    record BinaryCrossEntropy() implements Loss {}

    /**
     * The squared difference, over all outputs.
     *
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">PyTorch's MSELoss</a>
     */
    record SquaredError() implements Loss {}

    /**
     * The absolute difference, over all outputs.
     *
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html">PyTorch's L1Loss</a>
     */
    record AbsoluteError() implements Loss {}

    /**
     * Half the squared difference up to δ, {@code δ (|d| − δ / 2)} beyond; over all outputs.
     *
     * @param delta δ, positive; where a {@link Trainer} standardises targets, in their standard deviations
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">PyTorch's HuberLoss</a>
     */
    record Huber(float delta) implements Loss {
        /** PyTorch's default. */
        public static final float DEFAULT_DELTA = 1f;

        /** Checks δ. */
        public Huber {
            Ranges.positive("delta", delta);
        }
    }

    /** What it is called in a sentence. */
    static String name(final Loss loss) {
        return switch (loss) {
            case CrossEntropy ignored -> "cross-entropy";
            case BinaryCrossEntropy ignored -> "binary cross-entropy";
            case SquaredError ignored -> "the squared error";
            case AbsoluteError ignored -> "the absolute error";
            case Huber ignored -> "Huber's error";
        };
    }

    /** Refuses a loss that does not fit what a network's outputs mean. */
    static void requireFits(final Loss loss, final Mlp mlp) {
        final boolean fits = switch (loss) {
            case CrossEntropy ignored -> mlp.head().isClassifier();
            case BinaryCrossEntropy ignored -> mlp.head() == Head.SIGMOID;
            case SquaredError ignored -> mlp.head() == Head.LINEAR;
            case AbsoluteError ignored -> mlp.head() == Head.LINEAR;
            case Huber ignored -> mlp.head() == Head.LINEAR;
        };
        if (!fits) {
            throw new IllegalArgumentException("a network with a " + Names.of(mlp.head()) + " head is not trained with "
                    + name(loss) + ", but with " + name(of(mlp.head())));
        }
        if (loss instanceof CrossEntropy entropy
                && !entropy.classWeights().isEmpty()
                && entropy.classWeights().size() != mlp.outputs()) {
            throw new IllegalArgumentException("expected " + mlp.outputs() + " class weights, got "
                    + entropy.classWeights().size());
        }
    }
}
