package io.lanewise.training;

import io.lanewise.mlp.Dropout;
import org.jspecify.annotations.Nullable;

/** {@code Y = X · mask}, a new mask in each step; X and Y may be one memory. */
final class DropoutPass extends LayerPass {
    private static final int ELEMENTS = 4096; // of a piece
    private static final int LAYER_SHIFT = 40; // of the layer's number in the address of random numbers

    private final Compute c;
    private final int width;
    private final float rate;
    private final long seed;
    private final long firstElement; // of the layer, in the address of random numbers
    private final Rows x; // (rows, width)
    private final float[] y; // (rows, width)
    private final boolean inPlace; // whether X and Y are one memory
    private final float[] dy; // (rows, width)
    private final @Nullable Target dx; // (rows, width)
    private final Elements handOn;
    private final float[] mask; // (rows, width): 0 or 1 / (1 − rate)
    private final Shares.Part drop = this::drop;
    private final Shares.Part dropBackward = this::dropBackward;
    private long step;

    DropoutPass(
            final Compute c,
            final Dropout layer,
            final int number,
            final long seed,
            final Rows x,
            final float[] y,
            final boolean inPlace,
            final float[] dy,
            final @Nullable Target dx) {
        this.c = c;
        this.width = layer.width();
        this.rate = layer.rate();
        this.seed = seed;
        this.firstElement = (long) number << LAYER_SHIFT;
        this.x = x;
        this.y = y;
        this.inPlace = inPlace;
        this.dy = dy;
        this.dx = dx;
        this.handOn = new Elements(c, dy, dx);
        this.mask = new float[y.length];
    }

    @Override
    void forward(final int rows, final long step) {
        this.step = step;
        c.shares.run(rows, Math.max(1, ELEMENTS / width), width, drop);
    }

    private void drop(final int first, final int count, final int member) {
        final int at = first * width;
        c.kernels.dropoutMask(count * width, rate, seed, (int) step, firstElement + at, mask, at);
        if (!inPlace) {
            System.arraycopy(x.values, x.offset + at, y, at, count * width);
        }
        c.kernels.multiply(count, width, mask, at, width, y, at, width);
    }

    @Override
    void backward(final int rows) {
        if (dx != null) {
            c.shares.run(rows, Math.max(1, ELEMENTS / width), width, dropBackward);
            handOn.pass(rows * width);
        }
    }

    private void dropBackward(final int first, final int count, final int member) {
        c.kernels.multiply(count, width, mask, first * width, width, dy, first * width, width);
    }
}
