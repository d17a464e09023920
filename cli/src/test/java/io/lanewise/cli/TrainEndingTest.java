package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.formats.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of train that end before they are through, and what they leave behind. */
final class TrainEndingTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder = Path.of("");

    private static Run train(final Path out, final Object... options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", IRIS, "-o", out));
        arguments.addAll(Arrays.asList(options));
        return Run.of(arguments.toArray());
    }

    /** The loss grows in each epoch until it overflows. */
    @Test
    void divergenceSavesTheLastGoodModelBeside() throws IOException {
        final Path model = folder.resolve("model.safetensors");
        final Path saved = folder.resolve("model.last-good.safetensors");
        final String growing = "--task regression --label petal_width --ignore species --hidden 0 --optimizer sgd"
                + " --learning-rate 2 --epochs 500";
        final Run last = train(model, (Object[]) growing.split(" ", -1));
        assertEquals(Main.USER_ERROR, last.status());
        assertTrue(last.err().endsWith("; the last model before that is in " + saved + "\n"), last.err());
        assertFalse(Files.exists(model));
        assertEquals("petal_width", ModelFile.read(saved).outputName(0));
        final Path kept = folder.resolve("run");
        final Run best =
                train(model, (Object[]) (growing + " --early-stopping 500 --checkpoint " + kept).split(" ", -1));
        assertTrue(
                best.err()
                        .endsWith("; the best model before that is in " + saved
                                + "; the last checkpoint before that remains in " + kept + "\n"),
                best.err());
        assertFalse(Files.exists(model));
    }

    @Test
    void aLogThatCannotBeWrittenDoesNotEndTheRun() {
        assumeTrue(Files.exists(FULL), "there is no " + FULL + " here, a disk that is always full");
        final Path model = folder.resolve("model.safetensors");
        final Run run = train(model, "--epochs", 3, "--log", FULL).ok();
        final String told = "lanewise: the log /dev/full could not be written, and ends before this epoch; training goes"
                + " on (No space left on device)\n";
        assertEquals(run.err().indexOf(told), run.err().lastIndexOf(told));
        assertTrue(run.err().contains(told), run.err());
        assertTrue(Files.exists(model));
    }

    @Test
    void aFullDiskIsToldWithTheNameOfTheFile() {
        assumeTrue(Files.exists(FULL), "there is no " + FULL + " here, a disk that is always full");
        final Run run = train(FULL, "--epochs", 1);
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().endsWith("lanewise: /dev/full: No space left on device\n"), run.err());
    }

    @Test
    void theNameOfTheLastGoodModel() {
        assertEquals(Path.of("a", "b.last-good.safetensors"), LastGood.beside(Path.of("a", "b.safetensors")));
        assertEquals(Path.of("b.model.last-good.safetensors"), LastGood.beside(Path.of("b.model")));
    }
}
