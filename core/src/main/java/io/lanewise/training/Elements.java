package io.lanewise.training;

import org.jspecify.annotations.Nullable;

/**
 * The last step back through a layer that computes dX where dY was: that is dX already, or is added to a later layer's
 * share.
 */
final class Elements {
    private static final int ELEMENTS = 8192; // of a piece

    private final Compute c;
    private final float[] dy; // (rows, width)
    private final LayerPass.@Nullable Target dx; // (rows, width)
    private final Shares.Part add = this::add;

    Elements(final Compute c, final float[] dy, final LayerPass.@Nullable Target dx) {
        this.c = c;
        this.dy = dy;
        this.dx = dx;
    }

    /** Hands so many elements on. */
    void pass(final int count) {
        if (dx != null && dx.adds()) {
            c.shares.run(count, ELEMENTS, 1, add);
        }
    }

    private void add(final int first, final int count, final int member) {
        if (dx != null) {
            c.kernels.add(1, count, dy, first, count, dx.values(), first, count);
        }
    }
}
