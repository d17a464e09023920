package io.lanewise.training;

import io.lanewise.kernel.KernelChecks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How much rows count in a loss: by weights of their own, and by those of their classes. */
final class RowWeights {
    private final float[] classWeights; // (classes), or nothing

    RowWeights(final Loss loss) {
        final List<Float> list = loss instanceof Loss.CrossEntropy entropy ? entropy.classWeights() : List.of();
        classWeights = new float[list.size()];
        for (int j = 0; j < classWeights.length; j++) {
            classWeights[j] = list.get(j);
        }
    }

    /** What a class counts. */
    float ofClass(final int label) {
        return classWeights.length == 0 ? 1f : classWeights[label];
    }

    /** The sum of what rows with a class each count. */
    double total(
            final int rows,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        double total = 0;
        for (int i = 0; i < rows; i++) {
            total += (double) weight(weights, weightsOffset + i) * ofClass(labels[labelsOffset + i]);
        }
        return total;
    }

    /** The sum of what rows with target values count. */
    static double total(final int rows, final float @Nullable [] weights, final int weightsOffset) {
        double total = 0;
        for (int i = 0; i < rows; i++) {
            total += weight(weights, weightsOffset + i);
        }
        return total;
    }

    private static float weight(final float @Nullable [] weights, final int at) {
        return weights == null ? 1f : weights[at];
    }

    /** Refuses weights that make no sense. */
    static void check(final int rows, final float @Nullable [] weights, final int offset) {
        if (weights == null) {
            return;
        }
        KernelChecks.vector("weights", rows, weights.length, offset);
        for (int i = 0; i < rows; i++) {
            final float weight = weights[offset + i];
            if (!(weight >= 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "expected weights of at least 0, got " + weight + " (row " + i + ")");
            }
        }
    }

    /** Refuses rows of which none counts. */
    void requirePositive(final double total) {
        if (!(total > 0)) {
            throw new IllegalArgumentException("expected at least one row with a weight above 0"
                    + (classWeights.length == 0 ? "" : ", its own and that of its class"));
        }
    }
}
