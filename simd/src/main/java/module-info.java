/** The kernels on the Vector API. Nothing to call here: {@code io.lanewise.kernel.Backends} finds them. */
@org.jspecify.annotations.NullMarked
module io.lanewise.simd {
    requires static org.jspecify;
    requires io.lanewise.core;
    requires java.management;
    requires jdk.incubator.vector;
    requires jdk.management;

    provides io.lanewise.kernel.KernelsProvider with
            io.lanewise.simd.SimdProvider;
}
