package io.lanewise.bench.training;

import io.lanewise.bench.contest.Job;

/**
 * A case made ready by one contestant: each call is a step on the same batch. The result is the parameters as they are,
 * in the layout of {@link io.lanewise.mlp.Parameters}.
 */
public interface Training extends Job {
    /** The mean loss of the batch in the last step, before its update. */
    double loss();
}
