package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.lanewise.formats.FormatException;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the protocol buffer that an ONNX file is. */
final class OnnxFile {
    private OnnxFile() {}

    static Model read(final Path file) throws IOException {
        try {
            final ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            return WrittenModel.of(file, model)
                    .orElseThrow(() -> new FormatException(
                            file,
                            "expected a model as Lanewise writes it, got the graph '"
                                    + model.getGraph().getName() + "' of another program, or a changed one"));
        } catch (final InvalidProtocolBufferException e) {
            throw new FormatException(file, "expected an ONNX model, got something else or a damaged file", e);
        }
    }
}
