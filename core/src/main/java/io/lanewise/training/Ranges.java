package io.lanewise.training;

/** Checks of what options may be. */
final class Ranges {
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8; // elements; HotSpot's limit is a little above

    private Ranges() {}

    static void positive(final String name, final double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a positive " + name + ", got " + text(value));
        }
    }

    static void notNegative(final String name, final double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a " + name + " of at least 0, got " + text(value));
        }
    }

    static void fraction(final String name, final double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("expected a " + name + " from 0 to below 1, got " + text(value));
        }
    }

    /**
     * Checks that rows fit into an array.
     *
     * @param name what has so many rows, as {@code shuffle buffer}
     */
    static void array(final String name, final int rows, final int width) {
        if ((long) rows * width > MAX_ARRAY) {
            throw new IllegalArgumentException("expected a " + name + " of at most " + MAX_ARRAY / width
                    + " rows: of rows with " + width + " values an array holds no more; got " + rows);
        }
    }

    /** As it was written, if it was a {@code float}. */
    private static String text(final double value) {
        return value == (float) value || Double.isNaN(value) ? Float.toString((float) value) : Double.toString(value);
    }
}
