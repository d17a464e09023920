package io.lanewise.bench.training;

import io.lanewise.bench.contest.WrongResult;
import java.util.Locale;

/**
 * What a few steps of a workload have to come to: computed by the scalar reference, or, where that would take too long,
 * by Lanewise.
 */
final class Check {
    /** Enough for Adam's moments and the correction of their bias to matter. */
    private static final int STEPS = 3;

    /** Of the loss: sums in another order, and what follows from the other parameters. */
    private static final double LOSS_TOLERANCE = 3e-4;

    /** Some seconds of the scalar reference. */
    private static final double SCALAR_FLOPS = 5e9;

    private final Workload workload;
    private final float[] parameters;
    private final double loss;

    /** Computes what is expected. */
    Check(final Workload workload) {
        this.workload = workload;
        final boolean affordable = STEPS * workload.problem().flops() <= SCALAR_FLOPS;
        final SessionContestant oracle = affordable ? SessionContestant.scalar() : SessionContestant.best();
        try (Training training = oracle.prepare(workload, learningRate())) {
            training.run(STEPS);
            parameters = training.result();
            loss = training.loss();
        }
    }

    /** The learning rate of the steps. */
    float learningRate() {
        return workload.problem().method().learningRate();
    }

    /**
     * Takes the steps, and compares.
     *
     * @param training new, of this learning rate
     * @param exact whether the bits have to be equal
     */
    void run(final Training training, final boolean exact) throws WrongResult {
        training.run(STEPS);
        compare(training.result(), training.loss(), exact);
    }

    /** Compares parameters and the last loss with what is expected. */
    void compare(final float[] theirs, final double theirLoss, final boolean exact) throws WrongResult {
        if (theirs.length != parameters.length) {
            throw new WrongResult("there are " + theirs.length + " parameters, expected " + parameters.length);
        }
        if (!(Math.abs(theirLoss - loss) <= (exact ? 0 : LOSS_TOLERANCE * loss))) {
            throw new WrongResult("the loss of step " + STEPS + " is " + theirLoss + ", expected " + loss);
        }
        if (exact) {
            for (int i = 0; i < theirs.length; i++) {
                if (Float.floatToIntBits(theirs[i]) != Float.floatToIntBits(parameters[i])) {
                    throw new WrongResult("parameter " + i + " is " + theirs[i] + " after " + STEPS
                            + " steps, expected " + parameters[i]);
                }
            }
            return;
        }
        final double tolerance = workload.problem().method().tolerance();
        final double apart =
                distance(theirs, parameters) / distance(workload.initial().toArray(), parameters);
        if (!(apart <= tolerance)) {
            throw new WrongResult(String.format(
                    Locale.ROOT,
                    "after %d steps its parameters are as far from the expected ones as %.2g of the way they have gone,"
                            + " expected at most %.2g",
                    STEPS,
                    apart,
                    tolerance));
        }
    }

    private static double distance(final float[] a, final float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            final double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
