package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/** Kernels that reduce columns: one chain down the rows for each, so that columns are independent. Arguments were checked. */
final class ColumnKernels {
    private ColumnKernels() {}

    /** {@code sums[j]}: the sum of column j. */
    static void columnSums(
            final int rows,
            final int columns,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] sums,
            final int sumsOffset) {
        final int whole = FLOATS.loopBound(columns);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int i = 0; i < rows; i++) {
                sum = FloatVector.fromArray(FLOATS, a, aOffset + i * lda + j).add(sum); // see RowKernels
            }
            sum.intoArray(sums, sumsOffset + j);
        }
        for (int j = whole; j < columns; j++) {
            float sum = 0f;
            for (int i = 0; i < rows; i++) {
                sum += a[aOffset + i * lda + j];
            }
            sums[sumsOffset + j] = sum;
        }
    }

    static void batchNorm(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float[] bias,
            final int biasOffset,
            final float epsilon,
            final float[] mean,
            final float[] variance,
            final float[] y,
            final int yOffset,
            final int ldy) {
        for (int j = 0; j < columns; j++) {
            float sum = 0f;
            for (int i = 0; i < rows; i++) {
                sum += x[xOffset + i * ldx + j];
            }
            final float m = sum / rows;
            float squares = 0f;
            for (int i = 0; i < rows; i++) {
                final float d = x[xOffset + i * ldx + j] - m;
                squares = Math.fma(d, d, squares);
            }
            mean[j] = m;
            variance[j] = squares / rows;
            final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
            for (int i = 0; i < rows; i++) {
                final float d = x[xOffset + i * ldx + j] - m;
                y[yOffset + i * ldy + j] = Math.fma(d * r, weight[weightOffset + j], bias[biasOffset + j]);
            }
        }
    }

    static void batchNormBackward(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float epsilon,
            final float[] mean,
            final float[] variance,
            final float[] dy,
            final int dyOffset,
            final int lddy,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset) {
        for (int j = 0; j < columns; j++) {
            final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
            float products = 0f;
            float sum = 0f;
            for (int i = 0; i < rows; i++) {
                final float d = dy[dyOffset + i * lddy + j];
                products = Math.fma(d, (x[xOffset + i * ldx + j] - mean[j]) * r, products);
                sum += d;
            }
            dWeight[dWeightOffset + j] = products;
            dBias[dBiasOffset + j] = sum;
            for (int i = 0; i < rows; i++) {
                final float h = (x[xOffset + i * ldx + j] - mean[j]) * r;
                final int at = dyOffset + i * lddy + j;
                dy[at] = Math.fma(-h, products / rows, dy[at] - sum / rows) * (weight[weightOffset + j] * r);
            }
        }
    }
}
