package io.lanewise.onnx;

import io.lanewise.mlp.Head;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators that compute with the elements of rows. */
final class ElementRules {
    /** Each element from those at the same place; {@link Recognizer} finds out what they make up. */
    static final Set<String> ELEMENTWISE = Set.of(
            "Abs",
            "Neg",
            "Exp",
            "Log",
            "Sqrt",
            "Reciprocal",
            "Erf",
            "Tanh",
            "Sign",
            "Floor",
            "Ceil",
            "Round",
            "Sigmoid",
            "Relu",
            "Softplus",
            "Softsign",
            "HardSwish",
            "Mish",
            "LeakyRelu",
            "ThresholdedRelu",
            "Elu",
            "Celu",
            "Selu",
            "HardSigmoid",
            "Gelu",
            "Swish",
            "Clip",
            "PRelu",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Max",
            "Min",
            "Sum",
            "Pow",
            "Mean",
            "Greater",
            "GreaterOrEqual",
            "Less",
            "LessOrEqual",
            "Equal",
            "And",
            "Or",
            "Xor",
            "Not",
            "Where",
            "Cast");

    /** Each row of its own. */
    private static final Set<String> REDUCTIONS = Set.of(
            "ReduceMean",
            "ReduceSum",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceL1",
            "ReduceL2",
            "ReduceSumSquare",
            "ReduceLogSum",
            "ReduceLogSumExp");

    private static final Set<String> LINES = Set.of("Add", "Sub", "Mul", "Div", "Sum");

    private ElementRules() {}

    static void register(final Map<String, Rule> rules) {
        for (final String operator : ELEMENTWISE) {
            rules.putIfAbsent(operator, ElementRules::elementwise);
        }
        for (final String operator : REDUCTIONS) {
            rules.put(operator, ElementRules::reduction);
        }
        rules.put("Softmax", ElementRules::softmax);
        rules.put("LogSoftmax", ElementRules::softmax);
    }

    private static List<Value> elementwise(final Rule.Node node) {
        RowShape shape = null;
        for (final Value operand : node.operands()) {
            if (operand instanceof Symbol symbol) {
                shape = shape == null ? symbol.shape() : shape.broadcast(symbol.shape());
            }
        }
        if (shape == null) {
            throw new Refusal("expected an operand that depends on the graph's inputs");
        }
        for (final Value operand : node.operands()) {
            shape = operand instanceof Tensor constant ? shape.broadcast(constant.shape()) : shape;
        }
        final Form line = line(node, shape);
        return node.one(shape, line == null ? new Form.Computed() : line);
    }

    /** A straight line for each column, where the operator has one operand that depends on the rows. */
    private static @Nullable Form line(final Rule.Node node, final RowShape shape) {
        final String operator = node.op().operator();
        if (operator.equals("Neg")) {
            return affine(node.symbol(0), shape, -1, 0);
        }
        if (!LINES.contains(operator) || node.operands().size() != 2) {
            return null;
        }
        final boolean first = node.operands().get(0) instanceof Symbol;
        if (first == node.operands().get(1) instanceof Symbol) {
            return null;
        }
        final Symbol x = node.symbol(first ? 0 : 1);
        if (!x.shape().isSame(shape) && x.width() != shape.width()) {
            return null;
        }
        final double[] c =
                shape.row(node.constant(first ? 1 : 0), node.symbols().budget());
        final double[] ones = new double[c.length];
        Arrays.fill(ones, 1);
        return switch (operator) {
            case "Add", "Sum" -> new Form.Affine(x, ones, c);
            case "Sub" ->
                first
                        ? new Form.Affine(x, ones, Arrays.stream(c).map(v -> -v).toArray())
                        : new Form.Affine(x, Arrays.stream(ones).map(v -> -v).toArray(), c);
            case "Mul" -> new Form.Affine(x, c, new double[c.length]);
            case "Div" ->
                first ? new Form.Affine(x, Arrays.stream(c).map(v -> 1 / v).toArray(), new double[c.length]) : null;
            default -> null;
        };
    }

    /** The same straight line for each column. */
    static Form.Affine affine(final Symbol x, final RowShape shape, final double scale, final double shift) {
        final double[] scales = new double[shape.width()];
        final double[] shifts = new double[shape.width()];
        Arrays.fill(scales, scale);
        Arrays.fill(shifts, shift);
        return new Form.Affine(x, scales, shifts);
    }

    private static List<Value> reduction(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final int version = node.op().operator().equals("ReduceSum") ? 13 : 18;
        final long[] axes = Dimensions.axes(node.op(), node.optional(1), version);
        if (axes == null || axes.length == 0) {
            throw new Refusal("expected axes of a row, got none");
        }
        final long[] dimensions = x.shape().dimensions().clone();
        for (final long given : axes) {
            final int axis = Op.axis(given, dimensions.length);
            if (dimensions[axis] == Tensor.BATCH) {
                throw new Refusal("expected a result for each row, got one of all rows");
            }
            dimensions[axis] = -1;
        }
        final boolean keep = node.op().integer("keepdims", 1) != 0;
        final long[] kept = keep
                ? Arrays.stream(dimensions).map(d -> d == -1 ? 1 : d).toArray()
                : Arrays.stream(dimensions).filter(d -> d != -1).toArray();
        return node.one(new RowShape(kept), new Form.Computed());
    }

    private static List<Value> softmax(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final RowShape shape = x.shape();
        final boolean one = node.op().version() >= NormalizationOperators.SOFTMAX_OF_AXIS;
        final int axis = Op.axis(node.op().integer("axis", one ? -1 : 1), Math.max(shape.rank(), 1));
        if (one ? !shape.isRow(axis) : !shape.isRowFrom(axis)) {
            throw new Refusal("expected a softmax of whole rows, got the shape " + shape + " and axis " + axis);
        }
        final boolean log = node.op().operator().equals("LogSoftmax");
        return node.one(shape, new Form.Headed(x, log ? Head.LOG_SOFTMAX : Head.SOFTMAX));
    }
}
