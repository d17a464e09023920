package io.lanewise.training;

import io.lanewise.mlp.LayerNorm;
import org.jspecify.annotations.Nullable;

/** Normalises rows. Mean and variance are computed again in the backward pass: that is cheaper than to keep h. */
final class LayerNormPass extends LayerPass {
    private static final int ELEMENTS = 4096; // of a piece

    private final Compute c;
    private final int width;
    private final float epsilon;
    private final int weight; // where it starts among the parameters
    private final Rows x; // (rows, width)
    private final float[] y; // (rows, width)
    private final float[] dy; // (rows, width)
    private final Elements handOn;
    private final Shares.Part normalize = this::normalize;

    LayerNormPass(
            final Compute c,
            final LayerNorm layer,
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
    }

    @Override
    void forward(final int rows, final long step) {
        c.shares.run(rows, Math.max(1, ELEMENTS / width), width, normalize);
    }

    private void normalize(final int first, final int count, final int member) {
        c.kernels.layerNorm(
                count,
                width,
                x.values,
                x.offset + first * width,
                width,
                c.parameters,
                weight,
                c.parameters,
                weight + width,
                epsilon,
                y,
                first * width,
                width,
                c.scratchpad(member));
    }

    @Override
    void backward(final int rows) {
        c.kernels.layerNormBackward(
                rows,
                width,
                x.values,
                x.offset,
                width,
                c.parameters,
                weight,
                epsilon,
                dy,
                0,
                width,
                c.gradients,
                weight,
                c.gradients,
                weight + width,
                c.scratchpad(0));
        handOn.pass(rows * width);
    }
}
