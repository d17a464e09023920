package io.lanewise.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Rows of features in memory, with labels if they have any. The arrays are given as they are, not copied. */
public final class Table {
    private static final int MAX_VALUES = Integer.MAX_VALUE - 16;
    private static final int CHUNK_VALUES = 1 << 16;

    private final Path file;
    private final int features;
    private final List<String> featureNames;
    private final boolean hasLabels;
    private final String labelName;
    private final List<String> labels; // (rows), or empty
    private final long[] lines; // (rows), or empty
    private final int rows;
    private final float[] x; // (rows, features)

    private Table(
            final RowReader reader, final List<String> labels, final long[] lines, final int rows, final float[] x) {
        this.file = reader.file();
        this.features = reader.features();
        this.featureNames = reader.featureNames();
        this.hasLabels = reader.hasLabels();
        this.labelName = reader.labelName();
        this.labels = Collections.unmodifiableList(labels);
        this.lines = lines;
        this.rows = rows;
        this.x = x;
    }

    /**
     * Reads all rows that a reader has left. Memory grows with what is read, not with what a header promises.
     *
     * @throws FormatException if the content is wrong, or more than 2³¹ − 17 values
     * @throws IOException if the file cannot be read
     */
    public static Table readAll(final RowReader reader) throws IOException {
        final int features = reader.features();
        final int chunk = Math.max(1, CHUNK_VALUES / features);
        final List<String> labels = new ArrayList<>();
        long[] lines = {};
        float[] x = new float[firstLength(reader, chunk)];
        int rows = 0;
        while (true) {
            if (x.length - rows * features < features) {
                if (reader.rows().isPresent() && rows == reader.rows().getAsInt()) {
                    break;
                }
                x = Arrays.copyOf(x, grown(reader, x.length));
            }
            final int room = Math.min(chunk, x.length / features - rows);
            final int count = reader.read(x, rows * features, room);
            if (count == 0) {
                break;
            }
            labels.addAll(reader.labels());
            if (reader.hasLabels() && reader.line(0) > 0) {
                lines = ensureLength(lines, rows + count);
                for (int i = 0; i < count; i++) {
                    lines[rows + i] = reader.line(i);
                }
            }
            rows += count;
        }
        return new Table(reader, labels, lines, rows, trimmed(x, rows * features));
    }

    private static int firstLength(final RowReader reader, final int chunk) throws FormatException {
        final long length = reader.rows().orElse(chunk) * (long) reader.features();
        checkLength(reader, length);
        return (int) length;
    }

    private static int grown(final RowReader reader, final int length) throws FormatException {
        checkLength(reader, (long) length + reader.features());
        return (int) Math.max((long) length + reader.features(), Math.min(2L * length, MAX_VALUES));
    }

    private static void checkLength(final RowReader reader, final long length) throws FormatException {
        if (length > MAX_VALUES) {
            throw new FormatException(
                    reader.file(),
                    "expected at most " + MAX_VALUES + " values to be held in memory, got more: use fewer rows");
        }
    }

    private static long[] ensureLength(final long[] lines, final int length) {
        return length <= lines.length ? lines : Arrays.copyOf(lines, Math.max(length, 2 * lines.length));
    }

    private static float[] trimmed(final float[] x, final int length) {
        return x.length == length ? x : Arrays.copyOf(x, length);
    }

    /** The number of rows, at least 1. */
    public int rows() {
        return rows;
    }

    /** The number of features of each row. */
    public int features() {
        return features;
    }

    /** The features (rows, features), row-major: the array itself. */
    public float[] x() {
        return x;
    }

    /** One name for each feature, or none. */
    public List<String> featureNames() {
        return featureNames;
    }

    /** Whether each row has a label. */
    public boolean hasLabels() {
        return hasLabels;
    }

    /** What the label is called, or empty. */
    public String labelName() {
        return labelName;
    }

    /** The label of each row as it is written, or none. */
    public List<String> labels() {
        return labels;
    }

    /**
     * All labels, each once: in the order of the numbers where all are whole numbers, in that of their characters
     * otherwise. A label's place in the list is the number of its class.
     */
    public List<String> classes() {
        return Classes.ordered(labels);
    }

    /**
     * The labels as whole numbers, (rows), a new array.
     *
     * @throws FormatException if one is not a whole number that fits an {@code int}; it names the first such row
     */
    public int[] labelNumbers() throws FormatException {
        final int[] numbers = new int[labels.size()];
        for (int i = 0; i < numbers.length; i++) {
            try {
                numbers[i] = Integer.parseInt(labels.get(i));
            } catch (final NumberFormatException e) {
                throw Labels.wrong(
                        "expected a whole number, got " + Quoted.of(labels.get(i)), file, labelName, line(i), i + 1L);
            }
        }
        return numbers;
    }

    /**
     * The labels as numbers to predict, (rows), a new array.
     *
     * @throws FormatException if one is not a finite number; it names the first such row
     */
    public float[] targets() throws FormatException {
        final float[] targets = new float[labels.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = Labels.target(labels.get(i), file, labelName, line(i), i + 1L);
        }
        return targets;
    }

    /** Where a row starts, from 1; 0 where that is not known. */
    private long line(final int row) {
        return row < lines.length ? lines[row] : 0;
    }

    @Override
    public String toString() {
        return "Table of " + rows + " rows and " + features + " features";
    }
}
