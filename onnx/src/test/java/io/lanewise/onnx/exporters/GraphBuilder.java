package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Collects the nodes and constants of a graph for a test. Its values have numbers as PyTorch's have; weights are random,
 * the same in every run.
 */
public final class GraphBuilder {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("main_graph");
    private final String producer;
    private final int opset;
    private final SplittableRandom random;
    private Storage storage = Storage.FLOAT;
    private boolean constantNodes;
    private boolean listsConstants;
    private int values;

    /** A graph as a producer writes it, with the operators of an opset. */
    public GraphBuilder(final String producer, final int opset) {
        this.producer = producer;
        this.opset = opset;
        this.random = new SplittableRandom(opset);
    }

    public int opset() {
        return opset;
    }

    /** The type of the constants that are stored now. */
    public DataType scalarType() {
        return storage.type();
    }

    /** From now on constants are stored so. */
    public GraphBuilder storing(final Storage how) {
        storage = how;
        return this;
    }

    /** From now on constants are nodes instead of initialisers. */
    public GraphBuilder withConstantNodes() {
        constantNodes = true;
        return this;
    }

    /** From now on initialisers are inputs too, as IR version 3 asks for. */
    public GraphBuilder withConstantsAmongInputs() {
        listsConstants = true;
        return this;
    }

    /**
     * Adds an input of the graph.
     *
     * @param dimensions an Integer each where it is fixed, the name where it has one, empty where nothing is known
     */
    public String input(final String name, final Object... dimensions) {
        graph.addInput(value(name, storage.type(), dimensions));
        return name;
    }

    /** Makes a value an output of the graph. */
    public GraphBuilder output(final String name, final Object... dimensions) {
        return output(name, storage.type(), dimensions);
    }

    /** Makes a value an output of the graph. */
    public GraphBuilder output(final String name, final DataType type, final Object... dimensions) {
        graph.addOutput(value(name, type, dimensions));
        return this;
    }

    /** Makes a value an output of the graph without saying what it is, as where it is no tensor. */
    public GraphBuilder outputOfType(final String name, final TypeProto type) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(name).setType(type));
        return this;
    }

    private static ValueInfoProto value(final String name, final DataType type, final Object... dimensions) {
        final TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (final Object dimension : dimensions) {
            if (dimension instanceof Integer size) {
                shape.addDimBuilder().setDimValue(size);
            } else if (dimension.equals("")) {
                shape.addDimBuilder();
            } else {
                shape.addDimBuilder().setDimParam(dimension.toString());
            }
        }
        final TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Adds a node with one output; returns that. */
    public String node(final String operator, final Map<String, ?> attributes, final String... inputs) {
        return named(operator, String.valueOf(values++), attributes, inputs);
    }

    /** Adds a node without attributes; returns its output. */
    public String node(final String operator, final String... inputs) {
        return node(operator, Map.of(), inputs);
    }

    /** Adds a node whose output has a name; returns that. */
    public String named(
            final String operator, final String output, final Map<String, ?> attributes, final String... inputs) {
        nodes("", operator, List.of(output), attributes, inputs);
        return output;
    }

    /** Adds a node of any domain with any number of outputs. */
    public void nodes(
            final String domain,
            final String operator,
            final List<String> outputs,
            final Map<String, ?> attributes,
            final String... inputs) {
        final NodeProto.Builder node = NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(operator + "_" + graph.getNodeCount())
                .addAllInput(Arrays.asList(inputs))
                .addAllOutput(outputs);
        attributes.forEach((name, value) -> node.addAttribute(attribute(name, value)));
        graph.addNode(node);
    }

    private static AttributeProto attribute(final String name, final Object value) {
        return Attributes.of(name, value);
    }

    /** Adds a constant of the type that is stored now; returns its name. */
    public String constant(final double[] elements, final int... shape) {
        return constant(storage.tensor(elements, shape));
    }

    /** Adds a scalar of the type that is stored now; returns its name. */
    public String scalar(final double element) {
        return constant(new double[] {element});
    }

    /** Adds a list of 64-bit integers; returns its name. */
    public String integers(final long... elements) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setDataType(DataType.INT64.getNumber()).addDims(elements.length);
        Arrays.stream(elements).forEach(tensor::addInt64Data);
        return constant(tensor.build());
    }

    /** Adds a 64-bit integer; returns its name. */
    public String integer(final long element) {
        return constant(TensorProto.newBuilder()
                .setDataType(DataType.INT64.getNumber())
                .addInt64Data(element)
                .build());
    }

    /** Adds any constant; returns its name. */
    public String constant(final TensorProto tensor) {
        if (constantNodes) {
            return node("Constant", Map.of("value", tensor));
        }
        final String name = "onnx::c_" + values++;
        graph.addInitializer(tensor.toBuilder().setName(name));
        if (listsConstants) {
            final Object[] dimensions =
                    tensor.getDimsList().stream().map(Long::intValue).toArray();
            graph.addInput(value(name, DataType.forNumber(tensor.getDataType()), dimensions));
        }
        return name;
    }

    /** Random weights such that what comes out is about as large as what goes in. */
    public String weights(final int rows, final int columns, final int fanIn) {
        final double width = Math.sqrt(3.0 / fanIn);
        return constant(uniform(rows * columns, -width, width), rows, columns);
    }

    /** A random vector. */
    public String vector(final int length, final double from, final double to) {
        return constant(uniform(length, from, to), length);
    }

    /** Random numbers. */
    public double[] uniform(final int count, final double from, final double to) {
        return IntStream.range(0, count)
                .mapToDouble(i -> random.nextDouble(from, to))
                .toArray();
    }

    /** The file. */
    public ModelProto model() {
        return model(opset >= 23 ? 11 : opset >= 21 ? 10 : opset >= 19 ? 9 : opset >= 15 ? 8 : opset >= 9 ? 4 : 3);
    }

    /** The file, of a version of the format. */
    public ModelProto model(final int irVersion) {
        final ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(irVersion)
                .setProducerName(producer)
                .setGraph(graph)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
        if (graph.getNodeList().stream().anyMatch(node -> !node.getDomain().isEmpty())) {
            model.addOpsetImport(
                    OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(1));
        }
        return model.build();
    }
}
