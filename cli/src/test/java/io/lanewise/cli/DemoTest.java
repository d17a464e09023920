package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.formats.ModelFile;
import io.lanewise.inference.Predictor;
import io.lanewise.training.Dataset;
import io.lanewise.training.Evaluation;
import io.lanewise.training.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo promises. */
final class DemoTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void demoShowsAndSaves() throws IOException {
        final Path out = folder.resolve("new").resolve("demo");
        final Run run = Run.of("demo", "-o", out).ok();
        final double accuracy =
                Double.parseDouble(run.out().replaceAll("(?s).*held-out rows: accuracy ([0-9.]+) %.*", "$1"));
        assertTrue(accuracy >= 97, run.out());
        assertTrue(run.out().contains("confusion matrix"), run.out());
        assertTrue(run.out().contains("one prediction takes "), run.out());
        assertTrue(run.out().contains("██"), run.out());
        final byte[] png = Files.readAllBytes(out.resolve("loss.png"));
        assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(png, 4));
        final Dataset digits = TrainingData.digits().data();
        final Predictor loaded = Predictor.of(ModelFile.read(out.resolve("digits.safetensors")));
        assertTrue(Evaluation.of(loaded, digits).accuracy() > 0.99);
        assertEquals("digit", loaded.model().targetName());
    }

    /** Not by luck: other weights and other held-out rows do as well. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void accuracyDoesNotHangOnTheSeed(final long seed) throws IOException {
        final Dataset.Split split = TrainingData.digits().data().split(0.2, seed);
        final Predictor predictor =
                Predictor.of(Trainer.fit(DemoCommand.network(), split.training(), DemoCommand.options(seed))
                        .model());
        final double accuracy = Evaluation.of(predictor, split.heldOut()).accuracy();
        assertTrue(accuracy >= 0.97, () -> "accuracy " + accuracy);
    }

    @Test
    void digitsAreComplete() throws IOException {
        final TrainingData digits = TrainingData.digits();
        assertEquals(1797, digits.data().rows());
        assertEquals(64, digits.data().features());
        final int[] counts = new int[10];
        for (final int label : digits.data().labels()) {
            counts[label]++;
        }
        // As the data set's description has them.
        assertArrayEquals(new int[] {178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts);
    }
}
