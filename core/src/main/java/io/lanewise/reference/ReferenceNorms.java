package io.lanewise.reference;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;

import io.lanewise.kernel.Fma;
import java.util.Arrays;

/** The normalisations of the reference, and their gradients: layers row by row, batches column by column. */
final class ReferenceNorms {
    private ReferenceNorms() {}

    /** {@code y = (x − mean) / √(variance + ε) · weight + bias}; x and y may be the same. */
    static void layerNorm(
            final int n,
            final float[] x,
            final int xOffset,
            final float[] weight,
            final int weightOffset,
            final float[] bias,
            final int biasOffset,
            final float epsilon,
            final float[] y,
            final int yOffset,
            final float[] lanes) {
        final float mean = mean(n, x, xOffset, lanes);
        final float r = 1f / (float) Math.sqrt(variance(n, x, xOffset, mean, lanes) + epsilon);
        for (int j = 0; j < n; j++) {
            y[yOffset + j] = Fma.fma((x[xOffset + j] - mean) * r, weight[weightOffset + j], bias[biasOffset + j]);
        }
    }

    /** {@code dy} becomes dX; adds a row to {@code dWeight} and {@code dBias}. */
    static void layerNormBackward(
            final int n,
            final float[] x,
            final int xOffset,
            final float[] weight,
            final int weightOffset,
            final float epsilon,
            final float[] dy,
            final int dyOffset,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset,
            final float[] lanes) {
        final float mean = mean(n, x, xOffset, lanes);
        final float r = 1f / (float) Math.sqrt(variance(n, x, xOffset, mean, lanes) + epsilon);
        for (int j = 0; j < n; j++) {
            final float h = (x[xOffset + j] - mean) * r;
            dWeight[dWeightOffset + j] = Fma.fma(dy[dyOffset + j], h, dWeight[dWeightOffset + j]);
            dBias[dBiasOffset + j] += dy[dyOffset + j];
        }
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            lanes[j % REDUCTION_LANES] += dy[dyOffset + j] * weight[weightOffset + j];
        }
        final float a = ReferenceRows.halve(lanes) / n;
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            final float h = (x[xOffset + j] - mean) * r;
            final float g = dy[dyOffset + j] * weight[weightOffset + j];
            lanes[j % REDUCTION_LANES] = Fma.fma(g, h, lanes[j % REDUCTION_LANES]);
        }
        final float b = ReferenceRows.halve(lanes) / n;
        for (int j = 0; j < n; j++) {
            final float h = (x[xOffset + j] - mean) * r;
            final float g = dy[dyOffset + j] * weight[weightOffset + j];
            dy[dyOffset + j] = Fma.fma(-h, b, g - a) * r;
        }
    }

    private static float mean(final int n, final float[] x, final int xOffset, final float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            lanes[j % REDUCTION_LANES] += x[xOffset + j];
        }
        return ReferenceRows.halve(lanes) / n;
    }

    private static float variance(
            final int n, final float[] x, final int xOffset, final float mean, final float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            final float d = x[xOffset + j] - mean;
            lanes[j % REDUCTION_LANES] = Fma.fma(d, d, lanes[j % REDUCTION_LANES]);
        }
        return ReferenceRows.halve(lanes) / n;
    }

    /** One column, from its first element; writes its mean and variance to element j of those. */
    static void batchNorm(
            final int rows,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float weight,
            final float bias,
            final float epsilon,
            final int j,
            final float[] mean,
            final float[] variance,
            final float[] y,
            final int yOffset,
            final int ldy) {
        float sum = 0f;
        for (int i = 0; i < rows; i++) {
            sum += x[xOffset + i * ldx];
        }
        mean[j] = sum / rows;
        float squares = 0f;
        for (int i = 0; i < rows; i++) {
            final float d = x[xOffset + i * ldx] - mean[j];
            squares = Fma.fma(d, d, squares);
        }
        variance[j] = squares / rows;
        final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
        for (int i = 0; i < rows; i++) {
            y[yOffset + i * ldy] = Fma.fma((x[xOffset + i * ldx] - mean[j]) * r, weight, bias);
        }
    }

    /** One column of dY, from its first element, becomes dX; writes one element of {@code dWeight} and {@code dBias}. */
    static void batchNormBackward(
            final int rows,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float weight,
            final float epsilon,
            final float mean,
            final float variance,
            final float[] dy,
            final int dyOffset,
            final int lddy,
            final float[] dWeight,
            final int dWeightAt,
            final float[] dBias,
            final int dBiasAt) {
        final float r = 1f / (float) Math.sqrt(variance + epsilon);
        float products = 0f;
        float sum = 0f;
        for (int i = 0; i < rows; i++) {
            final float h = (x[xOffset + i * ldx] - mean) * r;
            products = Fma.fma(dy[dyOffset + i * lddy], h, products);
            sum += dy[dyOffset + i * lddy];
        }
        dWeight[dWeightAt] = products;
        dBias[dBiasAt] = sum;
        for (int i = 0; i < rows; i++) {
            final float h = (x[xOffset + i * ldx] - mean) * r;
            final int at = dyOffset + i * lddy;
            dy[at] = Fma.fma(-h, products / rows, dy[at] - sum / rows) * (weight * r);
        }
    }
}
