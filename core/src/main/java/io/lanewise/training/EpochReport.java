package io.lanewise.training;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one epoch gave. */
public final class EpochReport {
    private final int epoch;
    private final double loss;
    private final @Nullable Evaluation validation;
    private final double rowsPerSecond;

    EpochReport(final int epoch, final double loss, final @Nullable Evaluation validation, final double rowsPerSecond) {
        this.epoch = epoch;
        this.loss = loss;
        this.validation = validation;
        this.rowsPerSecond = rowsPerSecond;
    }

    /** The number of the epoch, from 1. */
    public int epoch() {
        return epoch;
    }

    /** The mean loss of the training rows while they were learnt from; a regression's is in standardised units. */
    public double loss() {
        return loss;
    }

    /** How the model did on the validation rows after this epoch, if there are any. */
    public Optional<Evaluation> validation() {
        return Optional.ofNullable(validation);
    }

    /** How many rows were learnt from in a second, validation not counted. */
    public double rowsPerSecond() {
        return rowsPerSecond;
    }
}
