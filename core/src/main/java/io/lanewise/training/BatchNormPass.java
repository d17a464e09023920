package io.lanewise.training;

import io.lanewise.kernel.Fma;
import io.lanewise.mlp.BatchNorm;
import org.jspecify.annotations.Nullable;

/**
 * Normalises columns by the mean and variance of the batch, and keeps running ones for scoring. A batch of one row has a
 * variance of 0, so all it gives is the bias.
 */
final class BatchNormPass extends LayerPass {
    private static final int COLUMNS = 64; // of a piece: 128 rows of them are 32 KB

    private final Compute c;
    private final int width;
    private final float epsilon;
    private final int weight; // where it starts among the parameters
    private final Rows x; // (rows, width)
    private final float[] y; // (rows, width)
    private final float[] dy; // (rows, width)
    private final Elements handOn;
    private final float[][] mean; // (pieces, COLUMNS): each piece's columns start at 0
    private final float[][] variance; // (pieces, COLUMNS)
    private final Shares.Part normalize = this::normalize;
    private final Shares.Part normalizeBackward = this::normalizeBackward;
    private int rows;

    BatchNormPass(
            final Compute c,
            final BatchNorm layer,
            final int weight,
            final Rows x,
            final float[] y,
            final float[] dy,
            final @Nullable Target dx) {
        this.c = c;
        this.width = layer.width();
        this.epsilon = layer.epsilon();
        this.weight = weight;
        this.x = x;
        this.y = y;
        this.dy = dy;
        this.handOn = new Elements(c, dy, dx);
        final int pieces = Math.ceilDiv(width, COLUMNS);
        this.mean = new float[pieces][COLUMNS];
        this.variance = new float[pieces][COLUMNS];
    }

    @Override
    void forward(final int rows, final long step) {
        this.rows = rows;
        c.shares.run(width, COLUMNS, rows, normalize);
    }

    private void normalize(final int first, final int count, final int member) {
        c.kernels.batchNorm(
                rows,
                count,
                x.values,
                x.offset + first,
                width,
                c.parameters,
                weight + first,
                c.parameters,
                weight + width + first,
                epsilon,
                mean[first / COLUMNS],
                variance[first / COLUMNS],
                y,
                first,
                width);
    }

    @Override
    void backward(final int rows) {
        this.rows = rows;
        c.shares.run(width, COLUMNS, rows, normalizeBackward);
        handOn.pass(rows * width);
    }

    private void normalizeBackward(final int first, final int count, final int member) {
        c.kernels.batchNormBackward(
                rows,
                count,
                x.values,
                x.offset + first,
                width,
                c.parameters,
                weight + first,
                epsilon,
                mean[first / COLUMNS],
                variance[first / COLUMNS],
                dy,
                first,
                width,
                c.gradients,
                weight + first,
                c.gradients,
                weight + width + first);
    }

    /**
     * {@code running = fma(momentum, new − running, running)}, the variance over n − 1 rows. One row says nothing of the
     * variance: a last batch of it would draw the running one towards 0.
     */
    @Override
    void update(final int rows) {
        final float[] p = c.parameters;
        final float unbiased = (float) rows / (rows - 1);
        for (int j = 0; j < width; j++) {
            final float batchMean = mean[j / COLUMNS][j % COLUMNS];
            final int runningMean = weight + 2 * width + j;
            p[runningMean] = Fma.fma(BatchNorm.MOMENTUM, batchMean - p[runningMean], p[runningMean]);
            if (rows > 1) {
                final float batchVariance = variance[j / COLUMNS][j % COLUMNS] * unbiased;
                final int runningVariance = weight + 3 * width + j;
                p[runningVariance] =
                        Fma.fma(BatchNorm.MOMENTUM, batchVariance - p[runningVariance], p[runningVariance]);
            }
        }
    }
}
