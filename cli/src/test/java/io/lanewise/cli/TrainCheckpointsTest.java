package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run of train that goes on from a checkpoint. */
final class TrainCheckpointsTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");
    private Path other = Path.of("");
    private Path kept = Path.of("");

    @BeforeEach
    void nameFiles() {
        model = folder.resolve("model.safetensors");
        other = folder.resolve("other.safetensors");
        kept = folder.resolve("run");
    }

    private static Run train(final Path out, final Object... options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", IRIS, "-o", out));
        arguments.addAll(Arrays.asList(options));
        return Run.of(arguments.toArray());
    }

    private static Object[] with(final String[] some, final Object... more) {
        final List<Object> all = new ArrayList<>(List.of(more));
        all.addAll(Arrays.asList(some));
        return all.toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--batch 16",
                "--norm batch --dropout 0.3 --hidden 16,16 --residual",
                "--optimizer sgd --schedule step:epochs=2,gamma=0.5 --clip-norm 1",
                "--schedule plateau:patience=0 --early-stopping 1 --learning-rate 0.05",
                "--stream --shuffle-buffer 40 --checkpoint-every 3"
            })
    void anInterruptedRunGivesTheModelOfAWholeOne(final String text) throws IOException {
        final String[] options =
                text.replaceAll("--checkpoint-every [0-9]+", "").split(" +", -1);
        final String[] own = Arrays.stream(options).filter(o -> !o.isEmpty()).toArray(String[]::new);
        final Path log = folder.resolve("log.csv");
        final Path wholeLog = folder.resolve("whole.csv");
        train(model, with(own, "--epochs", 6, "--log", wholeLog)).ok();
        train(other, with(own, "--epochs", 3, "--checkpoint", kept)).ok();
        assertTrue(Files.mismatch(model, other) >= 0);
        final Run run = train(other, with(own, "--epochs", 6, "--checkpoint", kept, "--resume", "--log", log))
                .ok();
        assertEquals(-1, Files.mismatch(model, other));
        assertTrue(run.out().contains(", in epoch 4 of 6\n"), run.out());
        assertEquals(withoutSpeed(wholeLog), withoutSpeed(log));
    }

    private static List<String> withoutSpeed(final Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void aFinishedRunGivesItsModelAgain() throws IOException {
        train(model, "--epochs", 2, "--checkpoint", kept).ok();
        final Run run =
                train(other, "--epochs", 2, "--checkpoint", kept, "--resume").ok();
        assertTrue(run.out().contains("going on after step 8: all 2 epochs are made\n"), run.out());
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void aCheckpointIsNeverReplacedUnasked() throws IOException {
        train(model, "--epochs", 1, "--checkpoint", kept).ok();
        train(other, "--epochs", 1, "--checkpoint", kept)
                .refused("the folder " + kept + " holds the checkpoint of a run: go on from it with --resume, or name"
                        + " another folder with --checkpoint");
        assertFalse(Files.exists(other));
    }

    @Test
    void withoutACheckpointItStartsAnew() throws IOException {
        final Run run =
                train(model, "--epochs", 2, "--checkpoint", kept, "--resume").ok();
        assertTrue(run.out().startsWith("there is no checkpoint in " + kept + " yet: starting anew\n"), run.out());
        train(other, "--epochs", 2).ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void anotherRunIsRefused() {
        train(model, "--epochs", 2, "--checkpoint", kept).ok();
        final Run run = train(model, "--epochs", 2, "--checkpoint", kept, "--resume", "--seed", 1);
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().contains("the checkpoint is of another run: "), run.err());
        assertTrue(
                run.err()
                        .endsWith(" (" + kept + "); go on with the data and options of that run, or start another one"
                                + " in a new folder\n"),
                run.err());
    }

    /** The first step is all right, the second is not: --checkpoint-every 1 keeps what was between. */
    @Test
    void divergenceLeavesTheLastCheckpoint() {
        final Object[] wild = {
            "--optimizer",
            "sgd",
            "--learning-rate",
            "1e20",
            "--activation",
            "identity",
            "--checkpoint",
            kept,
            "--checkpoint-every",
            1
        };
        final Run first = train(model, wild);
        assertEquals(Main.USER_ERROR, first.status());
        assertTrue(first.err().endsWith("; the last checkpoint before that remains in " + kept + "\n"), first.err());
        final List<Object> again = new ArrayList<>(Arrays.asList(wild));
        again.add("--resume");
        final Run second = train(model, again.toArray());
        assertTrue(second.out().contains("going on after step 1, in epoch 1 of "), second.out());
        assertTrue(second.out().contains(", of which 32 rows are learnt from\n"), second.out());
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        train(model, "--resume")
                .refused("--resume goes on from a checkpoint: name its folder with --checkpoint FOLDER");
        train(model, "--checkpoint-every", 5).refused("--checkpoint-every is for --checkpoint FOLDER");
        train(model, "--checkpoint", kept, "--checkpoint-every", 0)
                .refused("expected a checkpoint after at least 1 step, got 0");
        final Path file = Files.writeString(folder.resolve("file"), "");
        train(model, "--checkpoint", file)
                .refused("expected a folder to keep checkpoints in, but " + file + " is a file");
    }
}
