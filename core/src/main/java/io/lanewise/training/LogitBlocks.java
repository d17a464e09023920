package io.lanewise.training;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;

/** What the last layer gives for all rows of some data, block by block, in order: each row is scored once. */
final class LogitBlocks {
    private static final int MOST_ROWS = 256;

    /** The elements of a block: very wide networks get by with fewer rows. */
    private static final int MOST_ELEMENTS = 1 << 20;

    private final Dataset data;
    private final int blockRows;
    private final InferenceSession session;
    private final float[] logits; // (blockRows, outputs)
    private int first;
    private int rows;

    LogitBlocks(final Predictor predictor, final Dataset data) {
        final int outputs = predictor.model().mlp().outputs();
        this.data = data;
        this.blockRows = Math.clamp(data.rows(), 1, Math.clamp(MOST_ELEMENTS / outputs, 1, MOST_ROWS));
        this.session = predictor.session(blockRows);
        this.logits = new float[blockRows * outputs];
    }

    /** Goes on to the next block, the first one to begin with; false if there is none. */
    boolean next() {
        first += rows;
        rows = Math.min(blockRows, data.rows() - first);
        if (rows <= 0) {
            return false;
        }
        session.logits(rows, data.x(), first * data.features(), logits, 0);
        return true;
    }

    /** The number of this block's first row. */
    int first() {
        return first;
    }

    /** How many rows this block has. */
    int rows() {
        return rows;
    }

    /** The logits of this block (rows, outputs): the array itself, free to be changed until the next block. */
    float[] logits() {
        return logits;
    }
}
