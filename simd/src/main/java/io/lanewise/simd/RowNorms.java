package io.lanewise.simd;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;
import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.reference.ScalarMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Layer normalisation and log-softmax. The virtual lanes are as in {@link RowKernels}. Arguments were checked. */
final class RowNorms {
    /** Elements whose exponentials are in memory at a time; whole rounds of the virtual lanes. */
    static final int CHUNK = 256;

    private RowNorms() {}

    static void logSoftmax(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy,
            final SimdScratchpad scratchpad) {
        final int whole = FLOATS.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int yRow = yOffset + i * ldy;
            final float max = RowKernels.max(columns, x, xRow);
            final float log = ScalarMath.log(exponentials(columns, x, xRow, max, scratchpad.chunk, scratchpad.lanes));
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, x, xRow + j).sub(max).sub(log).intoArray(y, yRow + j);
            }
            for (int j = whole; j < columns; j++) {
                y[yRow + j] = (x[xRow + j] - max) - log;
            }
        }
    }

    /** The row reduction of {@code exp(x[j] − max)}. X, which may be Y, is needed again: they go to a chunk of memory. */
    private static float exponentials(
            final int n, final float[] x, final int xRow, final float max, final float[] chunk, final float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j += CHUNK) {
            final int length = Math.min(CHUNK, n - j);
            final int whole = FLOATS.loopBound(length);
            VectorMath.exp(whole, x, xRow + j, max, chunk, 0);
            if (whole < length) {
                System.arraycopy(x, xRow + j + whole, chunk, whole, length - whole);
                Arrays.fill(chunk, length, whole + LANES, 0f);
                VectorMath.exp(LANES, chunk, whole, max, chunk, whole);
            }
            addTo(lanes, length, chunk);
        }
        return RowKernels.halve(lanes);
    }

    /** Adds n elements to the virtual lanes. */
    private static void addTo(final float[] lanes, final int n, final float[] e) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, lanes, l);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                sum = FloatVector.fromArray(FLOATS, e, j).add(sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            lanes[j - whole] += e[j];
        }
    }

    static void layerNorm(
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
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] lanes) {
        final int whole = FLOATS.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int yRow = yOffset + i * ldy;
            final float mean = RowKernels.sum(columns, x, xRow, lanes) / columns;
            final float variance = squares(columns, x, xRow, mean, lanes) / columns;
            final float r = 1f / (float) Math.sqrt(variance + epsilon);
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, x, xRow + j)
                        .sub(mean)
                        .mul(r)
                        .fma(
                                FloatVector.fromArray(FLOATS, weight, weightOffset + j),
                                FloatVector.fromArray(FLOATS, bias, biasOffset + j))
                        .intoArray(y, yRow + j);
            }
            for (int j = whole; j < columns; j++) {
                y[yRow + j] = Math.fma((x[xRow + j] - mean) * r, weight[weightOffset + j], bias[biasOffset + j]);
            }
        }
    }

    /** The row reduction of {@code (x[j] − mean)²}. */
    private static float squares(final int n, final float[] x, final int xRow, final float mean, final float[] lanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector d = FloatVector.fromArray(FLOATS, x, xRow + j).sub(mean);
                sum = d.fma(d, sum);
            }
            sum.intoArray(lanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float d = x[xRow + j] - mean;
            lanes[j - whole] = Math.fma(d, d, lanes[j - whole]);
        }
        return RowKernels.halve(lanes);
    }

    static void layerNormBackward(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] weight,
            final int weightOffset,
            final float epsilon,
            final float[] dy,
            final int dyOffset,
            final int lddy,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset,
            final float[] lanes,
            final float[] moreLanes) {
        Arrays.fill(dWeight, dWeightOffset, dWeightOffset + columns, 0f);
        Arrays.fill(dBias, dBiasOffset, dBiasOffset + columns, 0f);
        for (int i = 0; i < rows; i++) {
            final int xRow = xOffset + i * ldx;
            final int dyRow = dyOffset + i * lddy;
            final float mean = RowKernels.sum(columns, x, xRow, lanes) / columns;
            final float variance = squares(columns, x, xRow, mean, lanes) / columns;
            final float r = 1f / (float) Math.sqrt(variance + epsilon);
            sums(
                    columns,
                    x,
                    xRow,
                    mean,
                    r,
                    weight,
                    weightOffset,
                    dy,
                    dyRow,
                    dWeight,
                    dWeightOffset,
                    dBias,
                    dBiasOffset,
                    lanes,
                    moreLanes);
            final float a = RowKernels.halve(lanes) / columns;
            final float b = RowKernels.halve(moreLanes) / columns;
            gradient(columns, x, xRow, mean, r, weight, weightOffset, a, b, dy, dyRow);
        }
    }

    /**
     * {@code dWeight = fma(dy, h, dWeight)} and {@code dBias = dBias + dy}, where {@code h = (x − mean) · r}; the lanes
     * of the row reductions of {@code dy · weight} and of {@code (dy · weight) · h}.
     */
    private static void sums(
            final int n,
            final float[] x,
            final int xRow,
            final float mean,
            final float r,
            final float[] weight,
            final int weightOffset,
            final float[] dy,
            final int dyRow,
            final float[] dWeight,
            final int dWeightOffset,
            final float[] dBias,
            final int dBiasOffset,
            final float[] lanes,
            final float[] moreLanes) {
        final int whole = n - n % REDUCTION_LANES;
        for (int l = 0; l < REDUCTION_LANES; l += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            FloatVector products = FloatVector.zero(FLOATS);
            for (int j = l; j < whole; j += REDUCTION_LANES) {
                final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyRow + j);
                final FloatVector h =
                        FloatVector.fromArray(FLOATS, x, xRow + j).sub(mean).mul(r);
                d.fma(h, FloatVector.fromArray(FLOATS, dWeight, dWeightOffset + j))
                        .intoArray(dWeight, dWeightOffset + j);
                d.add(FloatVector.fromArray(FLOATS, dBias, dBiasOffset + j)).intoArray(dBias, dBiasOffset + j);
                final FloatVector g = d.mul(FloatVector.fromArray(FLOATS, weight, weightOffset + j));
                sum = g.add(sum);
                products = g.fma(h, products);
            }
            sum.intoArray(lanes, l);
            products.intoArray(moreLanes, l);
        }
        for (int j = whole; j < n; j++) {
            final float d = dy[dyRow + j];
            final float h = (x[xRow + j] - mean) * r;
            dWeight[dWeightOffset + j] = Math.fma(d, h, dWeight[dWeightOffset + j]);
            dBias[dBiasOffset + j] += d;
            final float g = d * weight[weightOffset + j];
            lanes[j - whole] += g;
            moreLanes[j - whole] = Math.fma(g, h, moreLanes[j - whole]);
        }
    }

    /** {@code dy = fma(−h, b, dy · weight − a) · r}, where {@code h = (x − mean) · r}. */
    private static void gradient(
            final int n,
            final float[] x,
            final int xRow,
            final float mean,
            final float r,
            final float[] weight,
            final int weightOffset,
            final float a,
            final float b,
            final float[] dy,
            final int dyRow) {
        final int whole = FLOATS.loopBound(n);
        final FloatVector products = FloatVector.broadcast(FLOATS, b);
        for (int j = 0; j < whole; j += LANES) {
            final FloatVector g = FloatVector.fromArray(FLOATS, dy, dyRow + j)
                    .mul(FloatVector.fromArray(FLOATS, weight, weightOffset + j))
                    .sub(a);
            FloatVector.fromArray(FLOATS, x, xRow + j)
                    .sub(mean)
                    .mul(r)
                    .neg()
                    .fma(products, g)
                    .mul(r)
                    .intoArray(dy, dyRow + j);
        }
        for (int j = whole; j < n; j++) {
            final float h = (x[xRow + j] - mean) * r;
            dy[dyRow + j] = Math.fma(-h, b, dy[dyRow + j] * weight[weightOffset + j] - a) * r;
        }
    }
}
