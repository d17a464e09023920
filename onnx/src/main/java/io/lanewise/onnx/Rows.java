package io.lanewise.onnx;

import io.lanewise.mlp.Head;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a symbol is of a step: some of its columns, each with a straight line, {@code scale · x + shift}, that is still to
 * be made part of a layer.
 *
 * @param columns (width), or null if all are taken in order
 * @param scale (width), or null if there is no line
 * @param shift (width), or null if there is no line
 * @param head what comes after the last layer, or null
 */
record Rows(
        Step step,
        int @Nullable [] columns,
        double @Nullable [] scale,
        double @Nullable [] shift,
        @Nullable Head head) {
    static Rows of(final Step step) {
        return new Rows(step, null, null, null, null);
    }

    int width() {
        return columns == null ? step.width() : columns.length;
    }

    double scale(final int i) {
        return scale == null ? 1 : scale[i];
    }

    double shift(final int i) {
        return shift == null ? 0 : shift[i];
    }

    int column(final int i) {
        return columns == null ? i : columns[i];
    }

    boolean hasLine() {
        for (int i = 0; i < width(); i++) {
            if (scale(i) != 1 || shift(i) != 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether these are the very columns of the step. */
    boolean isPlain() {
        return columns == null && !hasLine();
    }

    /** With a line on top. */
    Rows line(final double[] newScale, final double[] newShift) {
        final double[] s = new double[width()];
        final double[] t = new double[width()];
        Arrays.setAll(s, i -> scale(i) * newScale[i]);
        Arrays.setAll(t, i -> shift(i) * newScale[i] + newShift[i]);
        return new Rows(step, columns, s, t, head);
    }

    /** The same columns without their line. */
    Rows withoutLine() {
        return new Rows(step, columns, null, null, head);
    }

    /** Some of the columns. */
    Rows select(final int[] chosen) {
        final int[] c = new int[chosen.length];
        final double[] s = new double[chosen.length];
        final double[] t = new double[chosen.length];
        Arrays.setAll(c, i -> column(chosen[i]));
        Arrays.setAll(s, i -> scale(chosen[i]));
        Arrays.setAll(t, i -> shift(chosen[i]));
        return new Rows(step, normal(c, step), s, t, head);
    }

    /** These columns and others of the same step. */
    Rows join(final Rows other) {
        final int[] c = new int[width() + other.width()];
        final double[] s = new double[c.length];
        final double[] t = new double[c.length];
        for (int i = 0; i < c.length; i++) {
            final Rows from = i < width() ? this : other;
            final int at = i < width() ? i : i - width();
            c[i] = from.column(at);
            s[i] = from.scale(at);
            t[i] = from.shift(at);
        }
        return new Rows(step, normal(c, step), s, t, null);
    }

    /** Null for all columns in order. */
    private static int @Nullable [] normal(final int[] columns, final Step step) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != i) {
                return columns;
            }
        }
        return columns.length == step.width() ? null : columns;
    }
}
