package io.lanewise.bench.gemm;

/**
 * An implementation of matrix multiplication to be compared. Those outside the project are found by
 * {@link java.util.ServiceLoader}; a constructor must not load the library, since it may be missing.
 */
public interface Contestant {
    /** The heading of its column. */
    String name();

    /** What it stands for in the comparison. */
    Role role();

    /**
     * Loads the library and sets its number of threads.
     *
     * @return its version, and which code it chose for this CPU where it tells
     * @throws Exception (or an error) if it cannot be used here; the message is shown
     */
    String open(int threads) throws Exception;

    /** Whether to leave it out of a problem, since one call would take too long. */
    default boolean skips(final Problem problem) {
        return false;
    }

    /** Makes what its calls need. */
    Job prepare(Operands operands);

    /** The parts in the comparison. */
    enum Role {
        /** The measure of what the CPU could do. */
        PEAK,
        /** Lanewise's product, B packed in each call. */
        LANEWISE,
        /** Lanewise's product, B packed beforehand. */
        PREPACKED,
        /** Another implementation in Java. */
        JAVA,
        /** A native library that Lanewise has to beat. */
        NATIVE
    }

    /** A problem made ready. The loop over calls is in the contestant, so that no virtual call is timed. */
    interface Job extends AutoCloseable {
        /** Computes the product so many times. */
        void run(int calls);

        /** C, {@code m × n}. */
        float[] result();

        /** Floating-point operations of a call. */
        double flops();

        @Override
        default void close() {}
    }
}
