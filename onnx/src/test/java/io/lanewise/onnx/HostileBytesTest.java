package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.onnx.exporters.GraphBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happened to the bytes of a file, reading it gives a model or a FormatException, soon and cheaply. */
final class HostileBytesTest {
    private static final int FIRST = 1024;

    /** A fifth of all values of a byte, and others of the next one. */
    private static final int STEP = 5;

    @TempDir
    private Path folder = Path.of("");

    /** As small as a network can be, so that many values of every byte can be tried. */
    private static byte[] small() {
        final GraphBuilder graph = new GraphBuilder("", 13);
        final String x = graph.node("Relu", graph.node("Gemm", graph.input("x", "n", 2), graph.weights(2, 1, 2)));
        graph.output(x, "n", 1);
        return graph.model().toByteArray();
    }

    /** Of many kinds of nodes: decomposed GELU, layer normalisation, residual, reshaped, a label. */
    private static byte[] varied() {
        final GraphBuilder graph = new GraphBuilder("", 13).withConstantNodes();
        final String x = graph.node("Reshape", graph.input("x", "n", 2, 2), graph.integers(-1, 4));
        final String gemm = graph.node("Gemm", Map.of("transB", 1), x, graph.weights(4, 4, 4), graph.vector(4, 0, 1));
        final String erf = graph.node("Erf", graph.node("Div", gemm, graph.scalar(Math.sqrt(2))));
        final String more = graph.node("Add", erf, graph.scalar(1));
        final String gelu = graph.node("Mul", graph.node("Mul", gemm, more), graph.scalar(0.5));
        final String sum = graph.node("Add", x, gelu);
        final String centred = graph.node("Sub", sum, graph.node("ReduceMean", Map.of("axes", new int[] {-1}), sum));
        final String variance =
                graph.node("ReduceMean", Map.of("axes", new int[] {-1}), graph.node("Pow", centred, graph.scalar(2)));
        final String root = graph.node("Sqrt", graph.node("Add", variance, graph.scalar(1e-5)));
        final String product = graph.node("MatMul", graph.node("Div", centred, root), graph.weights(4, 3, 4));
        graph.named("Softmax", "y", Map.of("axis", -1), graph.node("Add", graph.vector(3, 0, 1), product));
        return graph.output("y", "n", 3).model().toByteArray();
    }

    private Optional<String> refusal(final byte[] content) throws IOException {
        return Reading.refusal(folder.resolve("model.onnx"), content);
    }

    @Test
    void prefixesAreRefused() throws IOException {
        for (final byte[] valid : new byte[][] {small(), varied()}) {
            assertEquals(Optional.empty(), refusal(valid));
            int loaded = 0;
            for (int length = 0; length < valid.length; length++) {
                loaded += refusal(Arrays.copyOf(valid, length)).isEmpty() ? 1 : 0;
            }
            assertTrue(loaded <= 2, loaded + " prefixes were read"); // without the opset's last fields
        }
    }

    @Test
    void changesOfEveryByteAreSurvived() throws IOException {
        final byte[] valid = small();
        int refused = 0;
        for (int i = 0; i < valid.length; i++) {
            final byte[] changed = valid.clone();
            for (int value = i % STEP; value < 256; value += STEP) {
                changed[i] = (byte) value;
                refused += refusal(changed).isPresent() ? 1 : 0;
            }
        }
        assertTrue(refused > 20 * valid.length, "only " + refused + " changes were noticed");
    }

    @Test
    void changesOfTheFirstKilobyteAreSurvived() throws IOException {
        final byte[] valid = varied();
        for (int i = 0; i < Math.min(FIRST, valid.length); i++) {
            final byte[] changed = valid.clone();
            for (final int more : new int[] {1, 0x80, 0xff}) { // one more, another sign, one less
                changed[i] = (byte) (valid[i] + more);
                refusal(changed);
            }
            changed[i] = (byte) 0xff; // a long number
            refusal(changed);
        }
    }

    /** Two bytes each: very many nodes, constants, inputs, names and so on, and unknown fields. */
    @Test
    void manyEmptyEntriesAreSurvived() throws IOException {
        final int count = 1 << 17;
        for (int field = 1; field < 16; field++) {
            refusal(repeated(new byte[] {(byte) ((field << 3) | 2), 0}, count)); // of the file
            refusal(inGraph(repeated(new byte[] {(byte) ((field << 3) | 2), 0}, count))); // of the graph
            refusal(inGraph(inMessage(1, repeated(new byte[] {(byte) ((field << 3) | 2), 0}, count)))); // of a node
            refusal(inGraph(inMessage(5, repeated(new byte[] {(byte) (field << 3), 1}, count)))); // of a constant
        }
    }

    /** As deep as one wants: subgraphs in attributes, unknown messages, and groups. */
    @Test
    void deepNestingIsRefused() throws IOException {
        byte[] graph = {};
        for (int depth = 0; depth < 5_000; depth++) {
            graph = inMessage(1, inMessage(5, inMessage(6, graph))); // node, attribute, graph
        }
        assertTrue(refusal(inGraph(graph)).isPresent());
        assertTrue(refusal(repeated(new byte[] {(byte) ((15 << 3) | 3)}, 1 << 20))
                .isPresent()); // groups
        final byte[] nested = new byte[] {(byte) ((4 << 3) | 2), 0};
        assertTrue(refusal(inGraph(inMessage(11, inMessage(2, repeated(nested, 1 << 16)))))
                .isPresent());
    }

    private static byte[] repeated(final byte[] entry, final int count) {
        final byte[] all = new byte[entry.length * count];
        for (int i = 0; i < all.length; i++) {
            all[i] = entry[i % entry.length];
        }
        return all;
    }

    private static byte[] inGraph(final byte[] graph) {
        return inMessage(7, graph);
    }

    /** A field that holds a message. */
    private static byte[] inMessage(final int field, final byte[] message) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write((field << 3) | 2);
        int length = message.length;
        while (length > 0x7f) {
            bytes.write((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        bytes.write(length);
        bytes.writeBytes(message);
        return bytes.toByteArray();
    }
}
