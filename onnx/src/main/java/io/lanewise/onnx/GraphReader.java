package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.lanewise.formats.Quoted;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a graph in its order: what is constant is computed, what depends on the inputs becomes symbols. Constants
 * of the file are read when the first node takes them, and forgotten behind the last one.
 */
final class GraphReader {
    private static final int OLDEST_IR = 3;
    private static final int NEWEST_IR = 13;
    private static final int MOST_NODES = 100_000;
    private static final int MOST_INPUTS = 10_000;
    private static final Map<String, Rule> RULES = rules();

    /** What the number of rows may go through, and where to. */
    private static final Set<String> MOVERS =
            Set.of("Identity", "Cast", "Gather", "Slice", "Concat", "Squeeze", "Unsqueeze", "Reshape", "Flatten");

    private static final Set<String> RESHAPE = Set.of("Reshape");

    /** What takes the number or the name of a class as its first operand. */
    private static final Set<String> OF_LABELS =
            Set.of("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", Op.ML + ".LabelEncoder");

    /** What moves integers about; operators of the domain ai.onnx.ml and Cast make floats of them. */
    private static final Set<String> OF_INTEGERS = Set.of(
            "Identity",
            "Reshape",
            "Flatten",
            "Squeeze",
            "Unsqueeze",
            "Concat",
            "Transpose",
            "Slice",
            "Split",
            "Gather",
            Op.ML + ".ArrayFeatureExtractor");

    private static final Set<String> OF_ANY_NUMBERS = Set.of("Cast", "CastLike", "Shape");

    /** What looks it up, as the second one, in a constant. */
    private static final Set<String> LOOK_UPS = Set.of("Gather", Op.ML + ".ArrayFeatureExtractor");

    private final GraphProto graph;
    private final Opsets opsets;
    private final Budget budget;
    private final TensorReader tensors;
    private final Symbols symbols;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>(); // still to come
    private final Map<String, Symbol> inputs = new LinkedHashMap<>();
    private final IdentityHashMap<NodeProto, List<Symbol>> results = new IdentityHashMap<>();

    private GraphReader(final ModelProto model, final ExternalData external) {
        this.graph = model.getGraph();
        this.opsets = Opsets.of(model);
        this.budget = new Budget(model.getSerializedSize());
        this.tensors = new TensorReader(external, budget);
        this.symbols = new Symbols(budget);
    }

    private static Map<String, Rule> rules() {
        final Map<String, Rule> rules = new HashMap<>();
        ShapeRules.register(rules);
        DenseRules.register(rules);
        MlRules.register(rules);
        ElementRules.register(rules);
        return Map.copyOf(rules);
    }

    /** Reads a graph. */
    static GraphReader read(final ModelProto model, final ExternalData external) {
        if (model.getIrVersion() < OLDEST_IR || model.getIrVersion() > NEWEST_IR) {
            throw new Refusal("expected a file of IR version " + OLDEST_IR + " to " + NEWEST_IR + ", got "
                    + model.getIrVersion());
        }
        final GraphReader reader = new GraphReader(model, external);
        reader.readConstants();
        reader.readInputs();
        reader.readNodes();
        return reader;
    }

    /** The inputs that are no constants, in the order of the graph. */
    Map<String, Symbol> inputs() {
        return inputs;
    }

    Budget budget() {
        return budget;
    }

    Symbols symbols() {
        return symbols;
    }

    /** The graph's outputs that depend on its inputs, by name. */
    Map<String, Symbol> outputs() {
        final Map<String, Symbol> outputs = new LinkedHashMap<>();
        for (final ValueInfoProto output : graph.getOutputList()) {
            if (value(output.getName()) instanceof Symbol symbol) {
                outputs.put(output.getName(), symbol);
            }
        }
        return outputs;
    }

    /** What the graph says of an output's type. */
    ValueInfoProto output(final String name) {
        return graph.getOutputList().stream()
                .filter(output -> output.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void readConstants() {
        if (graph.getSparseInitializerCount() > 0) {
            throw new Refusal("expected dense constants, got a sparse one");
        }
        for (final TensorProto constant : graph.getInitializerList()) {
            if (constants.put(constant.getName(), constant) != null) {
                throw new Refusal("expected one constant called " + Quoted.of(constant.getName()) + ", got two");
            }
        }
    }

    private void readInputs() {
        if (graph.getInputCount() - constants.size() > MOST_INPUTS || graph.getOutputCount() > MOST_INPUTS) {
            throw new Refusal("expected at most " + MOST_INPUTS + " inputs and outputs, got " + graph.getInputCount()
                    + " and " + graph.getOutputCount());
        }
        final Set<String> names = new HashSet<>();
        for (final ValueInfoProto input : graph.getInputList()) {
            if (!names.add(input.getName())) {
                throw new Refusal("expected one input called " + Quoted.of(input.getName()) + ", got two");
            }
            if (!constants.containsKey(input.getName())) {
                final Symbol symbol = input(input);
                inputs.put(input.getName(), symbol);
                values.put(input.getName(), symbol);
            }
        }
    }

    /** An input of floats; another one is refused when it is needed. */
    private Symbol input(final ValueInfoProto input) {
        try {
            final TypeProto.Tensor type = input.getType().getTensorType();
            if (!input.getType().hasTensorType()
                    || ElementType.of(type.getElemType()).isText()) {
                throw new Refusal("expected numbers, got another type");
            }
            final RowShape shape = shape(type);
            if (shape.hasRows()) {
                symbols.declareRows(type.getShape().getDim(0).getDimValue());
            }
            final Symbol symbol = symbols.of(null, List.of(), shape, new Form.Input(input.getName()));
            if (!ElementType.of(type.getElemType()).isReal()) {
                symbols.declareIntegers(symbol);
            }
            return symbol;
        } catch (final Refusal e) {
            final Refusal reason = new Refusal("input " + Quoted.of(input.getName()) + ": " + e.reason());
            return symbols.of(null, List.of(), RowShape.matrix(1), new Form.Refused(reason));
        }
    }

    /** The first dimension counts rows, unless it is the only one and tells a row's width. */
    private static RowShape shape(final TypeProto.Tensor type) {
        if (!type.hasShape()) {
            throw new Refusal("expected a shape, got none");
        }
        final List<TensorShapeProto.Dimension> dimensions = type.getShape().getDimList();
        final long[] shape = new long[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            final TensorShapeProto.Dimension dimension = dimensions.get(i);
            final boolean rows = i == 0 && (shape.length > 1 || dimension.getDimValue() <= 1);
            if (!rows && dimension.getDimValue() < 1) {
                throw new Refusal("expected rows of a size that is known, got " + describe(dimensions));
            }
            shape[i] = rows ? Tensor.BATCH : dimension.getDimValue();
        }
        return new RowShape(shape);
    }

    private static String describe(final List<TensorShapeProto.Dimension> dimensions) {
        return dimensions.stream()
                .map(dimension -> dimension.hasDimValue()
                        ? Long.toString(dimension.getDimValue())
                        : dimension.getDimParam().isEmpty() ? "?" : Quoted.of(dimension.getDimParam()))
                .toList()
                .toString();
    }

    private void readNodes() {
        if (graph.getNodeCount() > MOST_NODES) {
            throw new Refusal("expected at most " + MOST_NODES + " nodes, got " + graph.getNodeCount());
        }
        for (final NodeProto node : graph.getNodeList()) {
            node.getInputList().forEach(name -> uses.merge(name, 1, Integer::sum));
        }
        graph.getOutputList().forEach(output -> uses.merge(output.getName(), 1, Integer::sum));
        final Set<String> defined = new HashSet<>(values.keySet());
        defined.addAll(constants.keySet());
        for (final NodeProto node : graph.getNodeList()) {
            final Op op = opsets.op(node, budget, tensors);
            for (final String name : node.getInputList()) {
                if (!name.isEmpty() && !defined.contains(name)) {
                    throw op.refusal("expected " + Quoted.of(name) + " to be given before it is used");
                }
            }
            for (final String name : node.getOutputList()) {
                if (!name.isEmpty() && !defined.add(name)) {
                    throw op.refusal("expected one value called " + Quoted.of(name) + ", got two");
                }
            }
            readNode(op);
        }
        for (final ValueInfoProto output : graph.getOutputList()) {
            if (!defined.contains(output.getName())) {
                throw new Refusal("expected a value for the output " + Quoted.of(output.getName()) + ", got none");
            }
        }
    }

    private void readNode(final Op op) {
        final NodeProto node = op.node();
        List<? extends Value> given;
        try {
            final List<@Nullable Value> operands = new ArrayList<>();
            for (final String name : node.getInputList()) {
                operands.add(name.isEmpty() ? null : value(name));
            }
            given = values(op, operands);
        } catch (final Refusal e) {
            given = List.of(symbols.refused(op, op.refusal(e.reason())));
        } catch (final UncheckedIOException e) {
            throw e;
        } catch (final RuntimeException e) {
            final String reason = op.refusal("expected operands that it can take, got an error: " + e)
                    .reason();
            given = List.of(symbols.refused(op, new Refusal(reason, e)));
        }
        node.getInputList().forEach(this::forget);
        for (int i = 0; i < node.getOutputCount(); i++) {
            final String name = node.getOutput(i);
            if (!name.isEmpty() && uses.containsKey(name)) {
                values.put(
                        name,
                        i < given.size()
                                ? given.get(i)
                                : given.getFirst() instanceof Symbol symbol && symbol.form() instanceof Form.Refused
                                        ? symbol
                                        : symbols.refused(op, op.refusal("its output " + i + " is not supported")));
            }
        }
        final List<Symbol> known = new ArrayList<>();
        for (final Value value : given) {
            if (value instanceof Symbol symbol) {
                known.add(symbol);
            }
        }
        results.put(node, known);
    }

    private List<? extends Value> values(final Op op, final List<@Nullable Value> operands) {
        for (final Value operand : operands) {
            if (operand instanceof Symbol symbol && symbol.form() instanceof Form.Refused) {
                return List.of(symbol);
            }
        }
        if (operands.stream().noneMatch(Symbol.class::isInstance)) {
            final List<@Nullable Tensor> constant = new ArrayList<>();
            operands.forEach(operand -> constant.add((Tensor) operand));
            checkBatch(op, constant, MOVERS);
            return Evaluator.run(op, constant);
        }
        checkLabels(op, operands);
        final boolean integers =
                operands.stream().anyMatch(operand -> operand instanceof Symbol symbol && symbols.isOfIntegers(symbol));
        if (op.operator().equals("CastLike") && !integers && operands.getFirst() instanceof Tensor constant) {
            return List.of(
                    constant.type().isReal() ? constant : constant.cast(ElementType.FLOAT)); // rows are of floats
        }
        final Rule rule = RULES.get(op.operator());
        if (rule == null) {
            throw new Refusal("this operator is not supported");
        }
        final Rule.Node node = new Rule.Node(op, operands, symbols);
        checkBatch(op, node.constants().all(), RESHAPE);
        if (!integers) {
            return rule.apply(node);
        }
        final boolean moved = OF_INTEGERS.contains(op.operator());
        if (!moved && op.domain().isEmpty() && !OF_ANY_NUMBERS.contains(op.operator())) {
            throw new Refusal("expected a Cast to floats before anything is computed from an input of integers");
        }
        final List<Value> values = rule.apply(node);
        for (final Value value : values) {
            if (moved && value instanceof Symbol symbol) {
                symbols.declareIntegers(symbol);
            }
        }
        return values;
    }

    /** A label stands for the scores that it is of, so that nothing may be computed from it. */
    private static void checkLabels(final Op op, final List<@Nullable Value> operands) {
        for (int i = 0; i < operands.size(); i++) {
            final boolean known = i == 0
                    ? OF_LABELS.contains(op.operator())
                    : i == 1 && LOOK_UPS.contains(op.operator()) && operands.getFirst() instanceof Tensor;
            if (!known && operands.get(i) instanceof Symbol symbol && symbol.form() instanceof Form.Label) {
                throw new Refusal("expected that nothing but a name is taken by the number of a class, and nothing"
                        + " computed from it");
            }
        }
    }

    /** The number of rows may be moved about, so that it gets into a shape; nothing may be computed from it. */
    private static void checkBatch(final Op op, final List<@Nullable Tensor> constants, final Set<String> operators) {
        if (!operators.contains(op.operator())
                && constants.stream().anyMatch(constant -> constant != null && constant.hasBatch())) {
            throw new Refusal("expected that nothing is computed from the number of rows");
        }
    }

    private Value value(final String name) {
        final Value known = values.get(name);
        if (known != null) {
            return known;
        }
        final TensorProto constant = constants.get(name);
        if (constant == null) {
            throw new Refusal("expected a value called " + Quoted.of(name) + ", got none");
        }
        try {
            final Tensor tensor = tensors.read(constant);
            values.put(name, tensor);
            return tensor;
        } catch (final Refusal e) {
            throw new Refusal("constant " + Quoted.of(name) + ": " + e.reason());
        }
    }

    private void forget(final String name) {
        final int left = uses.merge(name, -1, Integer::sum);
        if (left == 0 && values.get(name) instanceof Tensor) {
            values.remove(name);
        }
    }

    /** What a node gave of symbols. */
    List<Symbol> results(final NodeProto node) {
        return results.getOrDefault(node, List.of());
    }

    /** The nodes, in order. */
    List<NodeProto> nodes() {
        return graph.getNodeList();
    }
}
