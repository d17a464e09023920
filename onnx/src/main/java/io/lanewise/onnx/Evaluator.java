package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs nodes on constants, the naive way: for constants that a graph computes, and to recognise what its nodes compute.
 * Real numbers are computed in {@code double} and not rounded in between.
 */
final class Evaluator {
    private static final Map<String, Operator> OPERATORS = operators();

    private Evaluator() {}

    private static Map<String, Operator> operators() {
        final Map<String, Operator> operators = new HashMap<>();
        ElementwiseOperators.register(operators);
        ShapeOperators.register(operators);
        ReductionOperators.register(operators);
        MatrixOperators.register(operators);
        NormalizationOperators.register(operators);
        MlOperators.register(operators);
        return Map.copyOf(operators);
    }

    /** Whether an operator is known, by its name with the domain. */
    static boolean knows(final String operator) {
        return OPERATORS.containsKey(operator);
    }

    /** Runs a node. */
    static List<Tensor> run(final Op op, final List<@Nullable Tensor> inputs) {
        final Operator operator = OPERATORS.get(op.operator());
        if (operator == null) {
            throw new Refusal("this operator is not known");
        }
        return operator.run(op, new Operands(inputs));
    }

    /**
     * Runs a graph whose nodes are all known.
     *
     * @param inputs by name
     * @return the graph's outputs by name
     * @throws Refusal if a node cannot be run
     */
    static Map<String, Tensor> run(final ModelProto model, final Map<String, Tensor> inputs) {
        final GraphProto graph = model.getGraph();
        final Budget budget = new Budget(model.getSerializedSize());
        final TensorReader reader = new TensorReader(new ExternalData(null), budget);
        final Opsets opsets = Opsets.of(model);
        final Map<String, Tensor> values = new HashMap<>();
        for (final TensorProto constant : graph.getInitializerList()) {
            values.put(constant.getName(), reader.read(constant));
        }
        values.putAll(inputs);
        for (final NodeProto node : graph.getNodeList()) {
            final Op op = opsets.op(node, budget, reader);
            try {
                put(values, node, run(op, operands(values, node)));
            } catch (final Refusal e) {
                throw op.refusal(e.reason());
            }
        }
        final Map<String, Tensor> outputs = new LinkedHashMap<>();
        for (final ValueInfoProto output : graph.getOutputList()) {
            final Tensor value = values.get(output.getName());
            if (value == null) {
                throw new Refusal("expected a value for the output " + output.getName());
            }
            outputs.put(output.getName(), value);
        }
        return outputs;
    }

    private static List<@Nullable Tensor> operands(final Map<String, Tensor> values, final NodeProto node) {
        final List<@Nullable Tensor> operands = new ArrayList<>();
        for (final String name : node.getInputList()) {
            final Tensor value = values.get(name);
            if (value == null && !name.isEmpty()) {
                throw new Refusal("expected a value called " + name + " before it is used");
            }
            operands.add(value);
        }
        return operands;
    }

    private static void put(final Map<String, Tensor> values, final NodeProto node, final List<Tensor> results) {
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (!node.getOutput(i).isEmpty()) {
                if (i >= results.size()) {
                    throw new Refusal("its output " + i + " is not supported");
                }
                values.put(node.getOutput(i), results.get(i));
            }
        }
    }
}
