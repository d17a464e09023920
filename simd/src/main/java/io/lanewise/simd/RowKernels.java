package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.reference.ScalarMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels that reduce rows. The 16 virtual lanes of a reduction are one, two or four registers; which of them exist is
 * known to the compiler, so the others cost nothing. Arguments were checked.
 */
final class RowKernels {
    private RowKernels() {}

    static void softmax(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] lanes) {
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int yRow = yOffset + i * ldy;
            final float max = max(columns, x, xRow);
            final float r = 1f / exponentials(columns, x, xRow, max, y, yRow, lanes);
            final int whole = FLOATS.loopBound(columns);
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, y, yRow + j).mul(r).intoArray(y, yRow + j);
            }
            for (int j = whole; j < columns; j++) {
                y[yRow + j] *= r;
            }
        }
    }

    static void softmaxCrossEntropy(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final int[] labels,
            final int labelsOffset,
            final float scale,
            final float[] losses,
            final int lossesOffset,
            final float[] dx,
            final int dxOffset,
            final int lddx,
            final float[] lanes) {
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int dxRow = dxOffset + i * lddx;
            final int label = labels[labelsOffset + i];
            final float max = max(columns, x, xRow);
            final float picked = x[xRow + label] - max;
            final float s = exponentials(columns, x, xRow, max, dx, dxRow, lanes);
            final float r = 1f / s;
            final float atLabel = dx[dxRow + label] * r - 1f;
            // Subtracting 0 changes nothing but the sign of no zero: e · r is never −0.
            final int whole = FLOATS.loopBound(columns);
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, dx, dxRow + j).mul(r).mul(scale).intoArray(dx, dxRow + j);
            }
            for (int j = whole; j < columns; j++) {
                dx[dxRow + j] = dx[dxRow + j] * r * scale;
            }
            dx[dxRow + label] = atLabel * scale;
            losses[lossesOffset + i] = ScalarMath.log(s) - picked;
        }
    }

    static void squaredError(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] t,
            final int tOffset,
            final int ldt,
            final float scale,
            final float[] losses,
            final int lossesOffset,
            final float[] dx,
            final int dxOffset,
            final int lddx,
            final float[] lanes) {
        for (int i = 0; i < rows; i++) {
            losses[lossesOffset + i] = squaredErrorRow(
                    columns, x, xOffset + i * ldx, t, tOffset + i * ldt, scale, dx, dxOffset + i * lddx, lanes);
        }
    }

    private static float squaredErrorRow(
            final int n,
            final float[] x,
            final int xRow,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow,
            final float[] lanes) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        final int whole = n - n % REDUCTION_LANES;
        for (int j = 0; j < whole; j += REDUCTION_LANES) {
            final FloatVector d0 = difference(x, xRow + j, t, tRow + j);
            d0.mul(scale).intoArray(dx, dxRow + j);
            s0 = d0.fma(d0, s0);
            if (LANES < 16) {
                final FloatVector d1 = difference(x, xRow + j + LANES, t, tRow + j + LANES);
                d1.mul(scale).intoArray(dx, dxRow + j + LANES);
                s1 = d1.fma(d1, s1);
            }
            if (LANES < 8) {
                final FloatVector d2 = difference(x, xRow + j + 2 * LANES, t, tRow + j + 2 * LANES);
                d2.mul(scale).intoArray(dx, dxRow + j + 2 * LANES);
                s2 = d2.fma(d2, s2);
                final FloatVector d3 = difference(x, xRow + j + 3 * LANES, t, tRow + j + 3 * LANES);
                d3.mul(scale).intoArray(dx, dxRow + j + 3 * LANES);
                s3 = d3.fma(d3, s3);
            }
        }
        // Not a method of its own: where it is not inlined it boxes all four.
        s0.intoArray(lanes, 0);
        if (LANES < 16) {
            s1.intoArray(lanes, LANES);
        }
        if (LANES < 8) {
            s2.intoArray(lanes, 2 * LANES);
            s3.intoArray(lanes, 3 * LANES);
        }
        for (int j = whole; j < n; j++) {
            final float d = x[xRow + j] - t[tRow + j];
            lanes[j - whole] = Math.fma(d, d, lanes[j - whole]);
            dx[dxRow + j] = d * scale;
        }
        return halve(lanes);
    }

    private static FloatVector difference(final float[] x, final int xAt, final float[] t, final int tAt) {
        return FloatVector.fromArray(FLOATS, x, xAt).sub(FloatVector.fromArray(FLOATS, t, tAt));
    }

    /** The largest of n elements; NaN if there is one. Any order gives the same. */
    static float max(final int n, final float[] x, final int offset) {
        final int whole = FLOATS.loopBound(n);
        float max = Float.NEGATIVE_INFINITY;
        if (whole > 0) {
            FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < whole; j += LANES) {
                largest = largest.max(FloatVector.fromArray(FLOATS, x, offset + j));
            }
            max = largest.reduceLanes(VectorOperators.MAX);
        }
        for (int j = whole; j < n; j++) {
            max = Math.max(max, x[offset + j]);
        }
        return max;
    }

    /** {@code e[j] = exp(x[j] − max)}; returns the row reduction of e. */
    private static float exponentials(
            final int n,
            final float[] x,
            final int xOffset,
            final float max,
            final float[] e,
            final int eOffset,
            final float[] lanes) {
        // A pass of its own for the sum: with both in one loop, C2 did not inline all of it and boxed vectors.
        final int whole = FLOATS.loopBound(n);
        VectorMath.exp(whole, x, xOffset, max, e, eOffset);
        if (whole < n) {
            // The tail, filled up with zeros.
            System.arraycopy(x, xOffset + whole, lanes, 0, n - whole);
            Arrays.fill(lanes, n - whole, LANES, 0f);
            VectorMath.exp(LANES, lanes, 0, max, lanes, 0);
            System.arraycopy(lanes, 0, e, eOffset + whole, n - whole);
        }
        return sum(n, e, eOffset, lanes);
    }

    /** The row reduction of n elements. */
    static float sum(final int n, final float[] e, final int offset, final float[] lanes) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        final int whole = n - n % REDUCTION_LANES;
        for (int j = 0; j < whole; j += REDUCTION_LANES) {
            s0 = s0.add(FloatVector.fromArray(FLOATS, e, offset + j));
            if (LANES < 16) {
                s1 = s1.add(FloatVector.fromArray(FLOATS, e, offset + j + LANES));
            }
            if (LANES < 8) {
                s2 = s2.add(FloatVector.fromArray(FLOATS, e, offset + j + 2 * LANES));
                s3 = s3.add(FloatVector.fromArray(FLOATS, e, offset + j + 3 * LANES));
            }
        }
        // Not a method of its own: where it is not inlined it boxes all four.
        s0.intoArray(lanes, 0);
        if (LANES < 16) {
            s1.intoArray(lanes, LANES);
        }
        if (LANES < 8) {
            s2.intoArray(lanes, 2 * LANES);
            s3.intoArray(lanes, 3 * LANES);
        }
        for (int j = whole; j < n; j++) {
            lanes[j - whole] += e[offset + j];
        }
        return halve(lanes);
    }

    static float halve(final float[] lanes) {
        for (int half = REDUCTION_LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
