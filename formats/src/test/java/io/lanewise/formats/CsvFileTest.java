package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvFileTest {
    private static final String IRIS = "length,width,species\n5.1,3.5,setosa\n7,3.2e0,virginica\n-6,.5,setosa\n";

    @TempDir
    Path folder;

    private CsvFile csv(final String content) throws IOException {
        return CsvFile.of(TestFiles.write(folder, "iris.csv", content));
    }

    private String problem(final String content) throws IOException {
        final CsvFile file = csv(content).withLabel("species");
        return TestFiles.problem(file::load);
    }

    @Test
    void readsFeaturesAndLabels() throws IOException {
        final Table table = csv(IRIS).withLabel("species").load();
        assertEquals(3, table.rows());
        assertEquals(2, table.features());
        assertArrayEquals(new float[] {5.1f, 3.5f, 7, 3.2f, -6, .5f}, table.x());
        assertEquals(List.of("length", "width"), table.featureNames());
        assertEquals(List.of("setosa", "virginica", "setosa"), table.labels());
        assertEquals("species", table.labelName());
        assertTrue(table.hasLabels());
    }

    @Test
    void readsChosenColumnsInAnyOrder() throws IOException {
        final CsvFile file = csv("id,b,text,a\nx,1,,2\ny,3,?,4\n");
        assertArrayEquals(
                new float[] {2, 1, 4, 3},
                file.withFeatures(List.of("a", "b")).load().x());
        final Table table = file.withFeatures(List.of("b")).withLabel("id").load();
        assertArrayEquals(new float[] {1, 3}, table.x());
        assertEquals(List.of("x", "y"), table.labels());
        assertEquals(List.of("id", "b", "text", "a"), file.columns());
        assertThrows(IllegalArgumentException.class, () -> file.withFeatures(List.of()));
        assertThrows(IllegalArgumentException.class, () -> file.withFeatures(List.of("a", "a")));
        assertThrows(
                IllegalArgumentException.class,
                () -> file.withFeatures(List.of("a")).withLabel("a"));
    }

    @Test
    void leavesColumnsOut() throws IOException {
        final CsvFile file = csv("id,a,note,b,y\nx,1,?,2,no\ny,3,,4,yes\n").withLabel("y");
        final Table table = file.withoutFeatures(List.of("note", "id")).load();
        assertEquals(List.of("a", "b"), table.featureNames());
        assertArrayEquals(new float[] {1, 2, 3, 4}, table.x());
        assertEquals(
                "iris.csv, line 1: expected a column 'nota' (did you mean 'note'?), got id, a, note, b, y",
                TestFiles.problem(file.withoutFeatures(List.of("id", "nota"))::open));
        assertEquals(
                "iris.csv, line 1: expected feature columns besides the label and those that are ignored, got id, a,"
                        + " note, b, y",
                TestFiles.problem(file.withoutFeatures(List.of("id", "a", "note", "b"))::open));
        assertThrows(IllegalArgumentException.class, () -> file.withoutFeatures(List.of("y")));
    }

    @Test
    void classesAreOrderedAsNumbersIfTheyAre() throws IOException {
        assertEquals(
                List.of("setosa", "virginica"),
                csv(IRIS).withLabel("species").load().classes());
        assertEquals(
                List.of("-1", "2", "10"),
                csv("x,y\n1,10\n2,2\n3,10\n4,-1\n").withLabel("y").load().classes());
        assertEquals(
                List.of("10", "2", "b"),
                csv("x,y\n1,10\n2,2\n3,b\n").withLabel("y").load().classes());
    }

    @Test
    void streamsInPieces() throws IOException {
        try (RowReader rows = csv(IRIS).withLabel("species").open()) {
            final float[] x = new float[6];
            assertEquals(2, rows.read(x, 1, 2));
            assertArrayEquals(new float[] {0, 5.1f, 3.5f, 7, 3.2f, 0}, x);
            assertEquals(List.of("setosa", "virginica"), rows.labels());
            assertEquals(3, rows.line(1));
            assertThrows(IndexOutOfBoundsException.class, () -> rows.read(x, 4, 2));
            assertThrows(IllegalArgumentException.class, () -> rows.read(x, 0, 0));
            assertEquals(1, rows.read(x, 0, 3));
            assertEquals(List.of("setosa"), rows.labels());
            assertEquals(4, rows.line(0));
            assertEquals(0, rows.read(x, 0, 3));
            assertEquals(List.of(), rows.labels());
            assertFalse(rows.rows().isPresent());
        }
    }

    @Test
    void acceptsTheUsualDialects() throws IOException {
        for (final String content : List.of(
                "a,b\n1,2\n",
                "a,b\r\n1,2\r\n",
                "a,b\r1,2",
                "a,b\n1,2",
                "\ufeffa,b\n1,2\n\n\n",
                "a;b\n1;2\n",
                "a\tb\n1\t2\n",
                "\n\na,b\n\n1,2\n",
                "\"a\",\"b\"\n\"1\",\" 2\"\n",
                "a , b\n 1 ,\t2 \n",
                "\"a\",b\n1,2\n")) {
            final Table table = csv(content).load();
            assertEquals(List.of("a", "b"), table.featureNames(), content);
            assertArrayEquals(new float[] {1, 2}, table.x(), content);
        }
        assertEquals(
                List.of("a,b", "c\n\"d\""),
                csv("\"a,b\";\"c\n\"\"d\"\"\"\n1;2\n").columns());
        assertEquals(List.of("only"), csv("only\n1\n2\n").columns());
        assertEquals(List.of("ä", "🎉"), csv("ä,🎉\n").columns());
        assertEquals(
                List.of(" x ", "y"),
                csv("l,f\n\" x \",1\n y ,2\n").withLabel("l").load().labels());
    }

    @Test
    void readsGzip() throws IOException {
        final byte[] zipped = TestFiles.gzip(IRIS.getBytes(StandardCharsets.UTF_8));
        final CsvFile file =
                CsvFile.of(TestFiles.write(folder, "iris.csv.gz", zipped)).withLabel("species");
        assertEquals(3, file.load().rows());
        for (int length = 2; length < zipped.length; length++) {
            Files.write(folder.resolve("iris.csv.gz"), Arrays.copyOf(zipped, length));
            assertEquals(
                    "iris.csv.gz: expected complete gzip data, but it ends too early", TestFiles.problem(file::load));
        }
        zipped[zipped.length / 2] ^= 0x55;
        Files.write(folder.resolve("iris.csv.gz"), zipped);
        assertTrue(TestFiles.problem(file::load).startsWith("iris.csv.gz"));
    }

    @Test
    void namesTheLineAndTheRowOfABadCell() throws IOException {
        assertEquals(
                "iris.csv, line 3 (row 2): column 'width': expected a number, got '4,x'",
                problem("length,width,species\n1,2,a\n1,\"4,x\",b\n"));
        assertEquals(
                "iris.csv, line 6 (row 3): column 'length': expected a number, got an empty cell: "
                        + "fill in missing values, or remove such rows",
                problem("length,width,species\n1,2,\"a\nb\"\n\n1,2,b\n,2,b\n"));
        assertEquals(
                "iris.csv, line 2 (row 1): column 'length': expected a finite number, got 'NaN': "
                        + "fill in missing values, or remove such rows",
                problem("length,width,species\nNaN,-inf,a\n"));
        assertEquals(
                "iris.csv, line 2 (row 1): column 'length': expected a number, got '1d'",
                problem("length,width,species\n1d,1,a\n"));
        assertEquals(
                "iris.csv, line 2 (row 1): column 'width': expected a number up to ±3.4028235e38, got '1e99'",
                problem("length,width,species\n1,1e99,a\n"));
        assertEquals(
                "iris.csv, line 2 (row 1): column 'species': expected a label, got an empty cell",
                problem("length,width,species\n1,1, \n"));
        assertEquals(
                "iris.csv, line 3 (row 1): column 'a': expected a number, got an empty cell: "
                        + "fill in missing values, or remove such rows",
                TestFiles.problem(() -> csv("\na\n\n1\n").load()));
    }

    @Test
    void refusesRowsOfAnotherWidth() throws IOException {
        assertEquals(
                "iris.csv, line 3 (row 2): expected 3 columns, got 4",
                problem("length,width,species\n1,2,a\nx,2,b,c\n"));
        assertEquals(
                "iris.csv, line 2 (row 1): expected 3 columns, got 2", problem("length,width,species\nx,2\n1,2,a\n"));
    }

    @Test
    void refusesHeadersThatAreWrong() throws IOException {
        assertEquals(
                "iris.csv, line 1: expected column names that differ, got 'a' for columns 1 and 3",
                problem("a,b,a\n1,2,3\n"));
        assertEquals(
                "iris.csv, line 1: expected column names that differ, got '1' for columns 1 and 2; "
                        + "the first line must be a header of names",
                problem("1,1,3\n1,2,3\n"));
        assertEquals(
                "iris.csv, line 2: expected a column 'species' (did you mean 'Specie'?), got length, Specie",
                problem("\nlength,Specie\n1,a\n"));
        assertEquals(
                "iris.csv, line 1: expected a column 'species', got length, width", problem("length,width\n1,2\n"));
        assertTrue(
                TestFiles.problem(() -> csv(IRIS).withFeatures(List.of("with")).open())
                        .contains("did you mean 'width'?"));
        assertEquals(
                "iris.csv, line 1: expected feature columns besides the label, got species", problem("species\na\n"));
        assertEquals("iris.csv: expected a header line of column names, got an empty file", problem(""));
        assertEquals("iris.csv: expected a header line of column names, got an empty file", problem("\n\r\n"));
        assertEquals("iris.csv: expected a header line of column names, got an empty file", problem("\ufeff"));
        assertEquals("iris.csv: expected rows after the header line, got none", problem("a,species\n\n"));
        final String many = "x," + "y".repeat(70) + ",";
        final StringBuilder header = new StringBuilder(many);
        for (int i = 0; i < 50; i++) {
            header.append("c").append(i).append(',');
        }
        assertTrue(problem(header + "z\n").endsWith(", c17, … (53 in all)"));
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        final byte[] latin = "a,species\n1,b\n2,\u00e4\n3,c\n".getBytes(StandardCharsets.ISO_8859_1);
        final Path file = TestFiles.write(folder, "latin.csv", latin);
        final CsvFile csv = CsvFile.of(file).withLabel("species");
        assertEquals(
                "latin.csv, line 3: expected UTF-8 text, got other bytes: save the file as UTF-8",
                TestFiles.problem(csv::load));
        Files.write(file, "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16));
        assertEquals(
                "latin.csv, line 1: expected UTF-8 text, got other bytes: save the file as UTF-8",
                TestFiles.problem(csv::load));
        Files.write(file, new byte[] {'a', '\n', '1', '\n', (byte) 0xc3});
        assertEquals(
                "latin.csv, line 3: expected UTF-8 text, got other bytes: save the file as UTF-8",
                TestFiles.problem(CsvFile.of(file)::load));
    }

    @Test
    void refusesBrokenQuotes() throws IOException {
        final String unclosed = problem("length,width,species\n1,2,a\n1,2,\"b\n1,2,c\n");
        assertTrue(unclosed.startsWith("iris.csv, line 3: "), unclosed);
        final String text = problem("length,width,species\n1,2,a\n1,2,\"b\"c\n");
        assertTrue(text.startsWith("iris.csv, line 3"), text);
    }

    @Test
    void leavesProblemsOfTheFileSystemToTheJdk() {
        assertThrows(
                NoSuchFileException.class,
                () -> CsvFile.of(folder.resolve("none.csv")).open());
        assertThrows(FileSystemException.class, () -> CsvFile.of(folder).open());
    }

    @Test
    void keepsCharactersAcrossBuffers() throws IOException {
        final StringBuilder content = new StringBuilder("f,label\n");
        for (int i = 0; i < 30_000; i++) {
            content.append(i).append(",ä🎉").append("x".repeat(i % 7)).append('\n');
        }
        final Table table = csv(content.toString()).withLabel("label").load();
        assertEquals(30_000, table.rows());
        for (int i = 0; i < table.rows(); i++) {
            assertEquals(i, table.x()[i]);
            assertEquals("ä🎉" + "x".repeat(i % 7), table.labels().get(i));
        }
    }

    /** A few kilobytes that unfold to a gigabyte are refused at a fixed size, not when the memory is full. */
    @Test
    void boundsWhatCompressedFilesTake() throws IOException {
        for (final String unit : List.of("a", ",", "\"", "1\n")) {
            final Path file = folder.resolve("bomb.csv.gz");
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
                final byte[] block = unit.repeat(1 << 15).getBytes(StandardCharsets.UTF_8);
                out.write("a,b\n\"".substring(0, unit.equals("\"") ? 5 : 0).getBytes(StandardCharsets.UTF_8));
                for (int i = 0; i < 1000; i++) {
                    out.write(block);
                }
            }
            final long before = TestFiles.allocatedBytes();
            assertTrue(TestFiles.problem(() -> {
                        try (RowReader rows = CsvFile.of(file).open()) {
                            final float[] x = new float[200];
                            while (rows.read(x, 0, 100) > 0) {
                                assertTrue(rows.line(0) > 0);
                            }
                            throw new FormatException(file, "the end");
                        }
                    })
                    .startsWith("bomb.csv.gz"));
            final long allocated = TestFiles.allocatedBytes() - before;
            assertTrue(allocated < 200_000_000, unit + ": " + allocated);
        }
    }

    @Test
    void convertsLabels() throws IOException {
        final Table table = csv("f,y\n1,3\n1,-4\n").withLabel("y").load();
        assertArrayEquals(new int[] {3, -4}, table.labelNumbers());
        assertArrayEquals(new float[] {3, -4}, table.targets());
        final Table mixed = csv("f,y\n1,3\n\n1,2.5\n1,x\n").withLabel("y").load();
        assertEquals(
                "iris.csv, line 4 (row 2): column 'y': expected a whole number, got '2.5'",
                TestFiles.problem(mixed::labelNumbers));
        assertEquals(
                "iris.csv, line 5 (row 3): column 'y': expected a number, got 'x'", TestFiles.problem(mixed::targets));
        final Table without = csv("f,y\n1,3\n").load();
        assertEquals(List.of(), without.labels());
        assertFalse(without.hasLabels());
    }
}
