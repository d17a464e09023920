package io.lanewise.training;

import io.lanewise.mlp.Initialization;
import io.lanewise.mlp.Mlp;
import org.jspecify.annotations.Nullable;

/**
 * What a training run is told. Immutable; each {@code with…} gives a changed copy.
 *
 * @param epochs how often all rows are seen, at least 1
 * @param batchSize rows in each step, at least 1; the last step of an epoch may have fewer
 * @param optimizer how parameters follow from gradients
 * @param seed decides the initial weights, the held-out rows, the order of rows, and what a dropout leaves out
 * @param scaling how features are standardised
 * @param loss what is made small; null for what belongs to the network's head
 * @param schedule how the learning rate follows from the progress of training
 * @param clipping how gradients are kept from growing too large
 * @param earlyStopping when to stop, and to go back to the best epoch; null for never
 * @param initialization the size of the initial weights
 */
public record TrainingOptions(
        int epochs,
        int batchSize,
        Optimizer optimizer,
        long seed,
        Scaling scaling,
        @Nullable Loss loss,
        Schedule schedule,
        Clipping clipping,
        @Nullable EarlyStopping earlyStopping,
        Initialization initialization) {
    /** Checks the ranges. */
    public TrainingOptions {
        if (epochs < 1) {
            throw new IllegalArgumentException("expected at least 1 epoch, got " + epochs);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("expected batches of at least 1 row, got " + batchSize);
        }
    }

    /** 20 epochs, batches of 32, Adam at 0.001, seed 0, each feature standardised, and nothing else. */
    public static TrainingOptions defaults() {
        return new TrainingOptions(
                20,
                32,
                Optimizer.adam(1e-3f),
                0,
                Scaling.PER_FEATURE,
                null,
                Schedule.constant(),
                Clipping.none(),
                null,
                Initialization.AUTO);
    }

    /** The loss that a network is trained with. */
    Loss lossOf(final Mlp mlp) {
        return loss == null ? Loss.of(mlp.head()) : loss;
    }

    /** A copy with another number of epochs. */
    public TrainingOptions withEpochs(final int newEpochs) {
        return new TrainingOptions(
                newEpochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another batch size. */
    public TrainingOptions withBatchSize(final int newBatchSize) {
        return new TrainingOptions(
                epochs,
                newBatchSize,
                optimizer,
                seed,
                scaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another optimiser. */
    public TrainingOptions withOptimizer(final Optimizer newOptimizer) {
        return new TrainingOptions(
                epochs,
                batchSize,
                newOptimizer,
                seed,
                scaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another seed. */
    public TrainingOptions withSeed(final long newSeed) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                newSeed,
                scaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another scaling. */
    public TrainingOptions withScaling(final Scaling newScaling) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                newScaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another loss, or null for that of the head. */
    public TrainingOptions withLoss(final @Nullable Loss newLoss) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                newLoss,
                schedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another schedule. */
    public TrainingOptions withSchedule(final Schedule newSchedule) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                loss,
                newSchedule,
                clipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another clipping. */
    public TrainingOptions withClipping(final Clipping newClipping) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                loss,
                schedule,
                newClipping,
                earlyStopping,
                initialization);
    }

    /** A copy with another rule to stop by, or null for none. */
    public TrainingOptions withEarlyStopping(final @Nullable EarlyStopping newEarlyStopping) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                loss,
                schedule,
                clipping,
                newEarlyStopping,
                initialization);
    }

    /** A copy with another initialisation. */
    public TrainingOptions withInitialization(final Initialization newInitialization) {
        return new TrainingOptions(
                epochs,
                batchSize,
                optimizer,
                seed,
                scaling,
                loss,
                schedule,
                clipping,
                earlyStopping,
                newInitialization);
    }
}
