package io.lanewise.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that move the elements of rows. */
final class ShapeRules {
    private ShapeRules() {}

    static void register(final Map<String, Rule> rules) {
        rules.put("Identity", ShapeRules::same);
        rules.put("Dropout", ShapeRules::dropout);
        rules.put("Cast", ShapeRules::cast);
        rules.put("CastLike", ShapeRules::castLike);
        rules.put(
                "Shape",
                node -> List.of(Dimensions.of(node.op(), node.symbol(0).shape().dimensions())));
        rules.put(
                "Reshape",
                node -> reshaped(
                        node,
                        node.symbol(0)
                                .shape()
                                .reshaped(
                                        node.constant(1).toIntegers(),
                                        node.op().integer("allowzero", 0) != 0,
                                        node.symbols().fixedRows())));
        rules.put(
                "Flatten",
                node -> reshaped(
                        node, node.symbol(0).shape().flattened(node.op().integer("axis", 1))));
        rules.put(
                "Squeeze",
                node -> reshaped(
                        node, node.symbol(0).shape().squeezed(Dimensions.axes(node.op(), node.optional(1), 13))));
        rules.put(
                "Unsqueeze",
                node -> reshaped(
                        node, node.symbol(0).shape().unsqueezed(Dimensions.axes(node.op(), node.optional(1), 13))));
        rules.put("Concat", ShapeRules::concat);
        rules.put("Transpose", ShapeRules::moved);
        rules.put("Slice", ShapeRules::moved);
        rules.put("Gather", ShapeRules::gather);
        rules.put("Split", ShapeRules::moved);
        rules.put(Op.ML + ".FeatureVectorizer", ShapeRules::concat);
    }

    private static List<Value> same(final Rule.Node node) {
        return List.of(node.symbol(0));
    }

    private static List<Value> dropout(final Rule.Node node) {
        final Tensor training = node.optional(2);
        if (training != null && training.real(0) != 0) {
            throw new Refusal("expected a dropout that does nothing, got training_mode");
        }
        return same(node);
    }

    private static List<Value> cast(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final ElementType type = ElementType.of(node.op().integer("to", 0));
        if (type.isReal() || x.form() instanceof Form.Label) {
            return floats(node, x);
        }
        return node.one(x.shape(), new Form.Computed());
    }

    private static List<Value> castLike(final Rule.Node node) {
        final Value like = node.operands().get(1);
        final boolean integers = like instanceof Symbol symbol
                ? node.symbols().isOfIntegers(symbol)
                : !node.constant(1).type().isReal();
        if (integers) {
            throw new Refusal("expected a cast to floats, got one to integers");
        }
        return floats(node, node.symbol(0));
    }

    /** The value as it is, or one of floats where it is an input of integers. */
    private static List<Value> floats(final Rule.Node node, final Symbol x) {
        return node.symbols().isOfIntegers(x) ? node.one(x.shape(), new Form.Same(x)) : List.of(x);
    }

    private static List<Value> reshaped(final Rule.Node node, final RowShape shape) {
        final Symbol x = node.symbol(0);
        if (x.form() instanceof Form.Label label) {
            return node.one(shape, label);
        }
        return x.shape().isSame(shape) ? List.of(x) : node.one(shape, new Form.Same(x));
    }

    /** Side by side, if each part is so in each row. */
    private static List<Value> concat(final Rule.Node node) {
        final List<Symbol> parts = new ArrayList<>();
        int width = 0;
        for (int i = 0; i < node.operands().size(); i++) {
            final Symbol part = node.symbol(i);
            parts.add(part);
            width = Math.addExact(width, part.width());
        }
        final RowShape first = parts.getFirst().shape();
        final boolean vectorizer = !node.op().domain().isEmpty();
        final int axis = vectorizer ? first.rank() - 1 : Op.axis(node.op().integer("axis", 1), first.rank());
        final long[] dimensions = first.dimensions().clone();
        if (dimensions[axis] == Tensor.BATCH) {
            throw new Refusal("expected columns that are put side by side, got rows one below the other");
        }
        dimensions[axis] = 0;
        for (final Symbol part : parts) {
            if (part.shape().rank() != first.rank() || !part.shape().isRow(axis)) {
                throw new Refusal(
                        "expected values whose axis " + axis + " makes up a row, got the shape " + part.shape());
            }
            dimensions[axis] += part.shape().dimensions()[axis];
        }
        return node.one(new RowShape(dimensions), new Form.Joined(List.copyOf(parts)));
    }

    /** Runs the operator on the places of a row's elements, which tells where those of the result come from. */
    private static List<Value> moved(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        if (x.form() instanceof Form.Label) {
            throw new Refusal("expected the label as it is");
        }
        final List<Tensor> places = run(node, x);
        final List<Value> values = new ArrayList<>();
        for (final Tensor part : places) {
            values.add(node.symbols()
                    .of(
                            node.op(),
                            node.operands(),
                            shape(x, part, node.op()),
                            new Form.Selected(x, RowShape.columns(part))));
        }
        return values;
    }

    private static List<Tensor> run(final Rule.Node node, final Symbol x) {
        final List<Tensor> operands = new ArrayList<>();
        operands.add(x.shape().places(node.symbols().budget()));
        for (int i = 1; i < node.operands().size(); i++) {
            operands.add(node.optional(i));
        }
        return Evaluator.run(node.op(), operands);
    }

    /** Where the rows are in the result, found by running with another number of rows. */
    private static RowShape shape(final Symbol x, final Tensor places, final Op op) {
        final int axis = x.shape().rowsAxis();
        final long[] dimensions = Arrays.stream(places.shape()).asLongStream().toArray();
        if (axis < 0) {
            return new RowShape(dimensions);
        }
        final int to = op.operator().equals("Transpose")
                ? Arrays.stream(Dimensions.permutation(op, x.shape().rank()))
                        .boxed()
                        .toList()
                        .indexOf(axis)
                : axis;
        if (to >= dimensions.length || dimensions[to] != 1) {
            throw new Refusal("expected that rows stay rows, got the shape " + Arrays.toString(places.shape()));
        }
        dimensions[to] = Tensor.BATCH;
        return new RowShape(dimensions);
    }

    private static List<Value> gather(final Rule.Node node) {
        if (node.operands().get(0) instanceof Tensor names && node.operands().size() > 1) {
            return MlRules.named(node, names, node.symbol(1));
        }
        final Symbol x = node.symbol(0);
        final int axis = Op.axis(node.op().integer("axis", 0), x.shape().rank());
        if (axis == x.shape().rowsAxis()) {
            throw new Refusal("expected all rows, got some of them");
        }
        final int removed = node.constant(1).rank();
        final Tensor places = run(node, x).getFirst();
        final long[] dimensions = Arrays.stream(places.shape()).asLongStream().toArray();
        final int rows = x.shape().rowsAxis();
        if (rows >= 0) {
            dimensions[rows < axis ? rows : rows + removed - 1] = Tensor.BATCH;
        }
        return node.one(new RowShape(dimensions), new Form.Selected(x, RowShape.columns(places)));
    }
}
