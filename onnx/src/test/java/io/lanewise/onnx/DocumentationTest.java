package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/onnx.md compiles, and works. */
final class DocumentationTest {
    private static final Path DOCUMENTATION = Path.of("../docs/onnx.md");
    private static final Path SOURCE = Path.of("src/test/java/io/lanewise/onnx/Scorer.java");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theExampleIsThatOfTheDocumentation() throws IOException {
        final String source = Files.readString(SOURCE);
        final String example = source.substring(source.indexOf("final class Scorer"));
        assertTrue(Files.readString(DOCUMENTATION).contains("```java\n" + example + "```\n"), example);
    }

    @Test
    void theExampleWorks() throws IOException {
        final Path file = folder.resolve("model.onnx");
        final Model model = RandomModels.of(1);
        Onnx.write(model, file);
        final float[] x = new float[model.mlp().inputs()];
        assertArrayEquals(Predictor.of(model).predict(x), new Scorer(file).probabilities(x));
    }
}
