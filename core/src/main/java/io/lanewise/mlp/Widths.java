package io.lanewise.mlp;

/** The check of a layer's widths. */
final class Widths {
    private Widths() {}

    static void check(final String name, final int width) {
        if (width < 1 || width > Dense.MAX_WIDTH) {
            throw new IllegalArgumentException("expected 1 to " + Dense.MAX_WIDTH + " " + name + ", got " + width);
        }
    }

    static void checkEpsilon(final float epsilon) {
        if (!(epsilon >= 0) || Float.isInfinite(epsilon)) {
            throw new IllegalArgumentException("expected an epsilon from 0 on, got " + epsilon);
        }
    }
}
