package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WrittenModelTest {
    private static final Path NAME = Path.of("model.onnx");

    @TempDir
    private Path folder = Path.of("");

    private static Model named(final long seed) {
        final Model model = RandomModels.of(seed);
        return model.withNames(
                IntStream.range(0, model.mlp().inputs()).mapToObj(i -> "x" + i).toList(),
                IntStream.range(0, model.mlp().outputs()).mapToObj(i -> "ü" + i).toList(),
                "y");
    }

    /** Bit for bit, with dropout and names. */
    @ParameterizedTest
    @ValueSource(ints = {17, 20, Onnx.NEWEST_OPSET})
    void isTheModelThatWasWritten(final int opset) {
        for (long seed = 0; seed < 100; seed++) {
            final Model model = named(seed);
            assertEquals(Optional.of(model), WrittenModel.of(NAME, OnnxWriter.write(model, opset)));
        }
    }

    @Test
    void filesAreReadAgain() throws IOException {
        final Path file = folder.resolve("model.onnx");
        Onnx.write(named(5), file);
        assertEquals(named(5), Onnx.read(file));
    }

    /** Metadata of a graph that was changed are not believed. */
    @Test
    void isNoneWhereTheGraphIsAnother() {
        final ModelProto written = OnnxWriter.write(named(5), 17);
        assertNone(written, file -> file.clearMetadataProps());
        assertNone(written, file -> file.getMetadataPropsBuilder(0).setValue("{}"));
        assertNone(written, file -> file.getMetadataPropsBuilder(0).setValue("[[[["));
        assertNone(written, file -> file.getOpsetImportBuilder(0).setVersion(16));
        assertNone(written, file -> file.getOpsetImportBuilder(0).setVersion(1L << 40));
        assertNone(written, file -> file.getOpsetImportBuilder(0).setDomain("ai.onnx.ml"));
        assertNone(written, file -> file.getGraphBuilder().removeInitializer(0));
        assertNone(
                written,
                file -> file.getGraphBuilder().addInitializer(written.getGraph().getInitializer(0)));
        assertNone(
                written, file -> file.getGraphBuilder().getInitializerBuilder(0).clearRawData());
        assertNone(
                written, file -> file.getGraphBuilder().getInitializerBuilder(0).setDims(0, 1));
        assertNone(written, file -> file.getGraphBuilder().getNodeBuilder(0).setOpType("Identity"));
        assertNone(written, file -> file.getGraphBuilder().getNodeBuilder(0).setDomain("other"));
        assertNone(
                written,
                file -> file.getGraphBuilder().addNode(written.getGraph().getNode(0)));
        assertNone(written, file -> file.getGraphBuilder().getInputBuilder(0).setName("x"));
    }

    private static void assertNone(final ModelProto written, final Consumer<ModelProto.Builder> change) {
        final ModelProto.Builder file = written.toBuilder();
        change.accept(file);
        assertEquals(Optional.empty(), WrittenModel.of(NAME, file.build()));
    }
}
