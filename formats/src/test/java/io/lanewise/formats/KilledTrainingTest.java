package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.Checkpoints;
import io.lanewise.training.Dataset;
import io.lanewise.training.EarlyStopping;
import io.lanewise.training.EpochReport;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Schedule;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingOptions;
import io.lanewise.training.TrainingResult;
import io.lanewise.training.TrainingState;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another process trains a network, is killed again and again, at any instant and while it writes, and goes on each
 * time: it ends with the bits of a run that was never interrupted.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class KilledTrainingTest {
    private static final int ROWS = 200;
    private static final int FEATURES = 10;
    private static final int CLASSES = 3;
    private static final int MAX_SAVES = 40; // that a process makes before it is killed, of 130 and more in all
    private static final int MAX_DELAY = 3_000_000; // ns

    @TempDir
    Path folder;

    private static Trainer trainer() {
        final Mlp mlp = Mlp.inputs(FEATURES)
                .dense(96)
                .batchNorm()
                .activation(Activation.RELU)
                .dropout(0.2f)
                .dense(96, Activation.TANH)
                .dense(CLASSES)
                .softmax();
        final TrainingOptions options = TrainingOptions.defaults()
                .withEpochs(10)
                .withBatchSize(16)
                .withSeed(3)
                .withOptimizer(Optimizer.adam(0.01f))
                .withSchedule(new Schedule.ReduceOnPlateau(0.5, 0, 1e-3, 0, 0))
                .withEarlyStopping(new EarlyStopping(10, 0));
        return Trainer.of(mlp, options).kernels(ReferenceKernels.INSTANCE).validation(data(2));
    }

    private static Dataset data(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] x = new float[ROWS * FEATURES];
        final int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = random.nextInt(CLASSES);
            for (int j = 0; j < FEATURES; j++) {
                x[i * FEATURES + j] = (float) random.nextDouble(-1, 1) + (j == labels[i] ? 0.5f : 0f);
            }
        }
        return Dataset.classification(FEATURES, CLASSES, x, labels);
    }

    /** What does not depend on the time, as text. */
    private static String history(final TrainingResult result) {
        final StringBuilder text = new StringBuilder("epoch " + result.epoch() + ", " + result.end() + "\n");
        for (final EpochReport report : result.history()) {
            for (final double value : new double[] {
                report.epoch(), report.loss(), report.learningRate(), report.validationLoss(), report.validationScore()
            }) {
                text.append(Double.toHexString(value)).append(' ');
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static void write(final TrainingResult result, final Path folder) throws IOException {
        ModelFile.write(result.model(), folder.resolve("model.safetensors"));
        Files.writeString(folder.resolve("history.txt"), history(result));
    }

    /** The process that is killed. It prints a line after each save. */
    static final class Training {
        private Training() {}

        public static void main(final String[] args) throws IOException {
            final Path folder = Path.of(args[0]);
            try (CheckpointFolder checkpoints = CheckpointFolder.of(folder)) {
                final TrainingResult result = trainer()
                        .checkpoints(new Printing(checkpoints))
                        .checkpointEvery(1)
                        .resume(true)
                        .listener(new TrainingListener() {
                            @Override
                            public void onResume(final TrainingState state) {
                                print("resumed " + state.rows());
                            }
                        })
                        .fit(data(1));
                write(result, folder);
            }
            print("done");
        }

        @SuppressWarnings("SystemOut")
        static void print(final String line) {
            System.out.println(line);
            System.out.flush();
        }
    }

    private record Printing(Checkpoints checkpoints) implements Checkpoints {
        @Override
        public void save(final TrainingState state) throws IOException {
            checkpoints.save(state);
            Training.print("saved");
        }

        @Override
        public Optional<TrainingState> load() throws IOException {
            return checkpoints.load();
        }
    }

    /** What became of the processes. */
    private int kills;

    private int killedWhileWriting;

    private int resumes;
    private int resumesWithinEpochs;
    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void goesOnToTheSameBits() throws Exception {
        final Path killed = Files.createDirectory(folder.resolve("killed"));
        while (!endsAlive(killed)) {
            kills++;
            killedWhileWriting += temporaries(killed) > 0 ? 1 : 0;
            assertTrue(kills < 100, "the run does not get on");
        }
        assertEquals(0, temporaries(killed), "the next run deletes what a killed one has left");
        final Path whole = Files.createDirectory(folder.resolve("whole"));
        write(trainer().fit(data(1)), whole);
        assertEquals(Files.readString(whole.resolve("history.txt")), Files.readString(killed.resolve("history.txt")));
        assertEquals(-1, Files.mismatch(whole.resolve("model.safetensors"), killed.resolve("model.safetensors")));
        final String counts = kills + " kills, " + killedWhileWriting + " of them while a file was written, " + resumes
                + " resumes, " + resumesWithinEpochs + " of them within an epoch";
        assertTrue(kills >= 4 && resumes >= 3 && resumesWithinEpochs >= 2 && killedWhileWriting >= 1, counts);
        assertTrue(resumes <= kills, counts);
    }

    /** Starts the process and kills it, unless it comes to its end. */
    private boolean endsAlive(final Path checkpoints) throws Exception {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Training.class.getName(),
                        checkpoints.toString())
                .redirectErrorStream(true)
                .start();
        final List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            final int saves = random.nextInt(MAX_SAVES); // with 0 it is killed while it starts or makes its first step
            for (int i = 0; i < saves; i++) {
                final String line = nextSave(output, lines);
                if (line == null) {
                    assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
                    return true;
                }
                if (i == 0) {
                    assertThrows(FileSystemException.class, () -> CheckpointFolder.of(checkpoints), "two runs at once");
                }
            }
            final long before = temporaries(checkpoints);
            final long start = System.nanoTime();
            if (random.nextBoolean()) {
                while (temporaries(checkpoints) == before && System.nanoTime() - start < 100L * MAX_DELAY) {
                    Thread.onSpinWait();
                }
            } else {
                final long delay = random.nextInt(MAX_DELAY);
                while (System.nanoTime() - start < delay) {
                    Thread.onSpinWait();
                }
            }
            process.destroyForcibly();
            return false;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Reads up to a line that tells of a save, or to the end: null. */
    private @Nullable String nextSave(final BufferedReader output, final List<String> lines) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.startsWith("resumed ")) {
                resumes++;
                resumesWithinEpochs += line.equals("resumed 0") ? 0 : 1;
            } else if (line.equals("saved")) {
                return line;
            }
        }
        return null;
    }

    private static long temporaries(final Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).count();
        }
    }
}
