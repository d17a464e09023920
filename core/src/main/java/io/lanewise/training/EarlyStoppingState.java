package io.lanewise.training;

/**
 * How far an {@link EarlyStopping} has come: what a run keeps between epochs, and writes into its checkpoints.
 * Immutable.
 *
 * @param best the lowest loss that was better than those before, infinite before the first; not NaN
 * @param bestEpoch the number of the epoch that had it, from 1; 0 before the first
 * @param epochsSince how many epochs followed that one, at least 0
 */
public record EarlyStoppingState(double best, int bestEpoch, int epochsSince) {
    /** Before the first epoch. */
    public static final EarlyStoppingState START = new EarlyStoppingState(Double.POSITIVE_INFINITY, 0, 0);

    /** Checks the ranges. */
    public EarlyStoppingState {
        if (Double.isNaN(best)) {
            throw new IllegalArgumentException("expected a best loss, got NaN");
        }
        if (bestEpoch < 0) {
            throw new IllegalArgumentException("expected a best epoch from 0 on, got " + bestEpoch);
        }
        if (epochsSince < 0) {
            throw new IllegalArgumentException("expected at least 0 epochs since the best, got " + epochsSince);
        }
    }

    /**
     * The state after one more epoch.
     *
     * @param loss the epoch's validation loss; NaN is never better
     */
    public EarlyStoppingState after(final EarlyStopping rule, final double loss) {
        final int since = Math.addExact(epochsSince, 1);
        return loss < best - rule.minimumDelta()
                ? new EarlyStoppingState(loss, Math.addExact(bestEpoch, since), 0)
                : new EarlyStoppingState(best, bestEpoch, since);
    }

    /** Whether the run ends here. */
    public boolean stops(final EarlyStopping rule) {
        return epochsSince > rule.patience();
    }
}
