package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a virtual machine of its own wrote: one with other flags, or one in which nothing has run yet. */
record ChildJvm(List<String> output, List<String> errors) {
    static final String VECTOR_MODULE = "--add-modules=jdk.incubator.vector";

    /**
     * Runs a class to its end, which has to be a good one.
     *
     * @param folder for what it writes
     */
    static ChildJvm run(final Path folder, final Class<?> main, final String... flags)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Duser.language=en", "-Xshare:auto", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(flags));
        command.add(main.getName());
        final Path out = folder.resolve("out");
        final Path err = folder.resolve("err");
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        final Process process = builder.start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the child hangs");
        } finally {
            process.destroyForcibly();
        }
        final ChildJvm child = new ChildJvm(lines(out), lines(err));
        assertEquals(0, process.exitValue(), child::toString);
        return child;
    }

    private static List<String> lines(final Path file) throws IOException {
        return Files.readAllLines(file, StandardCharsets.UTF_8);
    }

    /** The warnings but the virtual machine's own about its incubator module. */
    List<String> warnings() {
        return errors.stream()
                .filter(line -> line.contains("WARNING") && !line.contains("Using incubator modules"))
                .toList();
    }
}
