package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Model;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a model of a graph that another program wrote.
 *
 * @param model what was made
 * @param nodes what became of the graph's nodes
 */
record Importer(Model model, List<OnnxGraph.Node> nodes) {
    static Importer read(final ModelProto file, final ExternalData external) {
        final GraphReader reader = GraphReader.read(file, external);
        final Outputs output = Outputs.of(reader);
        final Forms forms = Forms.of(output.root(), reader.budget());
        final List<Symbol> inputs = reader.inputs().values().stream()
                .filter(input -> forms.all().containsKey(input))
                .toList();
        final Map<String, Integer> offsets = new HashMap<>();
        int width = 0;
        for (final Symbol input : inputs) {
            if (input.form() instanceof Form.Input form) {
                offsets.put(form.name(), width);
            }
            width += input.width();
            if (width > Dense.MAX_WIDTH) {
                throw new Refusal("expected at most " + Dense.MAX_WIDTH + " columns of inputs, got " + width);
            }
        }
        final LayerBuilder builder = new LayerBuilder(forms, reader.budget(), offsets, width);
        final Model model = Chain.model(output.root(), builder.build(output.root()));
        final Model named = named(
                builder.standardized().get().map(model::withStandardization).orElse(model), inputs, output.names());
        return new Importer(named, Report.of(reader, output, forms));
    }

    /** Names of classes come from the graph; those of features where each column is an input of its own. */
    private static Model named(final Model model, final List<Symbol> inputs, final List<String> classes) {
        final boolean columns =
                inputs.size() > 1 && inputs.size() == model.mlp().inputs();
        final List<String> features = columns
                ? inputs.stream()
                        .map(input -> input.form() instanceof Form.Input form ? form.name() : "")
                        .toList()
                : List.of();
        final List<String> outputs = classes.size() == model.mlp().outputs() ? classes : List.of();
        return model.withNames(features, outputs, "");
    }
}
