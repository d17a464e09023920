package io.lanewise;

import io.lanewise.kernel.Kernels;
import io.lanewise.reference.ReferenceKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** The scalar kernels, with something done before each call. */
public final class HookedKernels {
    private HookedKernels() {}

    /**
     * Wraps the scalar kernels.
     *
     * @param before is given the name of the method that is about to be called; what it throws comes out of the call
     */
    public static Kernels of(final Consumer<String> before) {
        return (Kernels) Proxy.newProxyInstance(
                HookedKernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (proxy, method, arguments) -> {
                    before.accept(method.getName());
                    try {
                        return method.invoke(ReferenceKernels.INSTANCE, arguments);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
