package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.ModelFiles;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model in another format. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Writes a model in another format, which the endings of the names tell: .safetensors or .onnx. ONNX"
                        + " files of other programs are read too, if they are multi-layer perceptrons.",
        footer = {"", "  lanewise convert iris.safetensors iris.onnx"})
final class ConvertCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "The model to read.")
    @SuppressWarnings("NullAway.Init")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "Where to write it.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--opset",
            paramLabel = "N",
            description = "The set of operators that an ONNX file uses, from " + Onnx.OLDEST_OPSET + " to "
                    + Onnx.NEWEST_OPSET + ". Default: " + Onnx.OLDEST_OPSET + ", which most runtimes know.")
    private @Nullable Integer opset;

    @Override
    public Integer call() throws IOException {
        Outputs.check(Outputs.paths(in), Outputs.paths(out));
        checkName(in);
        checkName(out);
        if (opset != null && !ModelFiles.isOnnx(out)) {
            throw new UserException("--opset is for ONNX files, not for " + out.getFileName());
        }
        final Model model = ModelFiles.read(in);
        if (ModelFiles.isOnnx(out)) {
            writeOnnx(model);
        } else {
            ModelFile.write(model, out);
        }
        spec.commandLine().getOut().println("model: " + out);
        return Main.OK;
    }

    private static void checkName(final Path file) {
        if (!ModelFiles.isOnnx(file)
                && !file.toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            throw new UserException("expected a name that ends in .safetensors or .onnx, got " + file);
        }
    }

    private void writeOnnx(final Model model) throws IOException {
        try {
            Onnx.write(model, out, opset == null ? Onnx.OLDEST_OPSET : opset);
        } catch (final IllegalArgumentException e) { // of the opset, or a model too large
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }
}
