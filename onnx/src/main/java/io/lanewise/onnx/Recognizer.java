package io.lanewise.onnx;

import io.lanewise.mlp.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what nodes make up that compute with elements, such as the six of a GELU: not by their order, of which each
 * exporter has its own, but by running them. Where all of them take but one value together, they are a function of
 * it; if that function is an activation's, or a normalisation's, at some hundred points, it is that one.
 */
final class Recognizer {
    private static final int MOST_NODES = 32;

    /** Steps that running a node takes, however few values it has: some hundred bytes of lists and arrays. */
    private static final long RUN = 4096;

    /** The points that are looked at first: the anchors, and some where activations differ. */
    private static final double[] FEW = DoubleStream.concat(
                    DoubleStream.of(Curves.anchors()), DoubleStream.of(-7, -2.5, -0.25, 0.25, 2.5, 7))
            .toArray();

    private final Budget budget;

    Recognizer(final Budget budget) {
        this.budget = budget;
    }

    /**
     * What a symbol is of the earliest symbol that it is a known function of; null if there is none.
     *
     * @param isNeeded tells symbols that are needed for something else too, beyond which it does not look
     */
    @Nullable
    Form recognize(final Symbol symbol, final Predicate<Symbol> isNeeded) {
        final NavigableSet<Symbol> frontier =
                new TreeSet<>(Comparator.comparingInt(Symbol::number).reversed());
        final List<Symbol> inner = new ArrayList<>(List.of(symbol)); // descending
        addOperands(frontier, symbol);
        Form found = null;
        int nodes = 0; // of what is found
        while (!frontier.isEmpty() && inner.size() <= MOST_NODES) {
            final Symbol x = frontier.pollFirst();
            if (frontier.isEmpty()) {
                budget.work(RUN); // here, so that what takes too long is refused
                final Form form = function(x, inner);
                final boolean ofElements = isElementwise(x, inner.subList(nodes, inner.size()));
                if (form != null && (found == null || !isOfRows(found) || !ofElements)) {
                    found = form;
                    nodes = inner.size();
                }
            }
            if (!isOpen(x) || isNeeded.test(x)) {
                break;
            }
            inner.add(x);
            addOperands(frontier, x);
        }
        return found;
    }

    private static void addOperands(final NavigableSet<Symbol> symbols, final Symbol symbol) {
        for (final Value operand : symbol.operands()) {
            if (operand instanceof Symbol x) {
                symbols.add(x);
            }
        }
    }

    /** Whether a symbol may be part of a function that is to be recognised. */
    private static boolean isOpen(final Symbol symbol) {
        final Op op = symbol.op();
        return op != null
                && (symbol.form() instanceof Form.Computed
                        || (symbol.form() instanceof Form.Affine && ElementRules.ELEMENTWISE.contains(op.operator())));
    }

    /** Before such, a function of elements stays: that rows of samples do not show it says nothing of other numbers. */
    private static boolean isOfRows(final Form form) {
        return !(form instanceof Form.Activated);
    }

    private static boolean isElementwise(final Symbol x, final List<Symbol> inner) {
        return inner.stream()
                .allMatch(symbol -> symbol.op() != null
                        && ElementRules.ELEMENTWISE.contains(symbol.op().operator())
                        && symbol.shape().isSame(x.shape()));
    }

    private @Nullable Form function(final Symbol x, final List<Symbol> inner) {
        try {
            return isElementwise(x, inner) ? curve(x, inner) : rows(x, inner);
        } catch (final Refusal e) {
            return null; // what cannot be run is not recognised
        }
    }

    private @Nullable Form curve(final Symbol x, final List<Symbol> inner) {
        for (final Symbol symbol : inner) {
            for (final Value operand : symbol.operands()) {
                if (operand instanceof Tensor constant && !constant.isUniform()) {
                    return null;
                }
            }
        }
        if (through(x, inner, FEW) == null) {
            return null; // most are none: a few points tell
        }
        final Curve curve = through(x, inner, points(inner));
        return curve == null ? null : new Form.Activated(x, curve);
    }

    private @Nullable Curve through(final Symbol x, final List<Symbol> inner, final double[] points) {
        final double[] values = run(x, inner, Tensor.ofReals(ElementType.DOUBLE, points, points.length), true);
        return Curves.through(points, values, hasShortConstants(inner));
    }

    private static boolean hasShortConstants(final List<Symbol> inner) {
        return inner.stream()
                .flatMap(symbol -> symbol.operands().stream())
                .anyMatch(operand -> operand instanceof Tensor constant
                        && constant.type().isReal()
                        && constant.type().bytes() == Short.BYTES);
    }

    /** Some hundred numbers, with those around the constants: that is where pieces of a function meet. */
    private static double[] points(final List<Symbol> inner) {
        final DoubleStream.Builder points = DoubleStream.builder();
        for (final double anchor : FEW) {
            points.add(anchor);
        }
        for (int i = -192; i <= 192; i++) {
            points.add(i / 16.0);
        }
        for (double x = 1e-3; x < 1e7; x *= 5) {
            points.add(x).add(-x);
        }
        for (final Symbol symbol : inner) {
            for (final Value operand : symbol.operands()) {
                if (operand instanceof Tensor constant && Double.isFinite(constant.real(0))) {
                    for (final double factor : new double[] {1, 0.999, 1.001, 1.5}) {
                        points.add(factor * constant.real(0)).add(-factor * constant.real(0));
                    }
                }
            }
        }
        return points.build().filter(x -> Math.abs(x) < 1e37).toArray();
    }

    /** Runs the nodes on values of x; uniform constants as scalars if shapes do not matter. */
    private double[] run(final Symbol x, final List<Symbol> inner, final Tensor values, final boolean scalars) {
        final Map<Symbol, Tensor> results = new HashMap<>(Map.of(x, values));
        Tensor last = values;
        for (int i = inner.size() - 1; i >= 0; i--) {
            final Symbol symbol = inner.get(i);
            final Op op = symbol.op();
            if (op == null) {
                throw new Refusal("expected a node, got an input");
            }
            budget.work(RUN + 16L * values.size());
            final List<@Nullable Tensor> operands = new ArrayList<>();
            for (final Value operand : symbol.operands()) {
                operands.add(
                        operand instanceof Symbol other
                                ? results.get(other)
                                : scalars && operand instanceof Tensor constant
                                        ? constant.gather(new int[1])
                                        : (Tensor) operand);
            }
            last = Evaluator.run(op, operands).getFirst();
            results.put(symbol, last);
        }
        if (last.size() != values.size()) {
            throw new Refusal("expected a value for each element, got " + last);
        }
        return last.toReals();
    }

    private @Nullable Form rows(final Symbol x, final List<Symbol> inner) {
        final Symbol result = inner.getFirst();
        final int width = x.width();
        if (width < 2 || !x.shape().hasRows() || !result.shape().isSame(x.shape())) {
            return null;
        }
        final double[] samples = RowFits.samples(width);
        final int[] shape = x.shape().with(RowFits.ROWS);
        final double[] values = run(x, inner, Tensor.ofReals(ElementType.DOUBLE, samples, shape), false);
        final Head head = RowFits.head(width, samples, values);
        if (head != null) {
            return new Form.Headed(x, head);
        }
        for (final double epsilon : epsilons(inner, width)) {
            final RowFits.Norm norm = RowFits.norm(width, samples, values, epsilon);
            if (norm != null) {
                return new Form.LayerNormalized(x, epsilon, norm.weight(), norm.bias());
            }
        }
        return null;
    }

    /** The constants that may be what is added to a variance over n, or over n − 1. */
    private static double[] epsilons(final List<Symbol> inner, final int width) {
        return inner.stream()
                .flatMap(symbol -> symbol.operands().stream())
                .filter(operand -> operand instanceof Tensor constant && constant.isUniform())
                .mapToDouble(operand -> ((Tensor) operand).real(0))
                .filter(epsilon -> epsilon > 0 && epsilon <= 0.1)
                .flatMap(epsilon -> Arrays.stream(new double[] {epsilon, epsilon * (width - 1) / width}))
                .toArray();
    }
}
