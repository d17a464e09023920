package io.lanewise.simd;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.lanewise.kernel.KernelsProvider.Support;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the virtual machine and the CPU under it allow. Refers to no class of the Vector API. */
final class Machine {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final int LEAST_BITS = 128;
    private static final List<String> WIDTHS = List.of("128", "256", "512");

    /** The system property that caps the width, in bits: for tests. */
    static final String WIDTH = "lanewise.simd.width";

    private Machine() {}

    static Support support() {
        try {
            return inspect();
        } catch (final LinkageError e) {
            // A cut-down runtime, such as jlink makes.
            return slow(
                    "the module jdk.management is missing, so nothing is known of this virtual machine; add it to the"
                            + " runtime, or start java with --add-modules jdk.management");
        }
    }

    private static Support inspect() {
        final Module own = Machine.class.getModule();
        final Module vector = ModuleLayer.boot().findModule(VECTOR_MODULE).orElse(null);
        if (vector == null || !own.canRead(vector)) {
            return impossible(
                    "the module " + VECTOR_MODULE + " is not loaded; start java with --add-modules " + VECTOR_MODULE);
        }
        final String width = System.getProperty(WIDTH, "512");
        if (!WIDTHS.contains(width)) {
            return impossible("-D" + WIDTH + " has to be one of " + WIDTHS + ", got '" + width + "'");
        }
        final String name = System.getProperty("java.vm.name", "");
        final HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (flags == null || !(name.contains("OpenJDK") || name.contains("HotSpot"))) {
            return slow("this virtual machine (" + name + ") is not HotSpot: it would box every vector");
        }
        if ("true".equals(flag(flags, "UseJVMCICompiler"))) {
            return slow("the JVMCI compiler is on instead of C2; remove -XX:+UseJVMCICompiler");
        }
        final String level = flag(flags, "TieredStopAtLevel");
        if ("false".equals(flag(flags, "UseCompiler")) || (level != null && !"4".equals(level))) {
            return slow("the C2 compiler is off; remove -Xint, -XX:TieredStopAtLevel and the like");
        }
        if ("false".equals(flag(flags, "EnableVectorSupport"))) {
            return slow("vector support is off; remove -XX:-EnableVectorSupport");
        }
        final String bytes = flag(flags, "MaxVectorSize");
        if (bytes != null && Integer.parseInt(bytes) * 8 < LEAST_BITS) {
            return slow("vectors have " + Integer.parseInt(bytes) * 8 + " bits, fewer than " + LEAST_BITS
                    + "; remove -XX:MaxVectorSize, or use a newer CPU");
        }
        if (!"true".equals(flag(flags, "UseFMA"))) {
            return slow(
                    "fused multiply-add is off or missing: results are the same, but everything takes a hundred times"
                        + " as long or more; remove -XX:-UseFMA and -XX:UseAVX, or use a CPU with FMA (x86-64: 2013 or"
                        + " newer)");
        }
        return new Support(Support.Level.FAST, "vectors and fused multiply-add, compiled by C2");
    }

    /** 16 on x86 before AVX-512 (and with {@code -XX:UseAVX=2}), 32 elsewhere. */
    static int vectorRegisters() {
        final String arch = System.getProperty("os.arch", "");
        if (!arch.equals("amd64") && !arch.equals("x86_64")) {
            return 32;
        }
        final String avx = useAvx();
        return avx != null && Integer.parseInt(avx) >= 3 ? 32 : 16;
    }

    private static @Nullable String useAvx() {
        try {
            final HotSpotDiagnosticMXBean flags = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return flags == null ? null : flag(flags, "UseAVX");
        } catch (final LinkageError e) {
            return null;
        }
    }

    private static Support slow(final String reason) {
        return new Support(Support.Level.SLOW, reason);
    }

    private static Support impossible(final String reason) {
        return new Support(Support.Level.IMPOSSIBLE, reason);
    }

    private static @Nullable String flag(final HotSpotDiagnosticMXBean flags, final String name) {
        try {
            return flags.getVMOption(name).getValue();
        } catch (final IllegalArgumentException e) {
            return null; // this build of the virtual machine does not know it
        }
    }
}
