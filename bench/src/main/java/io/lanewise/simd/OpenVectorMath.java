package io.lanewise.simd;

import jdk.incubator.vector.VectorSpecies;

/** Lets benchmarks call the loops of simd that only its kernels can see: whole arrays, from x to y. */
public final class OpenVectorMath {
    /** The width that they use. */
    public static final VectorSpecies<Float> FLOATS = Simd.FLOATS;

    private OpenVectorMath() {}

    /** A function of each element. */
    public interface Loop {
        /** Sets {@code y[i] = f(x[i])}; both are whole vectors long. */
        void run(float[] x, float[] y);
    }

    /** The functions, under the names that the vector classes give them. */
    public enum Function implements Loop {
        EXP((x, y) -> VectorMath.exp(x.length, x, 0, 0f, y, 0)),
        EXPM1((x, y) -> VectorMath.expm1(x.length, x, 0, y, 0)),
        LOG((x, y) -> VectorMath.log(x.length, x, 0, y, 0)),
        LOG1P((x, y) -> VectorMath.log1p(x.length, x, 0, y, 0)),
        SIGMOID((x, y) -> VectorMath.sigmoid(x.length, x, 0, y, 0)),
        TANH((x, y) -> VectorMath.tanh(x.length, x, 0, y, 0)),
        ERF((x, y) -> VectorMath.erf(x.length, x, 0, y, 0)),
        ELU((x, y) -> VectorActivations.elu(x.length, 1f, 1f, x, 0, y, 0)),
        SOFTPLUS((x, y) -> VectorActivations.softplus(x.length, x, 0, y, 0)),
        SILU((x, y) -> VectorActivations.silu(x.length, x, 0, y, 0)),
        GELU((x, y) -> VectorActivations.gelu(x.length, x, 0, y, 0)),
        GELU_TANH((x, y) -> VectorActivations.geluTanh(x.length, x, 0, y, 0)),
        SILU_DERIVATIVE((x, y) -> VectorDerivatives.silu(x.length, x, 0, y, 0)),
        GELU_DERIVATIVE((x, y) -> VectorDerivatives.gelu(x.length, x, 0, y, 0)),
        GELU_TANH_DERIVATIVE((x, y) -> VectorDerivatives.geluTanh(x.length, x, 0, y, 0));

        private final Loop loop;

        Function(final Loop loop) {
            this.loop = loop;
        }

        @Override
        public void run(final float[] x, final float[] y) {
            loop.run(x, y);
        }
    }
}
