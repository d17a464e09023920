package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
        final String told =
                "lanewise: the log /dev/full could not be written, and ends before this epoch; training goes"
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

    /** As soon as there is a checkpoint, another process is asked to end. */
    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    @DisabledOnOs(OS.WINDOWS) // has no signals
    void anInterruptedRunKeepsItsState() throws IOException, InterruptedException {
        final Path model = Files.writeString(folder.resolve("model.safetensors"), "old");
        final Path kept = folder.resolve("run");
        final Path err = folder.resolve("err.txt");
        final List<String> command = new ArrayList<>(Child.java());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Main.class.getName(), "train", IRIS.toString(), "-o", model.toString()));
        command.addAll(List.of("--epochs", "1000000", "--checkpoint", kept.toString()));
        final Process process = new ProcessBuilder(command)
                .redirectError(err.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!Files.exists(kept.resolve("checkpoint.safetensors"))) {
                assertTrue(process.isAlive(), () -> "it ended before: " + err);
                Thread.sleep(1);
            }
            process.destroy(); // SIGTERM
            assertEquals(128 + 15, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
        final String told = Files.readString(err);
        final Matcher matcher = Pattern.compile(
                        "lanewise: interrupted in epoch ([0-9]+) of 1000000; the state is kept in "
                                + Pattern.quote(kept.toString()) + ": to go on, run the same command with --resume\n")
                .matcher(told);
        assertTrue(matcher.find(), told);
        assertEquals("old", Files.readString(model));
        final int epochs = Integer.parseInt(matcher.group(1)) + 1;
        train(model, "--epochs", epochs, "--checkpoint", kept, "--resume").ok();
        final Path whole = folder.resolve("whole.safetensors");
        train(whole, "--epochs", epochs).ok();
        assertEquals(-1, Files.mismatch(whole, model));
    }

    @Test
    void theFolderOfTheCheckpointsIsForThemAlone() throws IOException {
        final Path kept = folder.resolve("run");
        final Path model = folder.resolve("model.safetensors");
        train(model, "--epochs", 1, "--checkpoint", kept).ok();
        final Path inside = kept.resolve("checkpoint.safetensors");
        final byte[] checkpoint = Files.readAllBytes(inside);
        final String message = " outside of the folder of the checkpoints, " + kept
                + ": only they belong there; give another folder for one of them";
        train(inside, "--epochs", 2, "--checkpoint", kept, "--resume")
                .refused("expected the output " + inside + message);
        final Path log = folder.resolve("other").resolve("..").resolve("run").resolve("log.csv");
        Files.createDirectory(folder.resolve("other"));
        train(model, "--checkpoint", kept, "--resume", "--log", log).refused("expected the output " + log + message);
        final Path link = Files.createSymbolicLink(folder.resolve("link.png"), inside);
        train(model, "--checkpoint", kept, "--resume", "--plot", link).refused("expected the output " + link + message);
        assertArrayEquals(checkpoint, Files.readAllBytes(inside));
    }

    @Test
    void dataThatCannotBeReadLeaveNoFolder() {
        final Path kept = folder.resolve("run");
        final Path none = folder.resolve("none.csv");
        Run.of("train", none, "-o", folder.resolve("model.safetensors"), "--checkpoint", kept)
                .refused("no such file: " + none);
        assertFalse(Files.exists(kept));
    }

    @Test
    void theNameOfTheLastGoodModel() {
        assertEquals(Path.of("a", "b.last-good.safetensors"), LastGood.beside(Path.of("a", "b.safetensors")));
        assertEquals(Path.of("b.model.last-good.safetensors"), LastGood.beside(Path.of("b.model")));
    }
}
