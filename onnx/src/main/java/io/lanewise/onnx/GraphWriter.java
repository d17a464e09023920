package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the nodes of a graph, each of which is called like the value that it gives, and its constants. */
final class GraphWriter {
    private final GraphProto.Builder graph = GraphProto.newBuilder();
    private final Set<String> constants = new HashSet<>();

    /** Adds a node; returns its value. */
    String node(final String operator, final String value, final List<AttributeProto> attributes, final String... x) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(value)
                .addOutput(value)
                .addAllInput(List.of(x))
                .addAllAttribute(attributes));
        return value;
    }

    /** Adds a node without attributes; returns its value. */
    String node(final String operator, final String value, final String... x) {
        return node(operator, value, List.of(), x);
    }

    /** Adds a constant; returns its name. */
    String tensor(final String name, final float[] values, final int offset, final List<Integer> shape) {
        final int count = shape.stream().reduce(1, Math::multiplyExact);
        final ByteBuffer raw = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values, offset, count);
        final ByteString data = UnsafeByteOperations.unsafeWrap(raw); // nobody else has it
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .addAllDims(shape.stream().map(Integer::longValue).toList())
                .setRawData(data));
        return name;
    }

    /** The constant of this value, which nodes share; returns its name. */
    String scalar(final float value) {
        final String name = "constant." + value;
        return constants.add(name) ? tensor(name, new float[] {value}, 0, List.of()) : name;
    }

    static AttributeProto attribute(final String name, final float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto attribute(final String name, final long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(final String name, final String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** The graph (rows, inputs) → (rows, outputs); the last node's value gets the name of the output. */
    GraphProto finish(
            final String name,
            final String rows,
            final String input,
            final int inputs,
            final String output,
            final int outputs) {
        graph.getNodeBuilder(graph.getNodeCount() - 1).setOutput(0, output);
        return graph.setName(name)
                .addInput(floats(input, rows, inputs))
                .addOutput(floats(output, rows, outputs))
                .build();
    }

    private static ValueInfoProto floats(final String name, final String rows, final int width) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(TensorShapeProto.newBuilder()
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimParam(rows))
                                        .addDim(TensorShapeProto.Dimension.newBuilder()
                                                .setDimValue(width)))))
                .build();
    }
}
