package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's mistakes: one line that says what to do, exit code 2, and nothing overwritten. */
final class ErrorsTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");

    @BeforeEach
    void nameModel() {
        model = folder.resolve("model.safetensors");
    }

    @Test
    void mistakeInRowTwelve() throws IOException {
        final Path table = folder.resolve("iris.csv");
        Files.writeString(table, Files.readString(IRIS).replaceFirst("4.8,3.4,1.6,0.2", "4.8,3.4,1.6x,0.2"));
        Run.of("train", table, "-o", model)
                .refused("iris.csv, line 13 (row 12): column 'petal_length': expected a number, got '1.6x'");
        assertFalse(Files.exists(model));
    }

    @Test
    void missingFiles() {
        Run.of("train", "nowhere.csv", "-o", model).refused("no such file: nowhere.csv");
        Run.of("predict", "nowhere.safetensors", IRIS).refused("no such file: nowhere.safetensors");
        Run.of("inspect", folder).refused(folder + ": this is a folder; give the name of a file");
        Run.of("train", folder, "-o", model).refused("expected a file to read, but " + folder + " is a folder");
    }

    @Test
    void whereResultsCannotGo() {
        final Path missing = folder.resolve("none");
        Run.of("train", IRIS, "-o", missing.resolve("m.safetensors"))
                .refused("cannot write " + missing.resolve("m.safetensors") + ": there is no folder " + missing);
        Run.of("train", IRIS, "-o", folder).refused("expected a file to write, but " + folder + " is a folder");
    }

    @Test
    void resultsNeverReplaceTheirInputs() throws IOException {
        final Path table = folder.resolve("iris.csv");
        Files.copy(IRIS, table);
        final byte[] before = Files.readAllBytes(table);
        Run.of("train", table, "-o", table)
                .refused("would overwrite " + table + " with the output " + table + ": give the output another name");
        Run.of("train", table, "-o", model, "--plot", table)
                .refused("would overwrite " + table + " with the output " + table + ": give the output another name");
        Run.of("train", table, "-o", model, "--plot", model)
                .refused("would overwrite " + model + " with the output " + model + ": give the output another name");
        Run.of("train", table, "-o", model, "--epochs", 1).ok();
        final byte[] saved = Files.readAllBytes(model);
        final Path link = Files.createSymbolicLink(folder.resolve("link.csv"), table);
        Run.of("predict", model, table, "-o", link)
                .refused("would overwrite " + table + " with the output " + link + ": give the output another name");
        Run.of("predict", model, table, "-o", model)
                .refused("would overwrite " + model + " with the output " + model + ": give the output another name");
        assertArrayEquals(before, Files.readAllBytes(table));
        assertArrayEquals(saved, Files.readAllBytes(model));
    }

    @Test
    void wrongOptions() {
        Run.of("train", IRIS, "-o", model, "--activation", "rely")
                .refused("Invalid value for option '--activation': expected one of " + Names.all(Activation.class)
                        + ", got 'rely' (try: lanewise train --help)");
        Run.of("train", IRIS, "-o", model, "--batch", "0").refused("expected batches of at least 1 row, got 0");
        Run.of("train", IRIS, "-o", model, "--epochs", "0").refused("expected at least 1 epoch, got 0");
        Run.of("train", IRIS, "-o", model, "--learning-rate", "-1")
                .refused("expected a positive learning rate, got -1.0");
        Run.of("train", IRIS, "-o", model, "--hidden", "64,-3")
                .refused("Invalid value for option '--hidden': expected the units of each hidden layer, such as 64,32,"
                        + " or 0 for none, got '64,-3' (try: lanewise train --help)");
        Run.of("train", IRIS, "-o", model, "--validation", "1")
                .refused("expected a share from 0 to below 1, got --validation 1.0");
        Run.of("train", IRIS, "-o", model, "--labels", IRIS)
                .refused("iris.csv is a table: --labels is for images and arrays; of a table, the label is a column"
                        + " (--label COLUMN)");
    }

    @Test
    void wrongArguments() {
        Run.of("train", IRIS).refused("Missing required option: '--out=MODEL' (try: lanewise train --help)");
        assertEquals(Main.USER_ERROR, Run.of("tain").status());
        assertTrue(
                Run.of("tain").err().startsWith("lanewise: Unmatched argument"),
                Run.of("tain").err());
        assertEquals(1, Run.of("train", "--epochs", "many").err().lines().count());
    }

    @Test
    void wrongLabels() {
        final Run unknown = Run.of("train", IRIS, "-o", model, "--label", "specie");
        assertEquals(Main.USER_ERROR, unknown.status());
        assertTrue(unknown.err().contains("'specie'") && unknown.err().contains("species"), unknown.err());
        Run.of("train", IRIS, "-o", model, "--task", "regression")
                .refused("iris.csv, line 2 (row 1): column 'species': expected a number, got 'setosa'");
    }

    @Test
    void oneClassIsNone() throws IOException {
        final Path table = folder.resolve("one.csv");
        Files.writeString(table, "x,y\n1,a\n2,a\n");
        Run.of("train", table, "-o", model).refused("one.csv: expected at least 2 classes in column 'y', got 1: 'a'");
    }

    @Test
    void measurementsAreNoClasses() throws IOException {
        final Path table = folder.resolve("many.csv");
        final StringBuilder rows = new StringBuilder("x,y\n");
        for (int i = 0; i < 1001; i++) {
            rows.append(i).append(',').append(i * 0.5).append('\n');
        }
        Files.writeString(table, rows);
        Run.of("train", table, "-o", model)
                .refused(
                        "many.csv: column 'y' has 1,001 different values, too many for classes; to predict a number use"
                                + " --task regression, and to choose another column --label");
    }

    @Test
    void divergenceKeepsTheOldModel() throws IOException {
        Files.writeString(model, "old");
        final Run run = Run.of(
                "train",
                IRIS,
                "-o",
                model,
                "--optimizer",
                "sgd",
                "--learning-rate",
                "1e30",
                "--activation",
                "identity");
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().contains("the loss became") && run.err().contains("smaller learning rate"), run.err());
        assertEquals("old", Files.readString(model));
    }

    @Test
    void aMistakeWhileScoringKeepsTheOldPredictions() throws IOException {
        Run.of("train", IRIS, "-o", model, "--epochs", "1").ok();
        final Path table = folder.resolve("rows.csv");
        Files.writeString(table, "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n1,2,,4\n");
        final Path predictions = folder.resolve("predictions.csv");
        final byte[] old = {1, 2, 3};
        Files.write(predictions, old);
        final Run run = Run.of("predict", model, table, "-o", predictions);
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().startsWith("lanewise: rows.csv, line 3 (row 2): column 'petal_length':"), run.err());
        assertArrayEquals(old, Files.readAllBytes(predictions));
    }

    @Test
    void missingColumnOfAModel() throws IOException {
        Run.of("train", IRIS, "-o", model, "--epochs", "1").ok();
        final Path table = folder.resolve("rows.csv");
        Files.writeString(table, "sepal_length,sepal_width,petal_length\n1,2,3\n");
        final Run run = Run.of("predict", model, table);
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().contains("petal_width"), run.err());
        assertEquals(1, run.err().lines().count());
    }

    @Test
    void notAModel() throws IOException {
        final Run run = Run.of("predict", IRIS, IRIS);
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().startsWith("lanewise: iris.csv: "), run.err());
        assertEquals(1, run.err().lines().count());
    }
}
