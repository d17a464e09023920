package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.exporters.GraphBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that are no graphs, and those that want to be expensive, are refused, soon and cheaply. */
final class HostileGraphsTest {
    @TempDir
    private Path folder = Path.of("");

    /** Gemm, Relu, Gemm: 3 → 4 → 2; the initialisers are weight, bias, weight, bias. */
    private static ModelProto valid() {
        final GraphBuilder graph = new GraphBuilder("", 13);
        String x = graph.node("Gemm", graph.input("x", "n", 3), graph.weights(3, 4, 3), graph.vector(4, -1, 1));
        x = graph.node("Gemm", graph.node("Relu", x), graph.weights(4, 2, 4), graph.vector(2, -1, 1));
        return graph.output(x, "n", 2).model();
    }

    private Optional<String> refusal(final ModelProto model) throws IOException {
        return Reading.refusal(folder.resolve("model.onnx"), model.toByteArray());
    }

    private void refuses(final String what, final ModelProto model) throws IOException {
        assertTrue(refusal(model).isPresent(), what);
    }

    private void refuses(final String what, final Consumer<GraphProto.Builder> change) throws IOException {
        final ModelProto.Builder model = valid().toBuilder();
        change.accept(model.getGraphBuilder());
        refuses(what, model.build());
    }

    private void refusesConstant(final String what, final Consumer<TensorProto.Builder> change) throws IOException {
        for (int i = 0; i < 4; i++) {
            final int constant = i;
            refuses(what + " of constant " + i, graph -> change.accept(graph.getInitializerBuilder(constant)));
        }
    }

    @Test
    void theUnchangedGraphIsRead() throws IOException {
        assertEquals(Optional.empty(), refusal(valid()));
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                -1,
                Long.MIN_VALUE,
                1L << 31,
                (1L << 32) + 3,
                1L << 61,
                1L << 62,
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                1 << 30,
                0,
                2
            })
    void wrongDimensionsAreRefused(final long dimension) throws IOException {
        for (int i = 0; i < 4; i++) {
            final int constant = i;
            if (valid().getGraph().getInitializer(i).getDims(0) != dimension) {
                refuses(
                        "first " + dimension,
                        graph -> graph.getInitializerBuilder(constant).setDims(0, dimension));
            }
        }
        refusesConstant("more of " + dimension, tensor -> tensor.addDims(dimension));
        refusesConstant(
                "overflow of " + dimension,
                tensor -> tensor.clearDims().addAllDims(List.of(dimension, 1L << 32, 1L << 32, 1L << 31)));
        refusesConstant(
                "much of nothing",
                tensor -> tensor.clearDims().addAllDims(List.of(dimension, 0L)).setRawData(ByteString.EMPTY));
        refusesConstant(
                "much of nothing",
                tensor -> tensor.clearDims().addAllDims(List.of(0L, dimension)).setRawData(ByteString.EMPTY));
        if (dimension != 0) { // nothing is known of it then, as in some files
            refuses(
                    "input of " + dimension,
                    graph -> graph.getInputBuilder(0)
                            .getTypeBuilder()
                            .getTensorTypeBuilder()
                            .getShapeBuilder()
                            .getDimBuilder(1)
                            .setDimValue(dimension));
        }
    }

    @Test
    void damagedConstantsAreRefused() throws IOException {
        refusesConstant(
                "too short",
                tensor -> tensor.setRawData(
                        tensor.getRawData().substring(0, tensor.getRawData().size() - 1)));
        refusesConstant(
                "too long", tensor -> tensor.setRawData(tensor.getRawData().concat(ByteString.copyFrom(new byte[4]))));
        refusesConstant("no data", TensorProto.Builder::clearRawData);
        refusesConstant(
                "typed data of another size", tensor -> tensor.clearRawData().addFloatData(1));
        refusesConstant(
                "data of another type", tensor -> tensor.clearRawData().addAllInt64Data(Collections.nCopies(12, 1L)));
        refusesConstant(
                "a segment",
                tensor -> tensor.setSegment(
                        TensorProto.Segment.newBuilder().setBegin(0).setEnd(1)));
        refusesConstant(
                "external data without a place",
                tensor -> tensor.clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL));
        refusesConstant(
                "100,000 dimensions", tensor -> tensor.clearDims().addAllDims(Collections.nCopies(100_000, 1L)));
        for (final int type : new int[] {0, 2, 3, 4, 7, 8, 9, 13, 14, 15, 17, 18, 23, 99, -1}) {
            refusesConstant("type " + type, tensor -> tensor.setDataType(type));
        }
    }

    @Test
    void brokenGraphsAreRefused() throws IOException {
        refuses("unsorted", graph -> {
            final NodeProto first = graph.getNode(0);
            graph.setNode(0, graph.getNode(1)).setNode(1, first);
        });
        refuses(
                "a cycle of two",
                graph -> graph.getNodeBuilder(0).setInput(0, graph.getNode(1).getOutput(0)));
        refuses(
                "a node of itself",
                graph -> graph.getNodeBuilder(1).setInput(0, graph.getNode(1).getOutput(0)));
        refuses("a constant twice", graph -> graph.addInitializer(graph.getInitializer(0)));
        refuses("a value twice", graph -> graph.addNode(graph.getNode(0)));
        refuses("an input twice", graph -> graph.addInput(graph.getInput(0)));
        refuses(
                "a value called like a constant",
                graph -> graph.getNodeBuilder(1)
                        .setOutput(0, graph.getInitializer(0).getName()));
        refuses(
                "a value called like the input",
                graph -> graph.getNodeBuilder(1).setOutput(0, "x"));
        refuses("an unknown input", graph -> graph.getNodeBuilder(1).setInput(0, "nothing"));
        refuses("an unknown output", graph -> graph.getOutputBuilder(0).setName("nothing"));
        refuses("no nodes", GraphProto.Builder::clearNode);
        refuses("no inputs", GraphProto.Builder::clearInput);
        refuses("no outputs", GraphProto.Builder::clearOutput);
        refuses("no constants", GraphProto.Builder::clearInitializer);
        refuses("a node without output", graph -> graph.getNodeBuilder(1).clearOutput());
        refuses("a node without input", graph -> graph.getNodeBuilder(1).clearInput());
        refuses("a node with 100 inputs", graph -> graph.getNodeBuilder(1).addAllInput(Collections.nCopies(100, "x")));
        refuses("an empty graph", GraphProto.Builder::clear);
        refuses(
                "an input that is a map",
                graph -> graph.getInputBuilder(0)
                        .setType(TypeProto.newBuilder().setMapType(TypeProto.Map.getDefaultInstance())));
        refuses(
                "an input of strings",
                graph -> graph.getInputBuilder(0)
                        .getTypeBuilder()
                        .getTensorTypeBuilder()
                        .setElemType(DataType.STRING.getNumber()));
        refuses(
                "sparse constants",
                graph -> graph.addSparseInitializerBuilder()
                        .addDims(3)
                        .getValuesBuilder()
                        .setName("sparse"));
    }

    @Test
    void brokenFilesAreRefused() throws IOException {
        refuses("no graph", valid().toBuilder().clearGraph().build());
        refuses("no opset", valid().toBuilder().clearOpsetImport().build());
        final ModelProto.Builder twice = valid().toBuilder();
        refuses(
                "two opsets",
                twice.addOpsetImport(twice.getOpsetImport(0).toBuilder().setVersion(7))
                        .build());
        for (final long opset : new long[] {Long.MIN_VALUE, -1, 0, 1, 6, 29, (1L << 32) | 13, Long.MAX_VALUE}) {
            final ModelProto.Builder model = valid().toBuilder();
            model.getOpsetImportBuilder(0).setVersion(opset);
            refuses("opset " + opset, model.build());
        }
        for (final long version : new long[] {-1, 0, 1, 2, 1000, Long.MAX_VALUE}) {
            refuses(
                    "IR version " + version,
                    valid().toBuilder().setIrVersion(version).build());
        }
    }

    /** Numbers that are none are a matter of the model, not of the file. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE})
    void anyWeightsAreRead(final float weight) throws IOException {
        final ModelProto.Builder model = valid().toBuilder();
        final TensorProto.Builder tensor = model.getGraphBuilder().getInitializerBuilder(0);
        tensor.clearRawData().addAllFloatData(Collections.nCopies(12, weight));
        final Path file =
                Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
        final Model read = Onnx.read(file);
        assertEquals(weight, read.parameters().weight(0, 2, 3));
    }

    private static GraphBuilder graph() {
        return new GraphBuilder("", 13);
    }

    private static ModelProto finish(final GraphBuilder graph, final String x, final int inputs) {
        final String y = graph.node("Gemm", x, graph.weights(inputs, 2, inputs), graph.vector(2, -1, 1));
        return graph.output(y, "n", 2).model();
    }

    /** Small files that ask for large constants. */
    @Test
    void constantsThatGrowAreRefused() throws IOException {
        for (final long size : new long[] {1 << 26, 1 << 30, 1L << 31, 1L << 62, -1, Long.MIN_VALUE}) {
            final GraphBuilder filled = graph();
            final String x = filled.input("x", "n", 4);
            final String ones = filled.node("ConstantOfShape", filled.integers(size));
            refuses("filled " + size, finish(filled, filled.node("Add", x, ones), 4));
            final GraphBuilder expanded = graph();
            final String wide = expanded.node("Expand", expanded.scalar(1), expanded.integers(size, 4));
            refuses("expanded " + size, finish(expanded, expanded.node("Add", expanded.input("x", "n", 4), wide), 4));
        }
        final GraphBuilder doubled = graph();
        String constant = doubled.vector(4, 0, 1);
        for (int i = 0; i < 60; i++) {
            constant = doubled.node("Concat", Map.of("axis", 0), constant, constant);
        }
        refuses("doubled", finish(doubled, doubled.node("Add", doubled.input("x", "n", 4), constant), 4));
        final GraphBuilder outer = graph();
        final String column = outer.constant(outer.uniform(50_000, 0, 1), 50_000, 1);
        final String row = outer.constant(outer.uniform(50_000, 0, 1), 1, 50_000);
        refuses(
                "outer product",
                finish(outer, outer.node("Add", outer.input("x", "n", 4), outer.node("Mul", column, row)), 4));
    }

    private static String nothing(final GraphBuilder graph, final long... dimensions) {
        final TensorProto.Builder tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT.getNumber());
        for (final long dimension : dimensions) {
            tensor.addDims(dimension);
        }
        return graph.constant(tensor.setRawData(ByteString.EMPTY).build());
    }

    private static ModelProto added(final GraphBuilder graph, final String constant) {
        return finish(graph, graph.node("Add", graph.input("x", "n", 4), constant), 4);
    }

    /** Constants without elements that have many rows, or columns, of nothing. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 20, 1_000_000_000, Integer.MAX_VALUE})
    void emptyConstantsAreCheap(final long many) throws IOException {
        for (final String operator : new String[] {"ReduceSum", "ArgMax"}) {
            for (final int axis : new int[] {0, 1}) {
                final GraphBuilder graph = graph();
                final String nothing = nothing(graph, 0, many);
                refuses(
                        operator + " along " + axis,
                        added(
                                graph,
                                operator.equals("ArgMax")
                                        ? graph.node(operator, Map.of("axis", axis), nothing)
                                        : graph.node(operator, nothing, graph.integers(axis))));
            }
        }
        final GraphBuilder product = graph();
        refuses(
                "products",
                added(product, product.node("MatMul", nothing(product, many, 0, 1), nothing(product, 1, 1, 0))));
        final GraphBuilder joined = graph();
        final String[] rows = new String[5000];
        Arrays.fill(rows, nothing(joined, many, 0));
        refuses("joined rows", added(joined, joined.node("Concat", Map.of("axis", 1), rows)));
        final GraphBuilder wide = graph();
        Arrays.fill(rows, nothing(wide, 0, many));
        refuses("joined columns", added(wide, wide.node("Concat", Map.of("axis", 1), rows)));
        final GraphBuilder chosen = graph();
        final String places = chosen.node("ConstantOfShape", Map.of(), chosen.integers(100_000));
        final String integers = chosen.node("Cast", Map.of("to", DataType.INT64.getNumber()), places);
        refuses(
                "chosen",
                added(chosen, chosen.node("Gather", Map.of("axis", 1), nothing(chosen, many, 1, 0), integers)));
    }

    @Test
    void splitsIntoNoPartsAreRefused() throws IOException {
        final GraphBuilder graph = graph();
        final String parts = graph.node("Split", nothing(graph, 0), graph.integers());
        final String reason = refusal(added(graph, parts)).orElseThrow();
        assertTrue(reason.contains("operator 'Split'") && reason.contains("at least one part"), reason);
    }

    /** Constants whose product takes long, over and over. */
    @Test
    void longComputationsAreRefused() throws IOException {
        final GraphBuilder graph = graph();
        String product = graph.constant(graph.uniform(300 * 300, -1, 1), 300, 300);
        for (int i = 0; i < 1000; i++) {
            product = graph.node("MatMul", product, product);
        }
        refuses("products of products", finish(graph, graph.node("MatMul", graph.input("x", "n", 300), product), 300));
    }

    /** Values that are used twice, again and again: 2^n ways through n nodes. */
    @ParameterizedTest
    @CsvSource({"Add, 2", "Mul, 0", "Max, 0", "Sum, 2"})
    void manyWaysThroughFewNodes(final String operator, final int expected) throws IOException {
        int read = 0;
        for (final int nodes : new int[] {5, 40, 3000}) {
            final GraphBuilder graph = graph();
            String x = graph.node("Gemm", graph.input("x", "n", 4), graph.weights(4, 4, 4));
            for (int i = 0; i < nodes; i++) {
                x = graph.node(operator, x, x);
            }
            read += refusal(finish(graph, x, 4)).isEmpty() ? 1 : 0;
        }
        assertEquals(expected, read, "graphs that are read");
    }

    @ParameterizedTest
    @CsvSource({"Relu, 1", "Sigmoid, 1", "Identity, 3", "Neg, 3", "Exp, 0"})
    void longChains(final String operator, final int expected) throws IOException {
        int read = 0;
        for (final int nodes : new int[] {100, 9_000, 20_000}) {
            final GraphBuilder graph = graph();
            String x = graph.node("Gemm", graph.input("x", "n", 4), graph.weights(4, 4, 4));
            for (int i = 0; i < nodes; i++) {
                x = graph.node(operator, x);
            }
            read += refusal(finish(graph, x, 4)).isEmpty() ? 1 : 0;
        }
        assertEquals(expected, read, "graphs that are read");
    }
}
