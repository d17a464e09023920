package io.lanewise.training;

import java.io.IOException;

/** What a sigmoid head learns and is judged by: for each output a target from 0 (no) to 1 (yes). */
final class Answers {
    private Answers() {}

    /**
     * The targets of rows (rows, outputs); of rows with one of two classes, class 1 is the answer yes.
     *
     * @throws IllegalArgumentException if a target is not from 0 to 1
     */
    static float[] of(final Dataset data) {
        if (!data.isClassification()) {
            check(0, data.rows(), data.outputs(), data.targets(), 0);
            return data.targets();
        }
        final float[] answers = new float[data.rows()];
        ofLabels(answers.length, data.labels(), answers, 0);
        return answers;
    }

    /** What rows with one of two classes answer: (rows) from {@code offset}, output. */
    static void ofLabels(final int rows, final int[] labels, final float[] answers, final int offset) {
        for (int i = 0; i < rows; i++) {
            answers[offset + i] = labels[i];
        }
    }

    /**
     * Refuses targets that are no answers.
     *
     * @param firstRow the number of the first row, for the message
     * @param targets (rows, outputs) from {@code offset}
     */
    static void check(final long firstRow, final int rows, final int outputs, final float[] targets, final int offset) {
        for (int i = 0; i < rows * outputs; i++) {
            final float target = targets[offset + i];
            if (!(target >= 0 && target <= 1)) {
                throw new IllegalArgumentException("expected targets from 0 to 1 for a sigmoid head, got " + target
                        + " (row " + (firstRow + i / outputs) + ", output " + i % outputs + ")");
            }
        }
    }

    /**
     * Refuses labels of a source that are no classes.
     *
     * @param firstRow the number of the first row, for the message
     * @param labels (rows), or nothing where rows have target values
     */
    static void checkLabels(final long firstRow, final int rows, final int classes, final int[] labels) {
        for (int i = 0; i < Math.min(rows, labels.length); i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("expected labels from 0 to " + (classes - 1) + ", got " + labels[i]
                        + " (row " + (firstRow + i) + ")");
            }
        }
    }

    /** Rows with one of two classes as rows with an answer: class 1 is yes. */
    static RowSource of(final RowSource classes) {
        return new OfClasses(classes);
    }

    /**
     * Rows whose target value is their class.
     *
     * @param classes the rows with a class each
     */
    private record OfClasses(RowSource classes) implements RowSource {
        @Override
        public int features() {
            return classes.features();
        }

        @Override
        public int outputs() {
            return 1;
        }

        @Override
        public boolean isClassification() {
            return false;
        }

        @Override
        public long rows() {
            return classes.rows();
        }

        @Override
        public Cursor open() throws IOException {
            return new OfLabels(classes.open());
        }
    }

    /** A pass over such rows. */
    private static final class OfLabels implements RowSource.Cursor {
        private static final float[] NO_TARGETS = {};

        private final RowSource.Cursor rows;
        private int[] read = {}; // of the last call
        private long before; // rows that were read

        OfLabels(final RowSource.Cursor rows) {
            this.rows = rows;
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
            if (read.length < max) {
                read = new int[max];
            }
            final int n = StreamBatches.atMost(max, rows.read(max, x, xOffset, read, 0, NO_TARGETS, 0));
            checkLabels(before, n, 2, read);
            ofLabels(n, read, targets, targetsOffset);
            before += n;
            return n;
        }

        @Override
        public void close() throws IOException {
            rows.close();
        }
    }
}
