package io.lanewise.formats;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads rows of features, some at a time, so that a file may be larger than the memory. Not safe for use by several
 * threads. After an exception nothing but {@link #close} is to be called.
 */
public interface RowReader extends Closeable {
    /** The file with the features. */
    Path file();

    /** The number of features of each row. */
    int features();

    /** One name for each feature, or none. */
    List<String> featureNames();

    /** Whether each row has a label. */
    boolean hasLabels();

    /** What the label is called, or empty. */
    String labelName();

    /** How many rows there are in all, if that is certain before they are read. */
    OptionalInt rows();

    /**
     * Reads the next rows.
     *
     * @param x takes the rows, each {@code features()} wide, one after the other
     * @param offset where in {@code x} the first one goes
     * @param maxRows how many rows to read at most, at least 1
     * @return the number of rows read: {@code maxRows}, or fewer when these are the last; 0 at the end
     * @throws FormatException if the content is wrong; it names the line or the row
     * @throws IOException if the file cannot be read
     */
    int read(float[] x, int offset, int maxRows) throws IOException;

    /** The labels of the rows that were read last, in their order, or none. The next reading changes the list. */
    List<String> labels();

    /**
     * The line of the file, counted from 1, where a row starts.
     *
     * @param row one of the rows that were read last, counted from 0
     * @return 0 where a file has no lines
     */
    long line(int row);
}
