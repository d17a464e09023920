package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Graphs as PyTorch's older exporter writes them, {@code torch.onnx.export} without {@code dynamo}: an
 * {@code nn.Linear} of a matrix is {@code aten::addmm}, which becomes Gemm with the weight as PyTorch has it and
 * {@code transB = 1} (torch/onnx/symbolic_opset9.py in pytorch/pytorch, {@code addmm} and {@code t}; since PyTorch 2.9 such files are in
 * torch/onnx/_internal/torchscript_exporter).
 */
final class TorchScriptGraphs {
    private static final double SQRT_TWO = 1.4142135623730951;

    private TorchScriptGraphs() {}

    static List<ExportedGraph> all() {
        final List<ExportedGraph> graphs = new ArrayList<>();
        new TreeMap<>(activations()).forEach((name, f) -> graphs.add(activation(name, f)));
        for (final int opset : new int[] {7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}) {
            graphs.add(relus("mlp with softmax", opset, new int[] {20, 64, 32, 5}, "Softmax"));
        }
        graphs.add(relus("one linear layer of one feature", 13, new int[] {1, 1}, ""));
        graphs.add(relus("wide mlp", 13, new int[] {1024, 1024, 1000}, "LogSoftmax"));
        graphs.add(relus("twelve layers", 17, new int[] {9, 33, 17, 31, 16, 48, 15, 64, 7, 24, 12, 8, 3}, "Sigmoid"));
        graphs.add(flattened());
        graphs.add(viewed(11));
        graphs.add(viewed(13));
        graphs.add(matMul());
        graphs.add(weightNormalization());
        graphs.add(batchNormalization(9, false));
        graphs.add(batchNormalization(14, true));
        graphs.add(layerNormalization(9));
        graphs.add(layerNormalization(17));
        graphs.add(residuals());
        graphs.add(dropout(10));
        graphs.add(dropout(13));
        graphs.add(half());
        graphs.add(twoInputs());
        graphs.add(classIndex());
        return List.copyOf(graphs);
    }

    private static GraphBuilder graph(final int opset) {
        return new GraphBuilder("pytorch", opset);
    }

    private static String linear(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        return graph.node(
                "Gemm",
                Map.of("alpha", 1f, "beta", 1f, "transB", 1),
                x,
                graph.weights(outputs, inputs, inputs),
                graph.vector(outputs, -0.5, 0.5));
    }

    private static ExportedGraph finish(
            final String name, final GraphBuilder graph, final String value, final int outputs) {
        return new ExportedGraph(
                "PyTorch, opset " + graph.opset() + ": " + name,
                graph.output(value, "batch", outputs).model());
    }

    /** Constants are inputs too up to PyTorch 1.2 ({@code keep_initializers_as_inputs}), so at opset 8 for sure. */
    private static ExportedGraph relus(final String name, final int opset, final int[] widths, final String head) {
        final GraphBuilder graph = graph(opset);
        String x = graph.input("input", opset % 2 == 0 ? "batch" : "", widths[0]);
        if (opset <= 8) {
            graph.withConstantsAmongInputs();
        }
        for (int i = 1; i < widths.length; i++) {
            x = linear(graph, x, widths[i - 1], widths[i]);
            if (i < widths.length - 1) {
                x = graph.node("Relu", x);
            }
        }
        final int outputs = widths[widths.length - 1];
        if (head.equals("Sigmoid")) {
            x = graph.node(head, x);
        } else if (!head.isEmpty()) {
            x = graph.node(head, Map.of("axis", opset < 13 ? 1 : -1), x);
        }
        return finish(name, graph, x, outputs);
    }

    /** What each activation becomes, in torch/onnx/symbolic_opset9.py unless another file is named. */
    private static Map<String, BiFunction<GraphBuilder, String, String>> activations() {
        return Map.ofEntries(
                Map.entry("leaky ReLU", (g, x) -> g.node("LeakyRelu", Map.of("alpha", 0.01f), x)),
                Map.entry("ELU", (g, x) -> g.node("Elu", Map.of("alpha", 1f), x)),
                Map.entry("SELU", (g, x) -> g.node("Selu", x)),
                Map.entry("sigmoid", (g, x) -> g.node("Sigmoid", x)),
                Map.entry("tanh", (g, x) -> g.node("Tanh", x)),
                Map.entry("softplus", (g, x) -> g.node("Softplus", x)),
                Map.entry("SiLU", (g, x) -> g.node("Mul", x, g.node("Sigmoid", x))),
                Map.entry("GELU", TorchScriptGraphs::gelu),
                Map.entry("GELU of PyTorch 1.4", TorchScriptGraphs::oldGelu),
                Map.entry("GELU's tanh form", TorchScriptGraphs::geluTanh),
                Map.entry("hard sigmoid", (g, x) -> g.node("HardSigmoid", Map.of("alpha", 1 / 6f), x)),
                Map.entry(
                        "hard swish before opset 14",
                        (g, x) -> g.node("Mul", x, g.node("HardSigmoid", Map.of("alpha", 1 / 6f), x))),
                // torch/onnx/symbolic_opset14.py
                Map.entry("hard swish", (g, x) -> g.node("HardSwish", x)),
                // torch/onnx/symbolic_opset11.py, clamp
                Map.entry("ReLU6", (g, x) -> g.node("Clip", x, g.scalar(0), g.scalar(6))),
                Map.entry("ReLU6 behind ReLU", (g, x) -> g.node("Clip", g.node("Relu", x), g.scalar(0), g.scalar(6))));
    }

    private static String gelu(final GraphBuilder g, final String x) {
        final String erf = g.node("Erf", g.node("Div", x, g.scalar(SQRT_TWO)));
        return g.node("Mul", g.node("Mul", x, g.node("Add", erf, g.scalar(1))), g.scalar(0.5));
    }

    /** The root is a node, and the addition a Sum (symbolic_opset9.py at 00051b8a). */
    private static String oldGelu(final GraphBuilder g, final String x) {
        final String erf = g.node("Erf", g.node("Div", x, g.node("Sqrt", g.scalar(2))));
        return g.node("Mul", g.node("Mul", x, g.node("Sum", erf, g.scalar(1))), g.scalar(0.5));
    }

    private static String geluTanh(final GraphBuilder g, final String x) {
        final String cube = g.node("Mul", x, g.node("Mul", x, x));
        final String sum = g.node("Add", x, g.node("Mul", g.scalar(0.044715), cube));
        final String tanh = g.node("Tanh", g.node("Mul", g.scalar(Math.sqrt(2 / Math.PI)), sum));
        return g.node("Mul", g.scalar(0.5), g.node("Mul", x, g.node("Add", g.scalar(1), tanh)));
    }

    /** PyTorch's exporter writes constants of expressions as nodes. */
    private static ExportedGraph activation(final String name, final BiFunction<GraphBuilder, String, String> f) {
        final GraphBuilder graph = graph(14);
        String x = linear(graph, graph.input("input", "batch", 7), 7, 40);
        graph.withConstantNodes();
        x = f.apply(graph, x);
        return finish(name, graph, linear(graph, x, 40, 3), 3);
    }

    /** Images as they are; {@code nn.Flatten} becomes Flatten. */
    private static ExportedGraph flattened() {
        final GraphBuilder graph = graph(13);
        final String image = graph.input("image", "N", 1, 8, 8);
        final String rows = graph.node("Flatten", Map.of("axis", 1), image);
        final String x = graph.node("Relu", linear(graph, rows, 64, 32));
        return finish("images through Flatten", graph, linear(graph, x, 32, 10), 10);
    }

    /** {@code x.view(x.size(0), -1)}: the shape is computed from the input's. */
    private static ExportedGraph viewed(final int opset) {
        final GraphBuilder graph = graph(opset).withConstantNodes();
        final String image = graph.input("image", "batch", 3, 4, 5);
        final String size = graph.node("Gather", Map.of("axis", 0), graph.node("Shape", image), graph.integer(0));
        final String first = opset < 13
                ? graph.node("Unsqueeze", Map.of("axes", new int[] {0}), size)
                : graph.node("Unsqueeze", size, graph.integers(0));
        final String shape = graph.node("Concat", Map.of("axis", 0), first, graph.integers(-1));
        final String x = graph.node("Tanh", linear(graph, graph.node("Reshape", image, shape), 60, 16));
        return finish("images through view", graph, linear(graph, x, 16, 2), 2);
    }

    /** Without bias, {@code aten::matmul}: the transposed weight becomes a constant by constant folding, or a node. */
    private static ExportedGraph matMul() {
        final GraphBuilder graph = graph(12);
        String x = graph.input("input", "batch", 12);
        x = graph.node("Relu", graph.node("MatMul", x, graph.weights(12, 20, 12)));
        final String weight = graph.node("Transpose", Map.of("perm", new int[] {1, 0}), graph.weights(4, 20, 20));
        return finish("linear layers without bias", graph, graph.node("MatMul", x, weight), 4);
    }

    /** {@code weight_norm}: the weight's rows over their norms, times a column, is computed in the graph. */
    private static ExportedGraph weightNormalization() {
        final GraphBuilder graph = graph(11);
        final String direction = graph.weights(20, 12, 12);
        final String norm = graph.node("ReduceL2", Map.of("axes", new int[] {1}, "keepdims", 1), direction);
        final String length = graph.constant(graph.uniform(20, 0.5, 1.5), 20, 1);
        final String weight = graph.node("Mul", graph.node("Div", direction, norm), length);
        final Map<String, ?> transposed = Map.of("alpha", 1f, "beta", 1f, "transB", 1);
        final String x =
                graph.node("Gemm", transposed, graph.input("input", "batch", 12), weight, graph.vector(20, -1, 1));
        return finish("weight normalisation", graph, linear(graph, graph.node("Relu", x), 20, 3), 3);
    }

    private static String batchNorm(final GraphBuilder graph, final String x, final int width) {
        return graph.node(
                "BatchNormalization",
                Map.of("epsilon", 1e-5f, "momentum", 0.9f),
                x,
                graph.vector(width, 0.5, 1.5),
                graph.vector(width, -0.5, 0.5),
                graph.vector(width, -0.5, 0.5),
                graph.vector(width, 0.5, 1.5));
    }

    private static ExportedGraph batchNormalization(final int opset, final boolean behind) {
        final GraphBuilder graph = graph(opset);
        String x = graph.input("input", "batch", 16);
        x = batchNorm(graph, x, 16);
        x = linear(graph, x, 16, 24);
        x = behind ? batchNorm(graph, graph.node("Relu", x), 24) : graph.node("Relu", batchNorm(graph, x, 24));
        final String name = "batch normalisation first and " + (behind ? "behind" : "before") + " ReLU";
        return finish(name, graph, linear(graph, x, 24, 5), 5);
    }

    /** Of opset 17, {@code layer_norm} in torch/onnx/symbolic_opset17.py; before, in nodes of its own. */
    private static String layerNorm(final GraphBuilder graph, final String x, final int width) {
        if (graph.opset() >= 17) {
            return graph.node(
                    "LayerNormalization",
                    Map.of("axis", -1, "epsilon", 1e-5f),
                    x,
                    graph.vector(width, 0.5, 1.5),
                    graph.vector(width, -0.5, 0.5));
        }
        final Map<String, ?> last = Map.of("axes", new int[] {-1});
        final String centred = graph.node("Sub", x, graph.node("ReduceMean", last, x));
        final String variance = graph.node("ReduceMean", last, graph.node("Pow", centred, graph.scalar(2)));
        final String deviation = graph.node("Sqrt", graph.node("Add", variance, graph.scalar(1e-5)));
        final String normal = graph.node("Div", centred, deviation);
        final String scaled = graph.node("Mul", normal, graph.vector(width, 0.5, 1.5));
        return graph.node("Add", scaled, graph.vector(width, -0.5, 0.5));
    }

    private static ExportedGraph layerNormalization(final int opset) {
        final GraphBuilder graph = graph(opset);
        String x = linear(graph, graph.input("input", "batch", 10), 10, 30);
        x = graph.node("Relu", layerNorm(graph, x, 30));
        return finish("layer normalisation", graph, linear(graph, x, 30, 2), 2);
    }

    /** Pre-activation blocks: x + W₂ f(W₁ norm(x)). */
    private static ExportedGraph residuals() {
        final GraphBuilder graph = graph(17);
        String x = linear(graph, graph.input("input", "batch", 8), 8, 32);
        for (int i = 0; i < 3; i++) {
            final String inner = gelu(graph, linear(graph, layerNorm(graph, x, 32), 32, 64));
            x = i == 1
                    ? graph.node("Add", linear(graph, inner, 64, 32), x)
                    : graph.node("Add", x, linear(graph, inner, 64, 32));
        }
        return finish("residual blocks", graph, linear(graph, layerNorm(graph, x, 32), 32, 6), 6);
    }

    /** {@code training=TrainingMode.PRESERVE} keeps Dropout; its rate is an attribute before opset 12. */
    private static ExportedGraph dropout(final int opset) {
        final GraphBuilder graph = graph(opset);
        String x = graph.node("Relu", linear(graph, graph.input("input", "batch", 6), 6, 18));
        x = opset < 12
                ? graph.node("Dropout", Map.of("ratio", 0.5f), x)
                : graph.node("Dropout", x, graph.scalar(0.5), graph.constant(no()));
        return finish("dropout", graph, linear(graph, x, 18, 3), 3);
    }

    private static TensorProto no() {
        return TensorProto.newBuilder()
                .setDataType(TensorProto.DataType.BOOL.getNumber())
                .addInt32Data(0)
                .build();
    }

    /** {@code model.half()}: weights, inputs and outputs are 16-bit floats. */
    private static ExportedGraph half() {
        final GraphBuilder graph = graph(13).storing(Storage.FLOAT16);
        final String x = graph.node("Relu", linear(graph, graph.input("input", "batch", 12), 12, 24));
        return finish("half precision", graph, linear(graph, x, 24, 4), 4);
    }

    private static ExportedGraph twoInputs() {
        final GraphBuilder graph = graph(15);
        final List<String> parts = IntStream.of(3, 5, 1)
                .mapToObj(width -> graph.input("part_" + width, "batch", width))
                .toList();
        final String all = graph.node("Concat", Map.of("axis", 1), parts.get(0), parts.get(1), parts.get(2));
        final String x = graph.node("Tanh", linear(graph, all, 9, 12));
        return finish("three inputs through cat", graph, linear(graph, x, 12, 1), 1);
    }

    /** Logits and, besides, the number of the largest one: {@code torch.argmax}. */
    private static ExportedGraph classIndex() {
        final GraphBuilder graph = graph(13);
        final String logits = linear(graph, graph.input("input", "batch", 4), 4, 3);
        graph.named("ArgMax", "class", Map.of("axis", 1, "keepdims", 0), logits);
        graph.output(logits, "batch", 3).output("class", TensorProto.DataType.INT64, "batch");
        return new ExportedGraph(
                "PyTorch, opset 13: logits and the class", graph.model(), logits, "class", List.of("0", "1", "2"));
    }
}
