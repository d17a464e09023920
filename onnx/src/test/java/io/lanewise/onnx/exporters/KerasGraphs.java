package io.lanewise.onnx.exporters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Graphs of Keras models as tf2onnx writes them, which Keras 3 calls too for {@code model.export(format="onnx")}
 * (keras/src/export/onnx.py in keras-team/keras). A {@code Dense} layer is MatMul and BiasAdd, and the latter becomes Add
 * (tf2onnx/onnx_opset/nn.py in onnx/tensorflow-onnx, {@code BiasAdd}); weights are (inputs, outputs). Batches are called
 * {@code unk__} and a number.
 */
final class KerasGraphs {
    private KerasGraphs() {}

    static List<ExportedGraph> all() {
        final List<ExportedGraph> graphs = new ArrayList<>();
        new TreeMap<>(activations()).forEach((name, f) -> graphs.add(activation(name, f)));
        for (final int opset : new int[] {9, 12, 13, 15, 18}) {
            graphs.add(classifier(opset));
        }
        graphs.add(fused());
        graphs.add(normalized());
        graphs.add(batchNormalization(false));
        graphs.add(batchNormalization(true));
        graphs.add(layerNormalization());
        graphs.add(reshaped());
        graphs.add(concatenated());
        graphs.add(wideAndDeep());
        return List.copyOf(graphs);
    }

    private static GraphBuilder graph(final int opset) {
        return new GraphBuilder("tf2onnx", opset);
    }

    private static String dense(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        final String product = graph.node("MatMul", x, graph.weights(inputs, outputs, inputs));
        return graph.node("Add", product, graph.vector(outputs, -0.5, 0.5));
    }

    private static ExportedGraph finish(
            final String name, final GraphBuilder graph, final String value, final int outputs) {
        graph.named("Identity", "dense_1", Map.of(), value);
        return new ExportedGraph(
                "Keras, opset " + graph.opset() + ": " + name,
                graph.output("dense_1", "unk__7", outputs).model());
    }

    private static ExportedGraph classifier(final int opset) {
        final GraphBuilder graph = graph(opset);
        String x = graph.input("input_1", "unk__6", 30);
        for (int i = 0; i < 3; i++) {
            x = graph.node("Relu", dense(graph, x, 30, 30));
        }
        x = dense(graph, x, 30, 10);
        return finish("classifier", graph, graph.node("Softmax", Map.of("axis", opset < 13 ? 1 : -1), x), 10);
    }

    /** {@code rewrite_gemm} in tf2onnx/rewriter/gemm_rewriter.py: where the addition is one of tensors, not a bias. */
    private static ExportedGraph fused() {
        final GraphBuilder graph = graph(13);
        String x = graph.input("input_1", "unk__6", 14);
        x = graph.node("Gemm", x, graph.weights(14, 20, 14), graph.vector(20, -0.5, 0.5));
        x = graph.node(
                "Gemm", Map.of("alpha", 0.5f), graph.node("Relu", x), graph.weights(20, 3, 20), graph.vector(3, -1, 1));
        return finish("tensors through Gemm", graph, x, 3);
    }

    /** What activations become: tf2onnx/onnx_opset/nn.py and math.py, and keras/src/backend/tensorflow/nn.py. */
    private static Map<String, BiFunction<GraphBuilder, String, String>> activations() {
        return Map.ofEntries(
                Map.entry("leaky ReLU as in PyTorch", (g, x) -> g.node("LeakyRelu", Map.of("alpha", 0.01f), x)),
                Map.entry("ELU", (g, x) -> g.node("Elu", Map.of("alpha", 1f), x)),
                Map.entry("SELU", (g, x) -> g.node("Selu", Map.of("alpha", 1.6732632f, "gamma", 1.050701f), x)),
                Map.entry("softplus", (g, x) -> g.node("Softplus", x)),
                Map.entry("sigmoid", (g, x) -> g.node("Sigmoid", x)),
                Map.entry("swish", (g, x) -> g.node("Mul", g.node("Sigmoid", x), x)),
                Map.entry(
                        "swish of Keras 2",
                        (g, x) -> g.node("Mul", x, g.node("Sigmoid", g.node("Mul", g.scalar(1), x)))),
                Map.entry("GELU", KerasGraphs::gelu),
                Map.entry("GELU's tanh form", KerasGraphs::geluTanh),
                Map.entry("ReLU6", (g, x) -> g.node("Min", g.node("Max", x, g.scalar(0)), g.scalar(6))),
                Map.entry("ReLU6 through Relu", (g, x) -> g.node("Min", g.node("Relu", x), g.scalar(6))),
                Map.entry("hard sigmoid of Keras 3", KerasGraphs::hardSigmoid));
    }

    /** 0.5 x (1 + erf(x / √2)) in the order of {@code tf.nn.gelu} (tensorflow/python/ops/nn_ops.py). */
    private static String gelu(final GraphBuilder g, final String x) {
        final String erf = g.node("Erf", g.node("Div", x, g.scalar(1.41421354)));
        return g.node("Mul", g.node("Mul", g.scalar(0.5), x), g.node("Add", g.scalar(1), erf));
    }

    /** In the order of {@code tf.nn.gelu(approximate=True)}: coefficient x³ by a power. */
    private static String geluTanh(final GraphBuilder g, final String x) {
        final String cube = g.node("Mul", g.scalar(0.044715), g.node("Pow", x, g.scalar(3)));
        final String scaled = g.node("Mul", g.scalar(0.797884583), g.node("Add", x, cube));
        final String more = g.node("Add", g.scalar(1), g.node("Tanh", scaled));
        return g.node("Mul", g.node("Mul", g.scalar(0.5), x), more);
    }

    /** {@code hard_sigmoid} of Keras 3: relu6(x + 3) / 6. */
    private static String hardSigmoid(final GraphBuilder g, final String x) {
        final String shifted = g.node("Add", x, g.scalar(3));
        return g.node("Div", g.node("Min", g.node("Relu", shifted), g.scalar(6)), g.scalar(6));
    }

    private static ExportedGraph activation(final String name, final BiFunction<GraphBuilder, String, String> f) {
        final GraphBuilder graph = graph(13);
        final String x = dense(graph, graph.input("input_1", "unk__6", 6), 6, 32);
        return finish(name, graph, dense(graph, f.apply(graph, x), 32, 2), 2);
    }

    /** A {@code Normalization} layer: Sub and Div by constants, of a fixed batch of 1. */
    private static ExportedGraph normalized() {
        final GraphBuilder graph = graph(13);
        String x = graph.input("input_1", 1, 9);
        x = graph.node("Sub", x, graph.constant(graph.uniform(9, -2, 2), 1, 9));
        x = graph.node("Div", x, graph.constant(graph.uniform(9, 0.5, 3), 1, 9));
        x = graph.node("Tanh", dense(graph, x, 9, 12));
        return finish("normalisation of features", graph, dense(graph, x, 12, 1), 1);
    }

    /** {@code tf.nn.batch_normalization} with constants folded: Mul, Add; or Mul, Sub as some versions write. */
    private static ExportedGraph batchNormalization(final boolean subtracts) {
        final GraphBuilder graph = graph(13);
        String x = graph.node("Relu", dense(graph, graph.input("input_1", "unk__6", 6), 6, 25));
        x = graph.node("Mul", x, graph.vector(25, 0.5, 1.5));
        x = graph.node(subtracts ? "Sub" : "Add", x, graph.vector(25, -0.5, 0.5));
        final String name = "batch normalisation through Mul and " + (subtracts ? "Sub" : "Add");
        return finish(name, graph, dense(graph, x, 25, 4), 4);
    }

    /**
     * Keras 3: moments, a reciprocal root, then x s + (bias - mean s) (keras/src/layers/normalization/
     * layer_normalization.py); tf2onnx makes Sqrt and Reciprocal of Rsqrt, Sub and Mul of SquaredDifference
     * (tf2onnx/onnx_opset/math.py).
     */
    private static ExportedGraph layerNormalization() {
        final GraphBuilder graph = graph(13);
        String x = dense(graph, graph.input("input_1", "unk__6", 6), 6, 25);
        final Map<String, ?> last = Map.of("axes", new int[] {1}, "keepdims", 1);
        final String mean = graph.node("ReduceMean", last, x);
        final String centred = graph.node("Sub", x, mean);
        final String variance = graph.node("ReduceMean", last, graph.node("Mul", centred, centred));
        final String root = graph.node("Sqrt", graph.node("Add", variance, graph.scalar(1e-3)));
        final String scale = graph.node("Mul", graph.node("Reciprocal", root), graph.vector(25, 0.5, 1.5));
        final String offset = graph.node("Sub", graph.vector(25, -0.5, 0.5), graph.node("Mul", mean, scale));
        x = graph.node("Add", graph.node("Mul", x, scale), offset);
        return finish("layer normalisation", graph, dense(graph, x, 25, 4), 4);
    }

    /** A {@code Flatten} layer is Reshape to (-1, size), and a {@code Reshape} layer of the output likewise. */
    private static ExportedGraph reshaped() {
        final GraphBuilder graph = graph(13);
        final String image = graph.input("input_1", "unk__6", 6, 6, 1);
        String x = graph.node("Reshape", image, graph.integers(-1, 36));
        x = dense(graph, graph.node("Relu", dense(graph, x, 36, 16)), 16, 10);
        x = graph.node("Reshape", graph.node("Softmax", Map.of("axis", -1), x), graph.integers(-1, 10));
        return finish("images through Reshape", graph, x, 10);
    }

    private static ExportedGraph concatenated() {
        final GraphBuilder graph = graph(13);
        final String left = graph.input("input_1", "unk__6", 4);
        final String right = graph.input("input_2", "unk__8", 7);
        String x = graph.node("Concat", Map.of("axis", -1), left, right);
        x = graph.node("Relu", dense(graph, x, 11, 16));
        return finish("two inputs through Concatenate", graph, graph.node("Sigmoid", dense(graph, x, 16, 1)), 1);
    }

    /** An {@code Add} layer of a block and its input. */
    private static ExportedGraph wideAndDeep() {
        final GraphBuilder graph = graph(13);
        final String x = graph.input("input_1", "unk__6", 10);
        final String block = dense(graph, graph.node("Relu", dense(graph, x, 10, 24)), 24, 10);
        final String sum = graph.node("Relu", graph.node("Add", block, x));
        return finish("residual block of the input", graph, dense(graph, sum, 10, 3), 3);
    }
}
