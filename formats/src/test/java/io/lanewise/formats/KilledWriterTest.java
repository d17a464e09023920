package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
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

    @Test
    void leavesACompleteModel() throws Exception {
        final Path file = folder.resolve("model.safetensors");
        final Random random = new Random();
        for (int kill = 0; kill < KILLS; kill++) {
            Files.deleteIfExists(file);
            final Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
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
