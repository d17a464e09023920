package io.lanewise.training;

import io.lanewise.mlp.BatchNorm;
import org.jspecify.annotations.Nullable;

/**
 * Normalises columns by the mean and variance of the batch, and keeps running ones for scoring. A batch of one row has a
 * variance of 0, so all it gives is the bias.
 */
final class BatchNormPass extends LayerPass {
    private final Compute c;
    private final int width;
    private final float epsilon;
    private final int weight; // where it starts among the parameters
    private final Rows x; // (rows, width)
    private final float[] y; // (rows, width)
    private final float[] dy; // (rows, width)
    private final @Nullable Target dx; // (rows, width)
    private final float[] mean; // (width)
    private final float[] variance; // (width)

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
        this.dx = dx;
        this.mean = new float[width];
        this.variance = new float[width];
    }

    @Override
    void forward(final int rows, final long step) {
        c.kernels.batchNorm(
                rows,
                width,
                x.values,
                x.offset,
                width,
                c.parameters,
                weight,
                c.parameters,
                weight + width,
                epsilon,
                mean,
                variance,
                y,
                0,
                width);
    }

    @Override
    void backward(final int rows) {
        c.kernels.batchNormBackward(
                rows,
                width,
                x.values,
                x.offset,
                width,
                c.parameters,
                weight,
                epsilon,
                mean,
                variance,
                dy,
                0,
                width,
                c.gradients,
                weight,
                c.gradients,
                weight + width);
        Elements.pass(c.kernels, rows, width, dy, dx);
    }

    /**
     * {@code running = fma(momentum, new − running, running)}, the variance over n − 1 rows. One row says nothing of the
     * variance: a last batch of it would draw the running one towards 0.
     */
    @Override
    void update(final int rows) {
        final float[] p = c.parameters;
        final int runningMean = weight + 2 * width;
        final int runningVariance = weight + 3 * width;
        for (int j = 0; j < width; j++) {
            p[runningMean + j] = Math.fma(BatchNorm.MOMENTUM, mean[j] - p[runningMean + j], p[runningMean + j]);
        }
        if (rows == 1) {
            return;
        }
        final float unbiased = (float) rows / (rows - 1);
        for (int j = 0; j < width; j++) {
            p[runningVariance + j] = Math.fma(
                    BatchNorm.MOMENTUM, variance[j] * unbiased - p[runningVariance + j], p[runningVariance + j]);
        }
    }
}
