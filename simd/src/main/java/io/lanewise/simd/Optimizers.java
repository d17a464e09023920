package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/** Parameter updates, one pass each, and a loop for each variant, without branches. Arguments were checked. */
final class Optimizers {
    private Optimizers() {}

    static void sgd(
            final int n,
            final float scale,
            final float learningRate,
            final float momentum,
            final boolean nesterov,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p,
            final int offset) {
        if (momentum == 0f) {
            plainSgd(n, scale, learningRate, weightDecay, g, p, offset);
        } else if (nesterov) {
            nesterov(n, scale, learningRate, momentum, weightDecay, g, v, p, offset);
        } else {
            momentum(n, scale, learningRate, momentum, weightDecay, g, v, p, offset);
        }
    }

    private static void plainSgd(
            final int n,
            final float scale,
            final float learningRate,
            final float weightDecay,
            final float[] g,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector rate = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(decay, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            d.fma(rate, old).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            p[i] = Math.fma(-learningRate, Math.fma(weightDecay, p[i], scale * g[i]), p[i]);
        }
    }

    private static void momentum(
            final int n,
            final float scale,
            final float learningRate,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector mu = FloatVector.broadcast(FLOATS, momentum);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector rate = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(decay, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            final FloatVector velocity = FloatVector.fromArray(FLOATS, v, i).fma(mu, d);
            velocity.intoArray(v, i);
            velocity.fma(rate, old).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            v[i] = Math.fma(momentum, v[i], Math.fma(weightDecay, p[i], scale * g[i]));
            p[i] = Math.fma(-learningRate, v[i], p[i]);
        }
    }

    private static void nesterov(
            final int n,
            final float scale,
            final float learningRate,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector mu = FloatVector.broadcast(FLOATS, momentum);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector rate = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(decay, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            final FloatVector velocity = FloatVector.fromArray(FLOATS, v, i).fma(mu, d);
            velocity.intoArray(v, i);
            velocity.fma(mu, d).fma(rate, old).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            final float d = Math.fma(weightDecay, p[i], scale * g[i]);
            v[i] = Math.fma(momentum, v[i], d);
            p[i] = Math.fma(-learningRate, Math.fma(momentum, v[i], d), p[i]);
        }
    }

    static void adam(
            final int n,
            final float scale,
            final float l2,
            final float beta1,
            final float beta2,
            final float epsilon,
            final float stepSize,
            final float rootScale,
            final float decay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector b1 = FloatVector.broadcast(FLOATS, beta1);
        final FloatVector b2 = FloatVector.broadcast(FLOATS, beta2);
        final FloatVector penalty = FloatVector.broadcast(FLOATS, l2);
        final FloatVector step = FloatVector.broadcast(FLOATS, -stepSize);
        final FloatVector eps = FloatVector.broadcast(FLOATS, epsilon);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(penalty, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            final FloatVector first = FloatVector.fromArray(FLOATS, m, i).fma(b1, d.mul(1f - beta1));
            final FloatVector second = FloatVector.fromArray(FLOATS, v, i)
                    .fma(b2, d.mul(1f - beta2).mul(d));
            first.intoArray(m, i);
            second.intoArray(v, i);
            final FloatVector root = second.sqrt().fma(FloatVector.broadcast(FLOATS, rootScale), eps);
            first.div(root).fma(step, old.mul(decay)).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            final float d = Math.fma(l2, p[i], scale * g[i]);
            m[i] = Math.fma(beta1, m[i], (1f - beta1) * d);
            v[i] = Math.fma(beta2, v[i], (1f - beta2) * d * d);
            final float root = Math.fma((float) Math.sqrt(v[i]), rootScale, epsilon);
            p[i] = Math.fma(-stepSize, m[i] / root, decay * p[i]);
        }
    }

    static void rmsProp(
            final int n,
            final float scale,
            final float learningRate,
            final float alpha,
            final float epsilon,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p,
            final int offset) {
        if (momentum == 0f) {
            plainRmsProp(n, scale, learningRate, alpha, epsilon, weightDecay, g, v, p, offset);
        } else {
            rmsPropMomentum(n, scale, learningRate, alpha, epsilon, momentum, weightDecay, g, m, v, p, offset);
        }
    }

    private static void plainRmsProp(
            final int n,
            final float scale,
            final float learningRate,
            final float alpha,
            final float epsilon,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector keep = FloatVector.broadcast(FLOATS, alpha);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector rate = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(decay, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            final FloatVector square = FloatVector.fromArray(FLOATS, v, i)
                    .fma(keep, d.mul(1f - alpha).mul(d));
            square.intoArray(v, i);
            d.div(square.sqrt().add(epsilon)).fma(rate, old).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            final float d = Math.fma(weightDecay, p[i], scale * g[i]);
            v[i] = Math.fma(alpha, v[i], (1f - alpha) * d * d);
            p[i] = Math.fma(-learningRate, d / ((float) Math.sqrt(v[i]) + epsilon), p[i]);
        }
    }

    private static void rmsPropMomentum(
            final int n,
            final float scale,
            final float learningRate,
            final float alpha,
            final float epsilon,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] m,
            final float[] v,
            final float[] p,
            final int offset) {
        final int end = offset + n;
        final int whole = offset + FLOATS.loopBound(n);
        final FloatVector keep = FloatVector.broadcast(FLOATS, alpha);
        final FloatVector mu = FloatVector.broadcast(FLOATS, momentum);
        final FloatVector decay = FloatVector.broadcast(FLOATS, weightDecay);
        final FloatVector rate = FloatVector.broadcast(FLOATS, -learningRate);
        for (int i = offset; i < whole; i += LANES) {
            final FloatVector old = FloatVector.fromArray(FLOATS, p, i);
            final FloatVector d =
                    old.fma(decay, FloatVector.fromArray(FLOATS, g, i).mul(scale));
            final FloatVector square = FloatVector.fromArray(FLOATS, v, i)
                    .fma(keep, d.mul(1f - alpha).mul(d));
            square.intoArray(v, i);
            final FloatVector velocity = FloatVector.fromArray(FLOATS, m, i)
                    .fma(mu, d.div(square.sqrt().add(epsilon)));
            velocity.intoArray(m, i);
            velocity.fma(rate, old).intoArray(p, i);
        }
        for (int i = whole; i < end; i++) {
            final float d = Math.fma(weightDecay, p[i], scale * g[i]);
            v[i] = Math.fma(alpha, v[i], (1f - alpha) * d * d);
            m[i] = Math.fma(momentum, m[i], d / ((float) Math.sqrt(v[i]) + epsilon));
            p[i] = Math.fma(-learningRate, m[i], p[i]);
        }
    }
}
