package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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

/** What the options of train about data do: columns, weights, other files, streams. */
final class TrainDataTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");
    private Path other = Path.of("");

    @BeforeEach
    void nameModels() {
        model = folder.resolve("model.safetensors");
        other = folder.resolve("other.safetensors");
    }

    private static Run train(final Path out, final Path data, final Object... options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", data, "-o", out, "--epochs", 2));
        arguments.addAll(Arrays.asList(options));
        return Run.of(arguments.toArray());
    }

    private Path write(final String name, final String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** The iris with a column of text at the start, and one of weights at the end. */
    private Path annotated(final String weights) throws IOException {
        final List<String> lines = Files.readAllLines(IRIS);
        final StringBuilder text = new StringBuilder("note," + lines.getFirst() + ",weight\n");
        for (int i = 1; i < lines.size(); i++) {
            text.append("row ").append(i).append(',').append(lines.get(i)).append(',');
            text.append(weights.charAt(i % weights.length())).append('\n');
        }
        return write("annotated.csv", text.toString());
    }

    @Test
    void columnsAreChosenOrIgnored() throws IOException {
        final Path table = annotated("1");
        train(model, IRIS).ok();
        train(other, table, "--ignore", "note,weight").ok();
        assertEquals(-1, Files.mismatch(model, other));
        train(other, table, "--label", "species", "--features", "petal_width,sepal_length")
                .ok();
        assertTrue(Run.of("inspect", other).ok().out().contains("features     petal_width, sepal_length\n"));
        assertEquals(151, Run.of("predict", other, table).ok().out().lines().count());
    }

    @Test
    void wrongColumnsAreRefused() throws IOException {
        final Path table = annotated("1");
        train(model, table, "--ignore", "nota,weight")
                .refused("annotated.csv, line 1: expected a column 'nota' (did you mean 'note'?), got note,"
                        + " sepal_length, sepal_width, petal_length, petal_width, species, weight");
        train(model, table, "--features", "petal_with", "--label", "species")
                .refused("annotated.csv, line 1: expected a column 'petal_with' (did you mean 'petal_width'?), got"
                        + " note, sepal_length, sepal_width, petal_length, petal_width, species, weight");
        train(model, table, "--features", "petal_width", "--ignore", "note")
                .refused("give either --features or --ignore, not both");
        train(model, table, "--label", "species", "--ignore", "species")
                .refused("column 'species' is the label: remove it from --ignore");
        train(model, table, "--label", "species", "--features", "species")
                .refused("column 'species' is the label: remove it from --features");
        train(model, table, "--features", "petal_width,weight")
                .refused("the last column, 'weight', is taken for the label, but is among --features: name the label"
                        + " with --label COLUMN");
        train(model, table, "--features", "petal_width,petal_width", "--label", "species")
                .refused("expected at least one feature and none of them twice, got petal_width, petal_width");
    }

    @Test
    void rowsCountByTheirWeights() throws IOException {
        train(model, annotated("1"), "--ignore", "note", "--sample-weight", "weight")
                .ok();
        train(other, IRIS).ok();
        assertEquals(
                List.of("sepal_length, sepal_width, petal_length, petal_width"),
                Run.of("inspect", model)
                        .ok()
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("features"))
                        .map(line -> line.substring(13))
                        .toList());
        assertEquals(
                Run.of("predict", other, IRIS).ok().out(),
                Run.of("predict", model, IRIS).ok().out());
        train(other, annotated("123"), "--ignore", "note", "--sample-weight", "weight")
                .ok();
        assertNotEquals(-1, Files.mismatch(model, other));
        final Run zeros = train(other, annotated("01"), "--ignore", "note", "--sample-weight", "weight")
                .ok();
        assertTrue(zeros.out().contains("75 rows of 4 features; learning from 60, holding out 15"), zeros.out());
        assertFalse(zeros.err().contains("note:"), zeros.err());
    }

    @Test
    void wrongWeightsAreRefused() throws IOException {
        final Path table = write("t.csv", "x,w,y\n1,1,a\n2,-1,b\n");
        train(model, table, "--sample-weight", "w")
                .refused("t.csv, row 2: column 'w': expected a weight of at least 0, got -1.0");
        train(model, table, "--sample-weight", "v")
                .refused("t.csv, line 1: expected a column 'v' (did you mean 'x'?), got x, w, y");
        train(model, table, "--sample-weight", "y", "--label", "y")
                .refused("column 'y' is the label: it cannot be the weight of rows too");
        train(model, table, "--sample-weight", "w", "--features", "x,w")
                .refused("column 'w' is the weight of rows: remove it from --features");
        train(model, write("t.csv", "x,w,y\n1,0,a\n2,0,b\n"), "--sample-weight", "w")
                .refused("t.csv: column 'w': expected at least one row with a weight above 0");
    }

    @Test
    void anotherFileJudges() throws IOException {
        final Path judging = write("judging.csv", """
            species,petal_width,petal_length,sepal_width,sepal_length
            setosa,0.2,1.4,3.5,5.1
            virginica,2.5,6.0,3.3,6.3
            """);
        final Run run = train(model, IRIS, "--validation-data", judging).ok();
        assertTrue(run.out().contains("152 rows of 4 features; learning from 150, holding out 2"), run.out());
        assertTrue(run.out().contains("held-out rows: accuracy "), run.out());
        train(other, IRIS, "--validation", 0).ok();
        assertEquals(-1, Files.mismatch(model, other));
        Files.writeString(judging, "sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,tulip\n");
        train(model, IRIS, "--validation-data", judging)
                .refused("judging.csv, row 1: expected one of the classes to learn from (setosa, versicolor,"
                        + " virginica) as label, got 'tulip'");
        train(model, IRIS, "--validation-data", judging, "--validation", 0.1)
                .refused("give either --validation or --validation-data, not both");
        train(model, IRIS, "--validation-labels", judging).refused("--validation-labels is for --validation-data FILE");
        train(model, IRIS, "--validation-data", judging, "--validation-labels", judging)
                .refused("judging.csv is a table: --validation-labels is for images and arrays; of a table, the label"
                        + " is a column (--label COLUMN)");
        Files.writeString(judging, "sepal_length,species\n1,setosa\n");
        assertTrue(train(model, IRIS, "--validation-data", judging).err().contains("expected a column 'sepal_width'"));
    }

    @Test
    void aRegressionIsJudgedByAnotherFile() throws IOException {
        final Path table = write("t.csv", "x,y\n1,1\n2,2\n3,3\n4,4\n");
        final Path judging = write("judging.csv", "y,x\n5,5\n0,0\n");
        final Run run = train(model, table, "--task", "regression", "--validation-data", judging)
                .ok();
        assertTrue(run.out().contains("held-out rows: root mean squared error "), run.out());
    }

    /** A stream whose buffer holds all rows is shuffled as rows in memory are. */
    @Test
    void streamsGiveTheModelOfRowsInMemory() throws IOException {
        train(model, IRIS, "--validation", 0).ok();
        final Run run = train(other, IRIS, "--stream").ok();
        assertEquals(-1, Files.mismatch(model, other));
        assertTrue(run.out().contains("150 rows of 4 features; learning from 150, holding out 0"), run.out());
        assertFalse(run.out().contains("training rows:"), run.out());
        train(other, IRIS, "--stream", "--shuffle-buffer", 20).ok();
        assertNotEquals(-1, Files.mismatch(model, other));
        train(model, IRIS, "--stream", "--shuffle-buffer", 20, "--threads", 2).ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void streamsAreJudgedByAnotherFile() {
        final Run run = train(
                        model,
                        IRIS,
                        "--stream",
                        "--validation-data",
                        IRIS,
                        "--early-stopping",
                        1,
                        "--class-weights",
                        "balanced")
                .ok();
        assertTrue(run.out().contains("holding out 150"), run.out());
        assertTrue(run.out().contains("class weights: setosa 1.000, versicolor 1.000, virginica 1.000"), run.out());
        assertTrue(run.out().contains("held-out rows: accuracy"), run.out());
    }

    @Test
    void numbersAreStreamed() throws IOException {
        final Path table = write("t.csv", "x,y\n1,1\n2,2\n3,3\n4,4\n");
        train(model, table, "--task", "regression", "--validation", 0).ok();
        train(other, table, "--task", "regression", "--stream").ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void imagesAreStreamedAndJudgedByOthers() throws IOException {
        final Path images = folder.resolve("images.gz");
        final Path labels = folder.resolve("labels.gz");
        final byte[] pixels = new byte[40 * 4];
        final byte[] classes = new byte[40];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 37 % 251);
        }
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) (i % 3);
        }
        CommandTest.idx(images, pixels, 40, 2, 2);
        CommandTest.idx(labels, classes, 40);
        train(model, images, "--labels", labels, "--validation-data", images, "--validation-labels", labels)
                .ok();
        train(other, images, "--labels", labels, "--stream").ok();
        assertEquals(-1, Files.mismatch(model, other));
        train(model, images, "--labels", labels, "--validation-data", images)
                .refused("images.gz holds images: add the labels with --validation-labels FILE");
        train(model, images, "--labels", labels, "--validation-data", IRIS)
                .refused("expected a file of the same kind as the one to learn from, which is not a table, but iris.csv"
                        + " is one");
        train(model, IRIS, "--validation-data", images)
                .refused("expected a file of the same kind as the one to learn from, which is a table, but images.gz"
                        + " holds images");
        train(model, images, "--labels", labels, "--ignore", "x")
                .refused("images.gz holds images, not named columns: remove --label, --features, --ignore and"
                        + " --sample-weight");
    }

    @Test
    void whatStreamsCannotDoIsRefused() {
        train(model, IRIS, "--shuffle-buffer", 10).refused("--shuffle-buffer is for --stream");
        train(model, IRIS, "--stream", "--shuffle-buffer", 0).refused("expected a buffer of at least 1 row, got 0");
        train(model, IRIS, "--stream", "--sample-weight", "petal_width")
                .refused("--sample-weight is for rows in memory, not for --stream");
        train(model, IRIS, "--stream", "--validation", 0.1)
                .refused("--stream holds no rows out: remove --validation 0.1, or judge by the rows of another file"
                        + " with --validation-data FILE");
        train(model, IRIS, "--stream", "--early-stopping", 1)
                .refused("--early-stopping needs rows to judge by: hold some out (--validation SHARE), or name a file"
                        + " of them (--validation-data FILE)");
    }
}
