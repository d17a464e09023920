package io.lanewise.training;

import org.jspecify.annotations.Nullable;

/** The rows of an epoch in the order in which they are learnt from, batch by batch, as the network sees them. */
interface Batches extends AutoCloseable {
    /** The rows of an epoch. */
    long rows();

    /**
     * Starts an epoch.
     *
     * @param epoch its number, from 1
     * @param skip how many of its rows were learnt from already
     */
    void start(int epoch, long skip);

    /** Moves to the next batch; gives its number of rows, 0 at the end of the epoch. */
    int next();

    /** The features (rows, features). */
    float[] x();

    /** The classes (rows); nothing where rows have target values. */
    int[] labels();

    /** The target values (rows, outputs); nothing where rows have a class. */
    float[] targets();

    /** How much each row counts (rows), or null where all count alike. */
    float @Nullable [] weights();

    @Override
    void close();
}
