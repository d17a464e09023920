package io.lanewise.training;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one epoch gave. Immutable; equal to another if all numbers are, whether or not there is a {@link #validation}. */
public final class EpochReport {
    private final int epoch;
    private final double loss;
    private final double learningRate;
    private final double validationLoss;
    private final double validationScore;
    private final double rowsPerSecond;
    private final @Nullable Evaluation validation;

    private EpochReport(
            final int epoch,
            final double loss,
            final double learningRate,
            final double validationLoss,
            final double validationScore,
            final double rowsPerSecond,
            final @Nullable Evaluation validation) {
        this.epoch = epoch;
        this.loss = loss;
        this.learningRate = learningRate;
        this.validationLoss = validationLoss;
        this.validationScore = validationScore;
        this.rowsPerSecond = rowsPerSecond;
        this.validation = validation;
    }

    static EpochReport of(
            final int epoch,
            final double loss,
            final double learningRate,
            final double rowsPerSecond,
            final @Nullable Evaluation validation) {
        return new EpochReport(
                epoch,
                loss,
                learningRate,
                validation == null ? Double.NaN : validation.loss(),
                validation == null ? Double.NaN : validation.score(),
                rowsPerSecond,
                validation);
    }

    /** What is kept when the epoch is over: the numbers alone. */
    EpochReport withoutValidation() {
        return of(epoch, loss, learningRate, validationLoss, validationScore, rowsPerSecond);
    }

    /** A report from its numbers, as a checkpoint keeps them. */
    public static EpochReport of(
            final int epoch,
            final double loss,
            final double learningRate,
            final double validationLoss,
            final double validationScore,
            final double rowsPerSecond) {
        return new EpochReport(epoch, loss, learningRate, validationLoss, validationScore, rowsPerSecond, null);
    }

    /** The number of the epoch, from 1. */
    public int epoch() {
        return epoch;
    }

    /**
     * The mean loss of the training rows while they were learnt from, each counted by its weight and that of its class, as
     * {@link Loss} does: the sum of weighted losses over the sum of weights. A regression's is in standardised units.
     */
    public double loss() {
        return loss;
    }

    /** The learning rate of the epoch's last step. */
    public double learningRate() {
        return learningRate;
    }

    /** The mean loss of the validation rows after this epoch, see {@link Evaluation#loss}; NaN if there are none. */
    public double validationLoss() {
        return validationLoss;
    }

    /** How good the model was on the validation rows, see {@link Evaluation#score}; NaN if there are none. */
    public double validationScore() {
        return validationScore;
    }

    /**
     * How the model did on the validation rows after this epoch, in the report that {@link TrainingListener#onEpoch} is
     * given; nothing if there are none. The reports of a {@link TrainingResult}, and of a {@link TrainingState}, are
     * without: of a run of many epochs they would fill the memory. What is to be kept of it, a listener keeps.
     */
    public Optional<Evaluation> validation() {
        return Optional.ofNullable(validation);
    }

    /** How many rows were learnt from in a second, validation not counted; of the part since a run was resumed. */
    public double rowsPerSecond() {
        return rowsPerSecond;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof EpochReport that
                && epoch == that.epoch
                && Double.compare(loss, that.loss) == 0
                && Double.compare(learningRate, that.learningRate) == 0
                && Double.compare(validationLoss, that.validationLoss) == 0
                && Double.compare(validationScore, that.validationScore) == 0
                && Double.compare(rowsPerSecond, that.rowsPerSecond) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(epoch, loss, learningRate, validationLoss, validationScore, rowsPerSecond);
    }

    @Override
    public String toString() {
        return "epoch " + epoch + ": loss " + loss + ", validation loss " + validationLoss + ", validation score "
                + validationScore;
    }
}
