package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Job;

/**
 * Takes the time of a call and computes nothing. Its latencies are those of the machine: what a pause of the virtual
 * machine or another process adds to a call of that length, whoever makes it.
 */
record Wait(double nanos) implements Job {
    /** Its name among the contestants. */
    static final String NAME = "(a wait)";

    @Override
    public void run(final int calls) {
        for (int call = 0; call < calls; call++) {
            final long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {}
        }
    }

    @Override
    public float[] result() {
        throw new IllegalStateException("a wait has no result");
    }
}
