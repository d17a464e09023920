package io.lanewise.reference;

import io.lanewise.kernel.Fma;

/** The updates of the reference, parameter by parameter. */
final class ReferenceOptimizers {
    private ReferenceOptimizers() {}

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
        for (int i = offset; i < offset + n; i++) {
            final float d = Fma.fma(weightDecay, p[i], scale * g[i]);
            float u = d;
            if (momentum != 0f) {
                v[i] = Fma.fma(momentum, v[i], d);
                u = nesterov ? Fma.fma(momentum, v[i], d) : v[i];
            }
            p[i] = Fma.fma(-learningRate, u, p[i]);
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
        for (int i = offset; i < offset + n; i++) {
            final float d = Fma.fma(l2, p[i], scale * g[i]);
            m[i] = Fma.fma(beta1, m[i], (1f - beta1) * d);
            v[i] = Fma.fma(beta2, v[i], (1f - beta2) * d * d);
            final float root = Fma.fma((float) Math.sqrt(v[i]), rootScale, epsilon);
            p[i] = Fma.fma(-stepSize, m[i] / root, decay * p[i]);
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
        for (int i = offset; i < offset + n; i++) {
            final float d = Fma.fma(weightDecay, p[i], scale * g[i]);
            v[i] = Fma.fma(alpha, v[i], (1f - alpha) * d * d);
            float u = d / ((float) Math.sqrt(v[i]) + epsilon);
            if (momentum != 0f) {
                m[i] = Fma.fma(momentum, m[i], u);
                u = m[i];
            }
            p[i] = Fma.fma(-learningRate, u, p[i]);
        }
    }
}
