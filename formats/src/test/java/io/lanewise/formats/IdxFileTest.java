package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxFileTest {
    private static final Path FASHION = Path.of("/usr/share/datasets/fashion-mnist");

    @TempDir
    Path folder;

    /** An IDX file of any type; its data counts 250, 251, … */
    private static byte[] idx(final int type, final int dataBytes, final int... dimensions) {
        final ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + dataBytes);
        bytes.putInt(type << 8 | dimensions.length);
        for (final int dimension : dimensions) {
            bytes.putInt(dimension);
        }
        for (int i = 0; i < dataBytes; i++) {
            bytes.put((byte) (250 + i));
        }
        return bytes.array();
    }

    private static byte[] images() {
        return idx(8, 12, 3, 2, 2);
    }

    private static byte[] labels() {
        return idx(8, 3, 3);
    }

    private String problem(final byte[] content) throws IOException {
        final Path file = TestFiles.write(folder, "images", content);
        final String problem = TestFiles.problem(() -> IdxFile.of(file).load());
        assertTrue(problem.startsWith("images: "), problem);
        return problem.substring("images: ".length());
    }

    private String labelProblem(final byte[] content) throws IOException {
        final Path images = TestFiles.write(folder, "images", images());
        final Path labels = TestFiles.write(folder, "labels", content);
        final String problem =
                TestFiles.problem(() -> IdxFile.of(images).withLabels(labels).load());
        assertTrue(problem.startsWith("labels: "), problem);
        return problem.substring("labels: ".length());
    }

    @Test
    void readsImagesAndLabels() throws IOException {
        for (final boolean zipped : List.of(false, true)) {
            final Path images = TestFiles.write(folder, "images", zipped ? TestFiles.gzip(images()) : images());
            final Path labels = TestFiles.write(folder, "labels", zipped ? TestFiles.gzip(labels()) : labels());
            final Table table = IdxFile.of(images).withLabels(labels).load();
            assertEquals(3, table.rows());
            assertEquals(4, table.features());
            assertArrayEquals(new float[] {250, 251, 252, 253, 254, 255, 0, 1, 2, 3, 4, 5}, table.x());
            assertEquals(List.of("250", "251", "252"), table.labels());
            assertArrayEquals(new int[] {250, 251, 252}, table.labelNumbers());
            assertEquals(List.of(), table.featureNames());
            assertFalse(IdxFile.of(images).load().hasLabels());
        }
    }

    @Test
    void readsOtherRanksAndIntLabels() throws IOException {
        final Path images = TestFiles.write(folder, "images", idx(8, 24, 2, 3, 2, 2));
        final byte[] content = idx(12, 8, 2);
        ByteBuffer.wrap(content).putInt(8, -7).putInt(12, 100_000);
        final Path labels = TestFiles.write(folder, "labels", content);
        final Table table = IdxFile.of(images).withLabels(labels).load();
        assertEquals(12, table.features());
        assertEquals(List.of("-7", "100000"), table.labels());
        assertEquals(
                5,
                IdxFile.of(TestFiles.write(folder, "flat", idx(8, 15, 3, 5)))
                        .load()
                        .features());
    }

    @Test
    void streamsInPieces() throws IOException {
        final Path images = TestFiles.write(folder, "images", images());
        final Path labels = TestFiles.write(folder, "labels", labels());
        try (RowReader rows = IdxFile.of(images).withLabels(labels).open()) {
            assertEquals(3, rows.rows().orElseThrow());
            final float[] x = new float[9];
            assertEquals(2, rows.read(x, 1, 2));
            assertArrayEquals(new float[] {0, 250, 251, 252, 253, 254, 255, 0, 1}, x);
            assertEquals(List.of("250", "251"), rows.labels());
            assertThrows(IndexOutOfBoundsException.class, () -> rows.read(x, 2, 2));
            assertEquals(1, rows.read(x, 0, 2));
            assertEquals(List.of("252"), rows.labels());
            assertEquals(0, rows.read(x, 0, 2));
        }
    }

    @Test
    void refusesEveryPrefix() throws IOException {
        for (final byte[] content : List.of(images(), TestFiles.gzip(images()))) {
            for (int length = 0; length < content.length; length++) {
                final String problem = problem(Arrays.copyOf(content, length));
                assertTrue(problem.startsWith("expected "), problem);
            }
        }
        for (final byte[] content : List.of(labels(), TestFiles.gzip(labels()))) {
            for (int length = 0; length < content.length; length++) {
                final String problem = labelProblem(Arrays.copyOf(content, length));
                assertTrue(problem.startsWith("expected "), problem);
            }
        }
    }

    @Test
    void refusesTrailingBytes() throws IOException {
        final byte[] longer = Arrays.copyOf(images(), images().length + 1);
        assertEquals(
                "expected 28 bytes for the dimensions [3, 2, 2], got 29: the file is incomplete or damaged",
                problem(longer));
        assertEquals(
                "expected the file to end after the data of 3 rows, got more with the dimensions [3, 2, 2]",
                problem(TestFiles.gzip(longer)));
        assertEquals(
                "expected the data of 3 rows, but the file ends too early with the dimensions [3, 2, 2]",
                problem(TestFiles.gzip(Arrays.copyOf(images(), 27))));
    }

    @Test
    void refusesHeadersThatAreWrong() throws IOException {
        assertEquals(
                "expected an IDX file, whose magic number is 0000 08 03 for images, got 612c 62 0a",
                problem("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8)));
        assertTrue(problem(idx(7, 12, 3, 2, 2)).contains("got 0000 07 03"));
        assertTrue(problem(idx(8, 0)).contains("got 0000 08 00"));
        for (final int type : new int[] {9, 11, 12, 13, 14}) {
            assertTrue(problem(TestFiles.gzip(idx(type, 96, 3, 2, 2))).contains("which are unsigned bytes"));
        }
        assertTrue(problem(labels()).contains("got UNSIGNED_BYTE, as labels are"));
        for (final int[] dimensions : new int[][] {
            {0, 2, 2},
            {3, 0, 2},
            {-1, 2},
            {3, -2147483648},
            {1 << 20, 1 << 20, 1 << 20},
            {1 << 30, 1 << 30, 1 << 30, 16}
        }) {
            assertTrue(problem(idx(8, 0, dimensions)).contains("expected dimensions from 1 to 2147483647"));
        }
        assertTrue(problem(idx(8, 0, new int[255])).contains("expected dimensions"));
        assertTrue(problem(TestFiles.gzip(idx(8, 0, 1, 1 << 20, 2))).startsWith("expected at most 1048576 features"));
        assertTrue(labelProblem(images()).contains("of 1 dimension"));
        assertTrue(labelProblem(idx(11, 6, 3)).contains("got SHORT"));
        assertTrue(labelProblem(idx(8, 2, 2)).startsWith("expected 3 labels, as images has rows, got 2"));
    }

    /** A header may promise half a terabyte; memory is taken for what is there. */
    @Test
    void allocatesForWhatIsThere() throws IOException {
        for (final int[] dimensions : new int[][] {{1 << 19, 1 << 10, 1 << 10}, {1 << 30, 2, 2}, {1 << 20, 1 << 20}}) {
            for (final byte[] content : List.of(idx(8, 1000, dimensions), TestFiles.gzip(idx(8, 1000, dimensions)))) {
                final Path file = TestFiles.write(folder, "bomb", content);
                final long before = TestFiles.allocatedBytes();
                TestFiles.problem(() -> IdxFile.of(file).load());
                final long allocated = TestFiles.allocatedBytes() - before;
                assertTrue(allocated < 8_000_000, allocated + " bytes");
            }
        }
    }

    @Test
    void tellsIdxFromOtherFiles() throws IOException {
        assertTrue(IdxFile.isIdx(TestFiles.write(folder, "a", images())));
        assertTrue(IdxFile.isIdx(TestFiles.write(folder, "a", TestFiles.gzip(labels()))));
        for (final String text : List.of("", "a", "a,b\n1,2\n", "\u0000\u0000x\u0003")) {
            assertFalse(IdxFile.isIdx(TestFiles.write(folder, "a", text)));
            assertFalse(
                    IdxFile.isIdx(TestFiles.write(folder, "a", TestFiles.gzip(text.getBytes(StandardCharsets.UTF_8)))));
        }
        assertThrows(NoSuchFileException.class, () -> IdxFile.isIdx(folder.resolve("none")));
        final Path broken = TestFiles.write(folder, "a", new byte[] {0x1f, (byte) 0x8b, 1, 2});
        assertTrue(TestFiles.problem(() -> IdxFile.isIdx(broken)).startsWith("a: expected complete gzip data"));
    }

    @Test
    void readsFashionMnist() throws IOException {
        assumeTrue(
                Files.isDirectory(FASHION),
                "there is no Fashion-MNIST in " + FASHION + "; on Debian: apt-get install dataset-fashion-mnist");
        final Table table = IdxFile.of(FASHION.resolve("t10k-images-idx3-ubyte.gz"))
                .withLabels(FASHION.resolve("t10k-labels-idx1-ubyte.gz"))
                .load();
        assertEquals(10_000, table.rows());
        assertEquals(784, table.features());
        assertEquals(7_840_000, table.x().length);
        final int[] counts = new int[10];
        for (final int label : table.labelNumbers()) {
            counts[label]++;
        }
        for (final int count : counts) {
            assertEquals(1000, count);
        }
        double sum = 0;
        for (final float value : table.x()) {
            assertTrue(value >= 0 && value <= 255);
            sum += value;
        }
        assertEquals(0.2868, sum / table.x().length / 255, 1e-3); // the mean that is published for these images
    }
}
