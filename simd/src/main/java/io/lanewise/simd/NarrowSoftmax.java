package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.LANES;

import java.util.Arrays;

/**
 * Softmax of rows of up to 16 columns, the usual last layer: one row would not fill a vector, so the exponentials of
 * many rows are computed at once. Each virtual lane of the sum holds one element.
 */
final class NarrowSoftmax {
    private NarrowSoftmax() {}

    /**
     * {@code Y = softmax(X)}; both may be the same.
     *
     * @param lanes room for the virtual lanes
     * @param chunk room for {@link RowNorms#CHUNK} elements
     */
    static void run(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] lanes,
            final float[] chunk) {
        if (columns == 0) {
            return;
        }
        final int most = RowNorms.CHUNK / columns;
        for (int i = 0; i < rows; i += most) {
            final int some = Math.min(most, rows - i);
            fill(some, columns, x, xOffset + i * ldx, ldx, chunk);
            final int whole = Math.ceilDiv(some * columns, LANES) * LANES;
            Arrays.fill(chunk, some * columns, whole, 0f);
            VectorMath.exp(whole, chunk, 0, 0f, chunk, 0);
            scale(some, columns, chunk, y, yOffset + i * ldy, ldy, lanes);
        }
    }

    /** {@code e[i,j] = x[i,j] − max(x[i])}. */
    static void fill(
            final int rows, final int columns, final float[] x, final int xOffset, final int ldx, final float[] e) {
        for (int i = 0; i < rows; i++) {
            final int row = xOffset + i * ldx;
            // Two chains, since each step of one waits for the step before; the largest is the same.
            float even = x[row];
            float odd = x[row + columns - 1];
            for (int j = 2; j < columns; j += 2) {
                even = Math.max(even, x[row + j]);
                odd = Math.max(odd, x[row + j - 1]);
            }
            final float max = Math.max(even, odd);
            for (int j = 0; j < columns; j++) {
                e[i * columns + j] = x[row + j] - max;
            }
        }
    }

    /** {@code y[i,j] = e[i,j] / Σ e[i]}, by the reciprocal. */
    private static void scale(
            final int rows,
            final int columns,
            final float[] e,
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] lanes) {
        for (int i = 0; i < rows; i++) {
            final int row = i * columns;
            final float r = 1f / sum(columns, e, row, lanes);
            for (int j = 0; j < columns; j++) {
                y[yOffset + i * ldy + j] = e[row + j] * r;
            }
        }
    }

    /** The row reduction. Exponentials are not −0, so adding the +0 of an empty lane changes nothing. */
    static float sum(final int columns, final float[] e, final int row, final float[] lanes) {
        if (columns == 2) {
            return e[row] + e[row + 1];
        }
        System.arraycopy(e, row, lanes, 0, columns);
        Arrays.fill(lanes, columns, REDUCTION_LANES, 0f);
        return RowKernels.halve(lanes);
    }
}
