package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.lanewise.onnx.exporters.GraphBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A file's constants may be in files beside it, and in no others, by whatever way: what was wrong in ONNX itself four
 * times (CVE-2022-25882, CVE-2024-27318, CVE-2026-27489, CVE-2026-34446).
 */
final class HostileExternalDataTest {
    private static final int BYTES = 3 * 4 * Float.BYTES;

    @TempDir
    private Path parent = Path.of("");

    private Path folder = Path.of("");
    private byte[] data = {};
    private ModelProto embedded = ModelProto.getDefaultInstance();

    @BeforeEach
    void writeData() throws IOException {
        final GraphBuilder graph = new GraphBuilder("pytorch", 18);
        final String x = graph.node("Gemm", graph.input("x", "n", 3), graph.weights(3, 4, 3), graph.vector(4, -1, 1));
        embedded = graph.output(x, "n", 4).model();
        data = embedded.getGraph().getInitializer(0).getRawData().toByteArray();
        folder = Files.createDirectory(parent.resolve("model"));
        Files.createDirectory(folder.resolve("below"));
        for (final String place : new String[] {"weights", "below/weights", "../secret", "back\\slash", "Ünïcode"}) {
            Files.write(folder.resolve(place), data);
        }
    }

    /** Why the model is refused whose first constant is in a file that the entries name: key, value, key, value … */
    private Optional<String> refusal(final String... entries) throws IOException {
        final ModelProto.Builder model = embedded.toBuilder();
        final GraphProto.Builder graph = model.getGraphBuilder();
        final TensorProto.Builder tensor = graph.getInitializerBuilder(0).clearRawData();
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        for (int i = 0; i < entries.length; i += 2) {
            tensor.addExternalData(
                    StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
        }
        return Reading.refusal(folder.resolve("model.onnx"), model.build().toByteArray());
    }

    private void refuses(final String... entries) throws IOException {
        assertTrue(refusal(entries).isPresent(), () -> String.join(" ", entries));
    }

    @Test
    void dataBesideTheModelAreRead() throws IOException {
        assertEquals(Optional.empty(), refusal("location", "weights"));
        assertEquals(Optional.empty(), refusal("location", "below/weights", "offset", "0", "length", "" + BYTES));
        assertEquals(Optional.empty(), refusal("location", "Ünïcode", "checksum", "ignored"));
        final byte[] longer = new byte[4096 + BYTES];
        System.arraycopy(data, 0, longer, 4096, BYTES);
        Files.write(folder.resolve("weights"), longer);
        final ModelProto.Builder model = embedded.toBuilder();
        model.getGraphBuilder()
                .getInitializerBuilder(0)
                .clearRawData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("weights"))
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("offset").setValue("4096"))
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("length").setValue("" + BYTES));
        Files.write(folder.resolve("external.onnx"), model.build().toByteArray());
        Files.write(folder.resolve("embedded.onnx"), embedded.toByteArray());
        assertEquals(Onnx.read(folder.resolve("embedded.onnx")), Onnx.read(folder.resolve("external.onnx")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../secret",
                "below/../../secret",
                "./../secret",
                "below/../weights/../../secret",
                "..\\secret",
                "back\\slash",
                "/etc/hostname",
                "//etc/hostname",
                "/proc/self/environ",
                "below",
                "below/",
                "nothing",
                "weights/",
                "weights/weights",
                "weights\0",
                "\0",
                "file:weights",
                "C:\\weights"
            })
    void otherPlacesAreRefused(final String location) throws IOException {
        if (!location.equals("weights/")) { // the same file for most file systems
            refuses("location", location);
        }
        refuses("location", parent.resolve("secret").toAbsolutePath().toString());
        refuses("location", folder.resolve("weights").toAbsolutePath().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "offset, 1",
        "offset, 48",
        "offset, 49",
        "offset, -1",
        "offset, 9223372036854775807",
        "offset, 9223372036854775808",
        "offset, x",
        "offset, ''",
        "length, 47",
        "length, 49",
        "length, 0",
        "length, -48",
        "length, 9223372036854775807",
        "length, 18446744073709551664",
        "length, 4.8e1",
        "basepath, /etc",
        "Location, weights",
        "'', x",
        "location, weights"
    })
    void wrongEntriesAreRefused(final String key, final String value) throws IOException {
        refuses("location", "weights", key, value);
        refuses(key, value, "location", "weights");
        refuses("location", "weights", "offset", "48", "length", "9223372036854775807");
    }

    @Test
    void linksAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), parent.resolve("secret"));
        Files.createSymbolicLink(folder.resolve("inner"), Path.of("weights"));
        Files.createSymbolicLink(folder.resolve("up"), parent);
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
        Files.createLink(folder.resolve("hard"), parent.resolve("secret"));
        for (final String location : new String[] {"link", "inner", "up/secret", "dangling", "circle", "hard"}) {
            refuses("location", location);
        }
    }

    /** Of a model in a folder that is a link itself, or that is named without a folder, the data are beside it too. */
    @Test
    void theModelsOwnPathMayBeALink() throws IOException {
        assertEquals(Optional.empty(), refusal("location", "weights"));
        final Path link = Files.createSymbolicLink(parent.resolve("link"), folder);
        assertEquals(Onnx.read(folder.resolve("model.onnx")), Onnx.read(link.resolve("model.onnx")));
    }

    /** A large file of holes takes no room, and no memory where a constant is small. */
    @Test
    void largeFilesCostNothing() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("weights").toFile(), "rw")) {
            file.setLength(1L << 34);
        }
        assertEquals(Optional.empty(), refusal("location", "weights", "offset", "" + (1L << 33), "length", "" + BYTES));
        refuses("location", "weights");
        embedded = embedded.toBuilder().setGraph(huge()).build();
        final String reason =
                refusal("location", "weights", "length", "" + 3 * (1L << 30)).orElseThrow();
        assertTrue(reason.contains("less than 2 GiB"), reason);
    }

    /** The same graph with a first constant of 3 GiB. */
    private GraphProto huge() {
        final GraphProto.Builder graph = embedded.getGraph().toBuilder();
        graph.getInitializerBuilder(0).setDims(0, 3 << 20).setDims(1, 1 << 8);
        return graph.build();
    }
}
