package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Library;

/** An implementation of matrix multiplication to be compared. */
public interface Contestant extends Library {
    /** Whether to leave it out of a problem, since one call would take too long. */
    default boolean skips(final Problem problem) {
        return false;
    }

    /** Makes what its calls need. */
    Job prepare(Operands operands);

    /** A problem made ready: its result is C, {@code m × n}. */
    interface Job extends io.lanewise.bench.contest.Job {
        /** Floating-point operations of a call. */
        double flops();
    }
}
