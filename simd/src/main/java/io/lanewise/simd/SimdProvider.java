package io.lanewise.simd;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.KernelsProvider;

/** Finds the kernels on the Vector API. Touches no class of that API before {@link #support} allows it. */
public final class SimdProvider implements KernelsProvider {
    /** For {@link java.util.ServiceLoader}. */
    public SimdProvider() {}

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Support support() {
        return Machine.support();
    }

    @Override
    public Kernels kernels() {
        return new SimdKernels();
    }
}
