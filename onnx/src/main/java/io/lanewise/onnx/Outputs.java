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
        Map.@Nullable Entry<String, Symbol> label = null;
        List<String> names = List.of();
        for (final Map.Entry<String, Symbol> output : reader.outputs().entrySet()) {
            final Symbol symbol = output.getValue();
            if (symbol.form() instanceof Form.Label form) {
                label = output;
                names = names.isEmpty() ? form.names() : names;
            } else if (!isLabel(reader.output(output.getKey()).getType())) {
                scores.put(output.getKey(), symbol);
            }
        }
        if (!scores.isEmpty()) {
            final String chosen = chosen(scores);
            final Symbol root = plain(scores.get(chosen));
            final List<String> own = names(scores.get(chosen));
            return new Outputs(root, chosen, own.isEmpty() ? names : own);
        }
        if (label == null || !(label.getValue().form() instanceof Form.Label form) || form.x() == null) {
            throw new Refusal("expected an output of floats that depends on the inputs, got none");
        }
        return new Outputs(ofLabel(reader, label.getValue(), form.x()), label.getKey(), names);
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
        final Set<Symbol> before = ancestors(root);
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

    /** The symbol itself and all that it is computed from. */
    private static Set<Symbol> ancestors(final Symbol root) {
        final Set<Symbol> all = new HashSet<>(Set.of(root));
        final PriorityQueue<Symbol> pending = new PriorityQueue<>((a, b) -> Integer.compare(b.number(), a.number()));
        pending.add(root);
        while (!pending.isEmpty()) {
            final Symbol symbol = pending.poll();
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
