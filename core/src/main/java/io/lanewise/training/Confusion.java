package io.lanewise.training;

/**
 * Which class was taken for which: a pair for each row, since a table of thousands of classes would hold next to
 * nothing but zeros. It is made when it is asked for.
 */
final class Confusion {
    private static final int ROW_BYTES = 24; // of the table, besides its elements: an array and what points to it

    private final int classes;
    private final int[] truths; // (rows)
    private final int[] predictions; // (rows)
    private int rows;

    /** Of so many rows at most. */
    Confusion(final int classes, final int rows) {
        this.classes = classes;
        this.truths = new int[rows];
        this.predictions = new int[rows];
    }

    /** Adds a row. */
    void add(final int truth, final int predicted) {
        truths[rows] = truth;
        predictions[rows] = predicted;
        rows++;
    }

    /**
     * How often it was so: a new array {@code [truth][predicted]}.
     *
     * @throws IllegalStateException if the heap cannot hold so many classes²
     */
    int[][] table() {
        final long bytes = classes * ((long) classes * Integer.BYTES + ROW_BYTES);
        final long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw new IllegalStateException("the confusion of " + classes + " classes is a table of " + (bytes >> 20)
                    + " MiB, and the heap may have " + (heap >> 20)
                    + ": use precision(c) and recall(c), or allow more memory with -Xmx");
        }
        final int[][] table = new int[classes][classes];
        for (int i = 0; i < rows; i++) {
            table[truths[i]][predictions[i]]++;
        }
        return table;
    }
}
