package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.formats.ModelFile;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Names;
import io.lanewise.mlp.Parameters;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line from end to end, in this process. */
final class CommandTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void withoutArgumentsItTeaches() {
        final Run run = Run.of();
        assertEquals(Main.USER_ERROR, run.status());
        assertTrue(run.out().contains("Start here:"), run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "train", "predict", "inspect", "doctor"})
    void everyCommandHasHelp(final String command) {
        final Run run = Run.of(command, "--help").ok();
        assertTrue(run.out().startsWith("Usage: lanewise " + command), run.out());
        assertEquals(run.out(), Run.of("help", command).ok().out());
    }

    @Test
    void helpNamesAllActivations() {
        final String help = Run.of("train", "--help").ok().out().replaceAll("\\s+", " ");
        assertTrue(help.contains("hidden layers: " + String.join(", ", Names.all(Activation.class))), help);
    }

    @Test
    void tableIsLearntInspectedAndScored() throws IOException {
        final Path model = folder.resolve("iris.safetensors");
        final Run train =
                Run.of("train", IRIS, "-o", model, "--epochs", 60, "--batch", 8).ok();
        assertTrue(train.out().contains("150 rows of 4 features; learning from 120, holding out 30"), train.out());
        assertTrue(train.err().contains("epoch 60/60 loss "), train.err());
        final String measures = "held-out rows: accuracy [0-9.]+ %, macro F1 [01]\\.[0-9]{4}, loss [0-9.]+";
        assertTrue(train.out().lines().anyMatch(line -> line.matches(measures)), train.out());

        final Run inspect = Run.of("inspect", model).ok();
        assertTrue(inspect.out().contains("network      4 → 64 relu → 32 relu → 3 softmax"), inspect.out());
        assertTrue(inspect.out().contains("classes      setosa, versicolor, virginica"), inspect.out());
        assertTrue(inspect.out().contains("features     sepal_length, sepal_width"), inspect.out());

        final Path predictions = folder.resolve("predictions.csv");
        final Run predict = Run.of("predict", model, IRIS, "-o", predictions).ok();
        final List<String> lines = Files.readAllLines(predictions);
        assertEquals(151, lines.size());
        assertEquals("species,p_setosa,p_versicolor,p_virginica", lines.getFirst());
        assertTrue(lines.get(1).startsWith("setosa,0.9"), lines.get(1));
        final double accuracy =
                Double.parseDouble(predict.err().replaceAll("(?s)150 rows scored; accuracy ([0-9.]+) %.*", "$1"));
        assertTrue(accuracy >= 95, predict.err());
        final String toStandardOutput = Run.of("predict", model, IRIS).ok().out();
        assertEquals(Files.readString(predictions), toStandardOutput);
    }

    @Test
    void twoClassesHaveAnAreaUnderTheCurve() throws IOException {
        final Path table = folder.resolve("two.csv");
        final StringBuilder rows = new StringBuilder("x,y\n");
        for (int i = 0; i < 100; i++) {
            rows.append(i).append(i < 50 ? ",low\n" : ",high\n");
        }
        Files.writeString(table, rows);
        final Run train = Run.of("train", table, "-o", folder.resolve("two.safetensors"), "--epochs", 60)
                .ok();
        final String measures =
                "held-out rows: accuracy [0-9.]+ %, macro F1 [01]\\.[0-9]{4}, AUC [01]\\.[0-9]{4}, loss [0-9.]+";
        assertTrue(train.out().lines().anyMatch(line -> line.matches(measures)), train.out());
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        final Path model = folder.resolve("iris.safetensors");
        Run.of("train", IRIS, "-o", model, "--epochs", 5).ok();
        final Path shuffled = folder.resolve("shuffled.csv");
        Files.writeString(shuffled, "note,petal_width,petal_length,sepal_width,sepal_length\nfirst,0.2,1.4,3.5,5.1\n");
        final String expected =
                Run.of("predict", model, IRIS).ok().out().lines().toList().get(1);
        final Run run = Run.of("predict", model, shuffled).ok();
        assertEquals(expected, run.out().lines().toList().get(1));
        assertEquals("1 rows scored\n", run.err());
    }

    @Test
    void sameDataAndOptionsGiveTheSameFile() throws IOException {
        final Path first = folder.resolve("a.safetensors");
        final Path second = folder.resolve("b.safetensors");
        Run.of("train", IRIS, "-o", first, "--epochs", 3, "--seed", 5).ok();
        Run.of("train", IRIS, "-o", second, "--epochs", 3, "--seed", 5).ok();
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    @Test
    void regressionGivesValuesInTheUnitsOfTheData() throws IOException {
        final Path table = folder.resolve("houses.csv");
        final StringBuilder rows = new StringBuilder("area,rooms,price\n");
        for (int i = 0; i < 400; i++) {
            final int area = 40 + i * 37 % 160;
            final int rooms = 1 + i % 5;
            rows.append(area)
                    .append(',')
                    .append(rooms)
                    .append(',')
                    .append(1500 * area + 20_000 * rooms)
                    .append('\n');
        }
        Files.writeString(table, rows);
        final Path model = folder.resolve("houses.safetensors");
        final Path plot = folder.resolve("loss.png");
        final Run train = Run.of("train", table, "--task", "regression", "-o", model, "--plot", plot)
                .ok();
        final double r2 = Double.parseDouble(train.out().replaceAll("(?s).*R² ([0-9.]+).*", "$1"));
        assertTrue(r2 > 0.99, train.out());
        assertTrue(Files.size(plot) > 1000);
        final Run predict = Run.of("predict", model, table).ok();
        assertEquals("price", predict.out().lines().findFirst().orElseThrow());
        assertTrue(predict.err().contains("root mean squared error"), predict.err());
    }

    @Test
    void imagesAreLearntAndScored() throws IOException {
        final TrainingData digits = TrainingData.digits();
        final int rows = 1000;
        final Path images = folder.resolve("images.gz");
        final Path labels = folder.resolve("labels.gz");
        final byte[] pixels = new byte[rows * 64];
        final byte[] classes = new byte[rows];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (15 * digits.data().x()[i]);
        }
        for (int i = 0; i < rows; i++) {
            classes[i] = (byte) digits.data().labels()[i];
        }
        idx(images, pixels, rows, 8, 8);
        idx(labels, classes, rows);
        final Path model = folder.resolve("digits.safetensors");
        Run.of("train", images, "--labels", labels, "-o", model, "--epochs", 20).ok();
        final Run predict = Run.of("predict", model, images, "--labels", labels).ok();
        final double accuracy =
                Double.parseDouble(predict.err().replaceAll("(?s)1,000 rows scored; accuracy ([0-9.]+) %.*", "$1"));
        assertTrue(accuracy > 95, predict.err());
        Run.of("train", images, "-o", model).refused("images.gz holds images: add the labels with --labels FILE");
    }

    static void idx(final Path file, final byte[] values, final int... dimensions) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(0x0800 | dimensions.length);
            for (final int dimension : dimensions) {
                out.writeInt(dimension);
            }
            out.write(values);
        }
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            bytes.writeTo(out);
        }
    }

    @Test
    void labelsThatAreMissingOrUnknownAreNotJudged() throws IOException {
        final Path model = folder.resolve("iris.safetensors");
        Run.of("train", IRIS, "-o", model, "--epochs", 60).ok();
        final Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, """
            sepal_length,sepal_width,petal_length,petal_width,species
            5.1,3.5,1.4,0.2,setosa
            5.1,3.5,1.4,0.2,
            5.1,3.5,1.4,0.2,tulip
            5.1,3.5,1.4,0.2,virginica
            """);
        assertEquals(
                "4 rows scored; 1 have a label that the model does not know, such as 'tulip', and are not judged;"
                        + " accuracy 50.00 % on the other 2 rows\n",
                Run.of("predict", model, rows).ok().err());
    }

    @Test
    void whatLooksLikeAMistakeIsTold() throws IOException {
        final Path model = folder.resolve("m.safetensors");
        final Run decimals = Run.of("train", IRIS, "--label", "petal_width", "-o", model);
        decimals.refused("iris.csv, line 2 (row 1): column 'species': expected a number, got 'setosa'");
        final Path table = folder.resolve("t.csv");
        Files.writeString(table, "5.1,3.5,y\n1,2,0.5\n2,3,1.25\n3,4,2\n4,5,0.5\n");
        final String notes =
                Run.of("train", table, "-o", model, "--epochs", 1).ok().err();
        assertTrue(notes.contains("note: the first line, which is to name the columns, has numbers: 5.1, 3.5"), notes);
        assertTrue(notes.contains("note: column 'y' has 3 decimal numbers"), notes);
    }

    @Test
    void doctorWarmsAModelUp() throws IOException {
        final Path model = folder.resolve("warm.safetensors");
        final Mlp mlp = Mlp.inputs(4).dense(8).layerNorm().dense(2).sigmoid();
        ModelFile.write(Model.of(Parameters.random(mlp, 1)), model);
        final Run run = Run.of("doctor", model);
        assertTrue(run.out().contains("model                4 → 8 layer-norm → 2 sigmoid"), run.out());
        assertTrue(run.out().contains("µs the first time, then"), run.out());
        assertTrue(run.out().contains(" bytes in the last round of calls"), run.out());
        assertTrue(Run.of("inspect", model).out().contains("layer normalisation, epsilon 1.0E-5"));
    }

    @Test
    void doctorNamesTheKernels() {
        final Run run = Run.of("doctor");
        assertTrue(run.out().contains("kernels in use"), run.out());
        assertTrue(run.out().contains("GFLOP/s"), run.out());
        assertTrue(run.out().contains("flush to zero        off"), run.out());
        assertEquals(run.out().contains("The fast path is on."), run.status() == Main.OK);
    }
}
