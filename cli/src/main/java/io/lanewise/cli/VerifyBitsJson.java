package io.lanewise.cli;

import io.lanewise.formats.AtomicFile;
import io.lanewise.verify.Verification;
import io.lanewise.verify.Verification.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What {@code verify-bits --json} writes. */
final class VerifyBitsJson {
    private VerifyBitsJson() {}

    static void write(final Path file, final String kernels, final int threads, final List<Result> results)
            throws IOException {
        AtomicFile.write(file, out -> {
            try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
                json.writeStartObject();
                json.writeStringProperty("java", Host.java());
                json.writeStringProperty("cpu", Host.cpu());
                json.writeStringProperty("kernels", kernels);
                json.writeNumberProperty("threads", threads);
                json.writeArrayPropertyStart("items");
                for (final Result result : results) {
                    json.writeStartObject();
                    json.writeStringProperty("name", result.name());
                    json.writeStringProperty("expected", result.expected());
                    json.writeStringProperty("actual", result.actual());
                    json.writeBooleanProperty("agrees", result.agrees());
                    json.writeNumberProperty("seconds", result.seconds());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeNumberProperty(
                        "agreeing", results.stream().filter(Result::agrees).count());
                json.writeStringProperty("total", Verification.total(results));
                json.writeEndObject();
            }
        });
    }
}
