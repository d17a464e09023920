package io.lanewise.inference;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;

/** What a step of a {@link Plan} does to a block of rows. Immutable. */
sealed interface Operation {
    /** The width of the rows that it gives. */
    int width();

    /**
     * Whether it changes rows where they are: then Y is its input, and X what is added to it, if anything. Others
     * overwrite Y.
     */
    default boolean inPlace() {
        return false;
    }

    /**
     * Runs on rows without gaps.
     *
     * @param x (rows, its inputs) from {@code xOffset}
     * @param y (rows, width) from {@code yOffset}
     */
    void run(Kernels kernels, int rows, float[] x, int xOffset, float[] y, int yOffset, Scratchpad scratchpad);

    /** A dense layer, with the normalisation and the activation around it. */
    record Product(Gemm gemm, int inputs, int width, PackedMatrix weights, float[] bias, int biasOffset)
            implements Operation {
        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.gemm(gemm, rows, x, xOffset, inputs, weights, bias, biasOffset, y, yOffset, width, scratchpad);
        }
    }

    /** {@code y = (x − mean) · scale}. */
    record Standardize(int width, float[] mean, float[] scale) implements Operation {
        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.standardize(rows, width, x, xOffset, width, mean, scale, y, yOffset, width);
        }
    }

    /** {@code y = x · scale + shift}: a batch normalisation that no dense layer takes in. */
    record Affine(int width, float[] scale, float[] shift) implements Operation {
        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.affine(rows, width, x, xOffset, width, scale, shift, y, yOffset, width);
        }
    }

    /** A layer normalisation, its weight and bias in one array. */
    record Normalize(int width, float[] parameters, int offset, float epsilon) implements Operation {
        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.layerNorm(
                    rows,
                    width,
                    x,
                    xOffset,
                    width,
                    parameters,
                    offset,
                    parameters,
                    offset + width,
                    epsilon,
                    y,
                    yOffset,
                    width,
                    scratchpad);
        }
    }

    /** {@code y = x}, for when x is needed again. */
    record Copy(int width) implements Operation {
        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            System.arraycopy(x, xOffset, y, yOffset, rows * width);
        }
    }

    /** {@code y = f(y)}. */
    record Activate(int width, Activation activation) implements Operation {
        @Override
        public boolean inPlace() {
            return true;
        }

        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.activate(activation, rows, width, y, yOffset, width);
        }
    }

    /** {@code y = y + x}. */
    record Sum(int width) implements Operation {
        @Override
        public boolean inPlace() {
            return true;
        }

        @Override
        public void run(
                final Kernels kernels,
                final int rows,
                final float[] x,
                final int xOffset,
                final float[] y,
                final int yOffset,
                final Scratchpad scratchpad) {
            kernels.add(rows, width, x, xOffset, width, y, yOffset, width);
        }
    }
}
