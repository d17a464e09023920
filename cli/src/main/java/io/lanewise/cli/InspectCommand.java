package io.lanewise.cli;

import io.lanewise.formats.ModelFile;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Names;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a model file. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows what is in a model file: layers, parameters, how inputs are prepared, names.")
final class InspectCommand implements Callable<Integer> {
    private static final int NAMES = 12;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A model saved by train or demo (.safetensors).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final Model model = ModelFile.read(file);
        line(out, "file", file + ", " + Text.count(Files.size(file)) + " bytes");
        line(out, "network", model.mlp().toString());
        line(out, "parameters", Text.count(model.mlp().parameterCount()));
        line(out, "head", head(model));
        line(
                out,
                "inputs",
                model.standardization()
                        .map(ignored -> "standardised: (x − mean) · scale")
                        .orElse("as they are"));
        if (!model.targetName().isEmpty()) {
            line(out, "predicts", model.targetName());
        }
        names(out, "features", model.featureNames());
        names(out, model.classes() > 0 ? "classes" : "outputs", model.outputNames());
        out.println();
        out.println(Text.format("%-6s %10s %10s %14s  %s", "layer", "inputs", "outputs", "parameters", "kind"));
        for (int i = 0; i < model.mlp().layers().size(); i++) {
            final Layer layer = model.mlp().layers().get(i);
            out.println(Text.format(
                    "%-6d %10s %10s %14s  %s",
                    i,
                    Text.count(layer.inputs()),
                    Text.count(layer.outputs()),
                    Text.count(layer.parameterCount()),
                    kind(layer)));
        }
        return Main.OK;
    }

    private static String kind(final Layer layer) {
        return switch (layer) {
            case Dense dense ->
                dense.activation() == Activation.IDENTITY ? "dense" : "dense, " + Names.of(dense.activation());
            case LayerNorm norm -> "layer normalisation, epsilon " + norm.epsilon();
            case BatchNorm norm -> "batch normalisation, epsilon " + norm.epsilon();
            case ActivationLayer f -> Names.of(f.activation());
            case Dropout dropout -> "dropout, rate " + dropout.rate();
            case Add add -> add.from() == Add.INPUT ? "adds the input" : "adds the output of layer " + add.from();
        };
    }

    private static String head(final Model model) {
        return switch (model.mlp().head()) {
            case SOFTMAX -> "softmax: class probabilities";
            case LOG_SOFTMAX -> "log-softmax: logarithms of class probabilities";
            case SIGMOID ->
                model.classes() == 2
                        ? "sigmoid: the probability of " + model.className(1)
                        : "sigmoid: a probability for each output";
            case LINEAR -> "linear: values";
        };
    }

    private static void line(final PrintWriter out, final String what, final String value) {
        out.println(Text.format("%-12s %s", what, value));
    }

    private static void names(final PrintWriter out, final String what, final List<String> names) {
        if (!names.isEmpty()) {
            final String more = names.size() > NAMES ? ", … (" + names.size() + " in all)" : "";
            line(out, what, String.join(", ", names.subList(0, Math.min(NAMES, names.size()))) + more);
        }
    }
}
