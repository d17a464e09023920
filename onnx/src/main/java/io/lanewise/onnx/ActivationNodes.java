package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import java.util.List;

/** Activations as nodes: one of their own where the opset has it, else the expression that PyTorch's exporter writes. */
final class ActivationNodes {
    private static final int GELU_OPSET = 20;
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float SQRT_TWO_OVER_PI = (float) Math.sqrt(2 / Math.PI);
    private static final float CUBE = 0.044715f;

    private final GraphWriter graph;
    private final int opset;

    ActivationNodes(final GraphWriter graph, final int opset) {
        this.graph = graph;
        this.opset = opset;
    }

    /**
     * Adds an activation.
     *
     * @param x the value that it is of
     * @param name of the value that it gives
     * @return the value: {@code name}, or {@code x} where there is nothing to do
     */
    String add(final Activation activation, final String x, final String name) {
        return switch (activation) {
            case IDENTITY -> x;
            case RELU -> graph.node("Relu", name, x);
            case LEAKY_RELU ->
                graph.node("LeakyRelu", name, List.of(GraphWriter.attribute("alpha", Activation.LEAKY_SLOPE)), x);
            case SIGMOID -> graph.node("Sigmoid", name, x);
            case TANH -> graph.node("Tanh", name, x);
            case ELU -> graph.node("Elu", name, x);
            case SELU -> graph.node("Selu", name, x);
            case GELU -> opset >= GELU_OPSET ? gelu("none", x, name) : geluOfErf(x, name);
            case GELU_TANH -> opset >= GELU_OPSET ? gelu("tanh", x, name) : geluOfTanh(x, name);
            case SILU -> graph.node("Mul", name, x, graph.node("Sigmoid", name + ".sigmoid", x));
            case SOFTPLUS -> graph.node("Softplus", name, x);
            case HARD_SIGMOID ->
                graph.node(
                        "HardSigmoid",
                        name,
                        List.of(
                                GraphWriter.attribute("alpha", Activation.HARD_SLOPE),
                                GraphWriter.attribute("beta", 0.5f)),
                        x);
            case HARD_SWISH -> graph.node("HardSwish", name, x);
            case RELU6 -> graph.node("Clip", name, x, graph.scalar(0f), graph.scalar(6f));
        };
    }

    private String gelu(final String form, final String x, final String name) {
        return graph.node("Gelu", name, List.of(GraphWriter.attribute("approximate", form)), x);
    }

    /** 0.5 x (1 + erf(x / √2)). */
    private String geluOfErf(final String x, final String name) {
        final String scaled = graph.node("Mul", name + ".scaled", x, graph.scalar(SQRT_HALF));
        final String erf = graph.node("Erf", name + ".erf", scaled);
        return halfOfProduct(x, erf, name);
    }

    /** 0.5 x (1 + tanh(√(2 / π) (x + 0.044715 x³))). */
    private String geluOfTanh(final String x, final String name) {
        final String square = graph.node("Mul", name + ".square", x, x);
        final String cube = graph.node("Mul", name + ".cube", square, x);
        final String term = graph.node("Mul", name + ".term", cube, graph.scalar(CUBE));
        final String sum = graph.node("Add", name + ".sum", x, term);
        final String scaled = graph.node("Mul", name + ".scaled", sum, graph.scalar(SQRT_TWO_OVER_PI));
        return halfOfProduct(x, graph.node("Tanh", name + ".tanh", scaled), name);
    }

    /** 0.5 x (1 + f). */
    private String halfOfProduct(final String x, final String f, final String name) {
        final String more = graph.node("Add", name + ".more", f, graph.scalar(1f));
        final String product = graph.node("Mul", name + ".twice", x, more);
        return graph.node("Mul", name, product, graph.scalar(0.5f));
    }
}
