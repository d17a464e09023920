package io.lanewise.bench.contest;

import java.util.Arrays;
import java.util.Collection;

/** Figures of several values. NaN stands for no figure. */
public final class Statistics {
    private Statistics() {}

    /** The middle value, or the mean of the two in the middle; NaN if there is none. */
    public static double median(final Collection<Double> values) {
        final double[] sorted = sorted(values);
        final int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The least value; NaN if there is none. */
    public static double least(final Collection<Double> values) {
        final double[] sorted = sorted(values);
        return sorted.length == 0 ? Double.NaN : sorted[0];
    }

    /** The greatest value; NaN if there is none. */
    public static double greatest(final Collection<Double> values) {
        final double[] sorted = sorted(values);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1];
    }

    /** The geometric mean; NaN if there is no value. */
    public static double geometricMean(final Collection<Double> values) {
        return Math.exp(Arrays.stream(sorted(values)).map(Math::log).average().orElse(Double.NaN));
    }

    private static double[] sorted(final Collection<Double> values) {
        return values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
    }
}
