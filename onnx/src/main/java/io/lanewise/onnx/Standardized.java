package io.lanewise.onnx;

import io.lanewise.mlp.Standardization;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines that are applied to the inputs, if they are the same wherever an input is used: they become the model's
 * standardisation, {@code (x − mean) · scale}.
 */
final class Standardized {
    private final double[] scale; // (inputs)
    private final double[] shift; // (inputs)
    private final boolean[] known; // (inputs)
    private boolean possible = true;

    Standardized(final int inputs) {
        scale = new double[inputs];
        shift = new double[inputs];
        known = new boolean[inputs];
        Arrays.fill(scale, 1);
    }

    /** Columns of the inputs as a layer takes them. */
    void add(final Rows rows) {
        for (int i = 0; i < rows.width(); i++) {
            final int column = rows.column(i);
            possible = possible
                    && (!known[column] || (scale[column] == rows.scale(i) && shift[column] == rows.shift(i)))
                    && rows.scale(i) != 0
                    && Double.isFinite((float) rows.scale(i))
                    && Double.isFinite((float) mean(rows.scale(i), rows.shift(i)));
            known[column] = true;
            scale[column] = rows.scale(i);
            shift[column] = rows.shift(i);
        }
    }

    private static double mean(final double scale, final double shift) {
        return shift == 0 ? 0 : -shift / scale;
    }

    /** What the model does to its inputs; nothing if that differs from layer to layer, or if there is nothing to do. */
    Optional<Standardization> get() {
        final boolean nothing = Arrays.stream(scale).allMatch(s -> s == 1)
                && Arrays.stream(shift).allMatch(s -> s == 0);
        if (!possible || nothing) {
            return Optional.empty();
        }
        final float[] means = new float[scale.length];
        final float[] scales = new float[scale.length];
        for (int i = 0; i < scale.length; i++) {
            means[i] = (float) mean(scale[i], shift[i]);
            scales[i] = (float) scale[i];
        }
        return Optional.of(Standardization.of(means, scales));
    }
}
