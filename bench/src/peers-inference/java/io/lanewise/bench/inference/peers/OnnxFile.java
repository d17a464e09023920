package io.lanewise.bench.inference.peers;

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
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A model in the ONNX format: a Gemm and a Relu for each layer, a Softmax at the end of a classifier, the weights as raw
 * initialisers. The batch is a fixed dimension, so that a runtime may plan its memory.
 */
final class OnnxFile {
    /** The name of the input, (batch, inputs). */
    static final String INPUT = "x";

    /** The name of the output, (batch, outputs). */
    static final String OUTPUT = "y";

    private static final int OPSET = 17;
    private static final int IR_VERSION = 8; // the one that came with this set of operators

    private OnnxFile() {}

    /** The content of the file. */
    static byte[] bytes(final Model model, final int batch) {
        final Mlp mlp = model.mlp();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("lanewise")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph(model)
                        .addInput(floats(INPUT, batch, mlp.inputs()))
                        .addOutput(floats(OUTPUT, batch, mlp.outputs())))
                .build()
                .toByteArray();
    }

    private static GraphProto.Builder graph(final Model model) {
        final Mlp mlp = model.mlp();
        final float[] parameters = model.parameters().toArray();
        final GraphProto.Builder graph = GraphProto.newBuilder().setName("mlp");
        final int last = mlp.layers().size() - 1;
        String value = INPUT;
        for (int i = 0; i <= last; i++) {
            final Dense layer = (Dense) mlp.layers().get(i); // what a case describes has no others
            final String weight = "layers." + i + ".weight";
            final String bias = "layers." + i + ".bias";
            graph.addInitializer(tensor(weight, parameters, mlp.parameterOffset(i), layer.inputs(), layer.outputs()));
            graph.addInitializer(tensor(bias, parameters, mlp.biasOffset(i), layer.outputs()));
            final boolean relu = layer.activation() == Activation.RELU;
            if (!relu && layer.activation() != Activation.IDENTITY) {
                throw new IllegalArgumentException("expected ReLU or no activation, got " + layer.activation());
            }
            final boolean end = i == last && mlp.head() == Head.LINEAR && !relu;
            final String product = end ? OUTPUT : "product." + i;
            graph.addNode(node("Gemm", product, value, weight, bias));
            value = product;
            if (relu) {
                value = i == last && mlp.head() == Head.LINEAR ? OUTPUT : "relu." + i;
                graph.addNode(node("Relu", value, product));
            }
        }
        if (mlp.head() == Head.SOFTMAX) {
            graph.addNode(node("Softmax", OUTPUT, value)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("axis")
                            .setType(AttributeProto.AttributeType.INT)
                            .setI(-1)));
        }
        return graph;
    }

    private static NodeProto.Builder node(final String operator, final String output, final String... inputs) {
        final NodeProto.Builder node =
                NodeProto.newBuilder().setOpType(operator).setName(output).addOutput(output);
        for (final String input : inputs) {
            node.addInput(input);
        }
        return node;
    }

    private static TensorProto tensor(
            final String name, final float[] values, final int offset, final int... dimensions) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        int count = 1;
        for (final int dimension : dimensions) {
            tensor.addDims(dimension);
            count *= dimension;
        }
        final ByteBuffer raw = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values, offset, count);
        return tensor.setRawData(ByteString.copyFrom(raw)).build();
    }

    private static ValueInfoProto floats(final String name, final int... dimensions) {
        final TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (final int dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
