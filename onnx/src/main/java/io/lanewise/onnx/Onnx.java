package io.lanewise.onnx;

import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Path;

/** Models as ONNX files. Safe for use by several threads. */
public final class Onnx {
    private Onnx() {}

    /**
     * Reads the multi-layer perceptron that a graph is.
     *
     * @throws FormatException if the file is not an ONNX model, or its graph is none that Lanewise can run
     * @throws IOException if the file cannot be read
     */
    public static Model read(final Path file) throws IOException {
        return OnnxFile.read(file);
    }
}
