package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Two classes told apart by one output, from the table to the predictions. */
final class BinaryTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path table = Path.of("");
    private Path model = Path.of("");

    @BeforeEach
    void writeATableOfTwoClasses() throws IOException {
        table = folder.resolve("two.csv");
        model = folder.resolve("model.safetensors");
        Files.write(
                table,
                Files.readAllLines(IRIS).stream()
                        .filter(line -> !line.endsWith("setosa"))
                        .toList());
    }

    private static Run train(final Path data, final Path model, final Object... options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", data, "-o", model));
        arguments.addAll(Arrays.asList(options));
        return Run.of(arguments.toArray());
    }

    @Test
    void learnsJudgesAndPredicts() throws IOException {
        final Run run = train(table, model, "--head", "sigmoid", "--epochs", 60).ok();
        assertTrue(run.out().contains("network: 4 → 64 relu → 32 relu → 1 sigmoid"), run.out());
        assertTrue(
                run.out()
                        .lines()
                        .anyMatch(line -> line.matches("held-out rows: accuracy [0-9.]+ %, F1 0\\.[0-9]+, AUC [01]"
                                + "\\.[0-9]+, loss [0-9.]+")),
                run.out());
        final String inspected = Run.of("inspect", model).ok().out();
        assertTrue(inspected.contains("head         sigmoid: the probability of virginica\n"), inspected);
        assertTrue(inspected.contains("classes      versicolor, virginica\n"), inspected);
        final Run predicted = Run.of("predict", model, table).ok();
        final List<String> lines = predicted.out().lines().toList();
        assertEquals("species,p_versicolor,p_virginica", lines.getFirst());
        assertEquals(101, lines.size());
        final List<String> truths = Files.readAllLines(table);
        int right = 0;
        for (int i = 1; i < lines.size(); i++) {
            final String[] fields = lines.get(i).split(",", -1);
            final float no = Float.parseFloat(fields[1]);
            final float yes = Float.parseFloat(fields[2]);
            assertEquals(1, no + yes, 1e-6);
            assertEquals(yes > 0.5f ? "virginica" : "versicolor", fields[0]);
            right += truths.get(i).endsWith(fields[0]) ? 1 : 0;
        }
        assertTrue(right > 85, right + " are right");
        assertEquals("100 rows scored; accuracy " + right + ".00 %\n", predicted.err());
    }

    @Test
    void aStreamGivesTheSameModel() throws IOException {
        final Path streamed = folder.resolve("streamed.safetensors");
        train(table, model, "--head", "sigmoid", "--epochs", 3, "--validation", 0)
                .ok();
        train(table, streamed, "--head", "sigmoid", "--epochs", 3, "--stream").ok();
        assertEquals(-1, Files.mismatch(model, streamed));
        train(table, streamed, "--epochs", 3, "--stream").ok();
        assertTrue(Files.mismatch(model, streamed) >= 0);
    }

    @Test
    void modelAndDataAreNotMixedUp() {
        train(table, model, "--epochs", 1).ok();
        Run.of("predict", table, model)
                .refused("expected the model, then the data, got them the other way round: lanewise predict " + model
                        + " " + table);
        final Run two = Run.of("predict", table, table);
        assertEquals(Main.USER_ERROR, two.status());
        assertTrue(two.err().startsWith("lanewise: two.csv: "), two.err());
    }

    @Test
    void refusesWhatDoesNotFit() {
        train(IRIS, model, "--head", "sigmoid")
                .refused("--head sigmoid tells two classes apart, but there are 3: use --head softmax");
        train(table, model, "--head", "sigmoid", "--task", "regression")
                .refused("--head sigmoid is for classes, not for --task regression");
        train(table, model, "--head", "linear").refused("expected softmax or sigmoid, got --head linear");
        train(table, model, "--head", "sigmoid", "--loss", "cross-entropy")
                .refused("--head sigmoid learns by binary cross-entropy: remove --loss and --huber-delta");
        train(table, model, "--head", "sigmoid", "--class-weights", "balanced")
                .refused("--label-smoothing and --class-weights are for --head softmax; weights of rows"
                        + " (--sample-weight COLUMN) are for both");
    }
}
