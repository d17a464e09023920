package io.lanewise.training;

/** Checks of what options may be. */
final class Ranges {
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

    /** As it was written, if it was a {@code float}. */
    private static String text(final double value) {
        return value == (float) value || Double.isNaN(value) ? Float.toString((float) value) : Double.toString(value);
    }
}
