package io.lanewise.training;

/**
 * How far a {@link Schedule.ReduceOnPlateau} has come: what a run keeps between epochs, and writes into its
 * checkpoints. Immutable.
 *
 * @param best the lowest loss that was better than those before, infinite before the first; not NaN
 * @param badEpochs how many epochs in a row were no better, at least 0
 * @param cooldown how many epochs from now on do not count against the patience, at least 0
 * @param rate the learning rate, positive
 */
public record PlateauState(double best, int badEpochs, int cooldown, double rate) {
    /** PyTorch's default for {@code eps}: a reduction by at most so much is not made. */
    private static final double LEAST_REDUCTION = 1e-8;

    /** Checks the ranges. */
    public PlateauState {
        if (Double.isNaN(best)) {
            throw new IllegalArgumentException("expected a best loss, got NaN");
        }
        if (badEpochs < 0) {
            throw new IllegalArgumentException("expected at least 0 bad epochs, got " + badEpochs);
        }
        if (cooldown < 0) {
            throw new IllegalArgumentException("expected a cooldown of at least 0 epochs, got " + cooldown);
        }
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a positive learning rate, got " + rate);
        }
    }

    /**
     * Before the first epoch.
     *
     * @param rate the optimiser's learning rate, positive
     */
    public static PlateauState start(final double rate) {
        return new PlateauState(Double.POSITIVE_INFINITY, 0, 0, rate);
    }

    /**
     * The state after one more epoch.
     *
     * @param loss the epoch's validation loss, at least 0; NaN is never better
     */
    public PlateauState after(final Schedule.ReduceOnPlateau rule, final double loss) {
        final boolean better = loss < best * (1 - rule.threshold());
        final double newBest = better ? loss : best;
        if (cooldown > 0) {
            return new PlateauState(newBest, 0, cooldown - 1, rate);
        }
        final int newBadEpochs = better ? 0 : Math.addExact(badEpochs, 1);
        if (newBadEpochs <= rule.patience()) {
            return new PlateauState(newBest, newBadEpochs, 0, rate);
        }
        final double reduced = StrictMath.max(rate * rule.factor(), rule.minimumRate());
        return new PlateauState(newBest, 0, rule.cooldown(), rate - reduced > LEAST_REDUCTION ? reduced : rate);
    }
}
