package io.lanewise.inference;

import java.nio.FloatBuffer;

/**
 * Outputs that would be written over rows before those are read. They are refused even where the result would be right, as
 * for one block of rows whose outputs come last: that depends on the sizes.
 */
final class Overlap {
    private Overlap() {}

    /** Refuses elements of one array that are both X and an output. All lie inside it. */
    static void refuse(
            final float[] x,
            final int xOffset,
            final int xLength,
            final String name,
            final float[] y,
            final int yOffset,
            final int yLength) {
        if (areSame(x, y)) {
            refuse("array", xOffset, xLength, name, yOffset, yLength);
        }
    }

    /**
     * Refuses elements that are both X and Y, of one buffer or of one array behind two. That direct buffers share memory
     * cannot be seen.
     */
    static void refuse(final FloatBuffer x, final int xLength, final FloatBuffer y, final int yLength) {
        if (x.hasArray() && y.hasArray()) {
            refuse(
                    x.array(),
                    x.arrayOffset() + x.position(),
                    xLength,
                    "Y",
                    y.array(),
                    y.arrayOffset() + y.position(),
                    yLength);
        } else if (areSame(x, y)) {
            refuse("buffer", x.position(), xLength, "Y", y.position(), yLength);
        }
    }

    @SuppressWarnings("ReferenceEquality") // one place in memory, not equal content
    private static boolean areSame(final Object a, final Object b) {
        return a == b;
    }

    private static void refuse(
            final String what,
            final int xOffset,
            final int xLength,
            final String name,
            final int yOffset,
            final int yLength) {
        if (xLength > 0 && yLength > 0 && xOffset < yOffset + yLength && yOffset < xOffset + xLength) {
            throw new IllegalArgumentException("X is elements " + xOffset + " to " + (xOffset + xLength - 1)
                    + " and " + name + " elements " + yOffset + " to " + (yOffset + yLength - 1) + " of the same "
                    + what
                    + ": expected ranges that do not overlap, or two of them");
        }
    }
}
