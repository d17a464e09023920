package io.lanewise.mlp;

import java.util.Arrays;

/** What is done to each feature before the first layer: {@code (x − mean) · scale}. Immutable. */
public final class Standardization {
    private final float[] mean; // (features)
    private final float[] scale; // (features)

    private Standardization(final float[] mean, final float[] scale) {
        this.mean = mean;
        this.scale = scale;
    }

    /** Copies a mean and a scale for each feature. */
    public static Standardization of(final float[] mean, final float[] scale) {
        if (mean.length != scale.length) {
            throw new IllegalArgumentException(
                    "expected as many scales as means, got " + scale.length + " and " + mean.length);
        }
        return new Standardization(mean.clone(), scale.clone());
    }

    /**
     * Each feature's mean, and the inverse of its standard deviation (1 where all values are equal), computed in
     * {@code double} in the order of the rows.
     *
     * @param x {@code rows × features}, row-major
     */
    public static Standardization perFeature(final int rows, final int features, final float[] x) {
        checkLength(rows, features, x);
        final float[] mean = new float[features];
        final float[] scale = new float[features];
        for (int j = 0; j < features; j++) {
            final Moments moments = Moments.of(x, j, features, rows);
            mean[j] = moments.mean();
            scale[j] = moments.scale();
        }
        return new Standardization(mean, scale);
    }

    /**
     * One mean and one standard deviation for all features, as suits the pixels of images.
     *
     * @param x {@code rows × features}, row-major
     */
    public static Standardization common(final int rows, final int features, final float[] x) {
        checkLength(rows, features, x);
        final Moments moments = Moments.of(x, 0, 1, rows * features);
        final float[] mean = new float[features];
        final float[] scale = new float[features];
        Arrays.fill(mean, moments.mean());
        Arrays.fill(scale, moments.scale());
        return new Standardization(mean, scale);
    }

    private static void checkLength(final int rows, final int features, final float[] x) {
        if (rows < 0 || features < 0 || (long) rows * features > x.length) {
            throw new IllegalArgumentException(
                    "expected " + rows + " rows of " + features + " features, got " + x.length + " values");
        }
    }

    /** The number of features. */
    public int features() {
        return mean.length;
    }

    /** A copy of the means. */
    public float[] mean() {
        return mean.clone();
    }

    /** A copy of the scales. */
    public float[] scale() {
        return scale.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Standardization that
                && Arrays.equals(mean, that.mean)
                && Arrays.equals(scale, that.scale);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(mean) + Arrays.hashCode(scale);
    }

    @Override
    public String toString() {
        return "Standardization of " + mean.length + " features";
    }

    /** Mean and inverse standard deviation of a series, in two passes. */
    private record Moments(float mean, float scale) {
        static Moments of(final float[] x, final int first, final int step, final int count) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += x[first + i * step];
            }
            final double mean = count == 0 ? 0 : sum / count;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                final double d = x[first + i * step] - mean;
                squares += d * d;
            }
            final double deviation = count == 0 ? 0 : StrictMath.sqrt(squares / count);
            // A constant feature carries no information: leave it at 0 rather than divide by (almost) nothing.
            final boolean constant = deviation <= 1e-7 * Math.abs(mean) || (float) deviation < Float.MIN_NORMAL;
            return new Moments((float) mean, constant ? 1f : (float) (1 / deviation));
        }
    }
}
