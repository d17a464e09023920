package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/** Parameter updates, one pass each. Arguments were checked. */
final class Optimizers {
    private Optimizers() {}

    static void sgd(
            final int n,
            final float learningRate,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p) {
        final int whole = FLOATS.loopBound(n);
        final FloatVector mu = FloatVector.broadcast(FLOATS, momentum);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector step = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = 0; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector gradient = decay.fma(old, FloatVector.fromArray(FLOATS, g, i));
            final FloatVector velocity = mu.fma(FloatVector.fromArray(FLOATS, v, i), gradient);
            velocity.intoArray(v, i);
            step.fma(velocity, old).intoArray(p, i);
        }
        for (int i = whole; i < n; i++) {
            v[i] = Math.fma(momentum, v[i], Math.fma(weightDecay, p[i], g[i]));
            p[i] = Math.fma(-learningRate, v[i], p[i]);
        }
    }

    static void adam(
            final int n,
            final float beta1,
            final float beta2,
            final float epsilon,
            final float stepSize,
            final float rootScale,
            final float decay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p) {
        final int whole = FLOATS.loopBound(n);
        final FloatVector b1 = FloatVector.broadcast(FLOATS, beta1);
        final FloatVector b2 = FloatVector.broadcast(FLOATS, beta2);
        final FloatVector step = FloatVector.broadcast(FLOATS, -stepSize);
        final FloatVector eps = FloatVector.broadcast(FLOATS, epsilon);
        for (int i = 0; i < whole; i += LANES) {
            final FloatVector gradient = FloatVector.fromArray(FLOATS, g, i);
            final FloatVector first = b1.fma(FloatVector.fromArray(FLOATS, m, i), gradient.mul(1f - beta1));
            final FloatVector second = b2.fma(
                    FloatVector.fromArray(FLOATS, v, i),
                    gradient.mul(1f - beta2).mul(gradient));
            first.intoArray(m, i);
            second.intoArray(v, i);
            final FloatVector root = second.sqrt().fma(FloatVector.broadcast(FLOATS, rootScale), eps);
            step.fma(first.div(root), FloatVector.fromArray(FLOATS, p, i).mul(decay))
                    .intoArray(p, i);
        }
        for (int i = whole; i < n; i++) {
            m[i] = Math.fma(beta1, m[i], (1f - beta1) * g[i]);
            v[i] = Math.fma(beta2, v[i], (1f - beta2) * g[i] * g[i]);
            final float root = Math.fma((float) Math.sqrt(v[i]), rootScale, epsilon);
            p[i] = Math.fma(-stepSize, m[i] / root, decay * p[i]);
        }
    }
}
