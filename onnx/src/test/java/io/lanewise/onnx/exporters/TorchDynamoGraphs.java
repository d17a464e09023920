package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Graphs as PyTorch's newer exporter writes them, {@code torch.onnx.export(dynamo=True)}, the default since PyTorch 2.9:
 * the functions of onnxscript's torchlib (onnxscript/function_libs/torch_lib/ops in microsoft/onnxscript) in opset 18,
 * converted to newer ones if asked for. Scalars are initialisers, values have the names of the functions.
 */
final class TorchDynamoGraphs {
    private TorchDynamoGraphs() {}

    static List<ExportedGraph> all() {
        final List<ExportedGraph> graphs = new ArrayList<>();
        for (final int opset : new int[] {18, 19, 20, 21, 22, 23}) {
            graphs.add(mlp(opset));
        }
        graphs.add(transposedWeights());
        graphs.add(gelu(false));
        graphs.add(gelu(true));
        graphs.add(geluTanh());
        graphs.add(silu());
        graphs.add(hardtanh());
        graphs.add(layerNormalization());
        graphs.add(batchNormalization());
        graphs.add(logSoftmax());
        graphs.add(viewed());
        graphs.add(bfloat16());
        return List.copyOf(graphs);
    }

    private static GraphBuilder graph(final int opset) {
        return new GraphBuilder("pytorch", opset);
    }

    /** {@code aten_addmm} in core.py, after the optimiser has fused the transposition. */
    private static String linear(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        return graph.node(
                "Gemm",
                Map.of("beta", 1f, "transB", 1, "alpha", 1f, "transA", 0),
                x,
                graph.weights(outputs, inputs, inputs),
                graph.vector(outputs, -0.5, 0.5));
    }

    private static ExportedGraph finish(
            final String name, final GraphBuilder graph, final String value, final int outputs) {
        graph.named("Identity", "linear_1", Map.of(), value);
        return new ExportedGraph(
                "PyTorch's dynamo exporter, opset " + graph.opset() + ": " + name,
                graph.output("linear_1", "s0", outputs).model(10));
    }

    private static ExportedGraph mlp(final int opset) {
        final GraphBuilder graph = graph(opset);
        String x = graph.input("x", opset % 2 == 0 ? "s0" : (Object) 3, 13);
        x = graph.node("Relu", linear(graph, x, 13, 37));
        x = graph.node("Relu", linear(graph, x, 37, 37));
        return finish("mlp", graph, graph.node("Softmax", Map.of("axis", -1), linear(graph, x, 37, 4)), 4);
    }

    /** {@code aten_linear_bias} in nn.py, not optimised: Transpose, MatMul, Add. */
    private static ExportedGraph transposedWeights() {
        final GraphBuilder graph = graph(18);
        String x = graph.input("x", "s0", 11);
        x = graph.node("Relu", unfused(graph, x, 11, 30));
        return finish("Transpose, MatMul and Add", graph, unfused(graph, x, 30, 2), 2);
    }

    private static String unfused(final GraphBuilder graph, final String x, final int inputs, final int outputs) {
        final String weight =
                graph.node("Transpose", Map.of("perm", new int[] {1, 0}), graph.weights(outputs, inputs, inputs));
        return graph.node("Add", graph.node("MatMul", x, weight), graph.vector(outputs, -0.5, 0.5));
    }

    /** {@code _aten_gelu_approximate_none} in nn.py; of opset 20 on {@code aten_gelu_opset20}. */
    private static ExportedGraph gelu(final boolean node) {
        final GraphBuilder graph = graph(node ? 20 : 18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String gelu;
        if (node) {
            gelu = graph.node("Gelu", Map.of("approximate", "none"), x);
        } else {
            final String erf = graph.node("Erf", graph.node("Div", x, graph.scalar(1.4142135623730951)));
            final String product = graph.node("Mul", x, graph.node("Add", erf, graph.scalar(1)));
            gelu = graph.node("Mul", graph.scalar(0.5), product);
        }
        return finish("GELU", graph, linear(graph, gelu, 20, 3), 3);
    }

    /** {@code _aten_gelu_approximate_tanh} in nn.py: a power, and a root of a constant that is made like the value. */
    private static ExportedGraph geluTanh() {
        final GraphBuilder graph = graph(18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String cube = graph.node("Pow", x, graph.scalar(3));
        final String sum = graph.node("Add", x, graph.node("Mul", graph.scalar(0.044715), cube));
        final String ratio = graph.node("Div", graph.scalar(2), graph.scalar(Math.PI));
        final String root = graph.node("Sqrt", graph.node("CastLike", ratio, x));
        final String tanh = graph.node("Tanh", graph.node("Mul", root, sum));
        final String product = graph.node("Mul", x, graph.node("Add", tanh, graph.scalar(1)));
        final String gelu = graph.node("Mul", graph.scalar(0.5), product);
        return finish("GELU's tanh form", graph, linear(graph, gelu, 20, 3), 3);
    }

    /** {@code aten_silu} in nn.py. */
    private static ExportedGraph silu() {
        final GraphBuilder graph = graph(18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String silu = graph.node("Mul", graph.node("Sigmoid", x), x);
        return finish("SiLU", graph, linear(graph, silu, 20, 3), 3);
    }

    /** ReLU6 is {@code aten_hardtanh} in nn.py from 0 to 6. */
    private static ExportedGraph hardtanh() {
        final GraphBuilder graph = graph(18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String clipped = graph.node("Clip", x, graph.scalar(0), graph.scalar(6));
        return finish("ReLU6", graph, linear(graph, clipped, 20, 3), 3);
    }

    /** {@code aten_layer_norm} in core.py; without weights PyTorch gives ones. */
    private static ExportedGraph layerNormalization() {
        final GraphBuilder graph = graph(18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String normal = graph.node(
                "LayerNormalization",
                Map.of("axis", -1, "epsilon", 1e-6f, "stash_type", 1),
                x,
                graph.vector(20, 0.5, 1.5));
        return finish("layer normalisation without bias", graph, linear(graph, normal, 20, 3), 3);
    }

    /** {@code aten__native_batch_norm_legit_no_training} in core.py: the version of opset 15. */
    private static ExportedGraph batchNormalization() {
        final GraphBuilder graph = graph(18);
        final String x = linear(graph, graph.input("x", "s0", 5), 5, 20);
        final String normal = graph.node(
                "BatchNormalization",
                Map.of("epsilon", 1e-5f, "momentum", 0.9f, "training_mode", 0),
                x,
                graph.vector(20, 0.5, 1.5),
                graph.vector(20, -0.5, 0.5),
                graph.vector(20, -0.5, 0.5),
                graph.vector(20, 0.5, 1.5));
        final String f = graph.node("LeakyRelu", Map.of("alpha", 0.01f), normal);
        return finish("batch normalisation", graph, linear(graph, f, 20, 3), 3);
    }

    /** {@code aten__log_softmax} in core.py. */
    private static ExportedGraph logSoftmax() {
        final GraphBuilder graph = graph(18);
        final String x = graph.node("Elu", Map.of("alpha", 1f), linear(graph, graph.input("x", "s0", 5), 5, 20));
        final String head = graph.node("LogSoftmax", Map.of("axis", 1), linear(graph, x, 20, 3));
        return finish("log-softmax", graph, head, 3);
    }

    /** {@code aten_view} in core.py, of a batch with a name: the shape is put together of both. */
    private static ExportedGraph viewed() {
        final GraphBuilder graph = graph(18);
        final String image = graph.input("x", "s0", 2, 3, 4);
        final String batch = graph.node("Shape", Map.of("start", 0, "end", 1), image);
        final String shape = graph.node("Concat", Map.of("axis", 0), batch, graph.integers(24));
        final String rows = graph.node("Reshape", Map.of("allowzero", 1), image, shape);
        final String x = graph.node("Relu", linear(graph, rows, 24, 10));
        return finish("images through view", graph, linear(graph, x, 10, 3), 3);
    }

    /** A model in bfloat16 whose caller casts: {@code model.bfloat16()(x.bfloat16()).float()}. */
    private static ExportedGraph bfloat16() {
        final GraphBuilder graph = graph(18);
        String x = graph.input("x", "s0", 12);
        x = cast(graph, x, DataType.BFLOAT16);
        graph.storing(Storage.BFLOAT16);
        x = graph.node("Relu", linear(graph, x, 12, 16));
        x = linear(graph, x, 16, 3);
        graph.storing(Storage.FLOAT);
        return finish("bfloat16 inside", graph, cast(graph, x, DataType.FLOAT), 3);
    }

    private static String cast(final GraphBuilder graph, final String x, final DataType type) {
        return graph.node("Cast", Map.of("to", type.getNumber()), x);
    }
}
