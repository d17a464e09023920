package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Library;

/** A library that scores networks, to be compared. */
public interface Contestant extends Library {
    /** Whether to leave it out of a case, since one call would take too long. */
    default boolean skips(final Case inference) {
        return false;
    }

    /**
     * Makes what its calls need. Each call scores the whole batch; the result is (batch, outputs).
     *
     * @throws Exception if it cannot; the message is shown
     */
    Job prepare(Workload workload) throws Exception;
}
