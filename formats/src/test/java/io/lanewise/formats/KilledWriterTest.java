package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another process writes a model again and again, and is killed: the file is always one complete model. */
final class KilledWriterTest {
    private static final int KILLS = 6;
    private static final int MAX_MILLIS = 300;

    @TempDir
    Path folder;

    private static Model model(final int outputs) {
        return Model.of(Parameters.random(Mlp.inputs(100).dense(outputs).linear(), outputs));
    }

    /** The process that is killed. */
    static final class Writer {
        private Writer() {}

        public static void main(final String[] args) throws IOException {
            final Model[] models = {model(1000), model(500)};
            for (int i = 0; ; i++) {
                ModelFile.write(models[i % 2], Path.of(args[0]));
            }
        }
    }

    private Process start(final Class<?> main, final Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
    }

    /** A process that is asked to end while it writes. */
    static final class SlowWriter {
        private SlowWriter() {}

        public static void main(final String[] args) throws IOException {
            AtomicFile.write(Path.of(args[0]), out -> {
                out.write(new byte[1 << 20]);
                Files.createFile(Path.of(args[0] + ".begun"));
                while (true) {
                    LockSupport.parkNanos(1_000_000);
                }
            });
        }
    }

    @Test
    void leavesNothingWhenItIsAskedToEnd() throws Exception {
        final Path file = folder.resolve("model.safetensors");
        final Path begun = folder.resolve("model.safetensors.begun");
        final Process process = start(SlowWriter.class, file);
        try {
            while (Files.notExists(begun)) {
                assertTrue(process.isAlive(), () -> output());
                Thread.sleep(1);
            }
            process.destroy(); // as Ctrl-C and kill do, where processes can be asked
            process.waitFor();
        } finally {
            process.destroyForcibly().waitFor();
        }
        Files.delete(begun);
        Files.delete(folder.resolve("output.txt"));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), process.supportsNormalTermination() ? left.toList() : List.of());
        }
    }

    @Test
    void leavesACompleteModel() throws Exception {
        final Path file = folder.resolve("model.safetensors");
        final Random random = new Random();
        for (int kill = 0; kill < KILLS; kill++) {
            Files.deleteIfExists(file);
            final Process process = start(Writer.class, file);
            try {
                while (Files.notExists(file)) {
                    assertTrue(process.isAlive(), () -> output());
                    Thread.sleep(1);
                }
                assertTrue(!process.waitFor(1 + random.nextInt(MAX_MILLIS), TimeUnit.MILLISECONDS), () -> output());
            } finally {
                process.destroyForcibly().waitFor();
            }
            final Model back = ModelFile.read(file);
            assertEquals(model(back.mlp().outputs()), back);
        }
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output.txt"));
        } catch (final IOException e) {
            return e.toString();
        }
    }
}
