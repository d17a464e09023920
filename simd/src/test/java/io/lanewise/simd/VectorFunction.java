package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.reference.ScalarActivations;
import io.lanewise.reference.ScalarMath;
import java.util.Arrays;

/** The functions that have a loop of their own, each beside its scalar twin; derivatives as products with 1. */
enum VectorFunction {
    EXP(ScalarMath::exp, (n, x, y) -> VectorMath.exp(n, x, 0, 0f, y, 0), -104f, 89f),
    EXPM1(ScalarMath::expm1, (n, x, y) -> VectorMath.expm1(n, x, 0, y, 0), -18f, 89f),
    LOG(ScalarMath::log, (n, x, y) -> VectorMath.log(n, x, 0, y, 0), 0.5f, 1.5f),
    LOG1P(ScalarMath::log1p, (n, x, y) -> VectorMath.log1p(n, x, 0, y, 0), -1f, 4f),
    SIGMOID(ScalarMath::sigmoid, (n, x, y) -> VectorMath.sigmoid(n, x, 0, y, 0), -104f, 18f),
    TANH(ScalarMath::tanh, (n, x, y) -> VectorMath.tanh(n, x, 0, y, 0), -10f, 10f),
    ERF(ScalarMath::erf, (n, x, y) -> VectorMath.erf(n, x, 0, y, 0), -4f, 4f),
    SELU(
            x -> ScalarActivations.activate(Activation.SELU, x),
            (n, x, y) -> VectorActivations.elu(n, Activation.SELU_POSITIVE, Activation.SELU_NEGATIVE, x, 0, y, 0),
            -18f,
            10f),
    SOFTPLUS(ScalarActivations::softplus, (n, x, y) -> VectorActivations.softplus(n, x, 0, y, 0), -104f, 18f),
    SILU(ScalarActivations::silu, (n, x, y) -> VectorActivations.silu(n, x, 0, y, 0), -110f, 20f),
    GELU(ScalarActivations::gelu, (n, x, y) -> VectorActivations.gelu(n, x, 0, y, 0), -14.6f, 6f),
    GELU_TANH(ScalarActivations::geluTanh, (n, x, y) -> VectorActivations.geluTanh(n, x, 0, y, 0), -11f, 8f),
    SOFTPLUS_SLOPE(Activation.SOFTPLUS, (n, x, y) -> VectorDerivatives.softplus(n, x, 0, y, 0), 0f, 20f),
    SILU_SLOPE(Activation.SILU, (n, x, y) -> VectorDerivatives.silu(n, x, 0, y, 0), -110f, 20f),
    GELU_SLOPE(Activation.GELU, (n, x, y) -> VectorDerivatives.gelu(n, x, 0, y, 0), -14.6f, 6f),
    GELU_TANH_SLOPE(Activation.GELU_TANH, (n, x, y) -> VectorDerivatives.geluTanh(n, x, 0, y, 0), -11f, 8f);

    private interface Scalar {
        float apply(float x);
    }

    private interface Loop {
        void run(int n, float[] x, float[] y);
    }

    private final Scalar scalar;
    private final Loop vector;
    private final boolean multiplies;

    /** Where a coefficient's last bit shows. */
    final float from;

    final float to;

    VectorFunction(final Scalar scalar, final Loop vector, final float from, final float to) {
        this.scalar = scalar;
        this.vector = vector;
        this.multiplies = false;
        this.from = from;
        this.to = to;
    }

    VectorFunction(final Activation f, final Loop vector, final float from, final float to) {
        this.scalar = x -> ScalarActivations.backward(f, x, 1f);
        this.vector = vector;
        this.multiplies = true;
        this.from = from;
        this.to = to;
    }

    float scalar(final float x) {
        return scalar.apply(x);
    }

    /** Whole vectors. */
    void vector(final float[] x, final float[] y) {
        if (multiplies) {
            Arrays.fill(y, 1f);
        }
        vector.run(x.length, x, y);
    }
}
