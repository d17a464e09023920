package io.lanewise.reference;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;

import java.util.Arrays;

/** What the reference does with one row. */
final class ReferenceRows {
    private ReferenceRows() {}

    /** The largest element; NaN if there is one. */
    static float max(final int n, final float[] x, final int offset) {
        float max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            max = Math.max(max, x[offset + j]);
        }
        return max;
    }

    /** {@code e[j] = exp(x[j] − max)}; returns the row reduction of e. */
    static float exponentials(
            final int n,
            final float[] x,
            final int xOffset,
            final float max,
            final float[] e,
            final int eOffset,
            final float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            final float y = ScalarMath.exp(x[xOffset + j] - max);
            e[eOffset + j] = y;
            lanes[j % REDUCTION_LANES] += y;
        }
        return halve(lanes);
    }

    /** {@code y = log softmax(x)}; both may be the same. */
    static void logSoftmax(
            final int n, final float[] x, final int xOffset, final float[] y, final int yOffset, final float[] lanes) {
        final float max = max(n, x, xOffset);
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            lanes[j % REDUCTION_LANES] += ScalarMath.exp(x[xOffset + j] - max);
        }
        final float log = ScalarMath.log(halve(lanes));
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = (x[xOffset + j] - max) - log;
        }
    }

    /** Adds the lanes: l += l + 8, then + 4, + 2, + 1. */
    static float halve(final float[] lanes) {
        for (int half = REDUCTION_LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
