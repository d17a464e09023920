package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How Java is started decides which kernels are found: seen from children of this process. */
final class ModulePathTest {
    /** Prints the kernels' name. */
    static final class Probe {
        private Probe() {}

        public static void main(final String[] args) {
            System.out.println(Backends.best().name());
        }
    }

    @Test
    void modulePathNeedsNoFlag() throws Exception {
        final Child child = Child.run(
                "-p",
                entries("core", "simd"),
                "--add-modules",
                "io.lanewise.core",
                "-cp",
                entries("cli"),
                Probe.class.getName());
        assertTrue(child.out().startsWith("simd-"), child.toString());
    }

    @Test
    void classPathWithoutTheFlagIsScalarAndSaysWhatToAdd() throws Exception {
        final Child child = Child.run("-cp", entries("core", "simd", "cli"), Probe.class.getName());
        assertEquals("scalar\n", child.out());
        assertTrue(child.err().contains("--add-modules jdk.incubator.vector"), child.err());
        assertEquals(
                1, child.err().lines().filter(line -> line.contains("WARNING")).count(), child.err());
    }

    @Test
    void doctorSaysWhatToMend() throws Exception {
        final Child child = Child.run(
                "-Dlanewise.kernels=scalar",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "doctor");
        assertEquals(Main.FAILED, child.status(), child.toString());
        assertTrue(child.out().contains("To mend: remove -Dlanewise.kernels=scalar"), child.out());
    }

    @Test
    void forcedWithoutTheModuleIsRefused() throws Exception {
        final Child child = Child.run(
                "-Dlanewise.kernels=simd",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                Path.of("..", "data", "iris.csv").toString(),
                "-o",
                "target/never.safetensors");
        assertEquals(Main.USER_ERROR, child.status(), child.toString());
        assertTrue(child.err().contains("--add-modules jdk.incubator.vector"), child.err());
    }

    /** The parts of the class path that hold these modules. */
    private static String entries(final String... modules) {
        final List<String> found = new ArrayList<>();
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            final boolean wanted = Arrays.stream(modules)
                    .anyMatch(name -> entry.contains("lanewise-" + name)
                            || entry.endsWith(Path.of(name, "target", "classes").toString())
                            || entry.endsWith(
                                    Path.of(name, "target", "test-classes").toString()));
            if (wanted) {
                found.add(entry);
            }
        }
        assertTrue(found.size() >= modules.length, () -> found + " for " + Arrays.toString(modules));
        return String.join(File.pathSeparator, found);
    }

    private record Child(int status, String out, String err) {
        static Child run(final String... arguments) throws IOException, InterruptedException {
            final List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(arguments));
            final File err = File.createTempFile("child", ".err");
            err.deleteOnExit();
            final Process process =
                    new ProcessBuilder(command).redirectError(err).start();
            final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Child(process.waitFor(), out, Files.readString(err.toPath()));
        }
    }
}
