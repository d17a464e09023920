package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Names;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFileTest {
    private static final String JSON = "{\"layers\":[{\"inputs\":2,\"outputs\":3,\"activation\":\"relu\"},"
            + "{\"inputs\":3,\"outputs\":2,\"activation\":\"identity\"}],\"head\":\"softmax\","
            + "\"featureNames\":[\"a\",\"b\"],\"outputNames\":[],\"targetName\":\"t\"}";

    @TempDir
    Path folder;

    static Model model() {
        final Mlp mlp = Mlp.inputs(3)
                .dense(5, Activation.LEAKY_RELU)
                .dense(4, Activation.TANH)
                .dense(2)
                .softmax();
        final float[] values = Parameters.random(mlp, 7).toArray();
        final int[] special = {0x7fc00000, 0x7f800001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000, 1};
        for (int i = 0; i < special.length; i++) {
            values[3 * i] = Float.intBitsToFloat(special[i]);
        }
        return Model.of(Parameters.of(mlp, values))
                .withNames(
                        List.of("größe \"in\" m", "line\nbreak\t\u0000,", "日本 🎉 \\ '"), List.of("", "no"), "ünïcode");
    }

    private Model roundTrip(final Model model) throws IOException {
        final Path file = folder.resolve("model.safetensors");
        ModelFile.write(model, file);
        return ModelFile.read(file);
    }

    @Test
    void readsBackEveryBitAndName() throws IOException {
        final Model model = model();
        final Model back = roundTrip(model);
        assertEquals(model, back);
        final float[] expected = model.parameters().toArray();
        final float[] actual = back.parameters().toArray();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(Float.floatToRawIntBits(expected[i]), Float.floatToRawIntBits(actual[i]), "element " + i);
        }
        assertEquals(model.featureNames(), back.featureNames());
        assertEquals(model.outputNames(), back.outputNames());
        assertEquals("ünïcode", back.targetName());
        assertTrue(back.standardization().isEmpty());

        final Model standardized = model.withStandardization(
                Standardization.of(new float[] {1, Float.NaN, -0f}, new float[] {2, 3, Float.MIN_VALUE}));
        assertEquals(standardized, roundTrip(standardized));
        final Mlp regression = Mlp.inputs(1).dense(1, Activation.SIGMOID).linear();
        assertEquals(Model.of(Parameters.random(regression, 1)), roundTrip(Model.of(Parameters.random(regression, 1))));
    }

    @Test
    void keepsEveryActivation() throws IOException {
        for (final Activation activation : Activation.values()) {
            final Mlp mlp = Mlp.inputs(2).dense(2, activation).linear();
            assertEquals(mlp, roundTrip(Model.of(Parameters.random(mlp, 1))).mlp());
        }
    }

    @Test
    void keepsEveryKindOfLayerAndHead() throws IOException {
        final Mlp.Builder layers = Mlp.inputs(2)
                .residual(block -> block.dense(2))
                .dense(4)
                .batchNorm()
                .activation(Activation.RELU)
                .dropout(0.3f)
                .residual(block -> block.layerNorm().dense(4))
                .dense(2);
        for (final Mlp mlp : List.of(layers.softmax(), layers.logSoftmax(), layers.sigmoid(), layers.linear())) {
            assertEquals(mlp, roundTrip(Model.of(Parameters.random(mlp, 1))).mlp());
            final Model model = Model.of(Parameters.of(mlp, numbered(mlp.parameterCount())));
            assertEquals(model, roundTrip(model));
        }
        final Mlp epsilon = new Mlp(
                List.of(new Dense(2, 2, Activation.TANH), new LayerNorm(2, 1e-12f), new BatchNorm(2, 0.1f)),
                Head.LINEAR);
        assertEquals(epsilon, roundTrip(Model.of(Parameters.random(epsilon, 1))).mlp());
    }

    private static float[] numbered(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i;
        }
        return values;
    }

    @Test
    void refusesLayersThatAreWrong() throws IOException {
        final String dense = "{\"inputs\":2,\"outputs\":2,\"activation\":\"relu\"},";
        final Map<String, String> refusals = new LinkedHashMap<>();
        refusals.put(
                "{\"kind\":\"pool\",\"width\":2}",
                "layer 1, kind: expected one of ["
                        + "dense, layer-norm, batch-norm, activation, dropout, add], got 'pool'");
        refusals.put("{\"kind\":\"dropout\",\"width\":2}", "layer 1 (dropout): expected 'rate', got none");
        refusals.put(
                "{\"kind\":\"dropout\",\"width\":2,\"rate\":1}",
                "layer 1: expected a dropout rate from 0 to less than 1, got 1.0");
        refusals.put(
                "{\"kind\":\"dropout\",\"width\":2,\"rate\":\"x\"}", "layer 1, rate: expected a number, got a string");
        refusals.put(
                "{\"kind\":\"dropout\",\"width\":2,\"rate\":1e99}",
                "layer 1, rate: expected a number that a float can hold, got a larger one");
        refusals.put("{\"kind\":\"add\",\"width\":2,\"rate\":0.5}", "layer 1 (add): expected no 'rate'");
        refusals.put(
                "{\"kind\":\"add\",\"width\":2,\"from\":1}",
                "layer 1 adds what layer 1 gives, which is not an earlier one");
        refusals.put(
                "{\"kind\":\"add\",\"width\":2,\"from\":9999999999}",
                "layer 1 adds what layer 2147483647 gives, which is not an earlier one");
        refusals.put(
                "{\"kind\":\"layer-norm\",\"width\":2,\"epsilon\":-1}",
                "layer 1: expected an epsilon from 0 on, got -1.0");
        refusals.put("{\"kind\":\"layer-norm\",\"epsilon\":1}", "layer 1 (layer-norm): expected 'width', got none");
        refusals.put(
                "{\"kind\":\"batch-norm\",\"width\":3,\"epsilon\":1}", "layer 1 takes 3 inputs, but layer 0 gives 2");
        refusals.put(
                "{\"inputs\":2,\"outputs\":2,\"activation\":\"relu\",\"from\":0}",
                "layer 1 (dense): expected no 'from'");
        for (final Map.Entry<String, String> refusal : refusals.entrySet()) {
            assertEquals(
                    refusal.getValue(), problem("{\"layers\":[" + dense + refusal.getKey() + "],\"head\":\"linear\"}"));
        }
    }

    @Test
    void writesTheSameBytesForTheSameModel() throws IOException {
        ModelFile.write(model(), folder.resolve("1"));
        ModelFile.write(model(), folder.resolve("2"));
        assertArrayEquals(Files.readAllBytes(folder.resolve("1")), Files.readAllBytes(folder.resolve("2")));
    }

    /** As any other reader of the format does it: a length, a header, and data at the offsets that it gives. */
    @Test
    void writesWhatOtherReadersExpect() throws IOException {
        final Model model = model().withStandardization(Standardization.of(new float[] {1, 2, 3}, new float[3]));
        final Path file = folder.resolve("model.safetensors");
        ModelFile.write(model, file);
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        final int length = (int) bytes.getLong(0);
        final String header = new String(bytes.array(), 8, length, StandardCharsets.UTF_8);
        final Matcher entry = Pattern.compile("\"([a-z0-9.]+)\":\\{\"dtype\":\"F32\","
                        + "\"shape\":\\[([0-9,]+)],\"data_offsets\":\\[(\\d+),(\\d+)]}")
                .matcher(header);
        final Map<String, String> shapes = new HashMap<>();
        final List<Float> data = new ArrayList<>();
        int end = 0;
        while (entry.find()) {
            shapes.put(entry.group(1), entry.group(2));
            assertEquals(end, Integer.parseInt(entry.group(3)));
            end = Integer.parseInt(entry.group(4));
            if (entry.group(1).equals("layers.1.weight")) {
                for (int i = Integer.parseInt(entry.group(3)); i < end; i += 4) {
                    data.add(bytes.getFloat(8 + length + i));
                }
            }
        }
        assertEquals(bytes.capacity(), 8 + length + end);
        assertEquals(
                Map.of(
                        "layers.0.weight",
                        "3,5",
                        "layers.0.bias",
                        "5",
                        "layers.1.weight",
                        "5,4",
                        "layers.1.bias",
                        "4",
                        "layers.2.weight",
                        "4,2",
                        "layers.2.bias",
                        "2",
                        "input.mean",
                        "3",
                        "input.scale",
                        "3"),
                shapes);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(model.parameters().weight(1, i, j), data.get(4 * i + j));
            }
        }
        assertTrue(header.startsWith("{\"__metadata__\":{\"format\":\"lanewise\",\"lanewise.model\":\"{"));
        assertTrue(header.contains("\"lanewise.version\":\"1\""));
    }

    private Path file(final Map<String, String> metadata, final List<FloatTensor> tensors) throws IOException {
        final Path file = folder.resolve("m.safetensors");
        Safetensors.write(file, metadata, tensors);
        return file;
    }

    private static List<FloatTensor> tensors() {
        final float[] values = new float[16];
        return new ArrayList<>(List.of(
                new FloatTensor("layers.0.bias", List.of(3L), values, 0),
                new FloatTensor("layers.0.weight", List.of(2L, 3L), values, 0),
                new FloatTensor("layers.1.bias", List.of(2L), values, 0),
                new FloatTensor("layers.1.weight", List.of(3L, 2L), values, 0)));
    }

    private static Map<String, String> metadata(final String json) {
        return Map.of("format", "lanewise", "lanewise.version", "1", "lanewise.model", json);
    }

    private String problem(final String json) throws IOException {
        final Path file = file(metadata(json), tensors());
        return TestFiles.problem(() -> ModelFile.read(file)).replace("m.safetensors: lanewise.model: ", "");
    }

    private String problem(final List<FloatTensor> tensors) throws IOException {
        final Path file = file(metadata(JSON), tensors);
        return TestFiles.problem(() -> ModelFile.read(file)).replace("m.safetensors: ", "");
    }

    @Test
    void readsTheFormatAsDescribed() throws IOException {
        final Model model = ModelFile.read(file(metadata(JSON), tensors()));
        assertEquals(Mlp.inputs(2).dense(3, Activation.RELU).dense(2).softmax(), model.mlp());
        assertEquals(List.of("a", "b"), model.featureNames());
        assertEquals("t", model.targetName());
    }

    @Test
    void refusesOtherFiles() throws IOException {
        final Path plain = file(Map.of(), tensors());
        assertEquals(
                "m.safetensors: expected a Lanewise model, got a safetensors file of no stated format with these "
                        + "tensors: layers.0.bias, layers.0.weight, layers.1.bias, layers.1.weight",
                TestFiles.problem(() -> ModelFile.read(plain)));
        final Path other = file(Map.of("format", "pt"), List.of());
        assertTrue(TestFiles.problem(() -> ModelFile.read(other)).contains("of the format 'pt'"));
        final Path newer = file(Map.of("format", "lanewise", "lanewise.version", "2"), tensors());
        assertEquals(
                "m.safetensors: expected a model of version 1, got version 2; read it with a newer Lanewise",
                TestFiles.problem(() -> ModelFile.read(newer)));
        final Path strange = file(Map.of("format", "lanewise", "lanewise.version", "x"), tensors());
        assertTrue(TestFiles.problem(() -> ModelFile.read(strange)).endsWith("got version 'x'"));
        final Path empty = file(Map.of("format", "lanewise", "lanewise.version", "1"), tensors());
        assertTrue(TestFiles.problem(() -> ModelFile.read(empty)).endsWith("'lanewise.model', got none"));
    }

    @Test
    void refusesDescriptionsThatAreWrong() throws IOException {
        assertTrue(problem("{").startsWith("expected JSON: "));
        assertTrue(problem(JSON + JSON).startsWith("expected nothing after"));
        assertEquals(
                "layer 0, activation: expected one of " + Names.all(Activation.class) + ", got 'rely'",
                problem(JSON.replace("relu", "rely")));
        assertEquals(
                "head: expected one of [softmax, linear, log-softmax, sigmoid], got 'max'",
                problem(JSON.replace("softmax", "max")));
        assertEquals("expected a head, got none", problem(JSON.replace("\"head\":\"softmax\",", "")));
        assertEquals("a network needs at least one dense layer", problem("{\"layers\":[],\"head\":\"linear\"}"));
        assertEquals("layer 1 takes 4 inputs, but layer 0 gives 3", problem(JSON.replace("inputs\":3", "inputs\":4")));
        assertEquals(
                "layer 0, inputs: expected 1 to 1048576, got 0", problem(JSON.replace("inputs\":2", "inputs\":0")));
        assertTrue(problem(JSON.replace("inputs\":2", "inputs\":1048577")).endsWith("got 1048577"));
        assertTrue(problem(JSON.replace("inputs\":2", "inputs\":2.5")).contains("expected a whole number"));
        assertTrue(problem(JSON.replace("\"inputs\":2,", "")).endsWith("(dense): expected 'inputs', got none"));
        assertEquals("the model: expected nothing called 'x'", problem(JSON.replace("targetName", "x")));
        assertEquals("featureNames: expected 2 names or none, got 1", problem(JSON.replace("\"a\",", "")));
        assertEquals("outputNames: expected 2 names or none, got 1", problem(JSON.replace("[]", "[\"x\"]")));
        assertTrue(problem(JSON.replace("[]", "[1]")).startsWith("outputNames: expected a string"));
        final String sigmoid = "{\"layers\":[{\"kind\":\"dense\",\"inputs\":2,\"outputs\":1,\"activation\":"
                + "\"identity\"}],\"head\":\"sigmoid\",\"outputNames\":[\"a\",\"b\",\"c\"]}";
        assertEquals("outputNames: expected 1 names or none, got 3", problem(sigmoid));
        assertEquals(
                "outputNames: expected 1 names or none, got 2",
                problem(sigmoid.replace(",\"c\"", "").replace("sigmoid", "linear")));
        final String huge = "{\"inputs\":1048576,\"outputs\":1048576,\"activation\":\"relu\"}";
        assertTrue(problem("{\"layers\":[" + huge + "],\"head\":\"linear\"}").startsWith("expected at most "));
        final String large = "{\"inputs\":1048576,\"outputs\":1024,\"activation\":\"relu\"}";
        final long before = TestFiles.allocatedBytes();
        assertTrue(problem("{\"layers\":[" + large + "],\"head\":\"linear\"}").contains("'layers.0.weight': expected"));
        assertTrue(TestFiles.allocatedBytes() - before < 1_000_000);
    }

    @Test
    void refusesTensorsThatDoNotFit() throws IOException {
        final float[] values = new float[16];
        List<FloatTensor> tensors = tensors();
        tensors.set(1, new FloatTensor("layers.0.weight", List.of(3L, 2L), values, 0));
        assertEquals("tensor 'layers.0.weight': expected F32 [2, 3], got F32 [3, 2]", problem(tensors));
        tensors = tensors();
        tensors.remove(2);
        assertEquals("expected a tensor 'layers.1.bias' of the shape [2], got none", problem(tensors));
        tensors = tensors();
        tensors.add(new FloatTensor("layers.2.bias", List.of(2L), values, 0));
        assertTrue(problem(tensors).startsWith("expected 4 tensors for 2 → 3 relu → 2 softmax, got 5: layers.0.bias"));
        tensors = tensors();
        tensors.add(new FloatTensor("input.mean", List.of(2L), values, 0));
        assertEquals("expected a tensor 'input.scale' of the shape [2], got none", problem(tensors));
        tensors.add(new FloatTensor("input.scale", List.of(3L), values, 0));
        assertEquals("tensor 'input.scale': expected F32 [2], got F32 [3]", problem(tensors));
    }

    @Test
    void refusesToWriteNamesThatAreNotUnicode() {
        final Mlp mlp = Mlp.inputs(1).dense(1).linear();
        final Model model = Model.of(Parameters.random(mlp, 1)).withNames(List.of("\ud800"), List.of(), "");
        final Path file = folder.resolve("never.safetensors");
        assertThrows(IllegalArgumentException.class, () -> ModelFile.write(model, file));
        assertTrue(Files.notExists(file));
    }
}
