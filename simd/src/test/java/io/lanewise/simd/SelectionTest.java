package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.lanewise.kernel.Backends;
import io.lanewise.kernel.KernelsProvider.Support;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kernels are chosen, with the Vector API and without: in this virtual machine and in some of its children. */
final class SelectionTest {
    private static final String NO_MODULE =
            "the module jdk.incubator.vector is not loaded; start java with --add-modules jdk.incubator.vector";
    private static final boolean HAS_MODULE =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void withoutTheModuleTheScalarKernelsRun() {
        assumeTrue(!HAS_MODULE);
        final Support support = new SimdProvider().support();
        assertEquals(Support.Level.IMPOSSIBLE, support.level());
        assertEquals(NO_MODULE, support.reason());
        assertEquals("scalar", Backends.best().name());
        assertSame(Backends.best(), Backends.best());
    }

    @Test
    void withTheModuleTheWidestVectorsRun() {
        assumeTrue(HAS_MODULE);
        final int hardware = 8 * Integer.parseInt(flag("MaxVectorSize"));
        final int width = Math.min(Math.min(hardware, 512), Integer.getInteger("lanewise.simd.width", 512));
        assertEquals("simd-" + Math.max(width, 128), Backends.best().name());
        assertSame(Backends.best(), Backends.best());
        assertNotEquals(Support.Level.IMPOSSIBLE, new SimdProvider().support().level());
    }

    @Test
    void bothBackendsAreFoundTheFasterFirst() {
        assertEquals(
                List.of("simd", "scalar"),
                Backends.candidates().stream().map(c -> c.provider().name()).toList());
    }

    @Test
    void aMissingModuleIsWarnedOfOnce() throws Exception {
        final ChildJvm child = child();
        assertEquals(List.of("scalar", "scalar"), child.output());
        assertEquals(List.of("WARNING: simd kernels are not used: " + NO_MODULE), child.warnings());
    }

    @Test
    void withoutFusedMultiplyAddTheScalarKernelsRun() throws Exception {
        assumeTrue(hasFlag("UseFMA"));
        final ChildJvm child = child(ChildJvm.VECTOR_MODULE, "-XX:-UseFMA");
        assertEquals(List.of("scalar", "scalar"), child.output());
        assertEquals(1, child.warnings().size(), child::toString);
        assertTrue(child.warnings().getFirst().contains("remove -XX:-UseFMA"), child::toString);
    }

    @Test
    void withoutC2TheScalarKernelsRun() throws Exception {
        final ChildJvm child = child(ChildJvm.VECTOR_MODULE, "-XX:TieredStopAtLevel=1");
        assertEquals(List.of("scalar", "scalar"), child.output());
        assertEquals(1, child.warnings().size(), child::toString);
        assertTrue(child.warnings().getFirst().contains("remove -Xint, -XX:TieredStopAtLevel"), child::toString);
    }

    @Test
    void forcedButImpossibleIsAnErrorEachTime() throws Exception {
        final ChildJvm child = child("-Dlanewise.kernels=simd");
        final String error = "java.lang.IllegalStateException: -Dlanewise.kernels=simd cannot be used: " + NO_MODULE;
        assertEquals(List.of(error, error), child.output());
        assertEquals(List.of(), child.warnings());
    }

    @Test
    void scalarWhenAskedForIsNoReasonToWarn() throws Exception {
        final ChildJvm child = child(ChildJvm.VECTOR_MODULE, "-Dlanewise.kernels=scalar");
        assertEquals(List.of("scalar", "scalar"), child.output());
        assertEquals(List.of(), child.warnings());
    }

    @Test
    void slowWhenAskedForRunsAllTheSame() throws Exception {
        final ChildJvm child = child(ChildJvm.VECTOR_MODULE, "-XX:TieredStopAtLevel=1", "-Dlanewise.kernels=simd");
        assertEquals(2, child.output().size(), child::toString);
        assertTrue(child.output().getFirst().startsWith("simd-"), child::toString);
        assertEquals(List.of(), child.warnings());
    }

    @Test
    void anUnknownNameIsAnErrorEachTime() throws Exception {
        final ChildJvm child = child("-Dlanewise.kernels=fpga");
        final String error = "java.lang.IllegalStateException: "
                + "no backend is called 'fpga' (-Dlanewise.kernels); found: [simd, scalar]";
        assertEquals(List.of(error, error), child.output());
    }

    private static String flag(final String name) {
        return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption(name)
                .getValue();
    }

    private static boolean hasFlag(final String name) {
        try {
            return !flag(name).isEmpty();
        } catch (final IllegalArgumentException e) {
            return false; // not every architecture has every flag
        }
    }

    /** Asks twice for the best kernels in a virtual machine of its own. */
    private ChildJvm child(final String... flags) throws IOException, InterruptedException {
        return ChildJvm.run(folder, Ask.class, flags);
    }

    /** The main class of a child. */
    static final class Ask {
        private Ask() {}

        public static void main(final String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try {
                    System.out.println(Backends.best().name());
                } catch (final IllegalStateException e) {
                    System.out.println(e);
                }
            }
        }
    }
}
