package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsTest {
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    Path folder;

    private String problem(final String header, final int dataBytes) throws IOException {
        return problem(TestFiles.safetensors(header, dataBytes));
    }

    private String problem(final byte[] content) throws IOException {
        final Path file = TestFiles.write(folder, "bad.safetensors", content);
        final String problem = TestFiles.problem(() -> Safetensors.open(file).close());
        assertTrue(problem.startsWith("bad.safetensors: "), problem);
        return problem.substring("bad.safetensors: ".length());
    }

    private List<TensorInfo> tensors(final String header, final int dataBytes) throws IOException {
        final Path file = TestFiles.write(folder, "good.safetensors", TestFiles.safetensors(header, dataBytes));
        try (Safetensors tensors = Safetensors.open(file)) {
            return tensors.tensors();
        }
    }

    private static String tensor(final String name, final String shape, final long begin, final long end) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + "," + end
                + "]}";
    }

    @Test
    void writesTheBytesOfTheReferenceImplementation() throws IOException {
        final Path file = folder.resolve("reference.safetensors");
        final float[] values = {0, 1, 2, 3, 4, 5};

        Safetensors.write(file, Map.of(), List.of(new FloatTensor("attn0", List.of(1L, 1L, 2L, 3L), values, 0)));

        final String header =
                "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}" + " ".repeat(7);
        assertEquals(72, header.length());
        final ByteBuffer expected = ByteBuffer.wrap(TestFiles.safetensors(header, 24))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(80);
        for (final float value : values) {
            expected.putFloat(value);
        }
        assertArrayEquals(expected.array(), Files.readAllBytes(file));
    }

    @Test
    void writesMetadataAsTheReferenceImplementation() throws IOException {
        final Path file = folder.resolve("reference.safetensors");
        Safetensors.write(file, Map.of("framework", "pt"), List.of());
        assertArrayEquals(
                TestFiles.safetensors("{\"__metadata__\":{\"framework\":\"pt\"}}     ", 0), Files.readAllBytes(file));

        Safetensors.write(file, Map.of(), List.of());
        assertArrayEquals(TestFiles.safetensors("{}      ", 0), Files.readAllBytes(file));
    }

    @Test
    void keepsEveryBitAndOrdersNames() throws IOException {
        final int[] bits = {0x7fc00000, 0x7f800001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000, 1, 0x3f800000};
        final float[] values = new float[40_000]; // more than one buffer
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(bits[i % bits.length] + (i % bits.length == 7 ? i : 0));
        }
        final Path file = folder.resolve("bits.safetensors");
        final Map<String, String> metadata = Map.of("z", "", "ä \"\n\u0000", "🎉\\ 'x'");

        Safetensors.write(
                file,
                metadata,
                List.of(
                        new FloatTensor("b", List.of(20L, 1999L), values, 20),
                        new FloatTensor("ä\n\"", List.of(), values, 3),
                        new FloatTensor("a", List.of(3L, 0L), values, 0)));

        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(metadata, tensors.metadata());
            assertEquals(
                    List.of("a", "b", "ä\n\""),
                    tensors.tensors().stream().map(TensorInfo::name).toList());
            final float[] b = tensors.read("b");
            assertEquals(20 * 1999, b.length);
            for (int i = 0; i < b.length; i++) {
                assertEquals(Float.floatToRawIntBits(values[20 + i]), Float.floatToRawIntBits(b[i]), "element " + i);
            }
            assertArrayEquals(new float[] {Float.POSITIVE_INFINITY}, tensors.read("ä\n\""));
            assertEquals(0, tensors.read("a").length);
            assertEquals(
                    "bits.safetensors: expected a tensor 'c', got a, b, ä\\u000a\"",
                    TestFiles.problem(() -> tensors.read("c")));
        }
        assertEquals(
                0,
                ByteBuffer.wrap(Files.readAllBytes(file))
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .getLong(0)
                        % 8);
    }

    @Test
    void acceptsWhatTheFormatAllows() throws IOException {
        assertEquals(List.of(), tensors("{}", 0));
        assertEquals(List.of(), tensors(" \n\t{ } \r\n", 0));
        assertEquals(1, tensors("  " + ONE + "   ", 8).size());
        assertEquals(
                1,
                tensors("{" + tensor("scalar", "[]", 0, 4) + "}", 4).getFirst().elements());
        assertEquals(
                0,
                tensors("{" + tensor("none", "[3,0,2]", 0, 0) + "}", 0)
                        .getFirst()
                        .elements());
        assertEquals(
                List.of("a", "none", "b"),
                tensors(
                                "{" + tensor("b", "[1]", 4, 8) + "," + tensor("a", "[1]", 0, 4) + ","
                                        + tensor("none", "[0]", 4, 4) + "}",
                                8)
                        .stream()
                        .map(TensorInfo::name)
                        .toList());
    }

    @Test
    void listsAllTypesAndReadsFloats() throws IOException {
        final StringBuilder header = new StringBuilder("{");
        int end = 0;
        for (final DType dtype : DType.values()) {
            header.append(header.length() == 1 ? "" : ",")
                    .append(tensor(dtype.name(), "[8]", end, end + dtype.bits())
                            .replace("F32\",\"s", dtype + "\",\"s"));
            end += dtype.bits();
        }
        final byte[] content = TestFiles.safetensors(header.append("}").toString(), end);
        final ByteBuffer data = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        final Path file = folder.resolve("types.safetensors");
        final int start = content.length - end;
        Files.write(file, content);
        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(
                    List.of(DType.values()),
                    tensors.tensors().stream().map(TensorInfo::dtype).toList());
            data.putShort(start + begin(tensors, "F16"), (short) 0x3e00);
            data.putShort(start + begin(tensors, "BF16"), (short) 0xc040);
            data.putDouble(start + begin(tensors, "F64"), 0.1);
            Files.write(file, content);
            assertEquals(1.5f, tensors.read("F16")[0]);
            assertEquals(-3f, tensors.read("BF16")[0]);
            assertEquals(0.1f, tensors.read("F64")[0]);
            assertEquals(
                    "types.safetensors: tensor 'I64': expected elements of F32, F16, BF16 or F64, got I64, "
                            + "which cannot be read as float",
                    TestFiles.problem(() -> tensors.read("I64")));
        }
    }

    private static int begin(final Safetensors tensors, final String name) {
        return (int) tensors.tensor(name).orElseThrow().begin();
    }

    @Test
    void refusesAFileThatIsTooShort() throws IOException {
        for (int length = 0; length < 8; length++) {
            assertEquals(
                    "expected a safetensors file, which has at least 8 bytes, got " + length + " bytes",
                    problem(new byte[length]));
        }
        assertEquals("header: the header: expected an object, got nothing", problem(new byte[8]));
    }

    @Test
    void refusesAHeaderLengthThatIsTooLarge() throws IOException {
        final byte[] content = TestFiles.safetensors(ONE, 8);
        Arrays.fill(content, 0, 8, (byte) 0xff);
        assertEquals(
                "expected a safetensors file, got something else: it starts with the bytes ff ff ff ff ff ff ff ff "
                        + "instead of the length of a header, at most 100000000",
                problem(content));
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_001);
        assertTrue(problem(content).contains("the bytes 01 e1 f5 05 00 00 00 00 instead"));
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 100_000_000);
        assertTrue(problem(content)
                .startsWith(
                        "expected a safetensors file with a header of 100000000 bytes, got " + (content.length - 8)));
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, content.length - 7);
        assertTrue(problem(content).endsWith("the file is incomplete or damaged"));
    }

    @Test
    void refusesTextAndSaysSo() throws IOException {
        assertEquals(
                "expected a safetensors file, got something else: it starts with the text 'a,b\\u000d\\u000a1,2' "
                        + "instead of the length of a header, at most 100000000",
                problem("a,b\r\n1,2\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(problem("sepal length,sepal width".getBytes(StandardCharsets.US_ASCII))
                .contains("the text 'sepal le' instead"));
    }

    @Test
    void refusesAHeaderThatIsNotUtf8() throws IOException {
        final byte[] latin = "{\"__metadata__\":{\"a\":\"\u00e4\"}}".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("header: expected UTF-8 text, got other bytes", problem(TestFiles.safetensors(latin, 0)));
        final byte[] overlong = "{\"__metadata__\":{\"a\":\"\u00c0\u00af\"}}".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("header: expected UTF-8 text, got other bytes", problem(TestFiles.safetensors(overlong, 0)));
        final byte[] utf16 = "{}".getBytes(StandardCharsets.UTF_16LE);
        assertTrue(problem(TestFiles.safetensors(utf16, 0)).startsWith("header: expected JSON: "));
        assertTrue(problem("{\"__metadata__\":{\"a\":\"\\ud83c\"}}", 0).endsWith("got half of a surrogate pair"));
    }

    @Test
    void refusesAHeaderThatIsNotJson() throws IOException {
        assertTrue(problem("{", 0).startsWith("header: expected JSON: "));
        assertTrue(problem("{} {}", 0).startsWith("header: expected nothing after the closing brace"));
        assertTrue(problem("{}\0", 0).startsWith("header: expected JSON: "));
        assertTrue(problem("{/* */}", 0).startsWith("header: expected JSON: "));
        assertTrue(problem("{'a':1}", 0).startsWith("header: expected JSON: "));
        assertTrue(problem("[".repeat(100_000), 0).startsWith("header: the header: expected an object, got an array"));
        assertTrue(problem("{\"a\":".repeat(10_000), 0).contains("got 'a'"));
        assertEquals("header: the header: expected an object, got null", problem("null", 0));
        assertEquals("header: tensor 'a': the entry: expected an object, got a whole number", problem("{\"a\":1}", 0));
    }

    @Test
    void refusesDuplicateKeys() throws IOException {
        assertTrue(problem("{" + tensor("a", "[1]", 0, 4) + "," + tensor("a", "[1]", 4, 8) + "}", 8)
                .startsWith("header: expected JSON: Duplicate"));
        assertTrue(problem("{" + tensor("a", "[1]", 0, 4) + "," + tensor("\\u0061", "[1]", 4, 8) + "}", 8)
                .startsWith("header: expected JSON: Duplicate"));
        assertTrue(
                problem(ONE.replace("\"shape\"", "\"shape\":[2],\"shape\""), 8).contains("Duplicate"));
        assertTrue(problem("{\"__metadata__\":{\"x\":\"1\",\"x\":\"1\"}}", 0).contains("Duplicate"));
    }

    @Test
    void refusesGapsAndOverlaps() throws IOException {
        final String expected =
                "header: tensor 'a': data_offsets: expected a begin of 0, " + "where the data before it ends, got 4";
        assertEquals(expected, problem("{" + tensor("a", "[1]", 4, 8) + "}", 8));
        final String first = "{" + tensor("a", "[2]", 0, 8) + ",";
        assertTrue(problem(first + tensor("b", "[1]", 12, 16) + "}", 16).contains("expected a begin of 8"));
        assertTrue(problem(first + tensor("b", "[1]", 4, 8) + "}", 8).contains("expected a begin of 8"));
        assertTrue(problem(first + tensor("b", "[2]", 0, 8) + "}", 8).contains("expected a begin of 8"));
        assertTrue(problem(first + tensor("b", "[0]", 4, 4) + "}", 8).contains("expected a begin of 8"));
    }

    @Test
    void refusesOffsetsThatDoNotFitTheShape() throws IOException {
        assertEquals(
                "header: tensor 'a': data_offsets: expected an end of at least 8, got 0",
                problem("{" + tensor("a", "[2]", 8, 0) + "}", 8));
        assertEquals(
                "header: tensor 'a': expected 96 bits of data for F32 [3], got data_offsets that span 8 bytes",
                problem("{" + tensor("a", "[3]", 0, 8) + "}", 8));
        assertTrue(problem(ONE.replace("F32", "F4").replace("[2]", "[3]").replace("0,8", "0,1"), 1)
                .contains("expected 12 bits"));
        assertTrue(problem("{" + tensor("a", "[4294967296,4294967296]", 0, 0) + "}", 0)
                .contains("fits 63 bits"));
        assertTrue(problem("{" + tensor("a", "[4611686018427387904,4]", 0, 0) + "}", 0)
                .contains("fits 63 bits"));
        assertTrue(problem("{" + tensor("a", "[9223372036854775807]", 0, 0) + "}", 0)
                .contains("fits 63 bits"));
        assertTrue(problem("{" + tensor("a", "[9223372036854775808]", 0, 0) + "}", 0)
                .contains("out of this range"));
        assertTrue(problem("{" + tensor("a", "[" + "9".repeat(5000) + "]", 0, 0) + "}", 0)
                .contains("expected"));
        assertTrue(problem("{" + tensor("a", "[-1]", 0, 0) + "}", 0).contains("not negative, got -1"));
        assertTrue(problem("{" + tensor("a", "[2.0]", 0, 8) + "}", 8).contains("got a number with a fraction"));
        assertTrue(problem("{" + tensor("a", "[\"2\"]", 0, 8) + "}", 8).contains("got a string"));
        assertTrue(problem(ONE.replace("[0,8]", "[0,8,8]"), 8).contains("expected 2 numbers, got 3"));
        assertTrue(problem(ONE.replace("[0,8]", "[0]"), 8).contains("expected 2 numbers, got 1"));
    }

    @Test
    void refusesMissingAndTrailingBytes() throws IOException {
        assertEquals(
                "header: expected 8 bytes of tensor data to follow, got 7: the file is incomplete or damaged",
                problem(ONE, 7));
        assertTrue(problem(ONE, 9).contains("expected 8 bytes of tensor data to follow, got 9"));
        assertTrue(problem("{}", 1).contains("expected 0 bytes of tensor data to follow, got 1"));
    }

    @Test
    void refusesMetadataThatIsNotText() throws IOException {
        for (final String value : List.of("1", "null", "true", "[]", "{}", "{\"x\":\"y\"}")) {
            assertTrue(problem("{\"__metadata__\":{\"k\":" + value + "}}", 0)
                    .startsWith("header: metadata 'k': expected a string, got "));
        }
        assertTrue(problem("{\"__metadata__\":\"x\"}", 0).contains("__metadata__: expected an object, got a string"));
    }

    @Test
    void refusesUnknownAndMissingFields() throws IOException {
        assertTrue(problem(ONE.replace("F32", "F128"), 8).contains("dtype: expected one of [BOOL, "));
        assertTrue(problem(ONE.replace("F32", "f32"), 8).endsWith("got 'f32'"));
        assertTrue(problem(ONE.replace("\"shape\"", "\"extra\":1,\"shape\""), 8).endsWith("got 'extra'"));
        assertTrue(problem(ONE.replace("\"dtype\":\"F32\",", ""), 8).endsWith("of which one is missing"));
    }

    @Test
    void leavesProblemsOfTheFileSystemToTheJdk() {
        assertThrows(NoSuchFileException.class, () -> Safetensors.open(folder.resolve("none")));
        assertThrows(FileSystemException.class, () -> Safetensors.open(folder));
    }

    @Test
    void refusesToWriteWhatCouldNotBeRead() {
        final Path file = folder.resolve("never.safetensors");
        final float[] values = new float[4];
        final FloatTensor a = new FloatTensor("a", List.of(2L), values, 1);
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of(), List.of(a, a)));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("\ud800", ""), List.of()));
        assertThrows(IllegalArgumentException.class, () -> Safetensors.write(file, Map.of("x", "\udc00"), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new FloatTensor("\ud800", List.of(), values, 0));
        assertThrows(IllegalArgumentException.class, () -> new FloatTensor("__metadata__", List.of(), values, 0));
        assertThrows(IllegalArgumentException.class, () -> new FloatTensor("a", List.of(-1L), values, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> new FloatTensor("a", List.of(2L, 2L), values, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of("x", "y".repeat(100_000_000)), List.of()));
        assertTrue(Files.notExists(file));
    }

    @Test
    void readsBeyondTwoGigabytes() throws IOException {
        final long large = 3L << 30;
        final String header = "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + large + "],\"data_offsets\":[0," + large + "]},"
                + tensor("b", "[2]", large, large + 8) + "}";
        final Path file = folder.resolve("large.safetensors");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(TestFiles.safetensors(header, 0)));
            final ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            last.putFloat(1.5f).putFloat(-2).flip();
            channel.write(last, channel.position() + large);
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            assertArrayEquals(new float[] {1.5f, -2}, tensors.read("b"));
        }
    }

    @Test
    void allocatesLittleForALargeHeader() throws IOException {
        final StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 20_000; i++) {
            header.append(i == 0 ? "" : ",").append(tensor("t" + i, "[1]", 4L * i, 4L * i + 4));
        }
        final byte[] content = TestFiles.safetensors(header.append("}").toString(), 80_000);
        final Path file = TestFiles.write(folder, "many.safetensors", content);
        final long before = TestFiles.allocatedBytes();
        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(20_000, tensors.tensors().size());
        }
        final long allocated = TestFiles.allocatedBytes() - before;
        assertTrue(allocated < 20L * content.length, allocated + " bytes for " + content.length);
    }
}
