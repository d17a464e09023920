package io.lanewise.reference;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.KernelsProvider;

/** Finds the scalar reference: it runs everywhere. */
public final class ReferenceProvider implements KernelsProvider {
    /** For {@link java.util.ServiceLoader}. */
    public ReferenceProvider() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public Support support() {
        return new Support(Support.Level.FAST, "runs everywhere, one element at a time");
    }

    @Override
    public Kernels kernels() {
        return ReferenceKernels.INSTANCE;
    }
}
