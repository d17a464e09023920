package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.TypeProto;
import io.lanewise.formats.Quoted;
import io.lanewise.mlp.Head;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a graph's outputs becomes the model: the one that is computed last, probabilities rather than logits. Labels
 * follow from it, and give it the names of classes.
 *
 * @param root what the model gives
 * @param name the output that it is of
 * @param names of classes, or none
 */
record Outputs(Symbol root, String name, List<String> names) {
    static Outputs of(final GraphReader reader) {
        final Map<String, Symbol> scores = new LinkedHashMap<>();
        final Map<String, Symbol> labels = new LinkedHashMap<>();
        for (final Map.Entry<String, Symbol> output : reader.outputs().entrySet()) {
            final Symbol symbol = output.getValue();
            if (symbol.form() instanceof Form.Label) {
                labels.put(output.getKey(), symbol);
            } else if (!isLabel(reader.output(output.getKey()).getType())) {
                scores.put(output.getKey(), symbol);
            }
        }
        if (scores.isEmpty() && labels.isEmpty()) {
            for (final Symbol symbol : reader.outputs().values()) {
                if (symbol.form() instanceof Form.Refused refused) {
                    throw refused.reason();
                }
            }
            throw new Refusal("expected an output of floats that depends on the inputs, got none");
        }
        final String name = scores.isEmpty() ? labels.keySet().iterator().next() : chosen(scores);
        final Symbol output = Objects.requireNonNull(scores.isEmpty() ? labels.get(name) : scores.get(name));
        final Symbol root = output.form() instanceof Form.Label form
                ? ofLabel(reader, output, Objects.requireNonNull(form.x()))
                : plain(output);
        final List<String> names = names(root, name, labels);
        return new Outputs(root, name, names.isEmpty() ? names(output) : names);
    }

    /** The names of the first label that has some and is of the output's columns; all labels have to follow from it. */
    private static List<String> names(final Symbol root, final String name, final Map<String, Symbol> labels) {
        final Set<Symbol> before = ancestors(root, false);
        final Set<Symbol> columns = ancestors(root, true);
        List<String> names = List.of();
        for (final Map.Entry<String, Symbol> label : labels.entrySet()) {
            if (label.getValue().form() instanceof Form.Label form && form.x() != null) {
                final Symbol x = plain(form.x());
                if (!follows(x, before)) {
                    throw new Refusal("expected a label of the output " + Quoted.of(name) + ", got "
                            + Quoted.of(label.getKey()) + ", which is computed from something else");
                }
                names = names.isEmpty() && follows(x, columns) ? form.names() : names;
            }
        }
        return names;
    }

    /** Whether scores are among some symbols, or are a function of each element, or a softmax, of one of them. */
    private static boolean follows(final Symbol x, final Set<Symbol> symbols) {
        final boolean same = x.form() instanceof Form.Headed || x.form() instanceof Form.Activated;
        return symbols.contains(x) || (same && symbols.containsAll(x.form().needs()));
    }

    /** The probabilities whose largest one makes a label: a softmax does not change which one that is. */
    private static Symbol ofLabel(final GraphReader reader, final Symbol label, final Symbol scores) {
        final Symbol x = plain(scores);
        final boolean probabilities = x.form() instanceof Form.Headed
                || x.form() instanceof Form.TwoClasses
                || x.form() instanceof Form.Joined;
        return probabilities
                ? x
                : reader.symbols().of(label.op(), List.of(x), x.shape(), new Form.Headed(x, Head.SOFTMAX));
    }

    /** Whether the graph says of an output that it has integers, truth values or strings. */
    private static boolean isLabel(final TypeProto type) {
        if (!type.hasTensorType() || type.getTensorType().getElemType() == 0) {
            return false;
        }
        return !ElementType.of(type.getTensorType().getElemType()).isReal();
    }

    private static String chosen(final Map<String, Symbol> scores) {
        String chosen = null;
        for (final Map.Entry<String, Symbol> output : scores.entrySet()) {
            if (output.getValue().form() instanceof Form.Refused refused) {
                throw refused.reason();
            }
            if (chosen == null || isBetter(plain(output.getValue()), plain(scores.get(chosen)))) {
                chosen = output.getKey();
            }
        }
        if (chosen == null) {
            throw new Refusal("expected an output");
        }
        final Symbol root = plain(scores.get(chosen));
        final Set<Symbol> before = ancestors(root, false);
        for (final Map.Entry<String, Symbol> output : scores.entrySet()) {
            final Symbol other = plain(output.getValue());
            if (!before.contains(other)
                    && !(other.form() instanceof Form.Headed
                            && before.containsAll(other.form().needs()))) {
                throw new Refusal("expected one output, or others that it is computed from, got " + Quoted.of(chosen)
                        + " and " + Quoted.of(output.getKey()));
            }
        }
        return chosen;
    }

    private static boolean isBetter(final Symbol a, final Symbol b) {
        final boolean softmax = a.form() instanceof Form.Headed headed && headed.head() == Head.SOFTMAX;
        final boolean other = b.form() instanceof Form.Headed headed && headed.head() == Head.SOFTMAX;
        return softmax == other ? a.number() > b.number() : softmax;
    }

    /** The symbol itself and all that it is computed from; or only what has the same columns. */
    private static Set<Symbol> ancestors(final Symbol root, final boolean columns) {
        final Set<Symbol> all = new HashSet<>(Set.of(root));
        final PriorityQueue<Symbol> pending = new PriorityQueue<>((a, b) -> Integer.compare(b.number(), a.number()));
        pending.add(root);
        while (!pending.isEmpty()) {
            final Symbol symbol = pending.poll();
            if (columns && hasOwnColumns(symbol.form())) {
                continue;
            }
            final List<Symbol> operands = new ArrayList<>(symbol.form().needs());
            for (final Value operand : symbol.operands()) {
                if (operand instanceof Symbol x) {
                    operands.add(x);
                }
            }
            for (final Symbol x : operands) {
                if (all.add(x)) {
                    pending.add(x);
                }
            }
        }
        return all;
    }

    private static boolean hasOwnColumns(final Form form) {
        return form instanceof Form.Dense
                || form instanceof Form.Selected
                || form instanceof Form.Joined
                || form instanceof Form.TwoClasses;
    }

    /** Without names and dimensions. */
    private static Symbol plain(final @Nullable Symbol symbol) {
        Symbol x = Objects.requireNonNull(symbol);
        while (x.form() instanceof Form.Named || x.form() instanceof Form.Same) {
            x = x.form().needs().getFirst();
        }
        return x;
    }

    private static List<String> names(final @Nullable Symbol symbol) {
        Symbol x = Objects.requireNonNull(symbol);
        while (x.form() instanceof Form.Named || x.form() instanceof Form.Same) {
            if (x.form() instanceof Form.Named named) {
                return named.names();
            }
            x = x.form().needs().getFirst();
        }
        return List.of();
    }
}
