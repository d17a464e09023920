package io.lanewise.bench.contest;

/** A case made ready by one contestant. The loop over calls is its own, so that no virtual call is timed. */
public interface Job extends AutoCloseable {
    /** Computes the result so many times. */
    void run(int calls);

    /** A copy of the result, or the array that it is in: row-major. */
    float[] result();

    @Override
    default void close() {}
}
