package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of our own, read as those of another program. */
final class ImportWrittenTest {
    private static final double TOLERANCE = 1e-5; // of the largest output

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {17, 20, Onnx.NEWEST_OPSET})
    void giveTheSame(final int opset) throws IOException {
        for (long seed = 0; seed < 100; seed++) {
            final Model model = RandomModels.of(seed);
            final Path file = folder.resolve("model.onnx");
            final ModelProto written = OnnxWriter.write(model, opset);
            Files.write(file, written.toBuilder().clearMetadataProps().build().toByteArray());
            final Model found = Onnx.read(file);
            final float[] x = RandomModels.uniform(5 * model.mlp().inputs(), new SplittableRandom(seed), -3, 3);
            final float[] expected = Predictor.of(model).predict(x);
            final float[] values = Predictor.of(found).predict(x);
            assertEquals(expected.length, values.length);
            double largest = 0;
            for (final float value : expected) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < values.length; i++) {
                assertEquals(
                        expected[i], values[i], TOLERANCE * largest, "model " + seed + ": " + model + ": " + found);
            }
        }
    }
}
