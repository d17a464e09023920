package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the protocol buffer that an ONNX file is. */
final class OnnxFile {
    private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

    private OnnxFile() {}

    static OnnxGraph read(final Path file) throws IOException {
        final ModelProto proto = parse(file);
        final Map<String, Long> opsets = new TreeMap<>();
        proto.getOpsetImportList()
                .forEach(set -> opsets.put(set.getDomain().isEmpty() ? "ai.onnx" : set.getDomain(), set.getVersion()));
        final String producer = (proto.getProducerName() + " " + proto.getProducerVersion()).strip();
        final Optional<Model> written = WrittenModel.of(file, proto);
        if (written.isPresent()) {
            return new OnnxGraph(written.get(), producer, proto.getIrVersion(), opsets, true, List.of());
        }
        try {
            final Importer found =
                    Importer.read(proto, new ExternalData(file.toAbsolutePath().getParent()));
            return new OnnxGraph(found.model(), producer, proto.getIrVersion(), opsets, false, found.nodes());
        } catch (final Refusal e) {
            throw new FormatException(file, e.reason(), e);
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        } catch (final RuntimeException e) {
            throw new FormatException(file, "expected a graph that can be read, got an error: " + e, e);
        }
    }

    private static ModelProto parse(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a folder; give the name of a file");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new FormatException(file, "expected an ONNX file, which is shorter than 2 GiB, got a longer one");
        }
        try {
            final CodedInputStream input =
                    UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file)).newCodedInput();
            input.enableAliasing(true); // constants stay where they are
            final ModelProto model = ModelProto.parseFrom(input);
            input.checkLastTagWas(0);
            if (!model.hasGraph()) {
                throw new FormatException(file, "expected an ONNX model, got a file without a graph");
            }
            return model;
        } catch (final InvalidProtocolBufferException e) {
            throw new FormatException(file, "expected an ONNX model, got something else or a damaged file", e);
        }
    }
}
