package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.lanewise.formats.ModelDescription;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The structure of what is written; src/onnxruntime has its outputs compared with ONNX Runtime's. */
final class OnnxWriterTest {
    @TempDir
    private Path folder = Path.of("");

    private static ModelProto written(final Model model, final int opset) throws IOException {
        return ModelProto.parseFrom(OnnxWriter.write(model, opset).toByteArray());
    }

    private static List<String> operators(final ModelProto model) {
        return model.getGraph().getNodeList().stream().map(NodeProto::getOpType).toList();
    }

    private static float[] values(final ModelProto model, final String name) {
        final TensorProto tensor = model.getGraph().getInitializerList().stream()
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        final float[] values = new float[tensor.getRawData().size() / Float.BYTES];
        tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    @Test
    void allLayersHaveTheirNodes() throws IOException {
        final Mlp mlp = Mlp.inputs(3)
                .dense(2, Activation.RELU)
                .batchNorm()
                .activation(Activation.TANH)
                .residual(block -> block.layerNorm().dense(2))
                .dropout(0.25f)
                .dense(2)
                .softmax();
        final Parameters parameters = Parameters.random(mlp, 1);
        final Model model = Model.of(parameters)
                .withStandardization(Standardization.of(new float[] {1, 2, 3}, new float[] {4, 5, 6}))
                .withNames(List.of("a", "b", "ü"), List.of("no", "yes"), "answer");
        final ModelProto proto = written(model, 17);
        assertEquals(
                List.of(
                        "Sub",
                        "Mul",
                        "Gemm",
                        "Relu",
                        "BatchNormalization",
                        "Tanh",
                        "LayerNormalization",
                        "Gemm",
                        "Add",
                        "Dropout",
                        "Gemm",
                        "Softmax"),
                operators(proto));
        assertEquals(8, proto.getIrVersion());
        assertEquals("lanewise", proto.getProducerName());
        assertEquals(1, proto.getOpsetImportCount());
        assertEquals(17, proto.getOpsetImport(0).getVersion());
        final GraphProto graph = proto.getGraph();
        assertEquals("input", graph.getInput(0).getName());
        assertEquals("output", graph.getOutput(0).getName());
        checkRows(graph.getInput(0), 3);
        checkRows(graph.getOutput(0), 2);
        assertArrayEquals(new float[] {4, 5, 6}, values(proto, "input.scale"));
        final float[] weight = values(proto, "layers.0.weight");
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 2; j++) {
                assertEquals(parameters.weight(0, i, j), weight[i * 2 + j]);
            }
        }
        assertEquals(ModelDescription.METADATA_KEY, proto.getMetadataProps(0).getKey());
        assertEquals(
                ModelDescription.of(model),
                ModelDescription.parse(
                        folder, "metadata", proto.getMetadataProps(0).getValue()));
    }

    private static void checkRows(final ValueInfoProto value, final int width) {
        final TensorShapeProto shape = value.getType().getTensorType().getShape();
        assertEquals(2, shape.getDimCount());
        assertEquals("batch", shape.getDim(0).getDimParam());
        assertEquals(width, shape.getDim(1).getDimValue());
    }

    /** An addition takes what the network's first layer takes: standardised rows. */
    @Test
    void additionsOfTheInputTakeStandardisedRows() throws IOException {
        final Mlp mlp = Mlp.inputs(2).residual(block -> block.dense(2)).linear();
        final Model model = Model.of(Parameters.random(mlp, 1));
        assertEquals(
                List.of("layers.0", "input"),
                written(model, 17).getGraph().getNode(1).getInputList());
        final Model standardized = model.withStandardization(Standardization.of(new float[2], new float[] {1, 1}));
        assertEquals(Add.INPUT, ((Add) mlp.layers().getLast()).from());
        assertEquals(
                List.of("layers.0", "input.standardized"),
                written(standardized, 17).getGraph().getNode(3).getInputList());
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void activationsAreOneNodeWhereThereIsOne(final Activation activation) throws IOException {
        final Model model =
                Model.of(Parameters.random(Mlp.inputs(2).dense(2, activation).linear(), 1));
        final List<String> old = operators(written(model, 17));
        final List<String> young = operators(written(model, Onnx.NEWEST_OPSET));
        final List<String> expected = switch (activation) {
            case IDENTITY -> List.of("Gemm");
            case RELU -> List.of("Gemm", "Relu");
            case LEAKY_RELU -> List.of("Gemm", "LeakyRelu");
            case SIGMOID -> List.of("Gemm", "Sigmoid");
            case TANH -> List.of("Gemm", "Tanh");
            case ELU -> List.of("Gemm", "Elu");
            case SELU -> List.of("Gemm", "Selu");
            case GELU, GELU_TANH -> List.of("Gemm", "Gelu");
            case SILU -> List.of("Gemm", "Sigmoid", "Mul");
            case SOFTPLUS -> List.of("Gemm", "Softplus");
            case HARD_SIGMOID -> List.of("Gemm", "HardSigmoid");
            case HARD_SWISH -> List.of("Gemm", "HardSwish");
            case RELU6 -> List.of("Gemm", "Clip");
        };
        assertEquals(expected, young);
        switch (activation) {
            case GELU -> assertEquals(List.of("Gemm", "Mul", "Erf", "Add", "Mul", "Mul"), old);
            case GELU_TANH ->
                assertEquals(List.of("Gemm", "Mul", "Mul", "Mul", "Add", "Mul", "Tanh", "Add", "Mul", "Mul"), old);
            default -> assertEquals(expected, old);
        }
    }

    /** Each value is given once, before it is taken; each constant is needed, and the last node gives the output. */
    @ParameterizedTest
    @ValueSource(ints = {17, Onnx.NEWEST_OPSET})
    void graphsAreInOrder(final int opset) throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            final GraphProto graph = written(RandomModels.of(seed), opset).getGraph();
            final Set<String> known = new HashSet<>(Set.of("input"));
            final Set<String> taken = new HashSet<>();
            for (final TensorProto constant : graph.getInitializerList()) {
                assertTrue(known.add(constant.getName()), constant.getName());
                final long elements = constant.getDimsList().stream().reduce(1L, Math::multiplyExact);
                assertEquals(elements * Float.BYTES, constant.getRawData().size());
            }
            for (final NodeProto node : graph.getNodeList()) {
                for (final String input : node.getInputList()) {
                    assertTrue(known.contains(input), input);
                    taken.add(input);
                }
                assertEquals(1, node.getOutputCount());
                assertTrue(known.add(node.getOutput(0)), node.getOutput(0));
            }
            assertEquals("output", graph.getNodeList().getLast().getOutput(0));
            taken.add("output");
            assertEquals(known, taken);
        }
    }

    @Test
    void theSameModelGivesTheSameBytes() throws IOException {
        final Path file = folder.resolve("a.onnx");
        final Path again = folder.resolve("b.onnx");
        Onnx.write(RandomModels.of(7), file);
        Onnx.write(RandomModels.of(7), again, 17);
        assertEquals(-1, Files.mismatch(file, again));
        assertArrayEquals(OnnxWriter.write(RandomModels.of(7), 17).toByteArray(), Files.readAllBytes(file));
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws IOException {
        final Path file = Files.writeString(folder.resolve("a.onnx"), "old");
        final Model model = RandomModels.of(1);
        for (final int opset : new int[] {16, Onnx.NEWEST_OPSET + 1}) {
            final String message = assertThrows(IllegalArgumentException.class, () -> Onnx.write(model, file, opset))
                    .getMessage();
            assertEquals("expected an opset from 17 to " + Onnx.NEWEST_OPSET + ", got " + opset, message);
        }
        final Model named = Model.of(Parameters.random(Mlp.inputs(1).dense(1).linear(), 1))
                .withNames(List.of("\ud800"), List.of(), "");
        assertThrows(IllegalArgumentException.class, () -> Onnx.write(named, file));
        assertEquals("old", Files.readString(file));
    }
}
