package io.lanewise.onnx.exporters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Graphs as other programs write them give the predictions that the operators' descriptions say, in doubles. */
final class ImportedGraphsTest {
    private static final int ROWS = 3;
    private static final int RANDOM_GRAPHS = 500;

    /** Signs of the differences of two columns, which were once taken for a layer normalisation. */
    private static final long ONCE_WRONG = 75_351;

    /** Of larger values 32-bit floats may have lost everything on the way. */
    private static final double LARGE = 1e4;

    @TempDir
    private Path folder = Path.of("");

    static List<ExportedGraph> graphs() {
        return ExportedGraphs.all();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void predictionsAreThoseOfTheGraph(final ExportedGraph graph) throws IOException {
        final Model model = ImportedGraphs.read(graph, folder);
        final int rows = graph.rows(ROWS);
        final float[] x = graph.randomRows(rows);
        final DoubleArray expected = DoubleGraph.evaluate(graph.model(), graph.feeds(x, rows), graph.scores());
        ImportedGraphs.check(graph.name(), model, ImportedGraphs.predict(model, x), expected.elements(), rows);
    }

    @Test
    void namesAreAllDifferent() {
        assertEquals(
                ExportedGraphs.all().size(),
                ExportedGraphs.all().stream()
                        .map(ExportedGraph::name)
                        .distinct()
                        .count());
    }

    static Stream<ExportedGraph> labelled() {
        return ExportedGraphs.all().stream()
                .filter(graph -> graph.name().startsWith("scikit-learn")
                        && !graph.label().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("labelled")
    void labelsAreTheNamesOfClasses(final ExportedGraph graph) throws IOException {
        assertEquals(graph.labels(), ImportedGraphs.read(graph, folder).outputNames());
    }

    /** What is read as a network is one, even where nodes only look like an activation. */
    @Test
    void randomGraphsAreRefusedOrRight() throws IOException {
        int read = 0;
        for (long i = 0; i < RANDOM_GRAPHS; i++) {
            final ExportedGraph graph = RandomGraphs.of(i == 0 ? ONCE_WRONG : i);
            final Model model;
            try {
                model = ImportedGraphs.read(graph, folder);
            } catch (final FormatException e) {
                continue;
            }
            read++;
            final float[] x = graph.randomRows(ROWS);
            final double[] expected = DoubleGraph.evaluate(graph.model(), graph.feeds(x, ROWS), graph.scores())
                    .elements();
            if (Arrays.stream(expected).allMatch(value -> Math.abs(value) < LARGE)) {
                ImportedGraphs.check(graph.name(), model, ImportedGraphs.predict(model, x), expected, ROWS);
            }
        }
        assertTrue(read > RANDOM_GRAPHS / 4, "only " + read + " graphs were read");
    }

    static Stream<Map.Entry<String, ModelProto>> refused() {
        return RefusedGraphs.all().entrySet().stream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void otherKindsOfModelsAreRefused(final Map.Entry<String, ModelProto> graph) throws IOException {
        final Path file =
                Files.write(folder.resolve("model.onnx"), graph.getValue().toByteArray());
        final String message = String.valueOf(
                assertThrows(FormatException.class, () -> Onnx.read(file)).getMessage());
        assertTrue(message.contains(graph.getKey()), message);
    }
}
