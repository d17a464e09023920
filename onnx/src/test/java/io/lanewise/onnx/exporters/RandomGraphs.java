package io.lanewise.onnx.exporters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Graphs of random nodes. Many are no multi-layer perceptrons; those that are read as one have to be one. Constants are
 * such that activations come about by chance, and what is nearly one.
 */
final class RandomGraphs {
    private static final double[] USUAL = {0, 1, -1, 0.5, 2, 3, 6, 1.0 / 6, 0.044715, 1e-5, 0.70710678, 0.79788456};
    private static final List<String> UNARY = List.of(
            "Relu",
            "Sigmoid",
            "Tanh",
            "Softplus",
            "Softsign",
            "HardSwish",
            "Erf",
            "Exp",
            "Neg",
            "Abs",
            "Sqrt",
            "Reciprocal",
            "Log",
            "Relu",
            "Sigmoid",
            "Tanh");
    private static final List<String> BINARY = List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Add", "Mul");

    /** A value of the graph, (rows, width). */
    private record Rows(String name, int width) {}

    private final SplittableRandom random;
    private final GraphBuilder graph;
    private final List<Rows> values = new ArrayList<>();

    private RandomGraphs(final long seed) {
        random = new SplittableRandom(seed);
        graph = new GraphBuilder("seed " + seed, random.nextInt(13, 18));
    }

    /** The graph of a seed, the same in every run. */
    static ExportedGraph of(final long seed) {
        return new RandomGraphs(seed).build(seed);
    }

    private ExportedGraph build(final long seed) {
        final int width = random.nextInt(1, 6);
        values.add(new Rows(graph.input("x", "n", width), width));
        values.add(dense(values.getFirst()));
        final int nodes = random.nextInt(1, 9);
        for (int i = 0; i < nodes; i++) {
            values.add(next());
        }
        final Rows last = random.nextBoolean() ? values.getLast() : dense(values.getLast());
        graph.named("Identity", "y", Map.of(), last.name());
        return new ExportedGraph(
                "random graph " + seed, graph.output("y", "n", last.width()).model());
    }

    /** The last value most often, so that graphs are long. */
    private Rows value() {
        return random.nextInt(4) > 0 ? values.getLast() : values.get(random.nextInt(values.size()));
    }

    private Rows next() {
        final Rows x = value();
        return switch (random.nextInt(12)) {
            case 0, 1 -> dense(x);
            case 2, 3 -> new Rows(graph.node(UNARY.get(random.nextInt(UNARY.size())), x.name()), x.width());
            case 4 -> withAttributes(x);
            case 5, 6 -> withConstant(x, graph.scalar(constant()));
            case 7 -> withConstant(x, graph.vector(x.width(), -2, 2));
            case 8, 9 -> withValue(x);
            case 10 -> row(x);
            default -> columns(x);
        };
    }

    private double constant() {
        return random.nextInt(4) > 0 ? USUAL[random.nextInt(USUAL.length)] : random.nextInt(-8, 9) / 4.0;
    }

    private Rows dense(final Rows x) {
        final int outputs = random.nextInt(1, 6);
        if (random.nextBoolean()) {
            final String product = graph.node("MatMul", x.name(), graph.weights(x.width(), outputs, x.width()));
            return new Rows(graph.node("Add", product, graph.vector(outputs, -1, 1)), outputs);
        }
        final boolean turned = random.nextBoolean();
        final String weights = graph.weights(turned ? outputs : x.width(), turned ? x.width() : outputs, x.width());
        final Map<String, ?> attributes =
                Map.of("transB", turned ? 1 : 0, "alpha", random.nextInt(1, 5) / 2f, "beta", random.nextInt(5) / 2f);
        return new Rows(graph.node("Gemm", attributes, x.name(), weights, graph.vector(outputs, -1, 1)), outputs);
    }

    private Rows withAttributes(final Rows x) {
        final float alpha = random.nextInt(1, 9) / 8f;
        final String y = switch (random.nextInt(6)) {
            case 0 -> graph.node("LeakyRelu", Map.of("alpha", alpha), x.name());
            case 1 -> graph.node("Elu", Map.of("alpha", alpha), x.name());
            case 2 -> graph.node("Selu", Map.of("alpha", alpha, "gamma", 1 + alpha), x.name());
            case 3 -> graph.node("HardSigmoid", Map.of("alpha", alpha, "beta", random.nextInt(5) / 4f), x.name());
            case 4 -> graph.node("PRelu", x.name(), graph.scalar(alpha));
            default -> graph.node("Clip", x.name(), graph.scalar(-alpha), graph.scalar(random.nextInt(1, 13) / 2.0));
        };
        return new Rows(y, x.width());
    }

    private Rows withConstant(final Rows x, final String constant) {
        final String operator = BINARY.get(random.nextInt(BINARY.size()));
        return random.nextBoolean() && !operator.equals("Div") // by zero, say
                ? new Rows(graph.node(operator, x.name(), constant), x.width())
                : new Rows(graph.node(operator, constant, x.name()), x.width());
    }

    private Rows withValue(final Rows x) {
        final List<Rows> others =
                values.stream().filter(other -> other.width() == x.width()).toList();
        final String operator = BINARY.get(random.nextInt(BINARY.size()));
        return new Rows(
                graph.node(
                        operator,
                        x.name(),
                        others.get(random.nextInt(others.size())).name()),
                x.width());
    }

    /** What computes with a whole row. */
    private Rows row(final Rows x) {
        final int width = x.width();
        final String y = switch (random.nextInt(5)) {
            case 0 -> graph.node("Softmax", Map.of("axis", -1), x.name());
            case 1 -> graph.node("LogSoftmax", Map.of("axis", 1), x.name());
            case 2 ->
                graph.node(
                        "BatchNormalization",
                        x.name(),
                        graph.vector(width, 0.5, 1.5),
                        graph.vector(width, -1, 1),
                        graph.vector(width, -1, 1),
                        graph.vector(width, 0.5, 1.5));
            case 3 ->
                graph.opset() < 17
                        ? graph.node("Flatten", x.name())
                        : graph.node(
                                "LayerNormalization",
                                Map.of("epsilon", 0.01f),
                                x.name(),
                                graph.vector(width, 0.5, 1.5),
                                graph.vector(width, -1, 1));
            default -> graph.node("Sub", x.name(), graph.node("ReduceMean", Map.of("axes", new int[] {1}), x.name()));
        };
        return new Rows(y, width);
    }

    /** What moves columns. */
    private Rows columns(final Rows x) {
        final Rows other = values.get(random.nextInt(values.size()));
        return switch (random.nextInt(4)) {
            case 0 -> {
                final int from = random.nextInt(x.width());
                final int to = random.nextInt(from + 1, x.width() + 1);
                final String slice =
                        graph.node("Slice", x.name(), graph.integers(from), graph.integers(to), graph.integers(1));
                yield new Rows(slice, to - from);
            }
            case 1 ->
                new Rows(graph.node("Concat", Map.of("axis", 1), x.name(), other.name()), x.width() + other.width());
            case 2 -> {
                final int column = random.nextInt(x.width());
                yield new Rows(graph.node("Gather", Map.of("axis", 1), x.name(), graph.integers(column, 0, column)), 3);
            }
            default -> new Rows(graph.node("Reshape", x.name(), graph.integers(-1, x.width())), x.width());
        };
    }
}
