package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Kernels that reduce columns, each by one chain down the rows. They go along four rows at a time, with the sums in
 * memory. Arguments were checked.
 *
 * <p>Nanoseconds per element of column sums, JDK 25 on one Zen 5 core, 512 bits (in brackets, 128 bits): four rows at a
 * time take 0.03 (0.06) for 128 × 512 and 0.05 (0.07) for 1024 × 1024; one row 0.06 (0.09) and 0.05 (0.09); one vector of
 * columns, down all rows, 0.10 (0.36) and 0.50 (1.04); eight vectors of columns 0.02 (0.06) and 0.05 (0.14). The farther
 * apart the rows, the less of a cache line is used while it is near.
 */
final class ColumnKernels {
    private static final int BLOCK = 4; // rows

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
        Arrays.fill(sums, sumsOffset, sumsOffset + columns, 0f);
        for (int i = 0; i < rows; i += BLOCK) {
            addRows(Math.min(BLOCK, rows - i), columns, a, aOffset + i * lda, lda, sums, sumsOffset);
        }
    }

    /** Adds one to four rows. */
    private static void addRows(
            final int rows,
            final int columns,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] sums,
            final int sumsOffset) {
        final int whole = FLOATS.loopBound(columns);
        for (int j = 0; j < whole; j += LANES) {
            final int at = aOffset + j;
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, sumsOffset + j);
            sum = FloatVector.fromArray(FLOATS, a, at).add(sum); // see RowKernels
            if (rows > 1) {
                sum = FloatVector.fromArray(FLOATS, a, at + lda).add(sum);
            }
            if (rows > 2) {
                sum = FloatVector.fromArray(FLOATS, a, at + 2 * lda).add(sum);
            }
            if (rows > 3) {
                sum = FloatVector.fromArray(FLOATS, a, at + 3 * lda).add(sum);
            }
            sum.intoArray(sums, sumsOffset + j);
        }
        for (int j = whole; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                sums[sumsOffset + j] += a[aOffset + i * lda + j];
            }
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
        columnSums(rows, columns, x, xOffset, ldx, mean, 0);
        divide(columns, mean, rows);
        Arrays.fill(variance, 0, columns, 0f);
        for (int i = 0; i < rows; i += BLOCK) {
            addSquares(Math.min(BLOCK, rows - i), columns, x, xOffset + i * ldx, ldx, mean, variance);
        }
        divide(columns, variance, rows);
        for (int i = 0; i < rows; i += BLOCK) {
            normalize(
                    Math.min(BLOCK, rows - i),
                    columns,
                    x,
                    xOffset + i * ldx,
                    ldx,
                    weight,
                    weightOffset,
                    bias,
                    biasOffset,
                    epsilon,
                    mean,
                    variance,
                    y,
                    yOffset + i * ldy,
                    ldy);
        }
    }

    private static void divide(final int n, final float[] sums, final int count) {
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(FLOATS, sums, j).div((float) count).intoArray(sums, j);
        }
        for (int j = whole; j < n; j++) {
            sums[j] /= count;
        }
    }

    /** Adds {@code (x − mean)²} of one to four rows. */
    private static void addSquares(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] mean,
            final float[] sums) {
        final int whole = FLOATS.loopBound(columns);
        for (int j = 0; j < whole; j += LANES) {
            final int at = xOffset + j;
            final FloatVector m = FloatVector.fromArray(FLOATS, mean, j);
            final FloatVector d0 = FloatVector.fromArray(FLOATS, x, at).sub(m);
            FloatVector sum = d0.fma(d0, FloatVector.fromArray(FLOATS, sums, j));
            if (rows > 1) {
                final FloatVector d1 =
                        FloatVector.fromArray(FLOATS, x, at + ldx).sub(m);
                sum = d1.fma(d1, sum);
            }
            if (rows > 2) {
                final FloatVector d2 =
                        FloatVector.fromArray(FLOATS, x, at + 2 * ldx).sub(m);
                sum = d2.fma(d2, sum);
            }
            if (rows > 3) {
                final FloatVector d3 =
                        FloatVector.fromArray(FLOATS, x, at + 3 * ldx).sub(m);
                sum = d3.fma(d3, sum);
            }
            sum.intoArray(sums, j);
        }
        for (int j = whole; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                final float d = x[xOffset + i * ldx + j] - mean[j];
                sums[j] = Math.fma(d, d, sums[j]);
            }
        }
    }

    /** {@code y = fma((x − mean) · r, weight, bias)} of one to four rows; r is computed again for each four. */
    private static void normalize(
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
        final int whole = FLOATS.loopBound(columns);
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int j = 0; j < whole; j += LANES) {
            final int from = xOffset + j;
            final int to = yOffset + j;
            final FloatVector m = FloatVector.fromArray(FLOATS, mean, j);
            final FloatVector root =
                    FloatVector.fromArray(FLOATS, variance, j).add(epsilon).sqrt();
            final FloatVector r = one.div(root);
            final FloatVector w = FloatVector.fromArray(FLOATS, weight, weightOffset + j);
            final FloatVector b = FloatVector.fromArray(FLOATS, bias, biasOffset + j);
            FloatVector.fromArray(FLOATS, x, from).sub(m).mul(r).fma(w, b).intoArray(y, to);
            if (rows > 1) {
                FloatVector.fromArray(FLOATS, x, from + ldx)
                        .sub(m)
                        .mul(r)
                        .fma(w, b)
                        .intoArray(y, to + ldy);
            }
            if (rows > 2) {
                FloatVector.fromArray(FLOATS, x, from + 2 * ldx)
                        .sub(m)
                        .mul(r)
                        .fma(w, b)
                        .intoArray(y, to + 2 * ldy);
            }
            if (rows > 3) {
                FloatVector.fromArray(FLOATS, x, from + 3 * ldx)
                        .sub(m)
                        .mul(r)
                        .fma(w, b)
                        .intoArray(y, to + 3 * ldy);
            }
        }
        for (int j = whole; j < columns; j++) {
            final float r = 1f / (float) Math.sqrt(variance[j] + epsilon);
            for (int i = 0; i < rows; i++) {
                final float h = (x[xOffset + i * ldx + j] - mean[j]) * r;
                y[yOffset + i * ldy + j] = Math.fma(h, weight[weightOffset + j], bias[biasOffset + j]);
            }
        }
    }
}
