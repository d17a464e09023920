package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Constants in all types, fields and places. */
final class ImportConstantsTest {
    private static final float[] WEIGHTS = {1, -2, 0.5f, 4, 0.25f, -8}; // exact in 16 bits

    @TempDir
    private Path folder = Path.of("");

    private static TensorProto.Builder matrix(final int type) {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(type)
                .addDims(3)
                .addDims(2);
    }

    private static TestGraph product(final TensorProto weight) {
        return TestGraph.opset(17)
                .input("x", -1, 3)
                .constant(weight)
                .node("Cast", "v", "w", attribute("to", 1))
                .node("MatMul", "y", "x,v")
                .output("y", -1, 2);
    }

    private static void isRead(final TensorProto weight) {
        final Model model = Imports.model(product(weight));
        for (int i = 0; i < WEIGHTS.length; i++) {
            assertEquals(WEIGHTS[i], model.parameters().weight(0, i / 2, i % 2));
        }
    }

    private static ByteString raw(final int bytes, final Consumer<ByteBuffer> values) {
        final ByteBuffer buffer = ByteBuffer.allocate(bytes * WEIGHTS.length).order(ByteOrder.LITTLE_ENDIAN);
        values.accept(buffer);
        return ByteString.copyFrom(buffer.flip());
    }

    private static ByteString floats() {
        return raw(4, b -> each(b::putFloat));
    }

    /** Takes a weight. */
    private interface Sink {
        void put(float value);
    }

    private static void each(final Sink sink) {
        for (final float value : WEIGHTS) {
            sink.put(value);
        }
    }

    @Test
    void realTypes() {
        isRead(matrix(1).setRawData(floats()).build());
        isRead(matrix(11).setRawData(raw(8, b -> each(b::putDouble))).build());
        isRead(matrix(10)
                .setRawData(raw(2, b -> each(v -> b.putShort(Float.floatToFloat16(v)))))
                .build());
        isRead(matrix(16)
                .setRawData(raw(2, b -> each(v -> b.putShort((short) (Float.floatToIntBits(v) >> 16)))))
                .build());
        final TensorProto.Builder single = matrix(1);
        final TensorProto.Builder twice = matrix(11);
        final TensorProto.Builder half = matrix(10);
        final TensorProto.Builder brain = matrix(16);
        each(single::addFloatData);
        each(twice::addDoubleData);
        each(v -> half.addInt32Data(Float.floatToFloat16(v) & 0xffff));
        each(v -> brain.addInt32Data(Float.floatToIntBits(v) >>> 16));
        isRead(single.build());
        isRead(twice.build());
        isRead(half.build());
        isRead(brain.build());
    }

    @Test
    void damagedOnesAreRefused() {
        assertTrue(Imports.refusal(
                        product(matrix(1).setRawData(floats().substring(1)).build()))
                .contains("constant 'w': expected 24 bytes"));
        assertTrue(Imports.refusal(product(matrix(1).addFloatData(1).build())).contains("expected 6 elements"));
        assertTrue(Imports.refusal(product(matrix(17).setRawData(floats()).build()))
                .contains("got type 17"));
        assertTrue(
                Imports.refusal(product(matrix(1).setDims(0, 1L << 40).build())).contains("dimensions"));
        assertTrue(Imports.refusal(product(
                        matrix(1).setDims(0, 1 << 30).setDims(1, 1 << 30).build()))
                .contains("fewer than 2^31"));
    }

    private static StringStringEntryProto entry(final String key, final Object value) {
        return StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value.toString())
                .build();
    }

    private static TensorProto external(final Object location, final Object offset, final Object length) {
        return matrix(1)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location))
                .addExternalData(entry("offset", offset))
                .addExternalData(entry("length", length))
                .build();
    }

    private Path model(final TensorProto weight) throws IOException {
        final Path file = Files.createDirectories(folder.resolve("model")).resolve("model.onnx");
        final ModelProto graph = product(weight).build();
        Files.write(file, graph.toByteArray());
        return file;
    }

    private String refusal(final TensorProto weight) throws IOException {
        final Path file = model(weight);
        return String.valueOf(
                assertThrows(FormatException.class, () -> Onnx.read(file)).getMessage());
    }

    private static byte[] data() {
        return ByteString.copyFrom(new byte[4]).concat(floats()).toByteArray();
    }

    @Test
    void externalData() throws IOException {
        final Path file = model(external("data/weights.bin", 4, 24));
        Files.createDirectories(folder.resolve("model/data"));
        Files.write(folder.resolve("model/data/weights.bin"), data());
        final Model model = Onnx.read(file);
        assertEquals(WEIGHTS[5], model.parameters().weight(0, 2, 1));
    }

    @Test
    void externalDataStayInTheFolder() throws IOException {
        final Path data =
                Files.write(Files.createDirectories(folder.resolve("model")).resolve("w.bin"), data());
        final Path outside = Files.write(folder.resolve("outside.bin"), data());
        assertTrue(refusal(external("../outside.bin", 4, 24)).contains("in the model's folder"));
        assertTrue(refusal(external(outside, 4, 24)).contains("in the model's folder"));
        assertTrue(refusal(external("", 4, 24)).contains("expected the location"));
        assertTrue(refusal(external("none.bin", 4, 24)).contains("got none"));
        assertTrue(refusal(external(".", 4, 24)).contains("a regular file"));
        assertTrue(refusal(external("w.bin", 5, 24)).contains("expected 24 bytes at 5"));
        assertTrue(refusal(external("w.bin", 29, 0)).contains("ends before 29"));
        assertTrue(refusal(external("w.bin", -1, 24)).contains("expected a number of bytes as offset"));
        assertTrue(refusal(external("w.bin", 4, 20)).contains("expected 24 bytes"));
        assertTrue(refusal(external("w.bin", 4, 24).toBuilder()
                        .addExternalData(entry("key", "value"))
                        .build())
                .contains("got 'key'"));
        Files.createSymbolicLink(folder.resolve("model/link.bin"), data);
        assertTrue(refusal(external("link.bin", 4, 24)).contains("without symbolic links"));
        Files.createSymbolicLink(folder.resolve("model/sub"), folder);
        assertTrue(refusal(external("sub/outside.bin", 4, 24)).contains("without symbolic links"));
        Files.createLink(folder.resolve("model/hard.bin"), outside);
        assertTrue(refusal(external("hard.bin", 4, 24)).contains("without hard links"));
        assertTrue(Imports.refusal(product(external("w.bin", 4, 24))).contains("a place beside it"));
    }
}
