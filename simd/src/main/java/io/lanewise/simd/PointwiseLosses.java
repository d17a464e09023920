package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.PointwiseLoss;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Losses that are sums over elements, and their gradients. The virtual lanes are as in {@link RowKernels}; where they
 * are several registers, each goes along the row by itself. Arguments were checked.
 */
final class PointwiseLosses {
    private PointwiseLosses() {}

    static void run(
            final PointwiseLoss f,
            final float delta,
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
        if (f == PointwiseLoss.BINARY_CROSS_ENTROPY && 0 < columns && columns <= REDUCTION_LANES) {
            NarrowLosses.binaryCrossEntropy(
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
            switch (f) {
                case SQUARED -> squared(columns, x, xRow, t, tRow, scale, dx, dxRow, lanes);
                case ABSOLUTE -> absolute(columns, x, xRow, t, tRow, scale, dx, dxRow, lanes);
                case HUBER -> huber(delta, columns, x, xRow, t, tRow, scale, dx, dxRow, lanes);
                case BINARY_CROSS_ENTROPY ->
                    crossEntropy(columns, x, xRow, t, tRow, scale, dx, dxRow, lanes, scratchpad.chunk);
            }
            losses[lossesOffset + i] = RowKernels.halve(lanes);
        }
    }

    private static void squared(
            final int n,
            final float[] x,
            final int xRow,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow,
            final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector d =
                        FloatVector.fromArray(FLOATS, x, xRow + j).sub(FloatVector.fromArray(FLOATS, t, tRow + j));
                d.mul(scale).intoArray(dx, dxRow + j);
                sum = d.fma(d, sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float d = x[xRow + j] - t[tRow + j];
            lanes[j - whole] = Math.fma(d, d, lanes[j - whole]);
            dx[dxRow + j] = d * scale;
        }
    }

    private static void absolute(
            final int n,
            final float[] x,
            final int xRow,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow,
            final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector d =
                        FloatVector.fromArray(FLOATS, x, xRow + j).sub(FloatVector.fromArray(FLOATS, t, tRow + j));
                d.blend(1f, d.compare(VectorOperators.GT, 0f))
                        .blend(-1f, d.compare(VectorOperators.LT, 0f))
                        .mul(scale)
                        .intoArray(dx, dxRow + j);
                sum = d.abs().add(sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float d = x[xRow + j] - t[tRow + j];
            lanes[j - whole] += Math.abs(d);
            dx[dxRow + j] = (d > 0f ? 1f : d < 0f ? -1f : d) * scale;
        }
    }

    private static void huber(
            final float delta,
            final int n,
            final float[] x,
            final int xRow,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow,
            final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector d =
                        FloatVector.fromArray(FLOATS, x, xRow + j).sub(FloatVector.fromArray(FLOATS, t, tRow + j));
                final FloatVector c = d.blend(-delta, d.compare(VectorOperators.LT, -delta))
                        .blend(delta, d.compare(VectorOperators.GT, delta));
                c.mul(scale).intoArray(dx, dxRow + j);
                sum = c.fma(c.fma(FloatVector.broadcast(FLOATS, -0.5f), d), sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float d = x[xRow + j] - t[tRow + j];
            final float c = d > delta ? delta : d < -delta ? -delta : d;
            lanes[j - whole] = Math.fma(c, Math.fma(-0.5f, c, d), lanes[j - whole]);
            dx[dxRow + j] = c * scale;
        }
    }

    /** Part by part, in passes of {@link VectorMath}. A part is padded to whole vectors. */
    private static void crossEntropy(
            final int n,
            final float[] x,
            final int xRow,
            final float[] t,
            final int tRow,
            final float scale,
            final float[] dx,
            final int dxRow,
            final float[] lanes,
            final float[] chunk) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j += RowNorms.CHUNK) {
            final int length = Math.min(RowNorms.CHUNK, n - j);
            final int padded = FLOATS.loopBound(length + LANES - 1);
            negatedMagnitudes(length, x, xRow + j, chunk);
            Arrays.fill(chunk, length, padded, 0f);
            VectorActivations.softplus(padded, chunk, 0, chunk, 0);
            addLosses(length, x, xRow + j, t, tRow + j, chunk, lanes);
            System.arraycopy(x, xRow + j, chunk, 0, length);
            VectorMath.sigmoid(padded, chunk, 0, chunk, 0);
            gradient(length, chunk, t, tRow + j, scale, dx, dxRow + j);
        }
    }

    private static void negatedMagnitudes(final int n, final float[] x, final int xOffset, final float[] y) {
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(FLOATS, x, xOffset + j).abs().neg().intoArray(y, j);
        }
        for (int j = whole; j < n; j++) {
            y[j] = -Math.abs(x[xOffset + j]);
        }
    }

    /** {@code lane = lane + (s + fma(−x, t, x < 0 ? 0 : x))}. */
    private static void addLosses(
            final int n,
            final float[] x,
            final int xOffset,
            final float[] t,
            final int tOffset,
            final float[] s,
            final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, lanes, l);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + j);
                final FloatVector linear = v.neg()
                        .fma(
                                FloatVector.fromArray(FLOATS, t, tOffset + j),
                                v.blend(0f, v.compare(VectorOperators.LT, 0f)));
                sum = FloatVector.fromArray(FLOATS, s, j).add(linear).add(sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float v = x[xOffset + j];
            lanes[j - whole] += s[j] + Math.fma(-v, t[tOffset + j], v < 0f ? 0f : v);
        }
    }

    /** {@code dx = (y − t) · scale}. */
    private static void gradient(
            final int n,
            final float[] y,
            final float[] t,
            final int tOffset,
            final float scale,
            final float[] dx,
            final int dxOffset) {
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(FLOATS, y, j)
                    .sub(FloatVector.fromArray(FLOATS, t, tOffset + j))
                    .mul(scale)
                    .intoArray(dx, dxOffset + j);
        }
        for (int j = whole; j < n; j++) {
            dx[dxOffset + j] = (y[j] - t[tOffset + j]) * scale;
        }
    }
}
