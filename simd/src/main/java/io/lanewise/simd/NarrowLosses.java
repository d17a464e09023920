package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.LANES;

import java.util.Arrays;

/**
 * Losses of rows of up to 16 columns, the usual last layer: as in {@link NarrowSoftmax}, exponentials and logarithms of
 * many rows are computed at once, and each virtual lane of a sum holds one element. Arguments were checked.
 */
final class NarrowLosses {
    /** Of the chunk: exponentials in the first half, their sums in the second. */
    private static final int HALF = RowNorms.CHUNK / 2;

    private NarrowLosses() {}

    /** Softmax cross-entropy against a class. */
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
        final float[] chunk = scratchpad.chunk;
        final int most = HALF / columns;
        for (int start = 0; start < rows; start += most) {
            final int end = Math.min(rows, start + most);
            NarrowSoftmax.fill(end - start, columns, x, xOffset + start * ldx, ldx, chunk);
            for (int i = start; i < end; i++) {
                losses[lossesOffset + i] = chunk[(i - start) * columns + labels[labelsOffset + i]];
            }
            exponentialsAndSums(end - start, columns, chunk, scratchpad.lanes);
            for (int i = start; i < end; i++) {
                final int row = (i - start) * columns;
                final int to = dxOffset + i * lddx;
                final int label = labels[labelsOffset + i];
                final float r = 1f / chunk[HALF + i - start];
                for (int j = 0; j < columns; j++) {
                    dx[to + j] = chunk[row + j] * r * scale;
                }
                dx[to + label] = (chunk[row + label] * r - 1f) * scale;
            }
            logarithms(end - start, chunk);
            for (int i = start; i < end; i++) {
                losses[lossesOffset + i] = chunk[HALF + i - start] - losses[lossesOffset + i];
            }
        }
    }

    /** Softmax cross-entropy against weights of all classes. */
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
        final float[] chunk = scratchpad.chunk;
        final float[] lanes = scratchpad.lanes;
        final int most = HALF / columns;
        for (int start = 0; start < rows; start += most) {
            final int end = Math.min(rows, start + most);
            NarrowSoftmax.fill(end - start, columns, x, xOffset + start * ldx, ldx, chunk);
            Arrays.fill(lanes, 0f);
            for (int i = start; i < end; i++) {
                for (int j = 0; j < columns; j++) {
                    lanes[j] = Math.fma(t[tOffset + i * ldt + j], chunk[(i - start) * columns + j], 0f);
                }
                losses[lossesOffset + i] = RowKernels.halve(lanes);
            }
            exponentialsAndSums(end - start, columns, chunk, lanes);
            for (int i = start; i < end; i++) {
                final int row = (i - start) * columns;
                final int from = tOffset + i * ldt;
                final int to = dxOffset + i * lddx;
                final float r = 1f / chunk[HALF + i - start];
                final float q = sum(columns, t, from, lanes);
                for (int j = 0; j < columns; j++) {
                    dx[to + j] = Math.fma(chunk[row + j] * r, q, -t[from + j]) * scale;
                }
                chunk[row] = q; // its exponentials were used
            }
            logarithms(end - start, chunk);
            for (int i = start; i < end; i++) {
                final float q = chunk[(i - start) * columns];
                losses[lossesOffset + i] = Math.fma(q, chunk[HALF + i - start], -losses[lossesOffset + i]);
            }
        }
    }

    /** Binary cross-entropy, in the passes of {@link PointwiseLosses}. */
    static void binaryCrossEntropy(
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
        final float[] chunk = scratchpad.chunk;
        final float[] lanes = scratchpad.lanes;
        final int most = RowNorms.CHUNK / columns;
        for (int start = 0; start < rows; start += most) {
            final int some = Math.min(most, rows - start);
            final int end = start + some;
            final int padded = pad(0, some * columns, 0f, chunk);
            for (int i = start; i < end; i++) {
                for (int j = 0; j < columns; j++) {
                    chunk[(i - start) * columns + j] = -Math.abs(x[xOffset + i * ldx + j]);
                }
            }
            VectorActivations.softplus(padded, chunk, 0, chunk, 0);
            Arrays.fill(lanes, 0f);
            for (int i = start; i < end; i++) {
                for (int j = 0; j < columns; j++) {
                    final float v = x[xOffset + i * ldx + j];
                    final float linear = Math.fma(-v, t[tOffset + i * ldt + j], v < 0f ? 0f : v);
                    lanes[j] = 0f + (chunk[(i - start) * columns + j] + linear);
                }
                losses[lossesOffset + i] = RowKernels.halve(lanes);
            }
            for (int i = start; i < end; i++) {
                System.arraycopy(x, xOffset + i * ldx, chunk, (i - start) * columns, columns);
            }
            VectorMath.sigmoid(padded, chunk, 0, chunk, 0);
            for (int i = start; i < end; i++) {
                for (int j = 0; j < columns; j++) {
                    dx[dxOffset + i * lddx + j] = (chunk[(i - start) * columns + j] - t[tOffset + i * ldt + j]) * scale;
                }
            }
        }
    }

    /** {@code e = exp(e)} in the first half of the chunk, and the sums of its rows in the second. */
    private static void exponentialsAndSums(
            final int rows, final int columns, final float[] chunk, final float[] lanes) {
        VectorMath.exp(pad(0, rows * columns, 0f, chunk), chunk, 0, 0f, chunk, 0);
        for (int i = 0; i < rows; i++) {
            chunk[HALF + i] = NarrowSoftmax.sum(columns, chunk, i * columns, lanes);
        }
    }

    /** The logarithms of the sums. */
    private static void logarithms(final int rows, final float[] chunk) {
        VectorMath.log(pad(HALF, rows, 1f, chunk), chunk, HALF, chunk, HALF);
    }

    /** Fills the last vector of n elements up; returns how many they are with it. */
    private static int pad(final int offset, final int n, final float value, final float[] chunk) {
        final int padded = Math.ceilDiv(n, LANES) * LANES;
        Arrays.fill(chunk, offset + n, offset + padded, value);
        return padded;
    }

    /** The row reduction: a lane that is −0 gives +0. */
    private static float sum(final int n, final float[] t, final int offset, final float[] lanes) {
        Arrays.fill(lanes, n, REDUCTION_LANES, 0f);
        for (int j = 0; j < n; j++) {
            lanes[j] = 0f + t[offset + j];
        }
        return RowKernels.halve(lanes);
    }
}
