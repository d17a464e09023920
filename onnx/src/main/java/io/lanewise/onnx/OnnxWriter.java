package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.lanewise.formats.ModelDescription;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a graph of a model: what {@link io.lanewise.inference.Predictor} computes, in the same order. A layer's value is
 * called {@code layers.3}, its constants {@code layers.3.weight} and so on, as in safetensors files.
 */
final class OnnxWriter {
    /** The constants of the standardisation, (inputs) each. */
    static final String MEAN = "input.mean";

    static final String SCALE = "input.scale";

    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final String ROWS = "batch";
    private static final int IR_VERSION = 8; // that of opset 17, which newer operators do not mind

    /** A protocol buffer is shorter than 2³¹ bytes; the rest is for all that is not a parameter. */
    private static final int MOST_PARAMETERS = (Integer.MAX_VALUE - (1 << 26)) / Float.BYTES;

    private final Model model;
    private final Mlp mlp;
    private final float[] parameters; // (parameterCount)
    private final GraphWriter graph = new GraphWriter();
    private final ActivationNodes activations;
    private final int opset;

    private OnnxWriter(final Model model, final int opset) {
        this.model = model;
        this.mlp = model.mlp();
        this.parameters = model.parameters().toArray();
        this.activations = new ActivationNodes(graph, opset);
        this.opset = opset;
    }

    static ModelProto write(final Model model, final int opset) {
        if (opset < Onnx.OLDEST_OPSET || opset > Onnx.NEWEST_OPSET) {
            throw new IllegalArgumentException(
                    "expected an opset from " + Onnx.OLDEST_OPSET + " to " + Onnx.NEWEST_OPSET + ", got " + opset);
        }
        if (model.mlp().parameterCount() > MOST_PARAMETERS) {
            throw new IllegalArgumentException("expected at most " + MOST_PARAMETERS
                    + " parameters, since an ONNX file is shorter than 2 GiB, got "
                    + model.mlp().parameterCount());
        }
        return new OnnxWriter(model, opset).all();
    }

    private ModelProto all() {
        nodes();
        final String description = ModelDescription.of(model).toJson();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(description)) {
            throw new IllegalArgumentException("expected names in Unicode, got half of a surrogate pair in one");
        }
        final @Nullable String version = Onnx.class.getPackage().getImplementationVersion();
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("lanewise")
                .setProducerVersion(version == null ? "" : version)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .setGraph(graph.finish("mlp", ROWS, INPUT, mlp.inputs(), OUTPUT, mlp.outputs()))
                .addMetadataProps(StringStringEntryProto.newBuilder()
                        .setKey(ModelDescription.METADATA_KEY)
                        .setValue(description))
                .build();
    }

    private void nodes() {
        final String input = standardized();
        final List<String> values = new ArrayList<>(); // of the layers
        String value = input;
        int offset = 0;
        for (int i = 0; i < mlp.layers().size(); i++) {
            final Layer layer = mlp.layers().get(i);
            final String name = name(i);
            value = switch (layer) {
                case Dense dense -> dense(dense, i, value, offset);
                case LayerNorm norm ->
                    graph.node(
                            "LayerNormalization",
                            name,
                            List.of(
                                    GraphWriter.attribute("axis", -1),
                                    GraphWriter.attribute("epsilon", norm.epsilon())),
                            operands(i, value, offset));
                case BatchNorm norm ->
                    graph.node(
                            "BatchNormalization",
                            name,
                            List.of(GraphWriter.attribute("epsilon", norm.epsilon())),
                            operands(i, value, offset));
                case ActivationLayer f -> activations.add(f.activation(), value, name);
                case Dropout dropout -> graph.node("Dropout", name, value, graph.scalar(dropout.rate()));
                case Add add ->
                    graph.node("Add", name, value, add.from() == Add.INPUT ? input : values.get(add.from()));
            };
            values.add(value);
            offset += (int) layer.parameterCount();
        }
        head(value);
    }

    /** What the first layer takes: (x − mean) · scale. */
    private String standardized() {
        return model.standardization()
                .map(s -> {
                    final List<Integer> shape = List.of(s.features());
                    final String centred =
                            graph.node("Sub", "input.centred", INPUT, graph.tensor(MEAN, s.mean(), 0, shape));
                    return graph.node("Mul", "input.standardized", centred, graph.tensor(SCALE, s.scale(), 0, shape));
                })
                .orElse(INPUT);
    }

    private static String name(final int layer) {
        return "layers." + layer;
    }

    /** What the constant is called that holds a tensor of a layer. */
    static String constant(final int layer, final Layer.Tensor tensor) {
        return name(layer) + "." + tensor.name();
    }

    private String dense(final Dense dense, final int i, final String x, final int offset) {
        final String name = name(i);
        final boolean plain = dense.activation() == Activation.IDENTITY;
        final String product = graph.node("Gemm", plain ? name : name + ".product", operands(i, x, offset));
        return activations.add(dense.activation(), product, name);
    }

    /** The inputs of a layer's node: the value and, as constants, the layer's tensors. */
    private String[] operands(final int i, final String x, final int offset) {
        final List<String> all = new ArrayList<>(List.of(x));
        int at = offset;
        for (final Layer.Tensor tensor : mlp.layers().get(i).tensors()) {
            all.add(graph.tensor(constant(i, tensor), parameters, at, tensor.shape()));
            at += (int) tensor.size();
        }
        return all.toArray(String[]::new);
    }

    private void head(final String value) {
        final Head head = mlp.head();
        switch (head) {
            case SOFTMAX -> graph.node("Softmax", "head", List.of(GraphWriter.attribute("axis", -1)), value);
            case LOG_SOFTMAX -> graph.node("LogSoftmax", "head", List.of(GraphWriter.attribute("axis", -1)), value);
            case SIGMOID -> graph.node("Sigmoid", "head", value);
            case LINEAR -> {} // the last layer's value
        }
    }
}
