package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that numpy wrote (npy/make.py beside the test's resources), and ones of ours. */
final class NpyFileTest {
    private static final float[] ROWS = {0, 1, 2, 3, 4, 5};

    @TempDir
    private Path folder = Path.of("");

    /** A copy of a file that numpy wrote. */
    static Path numpys(final Path folder, final String name) throws IOException {
        return TestFiles.write(folder, name, numpys(name));
    }

    static byte[] numpys(final String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(NpyFileTest.class.getResourceAsStream("npy/" + name), name)) {
            return in.readAllBytes();
        }
    }

    /** An array of one's own: version 1.0, a header as given, and these bytes. */
    static byte[] npy(final String header, final byte[] data) {
        final byte[] text = header.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(10 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) text.length)
                .put(text)
                .put(data)
                .array();
    }

    static byte[] npy(final String type, final String shape, final byte[] data) {
        return npy("{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n", data);
    }

    private Table load(final String name) throws IOException {
        return NpyFile.of(numpys(folder, name)).load();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i1",
                "u1",
                "little-f2",
                "little-f4",
                "little-f8",
                "big-f2",
                "big-f4",
                "big-f8",
                "little-i2",
                "little-i4",
                "little-i8",
                "big-i2",
                "big-i4",
                "big-i8",
                "little-u2",
                "little-u4",
                "little-u8",
                "big-u2",
                "big-u4",
                "big-u8"
            })
    void readsAllTypes(final String type) throws IOException {
        final Table table = load("x-" + type + ".npy");
        assertEquals(2, table.rows());
        assertEquals(3, table.features());
        assertArrayEquals(ROWS, table.x());
        assertEquals(List.of(), table.featureNames());
        assertFalse(table.hasLabels());
    }

    @Test
    void readsOtherVersionsTruthValuesAndGzip() throws IOException {
        assertArrayEquals(ROWS, load("version-2.npy").x());
        assertArrayEquals(ROWS, load("version-3.npy").x());
        assertArrayEquals(new float[] {0, 1, 0, 1, 0, 1}, load("bool.npy").x());
        final Path zipped = TestFiles.write(folder, "zipped", TestFiles.gzip(numpys("x-little-f4.npy")));
        assertArrayEquals(ROWS, NpyFile.of(zipped).load().x());
    }

    @Test
    void readsFortransOrder() throws IOException {
        assertArrayEquals(ROWS, load("fortran.npy").x());
        final Path zipped = TestFiles.write(folder, "zipped", TestFiles.gzip(numpys("fortran.npy")));
        assertArrayEquals(ROWS, NpyFile.of(zipped).load().x());
    }

    @Test
    void flattensTheRowsOfOtherShapes() throws IOException {
        final Table line = load("line.npy");
        assertEquals(1, line.features());
        assertArrayEquals(new float[] {0, 1, 2, 3}, line.x());
        final float[] cube = new float[24];
        for (int i = 0; i < cube.length; i++) {
            cube[i] = i;
        }
        for (final String name : List.of("cube.npy", "cube-fortran.npy")) {
            final Table table = load(name);
            assertEquals(2, table.rows());
            assertEquals(12, table.features());
            assertArrayEquals(cube, table.x());
            assertArrayEquals(
                    new int[] {2, 3, 4}, NpyFile.of(folder.resolve(name)).shape());
        }
    }

    @Test
    void readsExtremes() throws IOException {
        final byte[] bytes = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, -128};
        final Path file = folder.resolve("x.npy");
        Files.write(file, npy("<u8", "(2,)", bytes));
        assertArrayEquals(
                new float[] {0x1p64f, 0x1p63f}, NpyFile.of(file).load().x());
        Files.write(file, npy("<i8", "(2,)", bytes));
        assertArrayEquals(new float[] {-1, -0x1p63f}, NpyFile.of(file).load().x());
        Files.write(file, npy("<u4", "(1, 4)", bytes));
        assertArrayEquals(
                new float[] {0x1p32f, 0x1p32f, 0, 0x1p31f},
                NpyFile.of(file).load().x());
        Files.write(file, npy("|i1", "(2, 8)", bytes));
        assertArrayEquals(
                new float[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, -128},
                NpyFile.of(file).load().x());
    }

    @Test
    void readsLabelsOfAllKinds() throws IOException {
        final NpyFile features = NpyFile.of(numpys(folder, "features.npy"));
        final Table table =
                features.withLabels(NpyFile.of(numpys(folder, "labels.npy"))).load();
        assertTrue(table.hasLabels());
        assertEquals(List.of("a", "b", "ü"), table.classes());
        assertEquals(List.of("a", "b", "ü", "a"), table.labels().subList(0, 4));
        final Path file = folder.resolve("y.npy");
        final Path x = Files.write(folder.resolve("x.npy"), npy("|u1", "(2, 1)", new byte[2]));
        final NpyFile two = NpyFile.of(x).withLabels(NpyFile.of(file));
        Files.write(file, npy("|b1", "(2,)", new byte[] {0, 1}));
        assertEquals(List.of("0", "1"), two.load().labels());
        Files.write(file, npy(">i2", "(2, 1)", new byte[] {-1, -2, 0, 7}));
        assertEquals(List.of("-2", "7"), two.load().labels());
        Files.write(file, npy(">f4", "(2,)", new byte[] {0x40, 0x40, 0, 0, 0x3f, 0, 0, 0}));
        assertEquals(List.of("3", "0.5"), two.load().labels());
        assertArrayEquals(new float[] {3, 0.5f}, two.load().targets());
        Files.write(file, npy(">f8", "(2,)", new byte[] {0x7f, (byte) 0xf8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        assertEquals("y.npy, row 1: expected a finite number as label, got NaN", TestFiles.problem(() -> two.load()));
        Files.write(file, npy("<U1", "(2,)", new byte[] {97, 0, 0, 0, 0, -40, 0, 0}));
        assertEquals(
                "y.npy, row 2: expected a label in Unicode, got another text", TestFiles.problem(() -> two.load()));
        Files.write(file, npy("<U1", "(2,)", new byte[8]));
        assertEquals("y.npy, row 1: expected a label in Unicode, got none", TestFiles.problem(() -> two.load()));
        Files.write(file, npy("|u1", "(2, 3)", new byte[6]));
        assertEquals(
                "y.npy: expected one label for each row, of the shape (2,), got the shape (2, 3); if a row has a 1 at"
                        + " its class, use argmax(axis=1)",
                TestFiles.problem(() -> two.load()));
        Files.write(file, npy("|u1", "(3,)", new byte[3]));
        assertEquals(
                "y.npy: expected 2 labels, as there are rows of features, got 3", TestFiles.problem(() -> two.load()));
    }

    @Test
    void readsArraysOfNpzFiles() throws IOException {
        for (final String[] names : new String[][] {
            {"stored.npz", "X", "y"}, {"data.npz", "x_train", "y_train"}, {"data.npz", "x_test", "y_test"}
        }) {
            final Path file = numpys(folder, names[0]);
            assertTrue(NpyFile.isNpz(file));
            final Table table = NpyFile.of(file, names[1])
                    .withLabels(NpyFile.of(file, names[2]))
                    .load();
            assertEquals(12, table.rows());
            assertEquals(2, table.features());
            assertEquals(23f / 8, table.x()[23]);
            assertEquals(3, table.classes().size());
        }
        final Path file = numpys(folder, "data.npz");
        assertEquals(List.of("x_train", "y_train", "x_test", "y_test"), NpyFile.arrays(file));
        assertEquals(
                "data.npz: expected an array 'X', got x_train, y_train, x_test, y_test",
                TestFiles.problem(() -> NpyFile.of(file, "X").load()));
    }

    @Test
    void streamsInPieces() throws IOException {
        final NpyFile labels = NpyFile.of(numpys(folder, "labels.npy"));
        for (final NpyFile features :
                List.of(NpyFile.of(numpys(folder, "features.npy")), NpyFile.of(numpys(folder, "data.npz"), "x_test"))) {
            try (RowReader rows = features.withLabels(labels).open()) {
                final float[] x = new float[16];
                assertEquals(5, rows.read(x, 1, 5));
                assertEquals(1 / 8f, x[2]);
                assertEquals(List.of("a", "b", "ü", "a", "b"), rows.labels());
                assertThrows(IndexOutOfBoundsException.class, () -> rows.read(x, 1, 8));
                assertEquals(7, rows.read(x, 0, 8));
                assertEquals(10 / 8f, x[0]);
                assertEquals(23 / 8f, x[13]);
                assertEquals(0, rows.read(x, 0, 8));
            }
        }
    }

    @Test
    void refusesNumbersThatAreNotFinite() throws IOException {
        final byte[] data = ByteBuffer.allocate(32)
                .putDouble(1)
                .putDouble(2)
                .putDouble(1e39)
                .putDouble(Double.NaN)
                .array();
        final Path file = Files.write(folder.resolve("x.npy"), npy(">f8", "(2, 2)", data));
        assertEquals(
                "x.npy: element [1, 0]: expected a finite number up to ±3.4028235e38, got Infinity: fill in missing"
                        + " values, or remove such rows",
                TestFiles.problem(() -> NpyFile.of(file).load()));
        final Path image = Files.write(folder.resolve("image.npy"), npy(">f8", "(1, 2, 2)", data));
        assertTrue(TestFiles.problem(() -> NpyFile.of(image).load()).startsWith("image.npy: element [0, 1, 0]: "));
    }

    @Test
    void tellsArraysFromOtherFiles() throws IOException {
        assertTrue(NpyFile.isNpy(numpys(folder, "line.npy")));
        assertTrue(NpyFile.isNpy(TestFiles.write(folder, "a", TestFiles.gzip(numpys("line.npy")))));
        assertFalse(NpyFile.isNpz(folder.resolve("line.npy")));
        for (final String text : List.of("", "PK", "PK,x\n1,2\n", "\u0093NUMPY")) {
            final Path file = TestFiles.write(folder, "text", text);
            assertFalse(NpyFile.isNpy(file));
            assertFalse(NpyFile.isNpz(file));
        }
        assertThrows(NoSuchFileException.class, () -> NpyFile.isNpy(folder.resolve("none")));
        assertThrows(NoSuchFileException.class, () -> NpyFile.arrays(folder.resolve("none")));
        assertThrows(FileSystemException.class, () -> NpyFile.arrays(folder));
    }

    @Test
    void writesWhatItReads() throws IOException {
        final Path file = folder.resolve("out.npy");
        final float[] x = new float[3 * 20_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = i / 7f;
        }
        NpyFile.write(file, 3, out -> {
            out.write(1, x, 0);
            out.write(19_999, x, 3);
        });
        final byte[] bytes = Files.readAllBytes(file);
        assertEquals(128 + 4 * x.length, bytes.length);
        assertArrayEquals(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (20000, 3), }"
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                java.util.Arrays.copyOfRange(bytes, 10, 73));
        assertEquals('\n', bytes[127]);
        final Table table = NpyFile.of(file).load();
        assertEquals(20_000, table.rows());
        assertArrayEquals(x, table.x());
    }

    /** The same array as numpy's, byte for byte behind the magic number and the version. */
    @Test
    void writesAsNumpyDoes() throws IOException {
        final Path file = folder.resolve("out.npy");
        NpyFile.write(file, 3, out -> out.write(2, ROWS, 0));
        assertArrayEquals(numpys("x-little-f4.npy"), Files.readAllBytes(file));
    }

    @Test
    void failedWritingLeavesTheOldFile() throws IOException {
        final Path file = TestFiles.write(folder, "out.npy", "old");
        assertThrows(
                IOException.class,
                () -> NpyFile.write(file, 1, out -> {
                    out.write(1, new float[1], 0);
                    throw new IOException("full");
                }));
        assertEquals("old", Files.readString(file));
        assertThrows(
                FileSystemException.class, () -> NpyFile.write(Path.of("/dev/null"), 1, out -> out.write(1, ROWS, 0)));
        assertThrows(IllegalArgumentException.class, () -> NpyFile.write(file, 0, out -> {}));
    }
}
