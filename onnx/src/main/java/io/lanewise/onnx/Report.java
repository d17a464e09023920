package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.NodeProto;
import io.lanewise.formats.Quoted;
import io.lanewise.mlp.Names;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what became of a graph's nodes. */
final class Report {
    private static final String NOTHING = "nothing to do";

    private final GraphReader reader;
    private final Map<Symbol, String> becomes = new HashMap<>();
    private final String unneeded;

    private Report(final GraphReader reader, final Outputs output, final Forms forms) {
        this.reader = reader;
        this.unneeded = "not needed for the output " + Quoted.of(output.name());
        forms.all().forEach((symbol, form) -> {
            final boolean bias = form instanceof Form.Affine affine && isBias(affine, forms);
            final String what = bias ? "bias of dense" : describe(symbol, form);
            becomes.put(symbol, what);
            addParts(symbol, form, "part of " + what);
        });
    }

    /** Whether a line adds to a product that nothing else takes. */
    private static boolean isBias(final Form.Affine line, final Forms forms) {
        return forms.all().get(line.x()) instanceof Form.Dense
                && forms.isUsedOnce(line.x())
                && Arrays.stream(line.scale()).allMatch(scale -> scale == 1);
    }

    static List<OnnxGraph.Node> of(final GraphReader reader, final Outputs output, final Forms forms) {
        final Report report = new Report(reader, output, forms);
        final List<OnnxGraph.Node> nodes = new ArrayList<>();
        for (final NodeProto node : reader.nodes()) {
            final String name =
                    node.getName().isEmpty() && node.getOutputCount() > 0 ? node.getOutput(0) : node.getName();
            final String domain = node.getDomain().isEmpty() ? "" : node.getDomain() + ".";
            nodes.add(new OnnxGraph.Node(name, domain + node.getOpType(), report.describe(node)));
        }
        return nodes;
    }

    /** What lies between a symbol and those that it was found to be made of. */
    private void addParts(final Symbol symbol, final Form form, final String what) {
        final Deque<Symbol> pending = new ArrayDeque<>(List.of(symbol));
        while (!pending.isEmpty()) {
            for (final Value operand : pending.pop().operands()) {
                if (operand instanceof Symbol x && !form.needs().contains(x) && becomes.putIfAbsent(x, what) == null) {
                    pending.push(x);
                }
            }
        }
    }

    private String describe(final NodeProto node) {
        final List<Symbol> results = reader.results(node);
        if (results.isEmpty()) {
            return OnnxGraph.Node.CONSTANT;
        }
        for (int i = results.size() - 1; i >= 0; i--) {
            final Symbol symbol = results.get(i);
            if (symbol.op() == null || !symbol.op().node().equals(node)) {
                return symbol.form() instanceof Form.Refused ? unneeded : NOTHING; // that of an earlier node
            }
            if (symbol.form() instanceof Form.Label) {
                return "the number or name of the most likely class";
            }
            final String what = becomes.get(symbol);
            if (what != null) {
                return what;
            }
        }
        return unneeded;
    }

    private static String describe(final Symbol symbol, final Form form) {
        return switch (form) {
            case Form.Input ignored -> "input";
            case Form.Same ignored -> NOTHING;
            case Form.Dense dense -> "dense " + dense.x().width() + " → " + symbol.width();
            case Form.Affine ignored -> "scale and shift, folded";
            case Form.Selected ignored -> "columns moved, folded";
            case Form.Joined ignored -> "columns side by side, folded";
            case Form.LayerNormalized ignored -> "layer normalisation";
            case Form.BatchNormalized ignored -> "batch normalisation";
            case Form.Activated f -> Names.of(f.curve().activation());
            case Form.Added ignored -> "residual addition";
            case Form.Headed headed -> "head " + Names.of(headed.head());
            case Form.TwoClasses ignored -> "head softmax, of two classes";
            case Form.Label ignored -> "label";
            case Form.Named ignored -> "names of classes";
            case Form.Computed ignored -> "computed";
            case Form.Refused ignored -> "refused";
        };
    }
}
