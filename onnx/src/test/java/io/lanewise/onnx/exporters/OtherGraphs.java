package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What no exporter above writes but others do, people by hand, or optimisers: every form of Gemm, type and bias. */
final class OtherGraphs {
    private OtherGraphs() {}

    static List<ExportedGraph> all() {
        final List<ExportedGraph> graphs = new ArrayList<>();
        for (final int transB : new int[] {0, 1}) {
            for (final int[] bias : new int[][] {null, {}, {1}, {5}, {1, 1}, {1, 5}}) {
                graphs.add(gemm(transB, 1, 1, bias));
                graphs.add(gemm(transB, 0.75f, -0.5f, bias));
            }
        }
        graphs.add(gemm(1, 2, 0, new int[] {5}));
        for (final Storage storage : Storage.values()) {
            graphs.add(stored(storage));
        }
        for (final String activation : List.of("Relu", "Tanh", "Sigmoid", "Softplus")) {
            graphs.add(caseOf(activation));
        }
        graphs.add(clip(6));
        graphs.add(clip(11));
        graphs.add(biasFirst());
        graphs.add(scaledProducts());
        graphs.add(rowOfOnes());
        graphs.add(softmaxByHand());
        graphs.add(identities());
        graphs.add(squeezed());
        graphs.add(swish());
        graphs.add(tribuo());
        graphs.add(unknownBatch());
        graphs.add(fixedBatch());
        return List.copyOf(graphs);
    }

    private static GraphBuilder graph(final int opset) {
        return new GraphBuilder("", opset);
    }

    private static ExportedGraph finish(
            final String name, final GraphBuilder graph, final String value, final int outputs) {
        graph.named("Identity", "Y", Map.of(), value);
        return new ExportedGraph(
                "opset " + graph.opset() + ": " + name,
                graph.output("Y", "N", outputs).model());
    }

    private static String dense(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        return graph.node("Gemm", x, graph.weights(inputs, outputs, inputs), graph.vector(outputs, -0.5, 0.5));
    }

    private static ExportedGraph gemm(
            final int transB,
            final float alpha,
            final float beta,
            final int @org.jspecify.annotations.Nullable [] bias) {
        final GraphBuilder graph = graph(11);
        final String x = graph.node("Relu", dense(graph, graph.input("X", "N", 3), 3, 7));
        final String weights = transB == 1 ? graph.weights(5, 7, 7) : graph.weights(7, 5, 7);
        final Map<String, ?> attributes = Map.of("transB", transB, "alpha", alpha, "beta", beta);
        final String name = "Gemm with transB " + transB + ", alpha " + alpha + ", beta " + beta + ", bias of shape "
                + java.util.Arrays.toString(bias);
        final String y = bias == null
                ? graph.node("Gemm", attributes, x, weights)
                : graph.node(
                        "Gemm",
                        attributes,
                        x,
                        weights,
                        graph.constant(graph.uniform(DoubleArray.size(bias), -1, 1), bias));
        return finish(name, graph, y, 5);
    }

    /** Constants of another type that a Cast makes 32-bit floats of, as tools that shrink files write. */
    private static ExportedGraph stored(final Storage storage) {
        final GraphBuilder graph = graph(13);
        final String input = graph.input("X", "N", 6);
        graph.storing(storage);
        final Map<String, ?> to = Map.of("to", DataType.FLOAT.getNumber());
        final String first = graph.node("Cast", to, graph.weights(6, 9, 6));
        final String bias = graph.node("Cast", to, graph.vector(9, -1, 1));
        final String second = graph.node("Cast", to, graph.weights(9, 3, 9));
        graph.storing(Storage.FLOAT);
        final String x = graph.node("Relu", graph.node("Gemm", input, first, bias));
        return finish("weights stored as " + storage, graph, graph.node("MatMul", x, second), 3);
    }

    private static ExportedGraph caseOf(final String activation) {
        final GraphBuilder graph = graph(7);
        final String x = graph.node(activation, dense(graph, graph.input("X", "N", 3), 3, 15));
        return finish("old " + activation, graph, dense(graph, x, 15, 2), 2);
    }

    /** Bounds are attributes before opset 11. */
    private static ExportedGraph clip(final int version) {
        final GraphBuilder graph = graph(version < 11 ? 8 : 12);
        final String x = dense(graph, graph.input("X", "N", 3), 3, 15);
        final String y = version < 11
                ? graph.node("Clip", Map.of("min", 0f, "max", 6f), x)
                : graph.node("Clip", x, graph.scalar(0), graph.scalar(6));
        return finish("Clip of version " + version, graph, dense(graph, y, 15, 2), 2);
    }

    /** Additions whose constant stands first. */
    private static ExportedGraph biasFirst() {
        final GraphBuilder graph = graph(13);
        String x = graph.node("MatMul", graph.input("X", "N", 4), graph.weights(4, 8, 4));
        x = graph.node("Relu", graph.node("Add", graph.vector(8, -1, 1), x));
        x = graph.node("MatMul", x, graph.weights(8, 3, 8));
        return finish("the bias first", graph, graph.node("Sum", graph.vector(3, -1, 1), x), 3);
    }

    /** Products and quotients of constants around a layer, which are its weights' as well. */
    private static ExportedGraph scaledProducts() {
        final GraphBuilder graph = graph(13);
        String x = graph.node("Mul", graph.input("X", "N", 4), graph.scalar(1 / 255.0));
        x = graph.node("Sub", graph.node("Mul", x, graph.scalar(2)), graph.scalar(1));
        x = graph.node("Tanh", dense(graph, x, 4, 8));
        x = graph.node("Div", dense(graph, x, 8, 3), graph.scalar(4));
        return finish("scaled inputs and outputs", graph, graph.node("Add", x, graph.vector(3, 10, 20)), 3);
    }

    /** A bias of the shape (1, 1, outputs) would make three axes; (1, outputs) does not. */
    private static ExportedGraph rowOfOnes() {
        final GraphBuilder graph = graph(13);
        final String x = graph.node("MatMul", graph.input("X", "N", 4), graph.weights(4, 1, 4));
        return finish(
                "one output and a bias of one row",
                graph,
                graph.node("Add", x, graph.constant(new double[] {3}, 1, 1)),
                1);
    }

    /** Softmax in its parts: Exp over its sum. */
    private static ExportedGraph softmaxByHand() {
        final GraphBuilder graph = graph(11);
        final String exp = graph.node("Exp", dense(graph, graph.input("X", "N", 4), 4, 3));
        final String sum = graph.node("ReduceSum", Map.of("axes", new int[] {1}, "keepdims", 1), exp);
        return finish("softmax as Exp, ReduceSum and Div", graph, graph.node("Div", exp, sum), 3);
    }

    private static ExportedGraph identities() {
        final GraphBuilder graph = graph(13);
        String x = graph.node("Identity", graph.input("X", "N", 4));
        x = graph.node("Cast", Map.of("to", DataType.FLOAT.getNumber()), x);
        x = graph.node("Relu", dense(graph, x, 4, 6));
        x = graph.node("Reshape", graph.node("Flatten", x), graph.integers(0, -1));
        return finish("nodes that do nothing", graph, dense(graph, graph.node("Identity", x), 6, 2), 2);
    }

    private static ExportedGraph squeezed() {
        final GraphBuilder graph = graph(11);
        String x = graph.node("Squeeze", Map.of("axes", new int[] {1}), graph.input("X", "N", 1, 12));
        x = graph.node("Relu", dense(graph, x, 12, 6));
        return finish("an axis of one squeezed", graph, dense(graph, x, 6, 2), 2);
    }

    /** x · 1 / (1 + exp(-x)), as some write it. */
    private static ExportedGraph swish() {
        final GraphBuilder graph = graph(13);
        final String x = dense(graph, graph.input("X", "N", 3), 3, 9);
        final String more = graph.node("Add", graph.node("Exp", graph.node("Neg", x)), graph.scalar(1));
        return finish(
                "sigmoid in its parts",
                graph,
                dense(graph, graph.node("Mul", x, graph.node("Div", graph.scalar(1), more)), 9, 2),
                2);
    }

    /** Tribuo's linear models: Gemm, then Softmax of axis 1 (LinearSGDModel and ONNXMathUtils in oracle/tribuo). */
    private static ExportedGraph tribuo() {
        final GraphBuilder graph = new GraphBuilder("Tribuo", 13);
        final String scores = dense(graph, graph.input("input", "batch", 8), 8, 3);
        graph.named("Softmax", "output", Map.of("axis", 1), scores);
        return new ExportedGraph(
                "Tribuo: a linear model", graph.output("output", "batch", 3).model());
    }

    private static ExportedGraph unknownBatch() {
        final GraphBuilder graph = graph(13);
        final String x = graph.node("Relu", dense(graph, graph.input("X", "", 5), 5, 6));
        return finish("a batch without size and name", graph, dense(graph, x, 6, 2), 2);
    }

    private static ExportedGraph fixedBatch() {
        final GraphBuilder graph = graph(13);
        final String x = graph.node("Relu", dense(graph, graph.input("X", 4, 5), 5, 6));
        graph.named("Add", "Y", Map.of(), dense(graph, x, 6, 2), graph.vector(2, -1, 1));
        return new ExportedGraph(
                "opset 13: a batch of 4", graph.output("Y", 4, 2).model());
    }
}
