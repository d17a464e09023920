package io.lanewise.training;

import io.lanewise.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/** What layers that change single elements have in common. */
final class Elements {
    private Elements() {}

    /** Hands a gradient on that was computed where dY was: it is dX already, or is added to a later layer's share. */
    static void pass(
            final Kernels kernels,
            final int rows,
            final int width,
            final float[] dy,
            final LayerPass.@Nullable Target dx) {
        if (dx != null && dx.adds()) {
            kernels.add(rows, width, dy, 0, width, dx.values(), 0, width);
        }
    }
}
