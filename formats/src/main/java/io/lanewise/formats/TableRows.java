package io.lanewise.formats;

import io.lanewise.training.RowSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a file to learn from that need not fit in memory: {@link io.lanewise.training.Trainer#fit(RowSource)} reads
 * the file again in each epoch, so it must not change meanwhile. Immutable, and safe to share.
 *
 * <pre>{@code
 * TableRows rows = TableRows.classification(CsvFile.of(Path.of("large.csv")).withLabel("species"));
 * Mlp mlp = Mlp.inputs(rows.features()).dense(64, Activation.RELU).dense(rows.outputs()).softmax();
 * Model model = Trainer.of(mlp, TrainingOptions.defaults()).fit(rows).model();
 * }</pre>
 */
public final class TableRows implements RowSource {
    private static final int BLOCK = 1024; // rows that are read at a time to look at them
    private static final int MAX_CLASSES = 1 << 16;

    private final TableSource source;
    private final boolean classification;
    private final int features;
    private final List<String> featureNames;
    private final String labelName;
    private final List<String> classes; // none for a regression
    private final long[] classRows; // (classes)
    private final Map<String, Integer> numbers = new HashMap<>(); // of the classes
    private final long rows;

    private TableRows(final TableSource source, final boolean classification) throws IOException {
        this.source = source;
        this.classification = classification;
        final Map<String, Long> counts = new HashMap<>(); // of the classes
        try (RowReader reader = source.open()) {
            this.features = reader.features();
            this.featureNames = reader.featureNames();
            this.labelName = reader.labelName();
            if (!reader.hasLabels()) {
                throw new FormatException(reader.file(), "expected labels to learn from, got none");
            }
            this.rows = look(reader, classification, counts);
        }
        this.classes = Classes.ordered(counts.keySet());
        this.classRows = new long[classes.size()];
        for (int c = 0; c < classRows.length; c++) {
            numbers.put(classes.get(c), c);
            classRows[c] = counts.getOrDefault(classes.get(c), 0L);
        }
    }

    private static long look(final RowReader reader, final boolean classification, final Map<String, Long> counts)
            throws IOException {
        final float[] x = new float[Math.multiplyExact(BLOCK, reader.features())];
        long rows = 0;
        for (int n = reader.read(x, 0, BLOCK); n > 0; n = reader.read(x, 0, BLOCK)) {
            for (int i = 0; i < n; i++) {
                if (classification) {
                    counts.merge(reader.labels().get(i), 1L, Long::sum);
                } else {
                    target(reader, i, rows + i + 1);
                }
            }
            if (counts.size() > MAX_CLASSES) {
                throw new FormatException(
                        reader.file(),
                        "expected at most " + MAX_CLASSES + " different labels to be taken for classes, got more");
            }
            rows += n;
        }
        return rows;
    }

    private static float target(final RowReader reader, final int i, final long row) throws FormatException {
        return Labels.target(reader.labels().get(i), reader.file(), reader.labelName(), reader.line(i), row);
    }

    /**
     * Rows with a class each. All rows are read once, to count them and to find the classes, which have the order of
     * {@link Table#classes}.
     *
     * @throws FormatException if the content is wrong, or there are no labels
     * @throws IOException if the file cannot be read
     */
    public static TableRows classification(final TableSource source) throws IOException {
        return new TableRows(source, true);
    }

    /**
     * Rows with a number to predict. All rows are read once, to count and to check them.
     *
     * @throws FormatException if the content is wrong, or there are no labels
     * @throws IOException if the file cannot be read
     */
    public static TableRows regression(final TableSource source) throws IOException {
        return new TableRows(source, false);
    }

    @Override
    public int features() {
        return features;
    }

    /** The number of classes; 1 for a regression. */
    @Override
    public int outputs() {
        return classification ? classes.size() : 1;
    }

    @Override
    public boolean isClassification() {
        return classification;
    }

    @Override
    public long rows() {
        return rows;
    }

    /** One name for each feature, or none. */
    public List<String> featureNames() {
        return featureNames;
    }

    /** What the label is called, or empty. */
    public String labelName() {
        return labelName;
    }

    /** The classes in order; none for a regression. */
    public List<String> classes() {
        return classes;
    }

    /** How many rows are of each class (classes), as a copy; nothing for a regression. */
    public long[] classRows() {
        return classRows.clone();
    }

    @Override
    public Cursor open() throws IOException {
        return new Pass(source.open());
    }

    @Override
    public String toString() {
        return rows + " rows of " + source;
    }

    /** One pass over the file. */
    private final class Pass implements Cursor {
        private final RowReader reader;
        private long row; // the number of rows read

        Pass(final RowReader reader) {
            this.reader = reader;
        }

        @Override
        public int read(
                final int max,
                final float[] x,
                final int xOffset,
                final int[] labels,
                final int labelsOffset,
                final float[] targets,
                final int targetsOffset)
                throws IOException {
            final int count = reader.read(x, xOffset, max);
            for (int i = 0; i < count; i++) {
                if (classification) {
                    labels[labelsOffset + i] = number(i);
                } else {
                    targets[targetsOffset + i] = target(reader, i, row + i + 1);
                }
            }
            row += count;
            return count;
        }

        private int number(final int i) throws FormatException {
            final Integer number = numbers.get(reader.labels().get(i));
            if (number == null) {
                throw Labels.wrong(
                        "expected one of " + Quoted.list(classes) + ", as there were before, got "
                                + Quoted.of(reader.labels().get(i)) + ": has the file changed?",
                        reader.file(),
                        labelName,
                        reader.line(i),
                        row + i + 1);
            }
            return number;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
