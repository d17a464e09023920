package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.reference.ScalarMath;
import jdk.incubator.vector.FloatVector;

/** Softmax cross-entropy. The virtual lanes are as in {@link RowKernels}. Arguments were checked. */
final class Losses {
    private Losses() {}

    /** Against a class. */
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
            final SimdScratchpad scratchpad) {
        if (0 < columns && columns <= REDUCTION_LANES) {
            NarrowLosses.softmaxCrossEntropy(
                    rows,
                    columns,
                    x,
                    xOffset,
                    ldx,
                    labels,
                    labelsOffset,
                    scale,
                    losses,
                    lossesOffset,
                    dx,
                    dxOffset,
                    lddx,
                    scratchpad);
            return;
        }
        final float[] lanes = scratchpad.lanes;
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int dxRow = dxOffset + i * lddx;
            final int label = labels[labelsOffset + i];
            final float max = RowKernels.max(columns, x, xRow);
            final float picked = x[xRow + label] - max;
            final float s = RowKernels.exponentials(columns, x, xRow, max, dx, dxRow, lanes);
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

    /** Against weights of all classes. */
    static void softmaxCrossEntropy(
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
            final SimdScratchpad scratchpad) {
        if (0 < columns && columns <= REDUCTION_LANES) {
            NarrowLosses.softmaxCrossEntropy(
                    rows,
                    columns,
                    x,
                    xOffset,
                    ldx,
                    t,
                    tOffset,
                    ldt,
                    scale,
                    losses,
                    lossesOffset,
                    dx,
                    dxOffset,
                    lddx,
                    scratchpad);
            return;
        }
        final float[] lanes = scratchpad.lanes;
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int tRow = tOffset + i * ldt;
            final int dxRow = dxOffset + i * lddx;
            final float max = RowKernels.max(columns, x, xRow);
            final float q = RowKernels.sum(columns, t, tRow, lanes);
            final float a = weighted(columns, x, xRow, max, t, tRow, lanes);
            final float s = RowKernels.exponentials(columns, x, xRow, max, dx, dxRow, lanes);
            gradient(columns, 1f / s, q, t, tRow, scale, dx, dxRow);
            losses[lossesOffset + i] = Math.fma(q, ScalarMath.log(s), -a);
        }
    }

    /** The row reduction of {@code t[j] · (x[j] − max)}. */
    private static float weighted(
            final int n,
            final float[] x,
            final int xRow,
            final float max,
            final float[] t,
            final int tRow,
            final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector logits =
                        FloatVector.fromArray(FLOATS, x, xRow + j).sub(max);
                sum = FloatVector.fromArray(FLOATS, t, tRow + j).fma(logits, sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            lanes[j - whole] = Math.fma(t[tRow + j], x[xRow + j] - max, lanes[j - whole]);
        }
        return RowKernels.halve(lanes);
    }

    /** {@code dx = fma(dx · r, q, −t) · scale}. */
    private static void gradient(
            final int n,
            final float r,
            final float q,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow) {
        final int whole = FLOATS.loopBound(n);
        final FloatVector weights = FloatVector.broadcast(FLOATS, q);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(FLOATS, dx, dxRow + j)
                    .mul(r)
                    .fma(weights, FloatVector.fromArray(FLOATS, t, tRow + j).neg())
                    .mul(scale)
                    .intoArray(dx, dxRow + j);
        }
        for (int j = whole; j < n; j++) {
            dx[dxRow + j] = Math.fma(dx[dxRow + j] * r, q, -t[tRow + j]) * scale;
        }
    }
}
