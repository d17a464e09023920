package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** The way back through a batch normalisation, by four rows at a time as in {@link ColumnKernels}. */
final class BatchNormGradients {
    private static final int BLOCK = 4; // rows

    private BatchNormGradients() {}

    static void run(
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
        Arrays.fill(dWeight, dWeightOffset, dWeightOffset + columns, 0f);
        Arrays.fill(dBias, dBiasOffset, dBiasOffset + columns, 0f);
        for (int i = 0; i < rows; i += BLOCK) {
            addRows(
                    Math.min(BLOCK, rows - i),
                    columns,
                    x,
                    xOffset + i * ldx,
                    ldx,
                    epsilon,
                    mean,
                    variance,
                    dy,
                    dyOffset + i * lddy,
                    lddy,
                    dWeight,
                    dWeightOffset,
                    dBias,
                    dBiasOffset);
        }
        for (int i = 0; i < rows; i += BLOCK) {
            gradient(
                    rows,
                    Math.min(BLOCK, rows - i),
                    columns,
                    x,
                    xOffset + i * ldx,
                    ldx,
                    weight,
                    weightOffset,
                    epsilon,
                    mean,
                    variance,
                    dy,
                    dyOffset + i * lddy,
                    lddy,
                    dWeight,
                    dWeightOffset,
                    dBias,
                    dBiasOffset);
        }
    }

    /** {@code dWeight = fma(dy, h, dWeight)} and {@code dBias = dBias + dy} of one to four rows. */
    private static void addRows(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
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
        final int whole = FLOATS.loopBound(columns);
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int j = 0; j < whole; j += LANES) {
            final int xAt = xOffset + j;
            final int dyAt = dyOffset + j;
            final FloatVector m = FloatVector.fromArray(FLOATS, mean, j);
            final FloatVector root =
                    FloatVector.fromArray(FLOATS, variance, j).add(epsilon).sqrt();
            final FloatVector r = one.div(root);
            final FloatVector h0 = FloatVector.fromArray(FLOATS, x, xAt).sub(m).mul(r);
            final FloatVector d0 = FloatVector.fromArray(FLOATS, dy, dyAt);
            FloatVector products = d0.fma(h0, FloatVector.fromArray(FLOATS, dWeight, dWeightOffset + j));
            FloatVector sum = d0.add(FloatVector.fromArray(FLOATS, dBias, dBiasOffset + j));
            if (rows > 1) {
                final FloatVector h1 =
                        FloatVector.fromArray(FLOATS, x, xAt + ldx).sub(m).mul(r);
                final FloatVector d1 = FloatVector.fromArray(FLOATS, dy, dyAt + lddy);
                products = d1.fma(h1, products);
                sum = d1.add(sum);
            }
            if (rows > 2) {
                final FloatVector h2 =
                        FloatVector.fromArray(FLOATS, x, xAt + 2 * ldx).sub(m).mul(r);
                final FloatVector d2 = FloatVector.fromArray(FLOATS, dy, dyAt + 2 * lddy);
                products = d2.fma(h2, products);
                sum = d2.add(sum);
            }
            if (rows > 3) {
                final FloatVector h3 =
                        FloatVector.fromArray(FLOATS, x, xAt + 3 * ldx).sub(m).mul(r);
                final FloatVector d3 = FloatVector.fromArray(FLOATS, dy, dyAt + 3 * lddy);
                products = d3.fma(h3, products);
                sum = d3.add(sum);
            }
            products.intoArray(dWeight, dWeightOffset + j);
            sum.intoArray(dBias, dBiasOffset + j);
        }
        for (int j = whole; j < columns; j++) {
            final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
            for (int i = 0; i < rows; i++) {
                final float h = (x[xOffset + i * ldx + j] - mean[j]) * r;
                final float d = dy[dyOffset + i * lddy + j];
                dWeight[dWeightOffset + j] = Math.fma(d, h, dWeight[dWeightOffset + j]);
                dBias[dBiasOffset + j] += d;
            }
        }
    }

    /** {@code dy = fma(−h, dWeight / batch, dy − dBias / batch) · (weight · r)} of one to four rows. */
    private static void gradient(
            final int batch,
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
        final int whole = FLOATS.loopBound(columns);
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int j = 0; j < whole; j += LANES) {
            final int xAt = xOffset + j;
            final int dyAt = dyOffset + j;
            final FloatVector m = FloatVector.fromArray(FLOATS, mean, j);
            final FloatVector root =
                    FloatVector.fromArray(FLOATS, variance, j).add(epsilon).sqrt();
            final FloatVector r = one.div(root);
            final FloatVector scale =
                    FloatVector.fromArray(FLOATS, weight, weightOffset + j).mul(r);
            final FloatVector product =
                    FloatVector.fromArray(FLOATS, dWeight, dWeightOffset + j).div((float) batch);
            final FloatVector sum =
                    FloatVector.fromArray(FLOATS, dBias, dBiasOffset + j).div((float) batch);
            final FloatVector d0 = FloatVector.fromArray(FLOATS, dy, dyAt).sub(sum);
            final FloatVector h0 = FloatVector.fromArray(FLOATS, x, xAt).sub(m).mul(r);
            h0.neg().fma(product, d0).mul(scale).intoArray(dy, dyAt);
            if (rows > 1) {
                final FloatVector d1 =
                        FloatVector.fromArray(FLOATS, dy, dyAt + lddy).sub(sum);
                final FloatVector h1 =
                        FloatVector.fromArray(FLOATS, x, xAt + ldx).sub(m).mul(r);
                h1.neg().fma(product, d1).mul(scale).intoArray(dy, dyAt + lddy);
            }
            if (rows > 2) {
                final FloatVector d2 =
                        FloatVector.fromArray(FLOATS, dy, dyAt + 2 * lddy).sub(sum);
                final FloatVector h2 =
                        FloatVector.fromArray(FLOATS, x, xAt + 2 * ldx).sub(m).mul(r);
                h2.neg().fma(product, d2).mul(scale).intoArray(dy, dyAt + 2 * lddy);
            }
            if (rows > 3) {
                final FloatVector d3 =
                        FloatVector.fromArray(FLOATS, dy, dyAt + 3 * lddy).sub(sum);
                final FloatVector h3 =
                        FloatVector.fromArray(FLOATS, x, xAt + 3 * ldx).sub(m).mul(r);
                h3.neg().fma(product, d3).mul(scale).intoArray(dy, dyAt + 3 * lddy);
            }
        }
        for (int j = whole; j < columns; j++) {
            final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
            final float product = dWeight[dWeightOffset + j] / batch;
            final float sum = dBias[dBiasOffset + j] / batch;
            for (int i = 0; i < rows; i++) {
                final float h = (x[xOffset + i * ldx + j] - mean[j]) * r;
                final int at = dyOffset + i * lddy + j;
                dy[at] = Math.fma(-h, product, dy[at] - sum) * (weight[weightOffset + j] * r);
            }
        }
    }
}
