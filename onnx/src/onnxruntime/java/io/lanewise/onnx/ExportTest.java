package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.lanewise.formats.ModelDescription;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime gives what Lanewise gives for the files that it writes. */
final class ExportTest {
    private static final OrtEnvironment ENVIRONMENT =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    private static final double TOLERANCE = 1e-5; // of the largest element of a batch

    @TempDir
    private Path folder = Path.of("");

    private static void compare(final Model model, final int opset, final int rows, final String what)
            throws IOException, OrtException {
        final byte[] file = OnnxWriter.write(model, opset).toByteArray();
        final int inputs = model.mlp().inputs();
        final int outputs = model.mlp().outputs();
        final float[] x = RandomModels.uniform(rows * inputs, new SplittableRandom(rows), -3, 3);
        final float[] expected = Predictor.of(model).predict(x);
        final float[] found = new float[rows * outputs];
        try (OrtSession session = ENVIRONMENT.createSession(file);
                OnnxTensor tensor =
                        OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(x), new long[] {rows, inputs});
                OrtSession.Result result = session.run(Map.of("input", tensor))) {
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(found);
        }
        double largest = 0;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < found.length; i++) {
            final int at = i;
            assertEquals(
                    expected[i], found[i], TOLERANCE * largest, () -> what + ", opset " + opset + ", element " + at);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 19, 20, 21, 22, 23, 24, 25, 26})
    void randomModels(final int opset) throws IOException, OrtException {
        for (long seed = 0; seed < 50; seed++) {
            final Model model = RandomModels.of(seed);
            for (final int rows : new int[] {1, 7}) {
                compare(model, opset, rows, "model " + seed + ": " + model.mlp());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, Onnx.NEWEST_OPSET})
    void everyActivation(final int opset) throws IOException, OrtException {
        for (final Activation activation : Activation.values()) {
            final Mlp mlp = Mlp.inputs(8).dense(16, activation).linear();
            compare(Model.of(Parameters.random(mlp, 5)), opset, 64, activation.toString());
        }
    }

    @Test
    void metadataAreKept() throws IOException, OrtException {
        final Path file = folder.resolve("model.onnx");
        final Model model = RandomModels.of(3);
        Onnx.write(model, file);
        try (OrtSession session = ENVIRONMENT.createSession(file.toString())) {
            final String text = session.getMetadata().getCustomMetadata().get(ModelDescription.METADATA_KEY);
            assertEquals(
                    ModelDescription.of(model),
                    ModelDescription.parse(file, ModelDescription.METADATA_KEY, String.valueOf(text)));
            assertEquals("lanewise", session.getMetadata().getProducerName());
            assertTrue(session.getOutputNames().contains("output"));
        }
    }
}
