package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all symbols are that an output needs, and how often each is needed. Goes from the output to the inputs, so that
 * what is part of something larger is never looked at alone.
 */
final class Forms {
    /** Each layer has few symbols: a product, a bias, an activation. */
    private static final int MOST_SYMBOLS = 4 * Mlp.MAX_LAYERS;

    private final Recognizer recognizer;
    private final Map<Symbol, Form> forms = new TreeMap<>(Comparator.comparingInt(Symbol::number));
    private final Map<Symbol, Integer> uses = new TreeMap<>(Comparator.comparingInt(Symbol::number));

    private Forms(final Budget budget) {
        this.recognizer = new Recognizer(budget);
    }

    static Forms of(final Symbol root, final Budget budget) {
        final Forms forms = new Forms(budget);
        final NavigableSet<Symbol> pending =
                new TreeSet<>(Comparator.comparingInt(Symbol::number).reversed());
        pending.add(root);
        while (!pending.isEmpty()) {
            final Symbol symbol = pending.pollFirst();
            final Form form = forms.decide(symbol);
            if (form instanceof Form.Refused refused) {
                throw refused.reason();
            }
            if (forms.forms.size() > MOST_SYMBOLS) {
                throw symbol.refusal("expected at most " + MOST_SYMBOLS + " values of an output");
            }
            forms.forms.put(symbol, form);
            for (final Symbol need : form.needs()) {
                forms.uses.merge(need, 1, Integer::sum);
                pending.add(need);
            }
        }
        return forms;
    }

    /** All symbols that are needed, in the order of the graph, and what they are. */
    Map<Symbol, Form> all() {
        return forms;
    }

    /** Whether a symbol is needed by one other at most. */
    boolean isUsedOnce(final Symbol symbol) {
        return uses.getOrDefault(symbol, 0) <= 1;
    }

    private Form decide(final Symbol symbol) {
        return switch (symbol.form()) {
            case Form.Computed ignored -> computed(symbol);
            case Form.Affine affine -> {
                final Form larger = affine.x().form() instanceof Form.Computed
                        ? recognizer.recognize(symbol, uses::containsKey)
                        : null;
                yield larger == null ? affine : larger;
            }
            case Form.Joined joined -> {
                final Symbol logit = twoClasses(joined);
                yield logit == null ? joined : new Form.TwoClasses(logit);
            }
            default -> symbol.form();
        };
    }

    private Form computed(final Symbol symbol) {
        final Op op = symbol.op();
        if (op == null) {
            return new Form.Refused(symbol.refusal("expected a node"));
        }
        final Symbol x = operand(symbol);
        if (x != null && op.operator().equals("Log") && isSoftmax(x)) {
            return new Form.Headed(x.form().needs().getFirst(), Head.LOG_SOFTMAX);
        }
        final Curve curve = x == null || !x.shape().isSame(symbol.shape()) ? null : direct(symbol, op);
        if (x != null && curve != null && !(x.form() instanceof Form.Computed)) {
            return new Form.Activated(x, curve);
        }
        final Form larger = recognizer.recognize(symbol, uses::containsKey);
        if (larger != null
                && !(x != null && curve != null && larger.needs().getFirst().equals(x))) {
            return larger;
        }
        if (x != null && curve != null) {
            return new Form.Activated(x, curve);
        }
        final Form sum = sum(symbol, op);
        final Form any = sum == null ? recognizer.recognize(symbol, other -> false) : sum;
        return any != null
                ? any
                : new Form.Refused(op.refusal(
                        "neither it nor the nodes before it make up a layer that is supported" + Curves.hint(op)));
    }

    private static boolean isSoftmax(final Symbol x) {
        return x.form() instanceof Form.Headed headed && headed.head() == Head.SOFTMAX;
    }

    /** The only operand that depends on the rows; null if there are several. */
    private static @Nullable Symbol operand(final Symbol symbol) {
        Symbol only = null;
        for (final Value operand : symbol.operands()) {
            if (operand instanceof Symbol x) {
                if (only != null) {
                    return null;
                }
                only = x;
            }
        }
        return only;
    }

    private static @Nullable Curve direct(final Symbol symbol, final Op op) {
        final List<@Nullable Tensor> constants = symbol.operands().stream()
                .<@Nullable Tensor>map(operand -> operand instanceof Tensor tensor ? tensor : null)
                .toList();
        return Curves.of(op, new Operands(constants));
    }

    private static @Nullable Form sum(final Symbol symbol, final Op op) {
        final String operator = op.operator();
        if (symbol.operands().size() == 2
                && (operator.equals("Add") || operator.equals("Sum") || operator.equals("Sub"))
                && symbol.operands().get(0) instanceof Symbol x
                && symbol.operands().get(1) instanceof Symbol y
                && x.width() == symbol.width()
                && y.width() == symbol.width()) {
            return new Form.Added(x, y, operator.equals("Sub") ? -1 : 1);
        }
        return null;
    }

    /** The logit of p in the columns 1 − p and p; null if they are others. */
    private @Nullable Symbol twoClasses(final Form.Joined joined) {
        if (joined.parts().size() != 2 || joined.parts().get(1).width() != 1) {
            return null;
        }
        final Symbol p = joined.parts().get(1);
        final boolean complement = joined.parts().get(0).form() instanceof Form.Affine affine
                && affine.x().equals(p)
                && affine.scale()[0] == -1
                && affine.shift()[0] == 1;
        return complement
                        && p.form() instanceof Form.Computed
                        && computed(p) instanceof Form.Activated activated
                        && activated.curve().equals(Curve.of(Activation.SIGMOID))
                ? activated.x()
                : null;
    }
}
