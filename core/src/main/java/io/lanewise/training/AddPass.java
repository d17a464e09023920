package io.lanewise.training;

import org.jspecify.annotations.Nullable;

/** {@code Y = X + other}: the gradient goes to both. */
final class AddPass extends LayerPass {
    private final Compute c;
    private final int width;
    private final Rows x; // (rows, width)
    private final Rows other; // (rows, width)
    private final float[] y; // (rows, width)
    private final float[] dy; // (rows, width)
    private final @Nullable Target dx; // (rows, width)
    private final @Nullable Target dOther; // (rows, width)

    AddPass(
            final Compute c,
            final int width,
            final Rows x,
            final Rows other,
            final float[] y,
            final float[] dy,
            final @Nullable Target dx,
            final @Nullable Target dOther) {
        this.c = c;
        this.width = width;
        this.x = x;
        this.other = other;
        this.y = y;
        this.dy = dy;
        this.dx = dx;
        this.dOther = dOther;
    }

    @Override
    void forward(final int rows, final long step) {
        System.arraycopy(x.values, x.offset, y, 0, rows * width);
        c.kernels.add(rows, width, other.values, other.offset, width, y, 0, width);
    }

    @Override
    void backward(final int rows) {
        if (dOther != null) {
            if (dOther.adds()) {
                Elements.pass(c.kernels, rows, width, dy, dOther);
            } else {
                System.arraycopy(dy, 0, dOther.values(), 0, rows * width);
            }
        }
        Elements.pass(c.kernels, rows, width, dy, dx);
    }
}
