package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Kernels that reduce rows. The 16 virtual lanes of a reduction are one, two or four registers; which of them exist is
 * known to the compiler, so the others cost nothing. Arguments were checked.
 *
 * <p>In a loop, methods are called on the vector that was loaded last, with the sum or maximum as their argument. The
 * other way round C2 may not know the class of the one that comes from the round before; it then calls a virtual method,
 * and each vector is put on the heap for good (JDK 25, when softmax of 2 columns ran before one of 1000).
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
            final float[] lanes,
            final float[] chunk) {
        if (columns <= REDUCTION_LANES) {
            NarrowSoftmax.run(rows, columns, x, xOffset, ldx, y, yOffset, ldy, lanes, chunk);
            return;
        }
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

    /** The largest of n elements; NaN if there is one. Any order gives the same. */
    static float max(final int n, final float[] x, final int offset) {
        final int whole = FLOATS.loopBound(n);
        float max = Float.NEGATIVE_INFINITY;
        if (whole > 0) {
            FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
            for (int j = 0; j < whole; j += LANES) {
                largest = FloatVector.fromArray(FLOATS, x, offset + j).max(largest); // see the class
            }
            max = largest.reduceLanes(VectorOperators.MAX);
        }
        for (int j = whole; j < n; j++) {
            max = Math.max(max, x[offset + j]);
        }
        return max;
    }

    /** {@code e[j] = exp(x[j] − max)}; returns the row reduction of e. */
    static float exponentials(
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
            s0 = FloatVector.fromArray(FLOATS, e, offset + j).add(s0);
            if (LANES < 16) {
                s1 = FloatVector.fromArray(FLOATS, e, offset + j + LANES).add(s1);
            }
            if (LANES < 8) {
                s2 = FloatVector.fromArray(FLOATS, e, offset + j + 2 * LANES).add(s2);
                s3 = FloatVector.fromArray(FLOATS, e, offset + j + 3 * LANES).add(s3);
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

    /** The row reduction of the squares of n elements. */
    static float sumOfSquares(final int n, final float[] x, final int offset, final float[] lanes) {
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        final int whole = n - n % REDUCTION_LANES;
        for (int j = 0; j < whole; j += REDUCTION_LANES) {
            final FloatVector v0 = FloatVector.fromArray(FLOATS, x, offset + j);
            s0 = v0.fma(v0, s0);
            if (LANES < 16) {
                final FloatVector v1 = FloatVector.fromArray(FLOATS, x, offset + j + LANES);
                s1 = v1.fma(v1, s1);
            }
            if (LANES < 8) {
                final FloatVector v2 = FloatVector.fromArray(FLOATS, x, offset + j + 2 * LANES);
                s2 = v2.fma(v2, s2);
                final FloatVector v3 = FloatVector.fromArray(FLOATS, x, offset + j + 3 * LANES);
                s3 = v3.fma(v3, s3);
            }
        }
        // Not a method of its own: see sum.
        s0.intoArray(lanes, 0);
        if (LANES < 16) {
            s1.intoArray(lanes, LANES);
        }
        if (LANES < 8) {
            s2.intoArray(lanes, 2 * LANES);
            s3.intoArray(lanes, 3 * LANES);
        }
        for (int j = whole; j < n; j++) {
            lanes[j - whole] = Math.fma(x[offset + j], x[offset + j], lanes[j - whole]);
        }
        return halve(lanes);
    }

    /** Adds the lanes: l += l + 8, then + 4, + 2, + 1; without going through memory in between. */
    static float halve(final float[] lanes) {
        final float l0 = lanes[0] + lanes[8];
        final float l1 = lanes[1] + lanes[9];
        final float l2 = lanes[2] + lanes[10];
        final float l3 = lanes[3] + lanes[11];
        final float l4 = lanes[4] + lanes[12];
        final float l5 = lanes[5] + lanes[13];
        final float l6 = lanes[6] + lanes[14];
        final float l7 = lanes[7] + lanes[15];
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }
}
