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
        return statistics(rows, features, x).perFeature();
    }

    /**
     * One mean and one standard deviation for all features, as suits the pixels of images.
     *
     * @param x {@code rows × features}, row-major
     */
    public static Standardization common(final int rows, final int features, final float[] x) {
        checkLength(rows, features, x);
        return statistics(rows * features, 1, x).repeated(features);
    }

    private static Statistics statistics(final int rows, final int features, final float[] x) {
        final Statistics statistics = new Statistics(features);
        statistics.addToMean(rows, x, 0);
        statistics.addToDeviation(rows, x, 0);
        return statistics;
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

    /**
     * Collects means and standard deviations of rows that come in parts: first all parts for the means, then all of them
     * again for the deviations. What comes out depends on the order of the rows, not on how they were parted. Not safe
     * for use by several threads.
     */
    public static final class Statistics {
        private final int features;
        private final double[] sums; // (features)
        private final double[] squares; // (features): of differences from the mean
        private long rows;
        private long rowsAgain;

        /** Of no rows yet. */
        public Statistics(final int features) {
            this.features = features;
            this.sums = new double[features];
            this.squares = new double[features];
        }

        /**
         * The first pass.
         *
         * @param x (rows, features), row-major from {@code xOffset}
         */
        public void addToMean(final int rows, final float[] x, final int xOffset) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < features; j++) {
                    sums[j] += x[xOffset + i * features + j];
                }
            }
            this.rows += rows;
        }

        /**
         * The second pass, over the same rows.
         *
         * @param x (rows, features), row-major from {@code xOffset}
         */
        public void addToDeviation(final int rows, final float[] x, final int xOffset) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < features; j++) {
                    final double d = x[xOffset + i * features + j] - sums[j] / this.rows;
                    squares[j] += d * d;
                }
            }
            rowsAgain += rows;
        }

        /**
         * Each feature by its own mean and deviation.
         *
         * @throws IllegalStateException if the second pass had not as many rows as the first
         */
        public Standardization perFeature() {
            final float[] mean = new float[features];
            final float[] scale = new float[features];
            for (int j = 0; j < features; j++) {
                mean[j] = mean(j);
                scale[j] = scale(j);
            }
            return new Standardization(mean, scale);
        }

        /**
         * One mean and one deviation for all of so many features: that of the first column, so collect all values as one
         * column.
         *
         * @throws IllegalStateException if the second pass had not as many rows as the first
         */
        public Standardization repeated(final int times) {
            final float[] mean = new float[times];
            final float[] scale = new float[times];
            Arrays.fill(mean, mean(0));
            Arrays.fill(scale, scale(0));
            return new Standardization(mean, scale);
        }

        private float mean(final int j) {
            return rows == 0 ? 0f : (float) (sums[j] / rows);
        }

        private float scale(final int j) {
            if (rowsAgain != rows) {
                throw new IllegalStateException(
                        "expected " + rows + " rows in the second pass, as in the first, got " + rowsAgain);
            }
            final double deviation = rows == 0 ? 0 : StrictMath.sqrt(squares[j] / rows);
            // A constant feature carries no information: leave it at 0 rather than divide by (almost) nothing.
            final double mean = rows == 0 ? 0 : sums[j] / rows;
            final boolean constant = deviation <= 1e-7 * Math.abs(mean) || (float) deviation < Float.MIN_NORMAL;
            return constant ? 1f : (float) (1 / deviation);
        }
    }
}
