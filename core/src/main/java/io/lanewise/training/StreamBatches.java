package io.lanewise.training;

import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Standardization;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Batches of rows that are read again in each epoch. A buffer of them is shuffled at a time; the number of a row within
 * the epoch is the element that its random number is addressed by.
 */
final class StreamBatches implements Batches {
    private final RowSource source;
    private final int features;
    private final int outputs; // target values of a row; 0 where rows have a class
    private final int batch;
    private final long seed;
    private final Kernels kernels;
    private final @Nullable Standardization standardization;
    private final TargetScaling targetScaling;
    private final float[] x; // (buffer, features)
    private final int[] labels; // (buffer), or nothing
    private final float[] targets; // (buffer, outputs), or nothing
    private final int[] order; // (buffer)
    private final float[] batchX; // (batch, features)
    private final int[] batchLabels; // (batch), or nothing
    private final float[] batchTargets; // (batch, outputs), or nothing
    private RowSource.@Nullable Cursor cursor;
    private int epoch;
    private long readBefore; // rows of this epoch that were read before those in the buffer
    private int filled; // rows in the buffer
    private int at; // the next of them

    StreamBatches(
            final RowSource source,
            final int batch,
            final int buffer,
            final long seed,
            final Kernels kernels,
            final @Nullable Standardization standardization,
            final TargetScaling targetScaling) {
        this.source = source;
        this.features = source.features();
        this.outputs = source.isClassification() ? 0 : source.outputs();
        this.batch = (int) Math.min(batch, source.rows());
        this.seed = seed;
        this.kernels = kernels;
        this.standardization = standardization;
        this.targetScaling = targetScaling;
        this.x = new float[Math.multiplyExact(buffer, features)];
        this.labels = new int[source.isClassification() ? buffer : 0];
        this.targets = new float[Math.multiplyExact(buffer, outputs)];
        this.order = new int[buffer];
        this.batchX = new float[Math.multiplyExact(this.batch, features)];
        this.batchLabels = new int[source.isClassification() ? this.batch : 0];
        this.batchTargets = new float[Math.multiplyExact(this.batch, outputs)];
    }

    @Override
    public long rows() {
        return source.rows();
    }

    @Override
    public void start(final int newEpoch, final long skip) {
        close();
        epoch = newEpoch;
        readBefore = 0;
        filled = 0;
        at = 0;
        try {
            cursor = source.open();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        long left = skip;
        while (left > 0 && (at < filled || fill())) {
            final int rows = (int) Math.min(left, filled - at);
            at += rows;
            left -= rows;
        }
    }

    @Override
    public int next() {
        int rows = 0;
        while (rows < batch && (at < filled || fill())) {
            final int row = order[at];
            at++;
            System.arraycopy(x, row * features, batchX, rows * features, features);
            System.arraycopy(targets, row * outputs, batchTargets, rows * outputs, outputs);
            if (batchLabels.length > 0) {
                batchLabels[rows] = labels[row];
            }
            rows++;
        }
        return rows;
    }

    /** Reads and shuffles the next rows; false at the end of the epoch. */
    private boolean fill() {
        readBefore += filled;
        filled = 0;
        at = 0;
        try {
            while (filled < order.length && cursor != null) {
                final int room = order.length - filled;
                final int read = atMost(
                        room,
                        cursor.read(
                                room,
                                x,
                                filled * features,
                                labels,
                                labels.length == 0 ? 0 : filled,
                                targets,
                                filled * outputs));
                if (read == 0) {
                    break;
                }
                filled += read;
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final long seen = readBefore + filled;
        final boolean ended = filled < order.length;
        if (ended ? seen != source.rows() : seen > source.rows()) {
            throw new IllegalStateException("expected " + source.rows()
                    + " rows in each pass, as there were before, got " + (ended ? "" : "at least ") + seen);
        }
        if (standardization != null) {
            kernels.standardize(
                    filled, features, x, 0, features, standardization.mean(), standardization.scale(), x, 0, features);
        }
        targetScaling.scale(targets, filled * outputs);
        Philox.permutation(seed, Purpose.SHUFFLE, epoch, readBefore, order, filled);
        return filled > 0;
    }

    /** How many rows a source says that it has read, which must not be more than were asked for. */
    static int atMost(final int max, final int read) {
        if (read > max) {
            throw new IllegalStateException(
                    "expected a source to read at most " + max + " rows, as it was asked to, got " + read);
        }
        return Math.max(0, read); // some give -1 at the end, like an InputStream
    }

    @Override
    public float[] x() {
        return batchX;
    }

    @Override
    public int[] labels() {
        return batchLabels;
    }

    @Override
    public float[] targets() {
        return batchTargets;
    }

    @Override
    public float @Nullable [] weights() {
        return null;
    }

    @Override
    public void close() {
        if (cursor == null) {
            return;
        }
        try {
            cursor.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            cursor = null;
        }
    }
}
