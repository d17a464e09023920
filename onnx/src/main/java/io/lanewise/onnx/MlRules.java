package io.lanewise.onnx;

import io.lanewise.formats.Quoted;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/** Classes, and the operators of the domain {@code ai.onnx.ml}. */
final class MlRules {
    private static final String PREFIX = Op.ML + ".";

    private MlRules() {}

    static void register(final Map<String, Rule> rules) {
        rules.put("ArgMax", MlRules::argMax);
        rules.put(PREFIX + "Scaler", MlRules::scaler);
        rules.put(PREFIX + "LinearRegressor", MlRules::linearRegressor);
        rules.put(PREFIX + "LinearClassifier", MlRules::linearClassifier);
        rules.put(PREFIX + "Normalizer", MlRules::normalizer);
        rules.put(PREFIX + "ZipMap", MlRules::zipMap);
        rules.put(PREFIX + "LabelEncoder", MlRules::labelEncoder);
        rules.put(PREFIX + "ArrayFeatureExtractor", MlRules::extractor);
    }

    private static List<Value> argMax(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final int axis = Op.axis(node.op().integer("axis", 0), x.shape().rank());
        if (!x.shape().isRow(axis)) {
            throw new Refusal(
                    "expected the largest element of each row, got the shape " + x.shape() + " and axis " + axis);
        }
        if (node.op().integer("select_last_index", 0) != 0) {
            throw new Refusal("expected the first of equal elements, got select_last_index");
        }
        return node.one(RowShape.matrix(1), new Form.Label(x, List.of()));
    }

    /** A label by its place among names. */
    static List<Value> named(final Rule.Node node, final Tensor names, final Symbol label) {
        if (!(label.form() instanceof Form.Label known)) {
            throw new Refusal("expected the number of a class, got a value");
        }
        final int classes = Objects.requireNonNull(known.x()).width();
        if (names.type().isReal() || names.rank() != 1 || names.size() != classes) {
            throw new Refusal("expected a list of names or integers for " + classes + " classes, got " + names);
        }
        final String[] texts = names.toTexts();
        final List<String> named = numbers(known).stream()
                .map(number -> texts[Op.axis(number, classes)])
                .toList();
        return node.one(label.shape(), new Form.Label(known.x(), named));
    }

    /** The numbers that classes go by: their places, or what an earlier node has looked up. */
    private static List<Long> numbers(final Form.Label label) {
        if (label.names().isEmpty()) {
            return LongStream.range(0, Objects.requireNonNull(label.x()).width())
                    .boxed()
                    .toList();
        }
        try {
            return label.names().stream().map(Long::valueOf).toList();
        } catch (final NumberFormatException e) {
            throw new Refusal("expected the numbers of classes, got their names");
        }
    }

    private static List<Value> extractor(final Rule.Node node) {
        if (node.operands().get(0) instanceof Tensor names) {
            return named(node, names, node.symbol(1));
        }
        final Symbol x = node.symbol(0);
        final int last = x.shape().rank() - 1;
        if (last < 0 || !x.shape().isRow(last)) {
            throw new Refusal("expected a last dimension that makes up the row, got the shape " + x.shape());
        }
        final Tensor indices = node.constant(1);
        final int[] columns = new int[node.symbols().budget().take(indices.size())];
        Arrays.setAll(columns, i -> Op.axis(indices.integer(i), x.width()));
        return node.one(RowShape.matrix(columns.length), new Form.Selected(x, columns));
    }

    private static List<Value> scaler(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final double[] offset = MlOperators.repeated(node.op().reals("offset"), x.width(), 0);
        final double[] scale = MlOperators.repeated(node.op().reals("scale"), x.width(), 1);
        final double[] shift = new double[x.width()];
        Arrays.setAll(shift, i -> -offset[i] * scale[i]);
        return node.one(x.shape(), new Form.Affine(x, scale.clone(), shift));
    }

    private static List<Value> linearRegressor(final Rule.Node node) {
        final Op op = node.op();
        if (!op.text("post_transform", "NONE").equals("NONE")) {
            throw new Refusal("expected post_transform NONE, got " + op.text("post_transform", "NONE"));
        }
        final int targets = Math.clamp(op.integer("targets", 1), 1, Dense.MAX_WIDTH);
        return node.one(RowShape.matrix(targets), dense(node, targets));
    }

    /** The attributes' coefficients (outputs, inputs) and intercepts (outputs). */
    private static Form.Dense dense(final Rule.Node node, final int outputs) {
        final Symbol x = node.symbol(0);
        final double[] coefficients = node.op().reals("coefficients");
        final double[] intercepts = node.op().reals("intercepts");
        if (coefficients.length != (long) outputs * x.width()) {
            throw new Refusal(
                    "expected " + outputs + " times " + x.width() + " coefficients, got " + coefficients.length);
        }
        if (intercepts.length != 0 && intercepts.length != outputs) {
            throw new Refusal("expected " + outputs + " intercepts, got " + intercepts.length);
        }
        final double[] weight = new double[node.symbols().budget().take(coefficients.length)];
        for (int j = 0; j < outputs; j++) {
            for (int i = 0; i < x.width(); i++) {
                weight[i * outputs + j] = coefficients[j * x.width() + i];
            }
        }
        return new Form.Dense(x, weight, intercepts.length == 0 ? new double[outputs] : intercepts.clone());
    }

    private static List<Value> linearClassifier(final Rule.Node node) {
        final Op op = node.op();
        final List<String> names = classes(op, "classlabels_strings", "classlabels_ints");
        final int rows = Math.max(
                op.reals("intercepts").length,
                op.reals("coefficients").length / node.symbol(0).width());
        final Symbol logits =
                node.symbols().of(op, node.operands(), RowShape.matrix(Math.max(rows, 1)), dense(node, rows));
        final String transform = op.text("post_transform", "NONE");
        final boolean two = rows == 1 && names.size() == 2;
        final Symbol scores = switch (transform) {
            case "NONE" -> {
                if (two) {
                    throw new Refusal("expected a score for each class, got one for two");
                }
                yield logits;
            }
            case "SOFTMAX" -> head(node, logits, new Form.Headed(logits, Head.SOFTMAX));
            case "LOGISTIC" ->
                two
                        ? node.symbols().of(op, List.of(logits), RowShape.matrix(2), new Form.TwoClasses(logits))
                        : head(node, logits, new Form.Activated(logits, Curve.of(Activation.SIGMOID)));
            default -> throw new Refusal("expected post_transform NONE, LOGISTIC or SOFTMAX, got " + transform);
        };
        if (names.size() != scores.width()) {
            throw new Refusal("expected " + scores.width() + " names of classes, got " + names.size());
        }
        final Symbol named = node.symbols().of(op, List.of(scores), scores.shape(), new Form.Named(scores, names));
        final Symbol label = node.symbols().of(op, List.of(scores), RowShape.matrix(1), new Form.Label(scores, names));
        return List.of(label, named);
    }

    private static Symbol head(final Rule.Node node, final Symbol logits, final Form form) {
        return node.symbols().of(node.op(), List.of(logits), logits.shape(), form);
    }

    private static List<String> names(final Op op, final String texts, final String integers) {
        final List<String> names = op.texts(texts);
        final long[] numbers = op.integers(integers);
        return names.isEmpty() && numbers != null
                ? Arrays.stream(numbers).mapToObj(Long::toString).toList()
                : names;
    }

    /** Classes that a node declares, each of its own name. */
    private static List<String> classes(final Op op, final String texts, final String integers) {
        final List<String> names = names(op, texts, integers);
        if (Set.copyOf(names).size() != names.size()) {
            throw new Refusal("expected a name of its own for each class, got " + Quoted.of(String.join(", ", names)));
        }
        return names;
    }

    /**
     * Rows divided by the sum of their absolute values: nothing where that is 1, and a softmax of two logits, one of which
     * is the other's opposite, where they are sigmoids.
     */
    private static List<Value> normalizer(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final String norm = node.op().text("norm", "MAX");
        final Symbol scores = x.form() instanceof Form.Named named ? named.x() : x;
        final List<String> names = x.form() instanceof Form.Named named ? named.names() : List.of();
        if (norm.equals("L1")) {
            if (scores.form() instanceof Form.TwoClasses
                    || (scores.form() instanceof Form.Headed headed && headed.head() == Head.SOFTMAX)) {
                return List.of(x);
            }
            if (scores.form() instanceof Form.Activated activated
                    && activated.curve().equals(Curve.of(Activation.SIGMOID))
                    && activated.x().form() instanceof Form.Dense dense
                    && areOpposite(dense)) {
                final Form.Affine half = ElementRules.affine(activated.x(), scores.shape(), 0.5, 0);
                final Symbol logits = head(node, activated.x(), half);
                final Symbol head = head(node, logits, new Form.Headed(logits, Head.SOFTMAX));
                return names.isEmpty() ? List.of(head) : List.of(head(node, head, new Form.Named(head, names)));
            }
        }
        throw new Refusal("expected norm L1 of probabilities that add up to 1, or of two opposite ones, got norm "
                + norm + " of other values");
    }

    private static boolean areOpposite(final Form.Dense dense) {
        if (dense.bias().length != 2 || dense.bias()[0] != -dense.bias()[1]) {
            return false;
        }
        for (int i = 0; i < dense.weight().length; i += 2) {
            if (dense.weight()[i] != -dense.weight()[i + 1]) {
                return false;
            }
        }
        return true;
    }

    private static List<Value> zipMap(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final List<String> names = classes(node.op(), "classlabels_strings", "classlabels_int64s");
        if (names.size() != x.width()) {
            throw new Refusal("expected " + x.width() + " names of classes, got " + names.size());
        }
        return node.one(x.shape(), new Form.Named(x, names));
    }

    private static List<Value> labelEncoder(final Rule.Node node) {
        final Op op = node.op();
        if (!(node.symbol(0).form() instanceof Form.Label label) || label.x() == null) {
            throw new Refusal("expected the number of a class, got a value: features have to be numbers");
        }
        final long[] keys = op.integers("keys_int64s");
        final List<String> names = names(op, "values_strings", "values_int64s");
        final Symbol x = Objects.requireNonNull(label.x());
        if (keys == null || keys.length != names.size()) {
            throw new Refusal("expected a name for each of " + x.width() + " classes, got " + names.size());
        }
        final Map<Long, String> byKey = new HashMap<>();
        for (int i = 0; i < keys.length; i++) {
            if (byKey.put(keys[i], names.get(i)) != null) {
                throw new Refusal("expected a name for each class, got two for " + keys[i]);
            }
        }
        final List<String> named = new ArrayList<>();
        for (final long number : numbers(label)) {
            final String name = byKey.get(number);
            if (name == null) {
                throw new Refusal("expected a name for each class, got none for " + number);
            }
            named.add(name);
        }
        return node.one(node.symbol(0).shape(), new Form.Label(x, List.copyOf(named)));
    }
}
