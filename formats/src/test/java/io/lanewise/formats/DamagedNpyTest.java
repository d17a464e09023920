package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays that are not what they should be: refused by our exception, in a small multiple of their size. */
final class DamagedNpyTest {
    private static final int ALLOCATION = 8_000_000;

    @TempDir
    private Path folder = Path.of("");

    private String problem(final byte[] content) throws IOException {
        final Path file = TestFiles.write(folder, "x.npy", content);
        final String problem = TestFiles.problem(() -> NpyFile.of(file).load());
        assertTrue(problem.startsWith("x.npy: "), problem);
        return problem.substring("x.npy: ".length());
    }

    private String headerProblem(final String header) throws IOException {
        return problem(NpyFileTest.npy(header, new byte[0]));
    }

    /** Loads, or throws the one documented exception. */
    private void load(final byte[] content, final NpyFile array, final Path file) throws IOException {
        TestFiles.overwrite(file, content);
        final long before = TestFiles.allocatedBytes();
        try {
            assertTrue(array.load().rows() > 0);
        } catch (final FormatException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(String.valueOf(file.getFileName())), e.getMessage());
        }
        final long allocated = TestFiles.allocatedBytes() - before;
        assertTrue(allocated < ALLOCATION, allocated + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-little-f4.npy", "fortran.npy", "version-2.npy", "version-3.npy", "x-u1.npy"})
    void everyPrefixAndChangeIsSurvived(final String name) throws IOException {
        final byte[] content = NpyFileTest.numpys(name);
        for (int length = 0; length < content.length; length++) {
            final String problem = problem(Arrays.copyOf(content, length));
            assertTrue(problem.startsWith("expected "), problem);
        }
        assertTrue(problem(Arrays.copyOf(content, content.length + 1)).endsWith("the file is incomplete or damaged"));
        final Path file = folder.resolve("changed.npy");
        for (int i = 0; i < content.length; i++) {
            for (int bits = 1; bits < 256; bits += name.equals("fortran.npy") ? 1 : 42) {
                final byte[] changed = content.clone();
                changed[i] ^= (byte) bits;
                load(changed, NpyFile.of(file), file);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"data.npz,x_train", "data.npz,x_test", "stored.npz,X"})
    void everyPrefixAndChangeOfAnArchiveIsSurvived(final String name, final String array) throws IOException {
        final byte[] content = NpyFileTest.numpys(name);
        final Path file = folder.resolve("changed.npz");
        final NpyFile changed = NpyFile.of(file, array);
        for (int length = 0; length < content.length; length++) {
            TestFiles.overwrite(file, Arrays.copyOf(content, length));
            final String problem = TestFiles.problem(changed::load);
            assertTrue(
                    problem.startsWith("changed.npz: expected an npz file, which is a complete zip file, but"),
                    problem);
        }
        for (int i = 0; i < content.length; i++) {
            for (final int bits : new int[] {1, 0x10, 0x80, 0xff}) {
                final byte[] bytes = content.clone();
                bytes[i] ^= (byte) bits;
                load(bytes, changed, file);
            }
        }
    }

    /** No change of the data of an archive goes unnoticed: its checksum is looked at. */
    @Test
    void checksumsAreChecked() throws IOException {
        final byte[] content = NpyFileTest.numpys("stored.npz");
        content[300] ^= 1; // within the first array, which is not compressed
        final Path file = TestFiles.write(folder, "a.npz", content);
        assertEquals(
                "a.npz: array 'X': expected data whose checksum is that of the zip file, got another one: the file is"
                        + " damaged",
                TestFiles.problem(() -> NpyFile.of(file, "X").load()));
    }

    @Test
    void headersThatAreWrongAreRefused() throws IOException {
        assertEquals("expected '{' at character 1 of the header, got [1, 2]", headerProblem("[1, 2]\n"));
        assertTrue(
                headerProblem("{'descr': '<f4', 'fortran_order': False}").startsWith("expected a header with descr"));
        assertTrue(headerProblem("{'descr': '<f4', 'descr': '<f4'}").startsWith("expected a header with one descr"));
        assertTrue(headerProblem("{'descr': '<f4', 'order': 1}").contains("got the key 'order'"));
        assertTrue(headerProblem("{'descr': '<f4', 'fortran_order': 0}").startsWith("expected True or False"));
        assertTrue(headerProblem("{'shape': (3)}").startsWith("expected a comma"));
        assertTrue(headerProblem("{'shape': (-3,)}").startsWith("expected a whole number"));
        assertTrue(headerProblem("{'shape': (9999999999999999999,)}").startsWith("expected a whole number"));
        assertTrue(headerProblem("{'shape': (3,), 'descr': '<f4', 'fortran_order': True} x")
                .startsWith("expected nothing after the dictionary"));
        assertTrue(headerProblem("{'descr': '<f4\\x00'}").startsWith("expected a text in quotes"));
        assertTrue(headerProblem("{'descr': '<f4}").startsWith("expected a text in quotes"));
        for (final String shape :
                List.of("(0, 3)", "(3, 0)", "(2147483648,)", "(1000000, 1000000, 1000)", "(2147483647, 2147483647)")) {
            assertTrue(problem(NpyFileTest.npy("<f4", shape, new byte[0]))
                    .startsWith("expected dimensions from 1 to 2147483647 and a size of at most 2^40 bytes, got the"
                            + " shape " + shape));
        }
        assertTrue(problem(NpyFileTest.npy("<f4", "(1, 1048577)", new byte[4 * 1_048_577]))
                .startsWith("expected at most 1048576 features in each row"));
        assertTrue(headerProblem(" ".repeat(10_001)).startsWith("expected a header of at most 10000 bytes, got 10001"));
        final byte[] version = NpyFileTest.numpys("line.npy");
        version[6] = 4;
        assertEquals("expected an npy array of version 1.0, 2.0 or 3.0, got 4.0", problem(version));
    }

    @Test
    void otherElementsAreRefused() throws IOException {
        final String expected = "expected elements of f2, f4, f8, i1 to i8, u1 to u8, bool, or of labels U, got ";
        assertEquals(
                expected + "'|O': objects are not read, since they are programs; convert them with astype, such as"
                        + " astype('float32')",
                problem(NpyFileTest.numpys("object.npy")));
        assertEquals(
                expected + "'<c8': convert them with astype, such as astype('float32')",
                problem(NpyFileTest.numpys("complex.npy")));
        assertEquals(expected + "'|S1': convert bytes with astype(str)", problem(NpyFileTest.numpys("bytes.npy")));
        assertTrue(problem(NpyFileTest.numpys("structured.npy")).contains("got a structured array"));
        assertTrue(problem(NpyFileTest.numpys("scalar.npy")).startsWith("expected an array of at least 1 dimension"));
        assertTrue(problem(NpyFileTest.numpys("empty.npy")).startsWith("expected dimensions from 1"));
        assertEquals(
                "expected features, which are numbers, got texts (<U1)", problem(NpyFileTest.numpys("labels.npy")));
        for (final String type : List.of("<f3", "<f16", "|f4", "<i3", "<i16", "|i2", "b1x", "<U0", "<U5000", "f", "")) {
            assertTrue(problem(NpyFileTest.npy(type, "(1,)", new byte[16])).startsWith(expected), type);
        }
    }

    /** A header may promise half a terabyte; memory is taken for what is there. */
    @Test
    void memoryIsTakenForWhatIsThere() throws IOException {
        for (final String order : List.of("False", "True")) {
            for (final String shape : List.of("(1000000, 1000, 100)", "(100000000, 4)", "(500000, 1000)")) {
                final byte[] bomb = NpyFileTest.npy(
                        "{'descr': '<f4', 'fortran_order': " + order + ", 'shape': " + shape + "}", new byte[1000]);
                final Path file = folder.resolve("bomb");
                load(bomb, NpyFile.of(file), file);
                load(TestFiles.gzip(bomb), NpyFile.of(file), file);
                load(zip(bomb), NpyFile.of(file, "x"), file);
            }
        }
    }

    /** The sizes in a zip file's directory are those of the array, and deflate cannot give more than it can. */
    @Test
    void zipsThatLieAreRefused() throws IOException {
        final byte[] zip = zip(NpyFileTest.npy("<f4", "(1000000, 10)", new byte[1000]));
        final Path file = TestFiles.write(folder, "x.npz", zip);
        assertTrue(TestFiles.problem(() -> NpyFile.of(file, "x").load())
                .contains(" bytes for the shape (1000000, 10) of <f4, got "));
        final int directory = zip.length - 22 - 46 - "x.npy".length(); // before the end record, the only entry
        final byte[] claims = zip.clone();
        Arrays.fill(claims, directory + 24, directory + 27, (byte) 0xff); // its size without compression
        TestFiles.write(folder, "x.npz", claims);
        assertTrue(TestFiles.problem(() -> NpyFile.of(file, "x").load())
                .startsWith("x.npz: array 'x': expected at most 1032 bytes for each compressed one, got 16777215 for"));
    }

    @Test
    void otherArchivesAreRefused() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("sheet.xml"));
        }
        final Path file = TestFiles.write(folder, "x.npz", bytes.toByteArray());
        assertEquals(List.of(), NpyFile.arrays(file));
        assertEquals(
                "x.npz: expected an array 'x', got none: this is a zip file without arrays",
                TestFiles.problem(() -> NpyFile.of(file, "x").load()));
    }

    private static byte[] zip(final byte[] content) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("x.npy"));
            out.write(content);
        }
        return bytes.toByteArray();
    }
}
