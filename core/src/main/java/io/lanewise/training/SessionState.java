package io.lanewise.training;

import io.lanewise.mlp.Parameters;
import java.util.Arrays;

/**
 * All that a {@link TrainingSession} carries from one step to the next: with it, another session with the same options
 * goes on to the bit. Immutable.
 */
public final class SessionState {
    private final Parameters parameters;
    private final Optimizer.Kind optimizer;
    private final float[] firstMoment;
    private final float[] secondMoment;
    private final long steps;

    private SessionState(
            final Parameters parameters,
            final Optimizer.Kind optimizer,
            final float[] firstMoment,
            final float[] secondMoment,
            final long steps) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.firstMoment = firstMoment;
        this.secondMoment = secondMoment;
        this.steps = steps;
    }

    /**
     * Copies the parts.
     *
     * @param optimizer whose moments they are
     * @param firstMoment one for each parameter: Adam's m, the velocity of others; or nothing
     * @param secondMoment one for each parameter: the mean of squares; or nothing
     * @param steps how many updates were made
     */
    public static SessionState of(
            final Parameters parameters,
            final Optimizer.Kind optimizer,
            final float[] firstMoment,
            final float[] secondMoment,
            final long steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("expected at least 0 steps, got " + steps);
        }
        return new SessionState(
                parameters,
                optimizer,
                checked("first", parameters, firstMoment),
                checked("second", parameters, secondMoment),
                steps);
    }

    private static float[] checked(final String name, final Parameters parameters, final float[] moment) {
        final int count = parameters.mlp().parameterCount();
        if (moment.length != 0 && moment.length != count) {
            throw new IllegalArgumentException(
                    "expected a " + name + " moment of " + count + " values or none, got " + moment.length);
        }
        return moment.clone();
    }

    /** The weights and biases. */
    public Parameters parameters() {
        return parameters;
    }

    /** The optimiser whose moments they are. */
    public Optimizer.Kind optimizer() {
        return optimizer;
    }

    /** A copy of Adam's m, or of the velocity; nothing where the optimiser has none. */
    public float[] firstMoment() {
        return firstMoment.clone();
    }

    /** A copy of the mean of squares; nothing where the optimiser has none. */
    public float[] secondMoment() {
        return secondMoment.clone();
    }

    /** How many updates were made. */
    public long steps() {
        return steps;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof SessionState that
                && parameters.equals(that.parameters)
                && optimizer == that.optimizer
                && Arrays.equals(firstMoment, that.firstMoment)
                && Arrays.equals(secondMoment, that.secondMoment)
                && steps == that.steps;
    }

    @Override
    public int hashCode() {
        return 31 * parameters.hashCode() + Long.hashCode(steps);
    }

    @Override
    public String toString() {
        return "state of " + parameters.mlp() + " after " + steps + " steps";
    }
}
