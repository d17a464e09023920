package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Files of models, in any format: the ending of the name tells which. */
final class ModelFiles {
    private static final String ONNX = ".onnx";
    private static final String SAFETENSORS = ".safetensors";

    private ModelFiles() {}

    /** Reads a model; a file whose name ends otherwise is taken for one of our own. */
    static Model read(final Path file) throws IOException {
        return isOnnx(file) ? Onnx.read(file) : ModelFile.read(file);
    }

    static boolean isOnnx(final Path file) {
        return endsWith(file, ONNX);
    }

    /** Refuses names that tell no format. */
    static void checkName(final Path file) {
        if (!isOnnx(file) && !endsWith(file, SAFETENSORS)) {
            throw new UserException("expected a name that ends in .safetensors or .onnx, got " + file);
        }
    }

    private static boolean endsWith(final Path file, final String ending) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }
}
