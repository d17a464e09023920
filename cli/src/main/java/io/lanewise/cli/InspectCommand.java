package io.lanewise.cli;

import io.lanewise.formats.Quoted;
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
import io.lanewise.onnx.ModelFiles;
import io.lanewise.onnx.Onnx;
import io.lanewise.onnx.OnnxGraph;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what is in a model file. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Shows what is in a model file: layers, parameters, how inputs are prepared, names; of an ONNX"
                + " file also what became of its nodes.")
final class InspectCommand implements Callable<Integer> {
    private static final int NAMES = 12;
    private static final int MOST_CHARACTERS = 60; // of a name in a file

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            paramLabel = "MODEL",
            description = "A model saved by train or demo (.safetensors), or of any program (.onnx).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final @Nullable OnnxGraph graph = ModelFiles.isOnnx(file) ? Onnx.inspect(file) : null;
        final Model model = graph == null ? ModelFiles.read(file) : graph.model();
        line(out, "file", file + ", " + Text.count(Files.size(file)) + " bytes");
        if (graph != null) {
            origin(out, graph);
        }
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
            line(out, "predicts", plain(model.targetName()));
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
        if (graph != null && !graph.isOwn()) {
            nodes(out, graph);
        }
        return Main.OK;
    }

    private static void origin(final PrintWriter out, final OnnxGraph graph) {
        final String opsets = graph.opsets().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(opset -> opset.getKey() + " " + opset.getValue())
                .collect(Collectors.joining(", "));
        final String writer = graph.isOwn() ? "Lanewise, unchanged" : plain(graph.producer());
        line(out, "written by", writer.isEmpty() ? "a program that does not say" : writer);
        line(out, "operators", plain(opsets) + " (IR version " + graph.irVersion() + ")");
    }

    /** What became of each node; of constants only how many there are. */
    private static void nodes(final PrintWriter out, final OnnxGraph graph) {
        final List<OnnxGraph.Node> kept = graph.nodes().stream()
                .filter(node -> !node.becomes().equals(OnnxGraph.Node.CONSTANT))
                .toList();
        out.println();
        final int longest = kept.stream()
                .mapToInt(node -> plain(node.operator()).length())
                .max()
                .orElse(0);
        final String format = "%-24s %-" + Math.max(22, longest) + "s %s";
        out.println(Text.format(format, "node", "operator", "becomes"));
        kept.forEach(node ->
                out.println(Text.format(format, plain(node.name()), plain(node.operator()), plain(node.becomes()))));
        final int constants = graph.nodes().size() - kept.size();
        if (constants > 0) {
            out.println("and " + Text.count(constants) + (constants == 1 ? " node" : " nodes")
                    + " whose value is constant, folded");
        }
    }

    private static String plain(final String text) {
        return Quoted.plain(text, MOST_CHARACTERS);
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
                        ? "sigmoid: the probability of " + plain(model.className(1))
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
            final String first =
                    names.stream().limit(NAMES).map(InspectCommand::plain).collect(Collectors.joining(", "));
            line(out, what, first + more);
        }
    }
}
