package io.lanewise.onnx.exporters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lanewise predicts what ONNX Runtime computes from the same file, and the most probable class is the label. */
final class ImportTest {
    private static final OrtEnvironment ENVIRONMENT =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    private static final int ROWS = 17;

    @TempDir
    private Path folder = Path.of("");

    static Stream<ExportedGraph> graphs() {
        return ExportedGraphs.all().stream().filter(graph -> graph.isPrecise() && !hasBfloat16(graph));
    }

    /** ONNX Runtime's CPU kernels have no Gemm of bfloat16. */
    private static boolean hasBfloat16(final ExportedGraph graph) {
        return graph.name().contains("bfloat16");
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void predictionsAreThoseOfOnnxRuntime(final ExportedGraph graph) throws IOException, OrtException {
        final Model model = ImportedGraphs.read(graph, folder);
        final int rows = graph.rows(ROWS);
        final float[] x = graph.randomRows(rows);
        final float[] predicted = ImportedGraphs.predict(model, x);
        final Map<String, OnnxTensor> inputs = tensors(graph, x, rows);
        try (OrtSession session = ENVIRONMENT.createSession(graph.model().toByteArray());
                OrtSession.Result result = session.run(inputs)) {
            ImportedGraphs.check(graph.name(), model, predicted, scores(graph, result), rows);
            if (!graph.label().isEmpty()) {
                checkLabels(graph, model, predicted, result.get(graph.label()).orElseThrow());
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** So the graphs are what ONNX Runtime takes them for, and the evaluation of the ordinary tests is right. */
    @ParameterizedTest
    @MethodSource("graphs")
    void evaluationInDoublesIsRight(final ExportedGraph graph) throws OrtException {
        final int rows = graph.rows(ROWS);
        final float[] x = graph.randomRows(rows);
        final double[] expected = DoubleGraph.evaluate(graph.model(), graph.feeds(x, rows), graph.scores())
                .elements();
        final Map<String, OnnxTensor> inputs = tensors(graph, x, rows);
        try (OrtSession session = ENVIRONMENT.createSession(graph.model().toByteArray());
                OrtSession.Result result = session.run(inputs)) {
            ImportedGraphs.checkClose(graph.name(), expected, scores(graph, result));
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static Map<String, OnnxTensor> tensors(final ExportedGraph graph, final float[] x, final int rows)
            throws OrtException {
        final Map<String, DoubleArray> feeds = graph.feeds(x, rows);
        final Map<String, OnnxTensor> tensors = new HashMap<>();
        for (final ValueInfoProto input : graph.inputs()) {
            tensors.put(input.getName(), tensor(input, feeds.getOrDefault(input.getName(), DoubleArray.vector())));
        }
        return tensors;
    }

    private static OnnxTensor tensor(final ValueInfoProto input, final DoubleArray feed) throws OrtException {
        final long[] shape = Arrays.stream(feed.shape()).asLongStream().toArray();
        if (input.getType().getTensorType().getElemType() == DataType.DOUBLE.getNumber()) {
            return OnnxTensor.createTensor(ENVIRONMENT, DoubleBuffer.wrap(feed.elements()), shape);
        }
        final float[] floats = new float[feed.elements().length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) feed.elements()[i];
        }
        return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(floats), shape);
    }

    /** The scores, which are a dictionary for each row behind ZipMap. */
    private static double[] scores(final ExportedGraph graph, final OrtSession.Result result) throws OrtException {
        final OnnxValue value = result.get(graph.scores())
                .or(() -> result.get("output_probability"))
                .orElseThrow();
        final List<Double> scores = new ArrayList<>();
        if (value instanceof OnnxSequence rows) {
            for (final OnnxValue row : rows.getValue()) {
                final Map<String, Number> byLabel = new HashMap<>();
                ((OnnxMap) row).getValue().forEach((key, score) -> byLabel.put(key.toString(), (Number) score));
                graph.labels()
                        .forEach(label -> scores.add(
                                byLabel.getOrDefault(label, Double.NaN).doubleValue()));
            }
        } else if (((OnnxTensor) value).getInfo().type == ai.onnxruntime.OnnxJavaType.DOUBLE) {
            final DoubleBuffer buffer = ((OnnxTensor) value).getDoubleBuffer();
            while (buffer.hasRemaining()) {
                scores.add(buffer.get());
            }
        } else {
            final FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
            while (buffer.hasRemaining()) {
                scores.add((double) buffer.get());
            }
        }
        return scores.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void checkLabels(
            final ExportedGraph graph, final Model model, final float[] predicted, final OnnxValue labels)
            throws OrtException {
        final int outputs = model.mlp().outputs();
        for (int row = 0; row < predicted.length / outputs; row++) {
            final String label = labels.getValue() instanceof long[] numbers
                    ? Long.toString(numbers[row])
                    : ((String[]) labels.getValue())[row];
            int best = outputs == 1 ? Math.round(predicted[row]) : 0;
            for (int j = 1; j < outputs; j++) {
                best = predicted[row * outputs + j] > predicted[row * outputs + best] ? j : best;
            }
            assertEquals(label, graph.labels().get(best), graph.name() + ", row " + row);
        }
    }
}
