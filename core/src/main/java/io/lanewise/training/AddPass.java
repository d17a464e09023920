package io.lanewise.training;

import org.jspecify.annotations.Nullable;

/** {@code Y = X + other}: the gradient goes to both. */
final class AddPass extends LayerPass {
    private static final int ELEMENTS = 8192; // of a piece

    private final Compute c;
    private final int width;
    private final Rows x; // (rows, width)
    private final Rows other; // (rows, width)
    private final float[] y; // (rows, width)
    private final float[] dy; // (rows, width)
    private final @Nullable Target dOther; // (rows, width)
    private final Elements handOnToOther;
    private final Elements handOn;
    private final Shares.Part add = this::add;
    private final Shares.Part copy = this::copy;

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
        this.dOther = dOther;
        this.handOnToOther = new Elements(c, dy, dOther);
        this.handOn = new Elements(c, dy, dx);
    }

    @Override
    void forward(final int rows, final long step) {
        c.shares.run(rows * width, ELEMENTS, 1, add);
    }

    private void add(final int first, final int count, final int member) {
        System.arraycopy(x.values, x.offset + first, y, first, count);
        c.kernels.add(1, count, other.values, other.offset + first, count, y, first, count);
    }

    @Override
    void backward(final int rows) {
        if (dOther != null && !dOther.adds()) {
            c.shares.run(rows * width, ELEMENTS, 1, copy);
        }
        handOnToOther.pass(rows * width);
        handOn.pass(rows * width);
    }

    private void copy(final int first, final int count, final int member) {
        if (dOther != null) {
            System.arraycopy(dy, first, dOther.values(), first, count);
        }
    }
}
