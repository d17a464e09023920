package io.lanewise.reference;

import static io.lanewise.kernel.Kernels.REDUCTION_LANES;

import io.lanewise.kernel.Fma;
import io.lanewise.kernel.PointwiseLoss;
import java.util.Arrays;

/** The losses of the reference, and their gradients, row by row. */
final class ReferenceLosses {
    private ReferenceLosses() {}

    /** {@code dx = (softmax(x) − onehot(label)) · scale}; returns the loss. x and dx may be the same. */
    static float softmaxCrossEntropy(
            final int n,
            final float[] x,
            final int xOffset,
            final int label,
            final float scale,
            final float[] dx,
            final int dxOffset,
            final float[] lanes) {
        final float max = ReferenceRows.max(n, x, xOffset);
        final float picked = x[xOffset + label] - max;
        final float s = ReferenceRows.exponentials(n, x, xOffset, max, dx, dxOffset, lanes);
        final float r = 1f / s;
        for (int j = 0; j < n; j++) {
            dx[dxOffset + j] = (dx[dxOffset + j] * r - (j == label ? 1f : 0f)) * scale;
        }
        return ScalarMath.log(s) - picked;
    }

    /** {@code dx = (softmax(x) · Σ t − t) · scale}; returns the loss. x and dx may be the same. */
    static float softmaxCrossEntropy(
            final int n,
            final float[] x,
            final int xOffset,
            final float[] t,
            final int tOffset,
            final float scale,
            final float[] dx,
            final int dxOffset,
            final float[] lanes) {
        final float max = ReferenceRows.max(n, x, xOffset);
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            lanes[j % REDUCTION_LANES] += t[tOffset + j];
        }
        final float q = ReferenceRows.halve(lanes);
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            final float logit = x[xOffset + j] - max;
            lanes[j % REDUCTION_LANES] = Fma.fma(t[tOffset + j], logit, lanes[j % REDUCTION_LANES]);
        }
        final float a = ReferenceRows.halve(lanes);
        final float s = ReferenceRows.exponentials(n, x, xOffset, max, dx, dxOffset, lanes);
        final float r = 1f / s;
        for (int j = 0; j < n; j++) {
            dx[dxOffset + j] = Fma.fma(dx[dxOffset + j] * r, q, -t[tOffset + j]) * scale;
        }
        return Fma.fma(q, ScalarMath.log(s), -a);
    }

    /** {@code dx = derivative · scale}; returns the loss. x and dx may be the same. */
    static float pointwise(
            final PointwiseLoss f,
            final float delta,
            final int n,
            final float[] x,
            final int xOffset,
            final float[] t,
            final int tOffset,
            final float scale,
            final float[] dx,
            final int dxOffset,
            final float[] lanes) {
        Arrays.fill(lanes, 0f);
        for (int j = 0; j < n; j++) {
            final float out = x[xOffset + j];
            final float target = t[tOffset + j];
            final int lane = j % REDUCTION_LANES;
            lanes[lane] = added(f, delta, out, target, lanes[lane]);
            dx[dxOffset + j] = derivative(f, delta, out, target) * scale;
        }
        return ReferenceRows.halve(lanes);
    }

    /** The lane with the loss of one element added. */
    private static float added(
            final PointwiseLoss f, final float delta, final float x, final float t, final float lane) {
        final float d = x - t;
        return switch (f) {
            case SQUARED -> Fma.fma(d, d, lane);
            case ABSOLUTE -> lane + Math.abs(d);
            case HUBER -> {
                final float c = bounded(d, delta);
                yield Fma.fma(c, Fma.fma(-0.5f, c, d), lane);
            }
            case BINARY_CROSS_ENTROPY ->
                lane + (ScalarActivations.softplus(-Math.abs(x)) + Fma.fma(-x, t, x < 0f ? 0f : x));
        };
    }

    private static float derivative(final PointwiseLoss f, final float delta, final float x, final float t) {
        final float d = x - t;
        return switch (f) {
            case SQUARED -> d;
            case ABSOLUTE -> d > 0f ? 1f : d < 0f ? -1f : d;
            case HUBER -> bounded(d, delta);
            case BINARY_CROSS_ENTROPY -> ScalarMath.sigmoid(x) - t;
        };
    }

    private static float bounded(final float d, final float delta) {
        return d > delta ? delta : d < -delta ? -delta : d;
    }
}
