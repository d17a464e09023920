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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options of train about network, loss, optimiser and run do. */
final class TrainOptionsTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");

    @BeforeEach
    void nameModel() {
        model = folder.resolve("model.safetensors");
    }

    /** Trains on the iris for an epoch unless the options, separated by spaces, say otherwise. */
    private Run train(final String options) {
        return train(model, IRIS, options);
    }

    private static Run train(final Path out, final Path data, final String options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", data, "-o", out));
        if (!options.contains("--epochs")) {
            arguments.addAll(List.of("--epochs", 1));
        }
        if (!options.isEmpty()) {
            arguments.addAll(Arrays.asList(options.split(" ", -1)));
        }
        return Run.of(arguments.toArray());
    }

    private Path numbers() throws IOException {
        final StringBuilder rows = new StringBuilder("a,b,y\n");
        for (int i = 0; i < 100; i++) {
            rows.append(i % 13).append(',').append(i % 7).append(',').append(i % 13 * 3 - i % 7 + (i == 50 ? 500 : 0));
            rows.append('\n');
        }
        return Files.writeString(folder.resolve("numbers.csv"), rows);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --hidden 8                                    | 4 → 8 relu → 3 softmax
        --hidden 0                                    | 4 → 3 softmax
        --hidden 8 --activation GELU_TANH             | 4 → 8 gelu-tanh → 3 softmax
        --hidden 8,8 --dropout 0.25                   | 4 → 8 relu dropout 0.25 → 8 relu dropout 0.25 → 3 softmax
        --hidden 8 --norm batch                       | 4 → 8 batch-norm relu → 3 softmax
        --hidden 8 --norm layer --dropout 0.5         | 4 → 8 layer-norm relu dropout 0.5 → 3 softmax
        --hidden 8,8,5 --residual                     | 4 → 8 relu → 8 relu + layer 0 → 5 relu → 3 softmax
        --hidden 8,8 --residual --norm batch          | 4 → 8 batch-norm relu → 8 batch-norm relu + layer 2 → 3 softmax
        --hidden 8 --norm batch --activation identity | 4 → 8 batch-norm → 3 softmax
        """)
    void networksAreAsAskedFor(final String options, final String network) {
        assertTrue(train(options).ok().out().contains("network: " + network + " ("));
        assertTrue(Run.of("inspect", model).ok().out().contains("network      " + network + "\n"));
        assertEquals(151, Run.of("predict", model, IRIS).ok().out().lines().count());
        assertTrue(Run.of("doctor", model).out().contains("model                " + network + "\n"));
    }

    /** Each changes the model. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--momentum 0.5",
                "--nesterov",
                "--weight-decay 0.1",
                "--optimizer adamw",
                "--optimizer rmsprop",
                "--optimizer rmsprop --momentum 0.9",
                "--activation tanh",
                "--activation gelu",
                "--initialization lecun-normal",
                "--norm batch",
                "--dropout 0.1",
                "--no-standardize",
                "--seed 1",
                "--learning-rate 0.01",
                "--schedule one-cycle",
                "--schedule step:epochs=1,gamma=0.5",
                "--clip-norm 0.1",
                "--clip-value 0.01",
                "--hidden 8",
                "--batch 7",
                "--validation 0.3",
                "--label-smoothing 0.1",
                "--class-weights 1,2,3"
            })
    void optionsReachTheTraining(final String option) throws IOException {
        final Path other = folder.resolve("other.safetensors");
        final String base = "--epochs 2" + (option.contains("--optimizer") ? "" : " --optimizer sgd");
        train(base).ok();
        train(other, IRIS, base + " " + option).ok();
        assertNotEquals(-1, Files.mismatch(model, other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--loss absolute-error", "--loss huber", "--loss huber --huber-delta 0.1"})
    void lossesOfNumbersReachTheTraining(final String option) throws IOException {
        final Path table = numbers();
        final Path other = folder.resolve("other.safetensors");
        train(model, table, "--task regression").ok();
        train(other, table, "--task regression " + option).ok();
        assertNotEquals(-1, Files.mismatch(model, other));
        train(other, table, "--task regression --loss squared-error").ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void threadsGiveTheSameModel() throws IOException {
        final Path other = folder.resolve("other.safetensors");
        final String options = "--epochs 2 --hidden 256,256 --batch 120 --norm batch --dropout 0.2 --threads ";
        train(options + 1).ok();
        train(other, IRIS, options + 2).ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void balancedWeightsAreShown() throws IOException {
        final Path table = folder.resolve("t.csv");
        Files.writeString(table, "x,y\n1,a\n2,a\n3,a\n4,b\n");
        final Run run =
                train(model, table, "--class-weights balanced --validation 0").ok();
        assertTrue(run.out().contains("class weights: a 0.6667, b 2.000\n"), run.out());
    }

    @Test
    void earlyStoppingKeepsTheBestEpoch() {
        final Run stopped =
                train("--epochs 500 --early-stopping 2 --learning-rate 0.05").ok();
        final String ending = "stopped early, after epoch [0-9]+ of 500; the model is that of epoch [0-9]+, whose loss"
                + " on held-out rows was the lowest: [0-9.]+";
        assertTrue(stopped.out().lines().anyMatch(line -> line.matches(ending)), stopped.out());
        final Run whole = train("--epochs 3 --early-stopping 2").ok();
        assertTrue(
                whole.out()
                        .contains("all 3 epochs were made; the model is that of epoch 3, whose loss on held-out rows"),
                whole.out());
        assertTrue(whole.err().contains(" best 3"), whole.err());
    }

    @Test
    void progressShowsARateThatChanges() {
        final Run run = train("--epochs 2 --schedule exponential:gamma=0.5").ok();
        assertTrue(run.err().lines().toList().get(1).matches("epoch 2/2 loss .* rate 0\\.000500 .*"), run.err());
        assertFalse(train("--epochs 2").ok().err().contains(" rate "));
    }

    @Test
    void logHasALineForEachEpoch() throws IOException {
        final Path log = folder.resolve("log.csv");
        train("--epochs 3 --batch 10 --schedule step:epochs=2,gamma=0.5 --log " + log)
                .ok();
        final List<String> lines = Files.readAllLines(log);
        assertEquals(
                "epoch,steps,loss,learning_rate,validation_loss,validation_score,rows_per_second", lines.getFirst());
        assertEquals(4, lines.size());
        assertTrue(lines.get(1).matches("1,12,[0-9.]+,0\\.00100000,[0-9.]+,[01]\\.[0-9]+,[0-9]+"), lines.get(1));
        assertTrue(lines.get(3).matches("3,36,[0-9.]+,0\\.000500000,[0-9.]+,[01]\\.[0-9]+,[0-9]+"), lines.get(3));
        train("--epochs 1 --validation 0 --log " + log).ok();
        assertTrue(Files.readAllLines(log).get(1).matches("1,5,[0-9.]+,0\\.00100000,,,[0-9]+"));
    }

    @Test
    void aRefusedRunLeavesTheLogAlone() throws IOException {
        final Path log = Files.writeString(folder.resolve("log.csv"), "old");
        final Run run = train("--label specie --log " + log);
        assertEquals(Main.USER_ERROR, run.status());
        assertEquals("old", Files.readString(log));
        train("--log " + model)
                .refused("would overwrite " + model + " with the output " + model + ": give the output another name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --momentum 0.5                          | --momentum is for --optimizer sgd or rmsprop, not for adam
        --nesterov --optimizer rmsprop          | --nesterov is for --optimizer sgd, not for rmsprop
        --nesterov --optimizer sgd --momentum 0 | Nesterov's momentum needs a momentum above 0
        --clip-norm 1 --clip-value 1            | give either --clip-norm or --clip-value, not both
        --clip-norm 0                           | expected a positive limit of the gradient's norm, got 0.0
        --dropout 1                             | expected a dropout rate from 0 to less than 1, got 1.0
        --threads 0                             | expected 1 to 1024 threads, got 0
        --min-delta 0.1                         | --min-delta is for --early-stopping PATIENCE
        --early-stopping -1                     | expected a patience of at least 0 epochs, got -1
        --label-smoothing 1                     | expected a label smoothing from 0 to below 1, got 1.0
        --loss huber                            | --loss huber is for numbers: add --task regression to predict one
        --huber-delta 1                         | --huber-delta is for --loss huber
        --class-weights heavy                   | expected balanced, none, or a number above 0 for each class, got 'heavy': --class-weights heavy
        --class-weights 1,0,1                   | expected balanced, none, or a number above 0 for each class, got '0': --class-weights 1,0,1
        --class-weights 1,2                     | expected a weight for each of 3 classes in their order (setosa, versicolor, virginica), got 2: --class-weights 1,2
        --residual                              | --residual adds the input of a hidden layer to its output, which needs layers of equal widths that follow each other, such as --hidden 64,64; got --hidden 64,32
        --hidden 0 --norm batch                 | --norm is for hidden layers, and --hidden 0 asks for none
        --hidden 0 --dropout 0.5                | --dropout is for hidden layers, and --hidden 0 asks for none
        --hidden 0 --activation gelu            | --activation is for hidden layers, and --hidden 0 asks for none
        --hidden 64x32                          | Invalid value for option '--hidden': expected the units of each hidden layer, such as 64,32, or 0 for none, got '64x32' (try: lanewise train --help)
        --hidden 64 --hidden 32                 | option '--hidden' (UNITS) should be specified only once (try: lanewise train --help)
        --validation 0.001                      | --validation 0.001 of 150 rows is none: hold out more, or none by --validation 0
        --early-stopping 3 --validation 0       | --early-stopping needs rows to judge by: hold some out (--validation SHARE), or name a file of them (--validation-data FILE)
        --schedule plateau --validation 0       | --schedule plateau needs rows to judge by: hold some out (--validation SHARE), or name a file of them (--validation-data FILE)
        --schedule triangle                     | Invalid value for option '--schedule': expected one of [constant, step, exponential, cosine, one-cycle, plateau], got 'triangle' (try: lanewise train --help)
        --norm group                            | Invalid value for option '--norm': expected one of [none, batch, layer], got 'group' (try: lanewise train --help)
        """)
    void whatDoesNotFitIsRefused(final String options, final String message) {
        train(options).refused(message);
        assertFalse(Files.exists(model));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --label-smoothing 0.1     | --label-smoothing is for classes, not for --task regression
        --class-weights balanced  | --class-weights is for classes, not for --task regression
        --loss cross-entropy      | --loss cross-entropy is for classes, not for --task regression, whose losses are squared-error, absolute-error and huber
        --loss huber --huber-delta 0 | expected a positive delta, got 0.0
        """)
    void whatDoesNotFitNumbersIsRefused(final String options, final String message) throws IOException {
        train(model, numbers(), "--task regression " + options).refused(message);
    }

    @Test
    void anOptionThatIsGivenTwiceIsRefused() {
        final Run run = train("--batch 8 --batch 16");
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.err().contains("'--batch' (ROWS) should be specified only once"), run.err());
    }

    @Test
    void helpHasHeadings() {
        final String help = Run.of("train", "--help").ok().out();
        int last = 0;
        for (final String heading : List.of("Data", "Network", "Loss", "Optimisation", "Run", "Checkpoints")) {
            final int at = help.indexOf("\n\n" + heading + ":\n");
            assertTrue(at > last, help);
            last = at;
        }
        assertEquals(help.indexOf("--batch="), help.lastIndexOf("--batch="), "each option once");
    }
}
