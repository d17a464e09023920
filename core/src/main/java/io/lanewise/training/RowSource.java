package io.lanewise.training;

import java.io.Closeable;
import java.io.IOException;

/**
 * Rows to learn from that need not fit in memory: they are read from the start in each epoch, by
 * {@link Trainer#fit(RowSource)}. Each pass has to give the same rows in the same order.
 */
public interface RowSource {
    /** The number of features of each row. */
    int features();

    /** The number of classes, or of target values for each row. */
    int outputs();

    /** Whether each row has a class, rather than target values. */
    boolean isClassification();

    /** The number of rows of each pass. */
    long rows();

    /** Starts a pass. */
    Cursor open() throws IOException;

    /** One pass over the rows. */
    interface Cursor extends Closeable {
        /**
         * Reads the next rows.
         *
         * @param max how many rows at most, at least 1
         * @param x (max, features), row-major from {@code xOffset}, output
         * @param labels (max) from {@code labelsOffset}, output; empty for rows with target values
         * @param targets (max, outputs), row-major from {@code targetsOffset}, output; empty for rows with a class
         * @return how many rows were read, from 1 to {@code max}; 0 at the end. A source that gives more rows than
         *     {@link RowSource#rows} says, or than it was asked for, is refused
         */
        int read(int max, float[] x, int xOffset, int[] labels, int labelsOffset, float[] targets, int targetsOffset)
                throws IOException;
    }
}
