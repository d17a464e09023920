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
        store(s0, s1, s2, s3, lanes);
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
    private static float max(final int n, final float[] x, final int offset) {
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
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int j = 0; j < n; j += REDUCTION_LANES) {
            float[] from = x;
            int fromAt = xOffset + j;
            float[] to = e;
            int toAt = eOffset + j;
            final int left = n - j;
            if (left < REDUCTION_LANES) {
                // The tail, filled up with −∞: exp gives +0, and adding that to a lane changes nothing.
                System.arraycopy(x, fromAt, lanes, REDUCTION_LANES, left);
                Arrays.fill(lanes, REDUCTION_LANES + left, 2 * REDUCTION_LANES, Float.NEGATIVE_INFINITY);
                from = lanes;
                fromAt = REDUCTION_LANES;
                to = lanes;
                toAt = REDUCTION_LANES;
            }
            final FloatVector e0 = exponential(from, fromAt, max);
            e0.intoArray(to, toAt);
            s0 = s0.add(e0);
            if (LANES < 16) {
                final FloatVector e1 = exponential(from, fromAt + LANES, max);
                e1.intoArray(to, toAt + LANES);
                s1 = s1.add(e1);
            }
            if (LANES < 8) {
                final FloatVector e2 = exponential(from, fromAt + 2 * LANES, max);
                e2.intoArray(to, toAt + 2 * LANES);
                s2 = s2.add(e2);
                final FloatVector e3 = exponential(from, fromAt + 3 * LANES, max);
                e3.intoArray(to, toAt + 3 * LANES);
                s3 = s3.add(e3);
            }
            if (left < REDUCTION_LANES) {
                System.arraycopy(lanes, REDUCTION_LANES, e, eOffset + j, left);
            }
        }
        store(s0, s1, s2, s3, lanes);
        return halve(lanes);
    }

    private static FloatVector exponential(final float[] x, final int at, final float max) {
        return VectorMath.exp(FloatVector.fromArray(FLOATS, x, at).sub(max));
    }

    /** Writes the 16 virtual lanes of those registers that exist. */
    private static void store(
            final FloatVector s0,
            final FloatVector s1,
            final FloatVector s2,
            final FloatVector s3,
            final float[] lanes) {
        s0.intoArray(lanes, 0);
        if (LANES < 16) {
            s1.intoArray(lanes, LANES);
        }
        if (LANES < 8) {
            s2.intoArray(lanes, 2 * LANES);
            s3.intoArray(lanes, 3 * LANES);
        }
    }

    private static float halve(final float[] lanes) {
        for (int half = REDUCTION_LANES / 2; half > 0; half /= 2) {
            for (int l = 0; l < half; l++) {
                lanes[l] += lanes[l + half];
            }
        }
        return lanes[0];
    }
}
