package io.lanewise.bench.training;

import io.lanewise.bench.contest.Library;

/** A library that trains networks, to be compared. */
public interface Contestant extends Library {
    /** Whether to leave it out of a case, since one step would take too long. */
    default boolean skips(final Case problem) {
        return false;
    }

    /**
     * Makes what its steps need: they start from the workload's parameters.
     *
     * @throws Exception if it cannot; the message is shown
     */
    Training prepare(Workload workload, float learningRate) throws Exception;
}
