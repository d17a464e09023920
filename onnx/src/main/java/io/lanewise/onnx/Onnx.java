package io.lanewise.onnx;

import io.lanewise.formats.AtomicFile;
import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Path;

/** Models as ONNX files. Safe for use by several threads. */
public final class Onnx {
    /** The oldest set of operators that is written: the first one that has layer normalisation. */
    public static final int OLDEST_OPSET = 17;

    /** The newest set of operators that is written: that of ONNX Runtime 1.29. */
    public static final int NEWEST_OPSET = 26;

    private Onnx() {}

    /**
     * Reads a model. One that {@link #write} wrote, and nobody has changed, comes back to the bit. A graph of another
     * program is read if it is a multi-layer perceptron, however its layers are spelt: {@code docs/onnx.md} lists the
     * operators and what they become. Its constants are folded in {@code double} and rounded once; what the model gives
     * differs from what other runtimes give by the order of their sums, some 10<sup>-5</sup> of the largest output.
     *
     * <p>Constants in files of their own are read from the model's folder and below it, through no links. Several inputs
     * become one row, in the order of the graph. Of several outputs the probabilities become the model's.
     *
     * @throws FormatException if the file is not an ONNX model, or holds what a model cannot be: the message names the
     *     node, its operator with domain and version, and the reason
     * @throws IOException if the file cannot be read
     */
    public static Model read(final Path file) throws IOException {
        return OnnxFile.read(file).model();
    }

    /**
     * Reads a model as {@link #read} does, and tells what became of each node of the graph.
     *
     * @throws FormatException if the file is not an ONNX model, or holds what a model cannot be
     * @throws IOException if the file cannot be read
     */
    public static OnnxGraph inspect(final Path file) throws IOException {
        return OnnxFile.read(file);
    }

    /** Writes a model with the operators that most runtimes have, those of {@link #OLDEST_OPSET}. */
    public static void write(final Model model, final Path file) throws IOException {
        write(model, file, OLDEST_OPSET);
    }

    /**
     * Writes a model, whole or not at all as {@link AtomicFile} does. The graph takes {@code input} (batch, inputs), raw
     * rows, and gives {@code output} (batch, outputs), both 32-bit floats; the batch may be of any size. Architecture and
     * names are in the file's metadata, under {@link io.lanewise.formats.ModelDescription#METADATA_KEY}. The same model
     * gives the same bytes.
     *
     * @param opset the set of operators, from {@link #OLDEST_OPSET} to {@link #NEWEST_OPSET}
     * @throws IllegalArgumentException if the opset is another one, a name is not Unicode, or there are more parameters
     *     than a file of 2 GiB holds
     * @throws IOException if the file cannot be written
     */
    public static void write(final Model model, final Path file, final int opset) throws IOException {
        AtomicFile.write(file, OnnxWriter.write(model, opset)::writeTo);
    }
}
