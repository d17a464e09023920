package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.formats.CsvFile;
import io.lanewise.formats.ModelFile;
import io.lanewise.formats.NpyFile;
import io.lanewise.formats.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of numpy's as data: the iris once more. */
final class ArraysTest {
    private static final Path IRIS = Path.of("..", "data", "iris.csv");

    @TempDir
    private Path folder = Path.of("");

    private Path model = Path.of("");
    private Path other = Path.of("");
    private Path x = Path.of("");
    private Path y = Path.of("");

    @BeforeEach
    void writeArrays() throws IOException {
        model = folder.resolve("model.safetensors");
        other = folder.resolve("other.safetensors");
        x = folder.resolve("X.npy");
        y = folder.resolve("y.npy");
        final Table iris = CsvFile.of(IRIS).withLabel("species").load();
        final float[] classes = new float[iris.rows()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = iris.classes().indexOf(iris.labels().get(i));
        }
        NpyFile.write(x, 4, out -> out.write(iris.rows(), iris.x(), 0));
        NpyFile.write(y, 1, out -> out.write(iris.rows(), classes, 0));
    }

    private static Run train(final Path out, final Path data, final Object... options) {
        final List<Object> arguments = new ArrayList<>(List.of("train", data, "-o", out, "--epochs", 2));
        arguments.addAll(Arrays.asList(options));
        return Run.of(arguments.toArray());
    }

    /** An npz file of X under some names and y under others. */
    private Path npz(final String name, final List<String> features, final List<String> labels) throws IOException {
        final Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (final String array : features) {
                zip.putNextEntry(new ZipEntry(array + ".npy"));
                Files.copy(x, zip);
            }
            for (final String array : labels) {
                zip.putNextEntry(new ZipEntry(array + ".npy"));
                Files.copy(y, zip);
            }
        }
        return file;
    }

    @Test
    void arraysGiveTheModelOfTheTable() throws IOException {
        train(model, IRIS).ok();
        final Run run = train(other, x, "--labels", y).ok();
        assertTrue(run.out().contains("X.npy: 150 rows of 4 features; learning from 120, holding out 30"), run.out());
        assertEquals(ModelFile.read(model).parameters(), ModelFile.read(other).parameters());
        assertEquals(
                ModelFile.read(model).standardization(), ModelFile.read(other).standardization());
        assertEquals(List.of("0", "1", "2"), ModelFile.read(other).outputNames());
    }

    @Test
    void streamsAndArchivesGiveTheSame() throws IOException {
        train(model, x, "--labels", y, "--validation", 0).ok();
        train(other, x, "--labels", y, "--stream").ok();
        assertEquals(-1, Files.mismatch(model, other));
        train(other, npz("a.npz", List.of("x_test", "x_train"), List.of("y_train", "y_test")), "--stream")
                .ok();
        assertEquals(-1, Files.mismatch(model, other));
        train(other, npz("a.npz", List.of("in"), List.of("out")), "--arrays", "in,out", "--validation", 0)
                .ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void otherArraysJudge() throws IOException {
        final Path archive = npz("a.npz", List.of("x_train", "x_val", "z"), List.of("y_train", "y_val"));
        final Run usual = train(model, archive, "--validation-data", archive).ok();
        assertTrue(usual.out().contains("learning from 150, holding out 150"), usual.out());
        train(other, archive, "--validation-data", archive, "--validation-arrays", "z,y_val")
                .ok();
        assertEquals(-1, Files.mismatch(model, other));
        train(other, x, "--labels", y, "--validation-data", x, "--validation-labels", y)
                .ok();
        assertEquals(-1, Files.mismatch(model, other));
    }

    @Test
    void predictionsAreWrittenAsArrays() throws IOException {
        train(model, x, "--labels", y).ok();
        final Path out = folder.resolve("p.npy");
        final Run run = Run.of("predict", model, x, "--labels", y, "-o", out).ok();
        assertTrue(run.err().contains("150 rows scored; accuracy "), run.err());
        final Table array = NpyFile.of(out).load();
        assertArrayEquals(new int[] {150, 3}, NpyFile.of(out).shape());
        final Path csv = folder.resolve("p.csv");
        Run.of("predict", model, npz("a.npz", List.of("X"), List.of()), "-o", csv)
                .ok();
        assertArrayEquals(
                CsvFile.of(csv)
                        .withFeatures(List.of("p_0", "p_1", "p_2"))
                        .load()
                        .x(),
                array.x());
        Run.of("predict", model, IRIS, "-o", folder.resolve("q.npy"))
                .refused("the model expects 4 features in each row, but iris.csv has 5");
        assertTrue(Files.notExists(folder.resolve("q.npy")));
    }

    @Test
    void modelsOfTablesScoreArrays() throws IOException {
        train(model, IRIS).ok();
        final Path out = folder.resolve("p.npy");
        final Path again = folder.resolve("q.npy");
        Run.of("predict", model, IRIS, "-o", out).ok();
        Run.of("predict", model, x, "-o", again).ok();
        assertEquals(-1, Files.mismatch(out, again));
        final Run scored = Run.of("predict", model, npz("a.npz", List.of("x"), List.of("y")), "--arrays", "x,y")
                .ok();
        assertTrue(scored.err().contains("150 have a label that the model does not know, such as '2'"), scored.err());
    }

    /** Rows of more than one dimension are images. */
    @Test
    void featuresOfImagesAreStandardisedAlike() throws IOException {
        final byte[] array = Files.readAllBytes(x);
        final String header = new String(array, 0, 128, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace("(150, 4), }   ", "(150, 2, 2), }");
        System.arraycopy(header.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, array, 0, 128);
        Files.write(x, array);
        train(model, x, "--labels", y).ok();
        final float[] mean =
                ModelFile.read(model).standardization().orElseThrow().mean();
        assertEquals(mean[0], mean[3]);
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        train(model, x).refused("X.npy holds an array: add the labels with --labels FILE");
        train(model, x, "--labels", IRIS)
                .refused("iris.csv: expected an npy array, which begins with \\x93NUMPY, got other bytes");
        train(model, x, "--labels", y, "--label", "a")
                .refused("X.npy holds an array, not named columns: remove --label, --features, --ignore and"
                        + " --sample-weight");
        train(model, x, "--arrays", "x,y").refused("X.npy holds an array: --arrays is for npz files");
        train(model, IRIS, "--arrays", "x,y").refused("iris.csv is a table: --arrays is for npz files");
        train(model, IRIS, "--validation-arrays", "x,y").refused("--validation-arrays is for --validation-data FILE");
        train(model, IRIS, "--validation-data", x)
                .refused("expected a file of the same kind as the one to learn from, which is a table, but X.npy holds"
                        + " an array");
        final Path archive = npz("a.npz", List.of("a", "b"), List.of("c"));
        train(model, archive).refused("a.npz: name the arrays of features and labels: --arrays X,Y; there are a, b, c");
        train(model, archive, "--arrays", "a")
                .refused("expected --arrays X,Y with the array of the labels too, got a alone");
        train(model, archive, "--arrays", "a,b,c")
                .refused("expected --arrays X,Y (or X alone, without labels), got a,b,c");
        train(model, archive, "--arrays", "a,d").refused("a.npz: expected an array 'd', got a, b, c");
        train(model, archive, "--labels", y)
                .refused("a.npz holds arrays: name that of the labels with --arrays X,Y rather than a file with"
                        + " --labels");
    }
}
