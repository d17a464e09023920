package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a graph in {@code double}, as the operators' descriptions say (docs/Operators.md and docs/Changelog.md in
 * onnx/onnx), but only those nodes that a value depends on. Shares nothing with the library.
 */
final class DoubleGraph {
    private static final int SOFTMAX_OF_AN_AXIS = 13; // before: of all that follow one
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = DoubleFunctions.of();

    private final int opset;
    private final Map<String, NodeProto> nodes = new HashMap<>(); // by output
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, DoubleArray> values = new HashMap<>();

    private DoubleGraph(final ModelProto model) {
        final GraphProto graph = model.getGraph();
        opset = (int) model.getOpsetImportList().getFirst().getVersion();
        graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        graph.getNodeList().forEach(node -> node.getOutputList().forEach(output -> nodes.put(output, node)));
    }

    /** The elements of a value for given inputs. */
    static DoubleArray evaluate(final ModelProto model, final Map<String, DoubleArray> inputs, final String wanted) {
        final DoubleGraph graph = new DoubleGraph(model);
        graph.values.putAll(inputs);
        return graph.value(wanted);
    }

    private DoubleArray value(final String name) {
        final DoubleArray known = values.get(name);
        if (known != null) {
            return known;
        }
        final TensorProto constant = constants.get(name);
        if (constant != null) {
            return DoubleArray.of(constant);
        }
        final NodeProto node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("nothing gives '" + name + "'");
        }
        final DoubleArray computed = compute(node, node.getOutputList().indexOf(name));
        values.put(name, computed);
        return computed;
    }

    private DoubleArray input(final NodeProto node, final int index) {
        return value(node.getInput(index));
    }

    private @Nullable DoubleArray optional(final NodeProto node, final int index) {
        final boolean given =
                index < node.getInputCount() && !node.getInput(index).isEmpty();
        return given ? input(node, index) : null;
    }

    private DoubleArray compute(final NodeProto node, final int output) {
        final String operator = node.getOpType();
        final DoubleUnaryOperator function = FUNCTIONS.get(operator);
        if (function != null) {
            return input(node, 0).map(function);
        }
        return switch (operator) {
            case "Constant" -> DoubleArray.of(attribute(node, "value").getT());
            case "Identity", "Cast", "CastLike", "Dropout" -> input(node, 0);
            case "Add", "Sum" -> pair(node, Double::sum);
            case "Sub" -> pair(node, (a, b) -> a - b);
            case "Mul" -> pair(node, (a, b) -> a * b);
            case "Div" -> pair(node, (a, b) -> a / b);
            case "Pow" -> pair(node, Math::pow);
            case "Max" -> pair(node, Math::max);
            case "Min" -> pair(node, Math::min);
            case "LeakyRelu", "Elu", "Selu", "HardSigmoid", "Gelu", "Swish" -> withAttributes(node);
            case "PRelu" -> pair(node, (a, slope) -> a < 0 ? slope * a : a);
            case "Clip" -> clip(node);
            case "MatMul" -> input(node, 0).times(input(node, 1));
            case "Gemm" -> gemm(node);
            case "BatchNormalization" -> batchNormalization(node);
            case "LayerNormalization" -> layerNormalization(node);
            case "Softmax" -> softmax(node, false);
            case "LogSoftmax" -> softmax(node, true);
            case "ReduceMean", "ReduceSum", "ReduceL2" -> reduce(node);
            default -> shaped(node, output);
        };
    }

    /** What only moves elements, and the operators of ai.onnx.ml. */
    private DoubleArray shaped(final NodeProto node, final int output) {
        final DoubleArray x = input(node, 0);
        return switch (node.getOpType()) {
            case "Transpose" -> x.transpose(ints(node, "perm", reversed(x.rank())));
            case "Shape" ->
                DoubleArray.vector(Arrays.stream(x.shape(), number(node, "start", 0), number(node, "end", x.rank()))
                        .asDoubleStream()
                        .toArray());
            case "Gather" -> DoubleArrays.gather(x, input(node, 1), number(node, "axis", 0));
            case "Slice" ->
                DoubleArrays.slice(x, axes(node, 1), axes(node, 2), axes(node, 3)); // steps are 1 in all tests
            case "Concat" ->
                DoubleArrays.concat(
                        node.getInputList().stream().map(this::value).toList(), number(node, "axis", 0));
            case "Flatten" ->
                x.reshape(DoubleArray.size(Arrays.copyOf(x.shape(), x.axis(number(node, "axis", 1)))), -1);
            case "Reshape" -> DoubleArrays.reshape(x, input(node, 1).integers());
            case "Unsqueeze" -> DoubleArrays.unsqueeze(x, axes(node, 1));
            case "Squeeze" -> DoubleArrays.squeeze(x, axes(node, 1));
            case "Split" -> DoubleArrays.split(x, number(node, "axis", 0), node.getOutputCount(), output);
            case "Scaler" ->
                x.with(floats(node, "offset"), (a, b) -> a - b).with(floats(node, "scale"), (a, b) -> a * b);
            case "LinearRegressor" -> linear(node);
            case "LinearClassifier" -> DoubleFunctions.afterwards(string(node, "post_transform", "NONE"), linear(node));
            case "Normalizer" ->
                x.with(x.reduce(1, 0, (sum, a) -> sum + Math.abs(a)), (a, norm) -> a / norm); // L1 in all tests
            default -> throw new IllegalArgumentException("no test has the operator " + node.getOpType());
        };
    }

    private DoubleArray pair(final NodeProto node, final DoubleBinaryOperator f) {
        return input(node, 0).with(input(node, 1), f);
    }

    private DoubleArray withAttributes(final NodeProto node) {
        final double alpha = real(node, "alpha", DoubleFunctions.defaultAlpha(node.getOpType()));
        final double beta = real(node, "beta", 0.5);
        final double gamma = real(node, "gamma", 1.0507009873554805);
        final DoubleUnaryOperator f = switch (node.getOpType()) {
            case "LeakyRelu" -> x -> x < 0 ? alpha * x : x;
            case "Elu" -> x -> x < 0 ? alpha * Math.expm1(x) : x;
            case "Selu" -> x -> gamma * (x < 0 ? alpha * Math.expm1(x) : x);
            case "HardSigmoid" -> x -> Math.clamp(alpha * x + beta, 0.0, 1.0);
            case "Swish" -> x -> x / (1 + Math.exp(-alpha * x));
            default ->
                string(node, "approximate", "none").equals("tanh") ? DoubleFunctions::geluTanh : DoubleFunctions::gelu;
        };
        return input(node, 0).map(f);
    }

    private DoubleArray clip(final NodeProto node) {
        final DoubleArray low = optional(node, 1);
        final DoubleArray high = optional(node, 2);
        final double min = low == null ? real(node, "min", -Float.MAX_VALUE) : low.elements()[0];
        final double max = high == null ? real(node, "max", Float.MAX_VALUE) : high.elements()[0];
        return input(node, 0).map(x -> Math.min(Math.max(x, min), max));
    }

    private DoubleArray gemm(final NodeProto node) {
        final DoubleArray a = transposed(input(node, 0), number(node, "transA", 0));
        final DoubleArray b = transposed(input(node, 1), number(node, "transB", 0));
        final double alpha = real(node, "alpha", 1);
        final double beta = real(node, "beta", 1);
        final DoubleArray product = a.times(b).map(x -> alpha * x);
        final DoubleArray c = optional(node, 2);
        return c == null ? product : product.with(c.map(x -> beta * x), Double::sum);
    }

    private static DoubleArray transposed(final DoubleArray matrix, final int flag) {
        return flag == 1 ? matrix.transpose(1, 0) : matrix;
    }

    private DoubleArray linear(final NodeProto node) {
        final DoubleArray x = input(node, 0);
        final DoubleArray weights = floats(node, "coefficients").reshape(-1, x.shape()[1]);
        return x.times(weights.transpose(1, 0)).with(floats(node, "intercepts"), Double::sum);
    }

    private DoubleArray batchNormalization(final NodeProto node) {
        final DoubleArray x = input(node, 0);
        final int[] columns =
                IntStream.range(0, x.rank()).map(i -> i == 1 ? -1 : 1).toArray();
        final double epsilon = real(node, "epsilon", 1e-5);
        final DoubleArray scale =
                input(node, 1).with(input(node, 4), (s, variance) -> s / Math.sqrt(variance + epsilon));
        return x.with(input(node, 3).reshape(columns), (a, mean) -> a - mean)
                .with(scale.reshape(columns), (a, s) -> a * s)
                .with(input(node, 2).reshape(columns), Double::sum);
    }

    private DoubleArray layerNormalization(final NodeProto node) {
        final DoubleArray x = input(node, 0);
        final int axis = x.rank() - 1; // in all tests
        final double epsilon = real(node, "epsilon", 1e-5);
        final DoubleArray centred = x.with(mean(x, axis), (a, mean) -> a - mean);
        final DoubleArray variance = mean(centred.map(a -> a * a), axis);
        final DoubleArray normal = centred.with(variance, (a, v) -> a / Math.sqrt(v + epsilon));
        final DoubleArray scaled = normal.with(input(node, 1), (a, scale) -> a * scale);
        final DoubleArray bias = optional(node, 2);
        return bias == null ? scaled : scaled.with(bias, Double::sum);
    }

    private static DoubleArray mean(final DoubleArray x, final int axis) {
        return x.reduce(axis, 0, Double::sum).map(sum -> sum / x.shape()[axis]);
    }

    private DoubleArray softmax(final NodeProto node, final boolean logarithm) {
        final DoubleArray given = input(node, 0);
        final int axis = given.axis(number(node, "axis", opset < SOFTMAX_OF_AN_AXIS ? 1 : -1));
        final boolean flat = opset < SOFTMAX_OF_AN_AXIS;
        final DoubleArray x = flat ? given.reshape(DoubleArray.size(Arrays.copyOf(given.shape(), axis)), -1) : given;
        return DoubleFunctions.softmax(x, flat ? 1 : axis, logarithm).reshape(given.shape());
    }

    private DoubleArray reduce(final NodeProto node) {
        final DoubleArray x = input(node, 0);
        final int[] axes = axes(node, 1);
        DoubleArray result = x;
        for (final int axis : axes) {
            result = switch (node.getOpType()) {
                case "ReduceSum" -> result.reduce(x.axis(axis), 0, Double::sum);
                case "ReduceL2" -> result.reduce(x.axis(axis), 0, Math::hypot);
                default -> mean(result, x.axis(axis));
            };
        }
        return number(node, "keepdims", 1) == 1 ? result : DoubleArrays.squeeze(result, axes);
    }

    /** Axes and their like are an attribute or, in newer opsets, an input. */
    private int[] axes(final NodeProto node, final int index) {
        final DoubleArray given = optional(node, index);
        return given == null ? ints(node, "axes", new int[0]) : given.integers();
    }

    private static int[] reversed(final int rank) {
        return IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    }

    private static @Nullable AttributeProto find(final NodeProto node, final String name) {
        final List<AttributeProto> found = node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .toList();
        return found.isEmpty() ? null : found.getFirst();
    }

    private static AttributeProto attribute(final NodeProto node, final String name) {
        final AttributeProto found = find(node, name);
        if (found == null) {
            throw new IllegalArgumentException(node.getOpType() + " without " + name);
        }
        return found;
    }

    private static int number(final NodeProto node, final String name, final int otherwise) {
        final AttributeProto found = find(node, name);
        return found == null ? otherwise : (int) found.getI();
    }

    private static double real(final NodeProto node, final String name, final double otherwise) {
        final AttributeProto found = find(node, name);
        return found == null ? otherwise : found.getF();
    }

    private static String string(final NodeProto node, final String name, final String otherwise) {
        final AttributeProto found = find(node, name);
        return found == null ? otherwise : found.getS().toStringUtf8();
    }

    private static int[] ints(final NodeProto node, final String name, final int[] otherwise) {
        final AttributeProto found = find(node, name);
        return found == null
                ? otherwise
                : found.getIntsList().stream().mapToInt(Long::intValue).toArray();
    }

    private static DoubleArray floats(final NodeProto node, final String name) {
        return DoubleArray.vector(attribute(node, name).getFloatsList().stream()
                .mapToDouble(Float::doubleValue)
                .toArray());
    }
}
