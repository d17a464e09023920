package io.lanewise.training;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import org.jspecify.annotations.Nullable;

/** Batches of rows in memory, a new permutation of all of them in each epoch. */
final class ArrayBatches implements Batches {
    private final int features;
    private final int outputs;
    private final int batch;
    private final long seed;
    private final float[] x; // (rows, features), standardised
    private final int[] labels; // (rows), or nothing
    private final float[] targets; // (rows, outputs), scaled; or nothing
    private final float @Nullable [] weights; // (rows)
    private final int[] order; // (rows)
    private final float[] batchX; // (batch, features)
    private final int[] batchLabels; // (batch), or nothing
    private final float[] batchTargets; // (batch, outputs), or nothing
    private final float @Nullable [] batchWeights; // (batch)
    private int at;

    ArrayBatches(
            final Dataset data,
            final float[] x,
            final int[] labels,
            final float[] targets,
            final int batch,
            final long seed) {
        this.features = data.features();
        this.outputs = targets.length / Math.max(1, data.rows());
        this.batch = Math.min(batch, data.rows());
        this.seed = seed;
        this.x = x;
        this.labels = labels;
        this.targets = targets;
        this.weights = data.weights().orElse(null);
        this.order = new int[data.rows()];
        this.batchX = new float[Math.multiplyExact(this.batch, features)];
        this.batchLabels = new int[labels.length == 0 ? 0 : this.batch];
        this.batchTargets = new float[Math.multiplyExact(this.batch, outputs)];
        this.batchWeights = weights == null ? null : new float[this.batch];
    }

    @Override
    public long rows() {
        return order.length;
    }

    @Override
    public void start(final int epoch, final long skip) {
        Philox.permutation(seed, Purpose.SHUFFLE, epoch, order);
        at = Math.toIntExact(skip);
    }

    @Override
    public int next() {
        final int rows = Math.min(batch, order.length - at);
        for (int i = 0; i < rows; i++) {
            final int row = order[at + i];
            System.arraycopy(x, row * features, batchX, i * features, features);
            System.arraycopy(targets, row * outputs, batchTargets, i * outputs, outputs);
            if (batchLabels.length > 0) {
                batchLabels[i] = labels[row];
            }
            if (weights != null && batchWeights != null) {
                batchWeights[i] = weights[row];
            }
        }
        at += rows;
        return rows;
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
        return batchWeights;
    }

    @Override
    public void close() {}
}
