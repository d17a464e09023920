package io.lanewise.training;

/**
 * What a training run is told. Immutable; each {@code with…} gives a changed copy.
 *
 * @param epochs how often all rows are seen, at least 1
 * @param batchSize rows in each step, at least 1; the last step of an epoch may have fewer
 * @param optimizer how parameters follow from gradients
 * @param seed decides the initial weights, the held-out rows and the order of rows
 * @param scaling how features are standardised
 */
public record TrainingOptions(int epochs, int batchSize, Optimizer optimizer, long seed, Scaling scaling) {
    /** Checks the ranges. */
    public TrainingOptions {
        if (epochs < 1) {
            throw new IllegalArgumentException("expected at least 1 epoch, got " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("expected batches of at least 1 row, got " + batchSize);
        }
    }

    /** 20 epochs, batches of 32, Adam at 0.001, seed 0, each feature standardised. */
    public static TrainingOptions defaults() {
        return new TrainingOptions(20, 32, Optimizer.adam(1e-3f), 0, Scaling.PER_FEATURE);
    }

    /** A copy with another number of epochs. */
    public TrainingOptions withEpochs(final int newEpochs) {
        return new TrainingOptions(newEpochs, batchSize, optimizer, seed, scaling);
    }

    /** A copy with another batch size. */
    public TrainingOptions withBatchSize(final int newBatchSize) {
        return new TrainingOptions(epochs, newBatchSize, optimizer, seed, scaling);
    }

    /** A copy with another optimiser. */
    public TrainingOptions withOptimizer(final Optimizer newOptimizer) {
        return new TrainingOptions(epochs, batchSize, newOptimizer, seed, scaling);
    }

    /** A copy with another seed. */
    public TrainingOptions withSeed(final long newSeed) {
        return new TrainingOptions(epochs, batchSize, optimizer, newSeed, scaling);
    }

    /** A copy with another scaling. */
    public TrainingOptions withScaling(final Scaling newScaling) {
        return new TrainingOptions(epochs, batchSize, optimizer, seed, newScaling);
    }
}
