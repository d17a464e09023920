package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.SplittableRandom;

/** Builds small graphs; a node is called like its first value. */
final class TestGraph {
    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
    private final GraphProto.Builder graph = model.getGraphBuilder();
    private final SplittableRandom random = new SplittableRandom(1);

    private TestGraph(final int opset) {
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset));
        model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(3));
    }

    static TestGraph opset(final int opset) {
        return new TestGraph(opset);
    }

    /** An input of floats; dimensions below 0 are any. */
    TestGraph input(final String name, final int... shape) {
        graph.addInput(value(name, 1, shape));
        return this;
    }

    TestGraph inputOfType(final String name, final int type, final int... shape) {
        graph.addInput(value(name, type, shape));
        return this;
    }

    TestGraph output(final String name, final int... shape) {
        graph.addOutput(value(name, 1, shape));
        return this;
    }

    TestGraph outputOfType(final String name, final int type, final int... shape) {
        graph.addOutput(value(name, type, shape));
        return this;
    }

    private static ValueInfoProto value(final String name, final int type, final int... shape) {
        final TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        for (final int dimension : shape) {
            final TensorShapeProto.Dimension.Builder built = dimensions.addDimBuilder();
            if (dimension < 0) {
                built.setDimParam("n" + -dimension);
            } else {
                built.setDimValue(dimension);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(dimensions)))
                .build();
    }

    /** A node in the usual domain: {@code node("Relu", "y", "x")}. */
    TestGraph node(
            final String operator, final String outputs, final String inputs, final AttributeProto... attributes) {
        return node("", operator, outputs, inputs, attributes);
    }

    /** Values are separated by commas; an empty one is left out. */
    TestGraph node(
            final String domain,
            final String operator,
            final String outputs,
            final String inputs,
            final AttributeProto... attributes) {
        final NodeProto.Builder node = NodeProto.newBuilder().setDomain(domain).setOpType(operator);
        if (!inputs.isEmpty()) {
            node.addAllInput(List.of(inputs.split(",", -1)));
        }
        graph.addNode(node.addAllOutput(List.of(outputs.split(",", -1))).addAllAttribute(List.of(attributes)));
        return this;
    }

    TestGraph constant(final TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    TestGraph floats(final String name, final int[] shape, final float... values) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(1);
        for (final int dimension : shape) {
            tensor.addDims(dimension);
        }
        for (final float value : values) {
            tensor.addFloatData(value);
        }
        return constant(tensor.build());
    }

    TestGraph scalar(final String name, final double value) {
        return floats(name, new int[0], (float) value);
    }

    /** From 0.5 to 1.5, some of them negative. */
    TestGraph random(final String name, final int... shape) {
        int size = 1;
        for (final int dimension : shape) {
            size *= dimension;
        }
        final float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) ((random.nextInt(3) == 0 ? -1 : 1) * random.nextDouble(0.5, 1.5));
        }
        return floats(name, shape, values);
    }

    TestGraph integers(final String name, final long... values) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(7).addDims(values.length);
        for (final long value : values) {
            tensor.addInt64Data(value);
        }
        return constant(tensor.build());
    }

    TestGraph strings(final String name, final String... values) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(8).addDims(values.length);
        for (final String value : values) {
            tensor.addStringData(ByteString.copyFromUtf8(value));
        }
        return constant(tensor.build());
    }

    /** A dense layer by Gemm. */
    TestGraph dense(final String output, final String input, final int from, final int to) {
        return random(output + ".w", from, to)
                .random(output + ".b", to)
                .node("Gemm", output, input + "," + output + ".w," + output + ".b");
    }

    ModelProto build() {
        return model.build();
    }

    static AttributeProto attribute(final String name, final double value) {
        return GraphWriter.attribute(name, (float) value);
    }

    static AttributeProto attribute(final String name, final long value) {
        return GraphWriter.attribute(name, value);
    }

    static AttributeProto attribute(final String name, final String value) {
        return GraphWriter.attribute(name, value);
    }

    static AttributeProto attribute(final String name, final TensorProto value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(value)
                .build();
    }

    static AttributeProto integers(final String name, final List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    static AttributeProto floats(final String name, final List<Float> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOATS)
                .addAllFloats(values)
                .build();
    }

    static AttributeProto strings(final String name, final List<String> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRINGS)
                .addAllStrings(values.stream().map(ByteString::copyFromUtf8).toList())
                .build();
    }
}
