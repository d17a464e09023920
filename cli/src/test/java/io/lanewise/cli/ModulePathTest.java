package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Backends;
import java.io.File;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** A user's own module, compiled and run against ours: what our descriptors ask for has to be there. */
    @Test
    void aModuleOfTheUsersCompilesAndRuns(@TempDir final Path folder) throws Exception {
        final Path source = Files.createDirectories(folder.resolve("src").resolve("app"));
        Files.writeString(
                folder.resolve("src").resolve("module-info.java"),
                "module app { requires io.lanewise.core; requires io.lanewise.formats; }");
        Files.writeString(source.resolve("App.java"), """
            package app;

            public final class App {
                public static void main(final String[] args) {
                    final var mlp = io.lanewise.mlp.Mlp.inputs(2).dense(3).softmax();
                    final var model = io.lanewise.mlp.Model.of(io.lanewise.mlp.Parameters.random(mlp, 1));
                    final var predictor = io.lanewise.inference.Predictor.of(model);
                    System.out.println(predictor.kernels().name() + " " + predictor.classify(new float[2]));
                }
            }
            """);
        final String modules = entries("core", "simd", "formats") + File.pathSeparator + libraries();
        final StringWriter messages = new StringWriter();
        final boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        messages,
                        null,
                        null,
                        List.of("-p", modules, "-d", folder.resolve("app").toString()),
                        null,
                        ToolProvider.getSystemJavaCompiler()
                                .getStandardFileManager(null, null, null)
                                .getJavaFileObjects(
                                        folder.resolve("src").resolve("module-info.java"), source.resolve("App.java")))
                .call();
        assertTrue(compiled, messages::toString);
        final Child child = Child.run("-p", modules + File.pathSeparator + folder.resolve("app"), "-m", "app/app.App");
        assertTrue(child.out().matches("simd-[0-9]+ [0-9]\n"), child.toString());
    }

    @Test
    void withoutTheManagementModuleItIsScalar() throws Exception {
        final Child child = Child.run(
                "--limit-modules",
                "java.base,java.logging,jdk.incubator.vector",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                entries("core", "simd", "cli"),
                Probe.class.getName());
        assertEquals("scalar\n", child.out(), child.toString());
        assertTrue(child.err().contains("--add-modules jdk.management"), child.err());
    }

    @Test
    void wrongWidthIsTold() throws Exception {
        final Child child = Child.run(
                "--add-modules=jdk.incubator.vector",
                "-Dlanewise.simd.width=100",
                "-cp",
                entries("core", "simd", "cli"),
                Probe.class.getName());
        assertEquals("scalar\n", child.out(), child.toString());
        assertTrue(child.err().contains("has to be one of [128, 256, 512], got '100'"), child.err());
    }

    @Test
    void aFullDiskIsToldWhenScoringToStandardOutput() throws Exception {
        final Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full), "only Linux has it");
        final Path model = Path.of("target", "full.safetensors");
        final Path iris = Path.of("..", "data", "iris.csv");
        Run.of("train", iris, "-o", model, "--epochs", 1).ok();
        final List<String> command = new ArrayList<>(Child.java());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "predict",
                model.toString(),
                iris.toString()));
        final Process process = new ProcessBuilder(command)
                .redirectOutput(full.toFile())
                .redirectError(ProcessBuilder.Redirect.PIPE)
                .start();
        final String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(Main.USER_ERROR, process.waitFor(), err);
        assertTrue(err.contains("standard output takes no more"), err);
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

    /** The class path but for our own modules and the annotations: what a user's build finds. */
    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("jackson-core") || entry.contains("fastcsv"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
