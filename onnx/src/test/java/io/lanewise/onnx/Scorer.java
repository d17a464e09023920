package io.lanewise.onnx;

import io.lanewise.inference.Predictor;
import java.io.IOException;
import java.nio.file.Path;

/** The example of docs/onnx.md. */
final class Scorer {
    private final Predictor predictor; // safe for all threads

    Scorer(final Path file) throws IOException {
        predictor = Predictor.of(Onnx.read(file));
    }

    float[] probabilities(final float[] features) {
        return predictor.predict(features);
    }
}
