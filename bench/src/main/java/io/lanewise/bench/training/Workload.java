package io.lanewise.bench.training;

import io.lanewise.mlp.Parameters;
import java.util.SplittableRandom;

/** A network with random weights and one batch: input from −1 to 1 and random labels, the same in every fork. */
public final class Workload {
    private static final long SEED = 1;

    private final Case problem;
    private final Parameters initial;
    private final float[] x; // (batch, inputs)
    private final int[] labels; // (batch)

    /** Makes the parameters and the batch. */
    Workload(final Case problem) {
        this.problem = problem;
        initial = Parameters.random(problem.net().mlp(), SEED);
        final SplittableRandom random = new SplittableRandom(SEED);
        x = new float[problem.batch() * initial.mlp().inputs()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        labels = random.ints(problem.batch(), 0, problem.net().outputs()).toArray();
    }

    /** The network, the batch and the optimiser. */
    public Case problem() {
        return problem;
    }

    /** Where training starts. */
    public Parameters initial() {
        return initial;
    }

    /** The input, (batch, inputs), row-major; not to be changed. */
    public float[] x() {
        return x;
    }

    /** The class of each row; not to be changed. */
    public int[] labels() {
        return labels;
    }
}
