package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Model;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Imports graphs, and compares what the model gives with what the graph's nodes give one by one. */
final class Imports {
    private static final int ROWS = 7;
    private static final double TOLERANCE = 1e-5; // of the largest element

    private Imports() {}

    static Model model(final TestGraph graph) {
        return Importer.read(graph.build(), new ExternalData(null)).model();
    }

    /** The model, which gives what the graph's output of this name gives. */
    static Model same(final TestGraph graph, final String output) {
        final ModelProto proto = graph.build();
        final Model model = model(graph);
        final int inputs = model.mlp().inputs();
        final SplittableRandom random = new SplittableRandom(5);
        final float[] x = new float[ROWS * inputs];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-3, 3);
        }
        final Tensor expected = Objects.requireNonNull(
                Evaluator.run(proto, feed(proto, x, inputs)).get(output));
        final float[] found = Predictor.of(model).predict(x);
        assertEquals(expected.size(), found.length);
        double largest = 0;
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(expected.real(i)));
        }
        for (int i = 0; i < found.length; i++) {
            final int at = i;
            assertEquals(expected.real(i), found[i], TOLERANCE * largest, () -> "element " + at + " of " + model);
        }
        return model;
    }

    private static Map<String, Tensor> feed(final ModelProto proto, final float[] x, final int inputs) {
        final Map<String, Tensor> feed = new HashMap<>();
        int offset = 0;
        for (final ValueInfoProto input : proto.getGraph().getInputList()) {
            final int[] shape = input.getType().getTensorType().getShape().getDimList().stream()
                    .mapToInt(dimension -> (int) Math.max(1, dimension.getDimValue()))
                    .toArray();
            final int width = (int) Tensor.size(shape);
            shape[0] = ROWS;
            final double[] values = new double[ROWS * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = x[i / width * inputs + offset + i % width];
            }
            feed.put(input.getName(), Tensor.ofReals(ElementType.FLOAT, values, shape));
            offset += width;
        }
        return feed;
    }

    /** The reason why a graph is refused. */
    static String refusal(final TestGraph graph) {
        return assertThrows(Refusal.class, () -> model(graph)).reason();
    }
}
