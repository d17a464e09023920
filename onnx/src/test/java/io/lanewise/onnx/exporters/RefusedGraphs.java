package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Graphs of other kinds of models, with words that the refusal has. */
final class RefusedGraphs {
    private RefusedGraphs() {}

    static Map<String, ModelProto> all() {
        final Map<String, ModelProto> graphs = new LinkedHashMap<>();
        graphs.put("Conv", convolution());
        graphs.put("a size that is known", recurrent());
        graphs.put("QuantizeLinear", quantized());
        graphs.put("DynamicQuantizeLinear", dynamicallyQuantized());
        graphs.put("MatMulInteger", integerProduct());
        graphs.put("Gather", embedding());
        graphs.put("TreeEnsembleClassifier", trees());
        graphs.put("FusedMatMul", domain());
        graphs.put("Sin", function());
        graphs.put("first one transposed", transposedRows());
        graphs.put("softmax", softmaxInside());
        return graphs;
    }

    private static GraphBuilder graph() {
        return new GraphBuilder("pytorch", 13);
    }

    private static String dense(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        return graph.node("Gemm", x, graph.weights(inputs, outputs, inputs), graph.vector(outputs, -0.5, 0.5));
    }

    private static ModelProto finish(final GraphBuilder graph, final String x, final int inputs) {
        return graph.output(dense(graph, x, inputs, 2), "N", 2).model();
    }

    private static ModelProto convolution() {
        final GraphBuilder graph = graph();
        final String kernel = graph.constant(graph.uniform(2 * 9, -1, 1), 2, 1, 3, 3);
        final String x =
                graph.node("Conv", Map.of("kernel_shape", new int[] {3, 3}), graph.input("X", "N", 1, 4, 4), kernel);
        return finish(graph, graph.node("Flatten", x), 8);
    }

    /** Steps first, then rows, as PyTorch has them. */
    private static ModelProto recurrent() {
        final GraphBuilder graph = graph();
        final String weights = graph.constant(graph.uniform(8 * 3, -1, 1), 1, 8, 3);
        final String recurrent = graph.constant(graph.uniform(8 * 2, -1, 1), 1, 8, 2);
        graph.nodes(
                "",
                "LSTM",
                List.of("", "h"),
                Map.of("hidden_size", 2),
                graph.input("X", 4, "N", 3),
                weights,
                recurrent);
        return finish(graph, graph.node("Squeeze", "h", graph.integers(0)), 2);
    }

    private static TensorProto bytes(final DataType type, final int count, final int... shape) {
        final TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(type.getNumber());
        for (final int size : shape) {
            tensor.addDims(size);
        }
        return tensor.setRawData(ByteString.copyFrom(new byte[count])).build();
    }

    /** Static quantisation of PyTorch and of ONNX Runtime: QuantizeLinear and DequantizeLinear around each layer. */
    private static ModelProto quantized() {
        final GraphBuilder graph = graph();
        final String zero = graph.constant(bytes(DataType.UINT8, 1));
        final String small = graph.node("QuantizeLinear", graph.input("X", "N", 4), graph.scalar(0.1), zero);
        return finish(graph, graph.node("DequantizeLinear", small, graph.scalar(0.1), zero), 4);
    }

    private static ModelProto dynamicallyQuantized() {
        final GraphBuilder graph = graph();
        graph.nodes("", "DynamicQuantizeLinear", List.of("q", "scale", "zero"), Map.of(), graph.input("X", "N", 4));
        return finish(graph, graph.node("DequantizeLinear", "q", "scale", "zero"), 4);
    }

    private static ModelProto integerProduct() {
        final GraphBuilder graph = graph();
        final String x = graph.node("Cast", Map.of("to", DataType.INT8.getNumber()), graph.input("X", "N", 4));
        final String product = graph.node("MatMulInteger", x, graph.constant(bytes(DataType.INT8, 12, 4, 3)));
        return finish(graph, graph.node("Cast", Map.of("to", DataType.FLOAT.getNumber()), product), 3);
    }

    /** {@code nn.Embedding}: rows of a table by numbers. */
    private static ModelProto embedding() {
        final GraphBuilder graph = graph();
        final String x = graph.node("Cast", Map.of("to", DataType.INT64.getNumber()), graph.input("X", "N"));
        return finish(graph, graph.node("Gather", graph.weights(10, 4, 4), x), 4);
    }

    private static ModelProto trees() {
        final GraphBuilder graph = graph();
        graph.nodes("ai.onnx.ml", "TreeEnsembleClassifier", List.of("label", "p"), Map.of(), graph.input("X", "N", 4));
        return graph.output("p", "N", 2).model();
    }

    /** What ONNX Runtime's optimiser writes. */
    private static ModelProto domain() {
        final GraphBuilder graph = graph();
        graph.nodes(
                "com.microsoft",
                "FusedMatMul",
                List.of("p"),
                Map.of(),
                graph.input("X", "N", 4),
                graph.weights(4, 4, 4));
        return finish(graph, "p", 4);
    }

    private static ModelProto function() {
        final GraphBuilder graph = graph();
        return finish(graph, graph.node("Sin", graph.input("X", "N", 4)), 4);
    }

    private static ModelProto transposedRows() {
        final GraphBuilder graph = graph();
        final String x = graph.node("Gemm", Map.of("transA", 1), graph.input("X", 4, 4), graph.weights(4, 4, 4));
        return finish(graph, x, 4);
    }

    /** Softmax is a head; in the middle, as in attention, it is no layer. */
    private static ModelProto softmaxInside() {
        final GraphBuilder graph = graph();
        return finish(graph, graph.node("Softmax", dense(graph, graph.input("X", "N", 4), 4, 4)), 4);
    }
}
