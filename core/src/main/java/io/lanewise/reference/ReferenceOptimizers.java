package io.lanewise.reference;

/** The updates of the reference, parameter by parameter. */
final class ReferenceOptimizers {
    private ReferenceOptimizers() {}

    static void sgd(
            final int n,
            final float learningRate,
            final float momentum,
            final float weightDecay,
            final float[] g,
            final float[] v,
            final float[] p) {
        for (int i = 0; i < n; i++) {
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
        for (int i = 0; i < n; i++) {
            m[i] = Math.fma(beta1, m[i], (1f - beta1) * g[i]);
            v[i] = Math.fma(beta2, v[i], (1f - beta2) * g[i] * g[i]);
            final float root = Math.fma((float) Math.sqrt(v[i]), rootScale, epsilon);
            p[i] = Math.fma(-stepSize, m[i] / root, decay * p[i]);
        }
    }
}
