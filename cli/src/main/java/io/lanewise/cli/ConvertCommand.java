package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.mlp.Model;
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
        description = "Writes a model in another format, which the endings of the names tell: .safetensors or .onnx.",
        footer = {"", "  lanewise convert iris.safetensors iris.onnx"})
final class ConvertCommand implements Callable<Integer> {
    /** The formats of models. */
    private enum Format {
        SAFETENSORS(".safetensors"),
        ONNX(".onnx");

        private final String ending;

        Format(final String ending) {
            this.ending = ending;
        }

        static Format of(final Path file) {
            final String name = file.toString().toLowerCase(Locale.ROOT);
            for (final Format format : values()) {
                if (name.endsWith(format.ending)) {
                    return format;
                }
            }
            throw new UserException("expected a name that ends in .safetensors or .onnx, got " + file);
        }
    }

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
        final Format target = Format.of(out);
        if (opset != null && target != Format.ONNX) {
            throw new UserException("--opset is for ONNX files, not for " + out.getFileName());
        }
        final Model model = Format.of(in) == Format.ONNX ? Onnx.read(in) : ModelFile.read(in);
        switch (target) {
            case SAFETENSORS -> ModelFile.write(model, out);
            case ONNX -> writeOnnx(model);
        }
        spec.commandLine().getOut().println("model: " + out);
        return Main.OK;
    }

    private void writeOnnx(final Model model) throws IOException {
        try {
            Onnx.write(model, out, opset == null ? Onnx.OLDEST_OPSET : opset);
        } catch (final IllegalArgumentException e) { // of the opset, or a model too large
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }
}
