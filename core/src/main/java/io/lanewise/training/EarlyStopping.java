package io.lanewise.training;

/**
 * When to stop a run whose validation loss has stopped falling. An {@link EarlyStoppingState} follows the losses.
 *
 * <p>An epoch is better if {@code loss < best − minimumDelta}. Patience means what it does in
 * {@link Schedule.ReduceOnPlateau}: with 0 the first epoch that is no better ends the run. (In Keras 1 does that too:
 * subtract 1 from a patience of Keras.)
 *
 * @param patience how many epochs in a row may be no better, at least 0; the next one ends the run
 * @param minimumDelta by how much a better loss is lower than the best one, at least 0, in units of the loss
 * @see <a href="https://doi.org/10.1007/3-540-49430-8_3">Prechelt: Early stopping — but when? (1998)</a>
 * @see <a href="https://keras.io/api/callbacks/early_stopping/">Keras' EarlyStopping</a>
 */
public record EarlyStopping(int patience, double minimumDelta) {
    /** Checks the ranges. */
    public EarlyStopping {
        if (patience < 0) {
            throw new IllegalArgumentException("expected a patience of at least 0 epochs, got " + patience);
        }
        if (!(minimumDelta >= 0 && minimumDelta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a minimum delta of at least 0, got " + minimumDelta);
        }
    }
}
