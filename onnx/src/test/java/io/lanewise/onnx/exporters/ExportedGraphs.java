package io.lanewise.onnx.exporters;

import java.util.List;
import java.util.stream.Stream;

/** All graphs that have to be read. */
final class ExportedGraphs {
    private ExportedGraphs() {}

    static List<ExportedGraph> all() {
        return Stream.of(
                        TorchScriptGraphs.all(),
                        TorchDynamoGraphs.all(),
                        KerasGraphs.all(),
                        SklearnGraphs.all(),
                        OtherGraphs.all())
                .flatMap(List::stream)
                .toList();
    }
}
