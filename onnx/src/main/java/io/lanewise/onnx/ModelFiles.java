package io.lanewise.onnx;

import io.lanewise.formats.FormatException;
import io.lanewise.formats.ModelFile;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** Models in files of either format; the ending of a name tells which. Safe for use by several threads. */
public final class ModelFiles {
    private static final String ONNX = ".onnx";

    private ModelFiles() {}

    /** Whether a name is that of an ONNX file, in upper or lower case. */
    public static boolean isOnnx(final Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(ONNX);
    }

    /**
     * Reads a model: by {@link Onnx#read} if the name ends in {@code .onnx}, else by {@link ModelFile#read}.
     *
     * @throws FormatException if the file is not a model of that format
     * @throws IOException if the file cannot be read
     */
    public static Model read(final Path file) throws IOException {
        return isOnnx(file) ? Onnx.read(file) : ModelFile.read(file);
    }
}
