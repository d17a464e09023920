package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.lanewise.formats.ModelFile;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.onnx.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConvertTest {
    @TempDir
    private Path folder = Path.of("");

    private Path in = Path.of("");
    private Path out = Path.of("");
    private final Model model = Model.of(
            Parameters.random(Mlp.inputs(2).dense(3, Activation.GELU).dense(2).softmax(), 1));

    @BeforeEach
    void writeModel() throws IOException {
        in = folder.resolve("in.safetensors");
        out = folder.resolve("out.onnx");
        ModelFile.write(model, in);
    }

    @Test
    void modelsBecomeOnnxFiles() throws IOException {
        final Path expected = folder.resolve("expected.onnx");
        assertEquals("model: " + out + "\n", Run.of("convert", in, out).ok().out());
        Onnx.write(model, expected);
        assertEquals(-1, Files.mismatch(expected, out));
        Run.of("convert", in, out, "--opset", 20).ok();
        Onnx.write(model, expected, 20);
        assertEquals(-1, Files.mismatch(expected, out));
    }

    @Test
    void onnxFilesBecomeTheSameModelAgain() throws IOException {
        final Path back = folder.resolve("back.safetensors");
        Run.of("convert", in, out).ok();
        Run.of("convert", out, back).ok();
        assertEquals(-1, Files.mismatch(in, back));
    }

    @Test
    void namesAreShownWithoutControlCharacters() throws IOException {
        final String name = "a\n\u001b[31m";
        ModelFile.write(model.withNames(List.of(name, "b"), List.of("c", name), name), in);
        final String inspected = Run.of("inspect", in).ok().out();
        assertTrue(inspected.contains("features     a\\u000a\\u001b[31m, b\n"), inspected);
        assertTrue(inspected.contains("classes      c, a\\u000a\\u001b[31m\n"), inspected);
        assertTrue(inspected.contains("predicts     a\\u000a\\u001b[31m\n"), inspected);
    }

    /** The same graph without what Lanewise says of it: as if another program had written it. */
    private Path foreign() throws IOException {
        final Path file = folder.resolve("foreign.onnx");
        Onnx.write(model, file);
        final ModelProto stripped = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder()
                .clearMetadataProps()
                .setProducerName("pytorch")
                .build();
        Files.write(file, stripped.toByteArray());
        return file;
    }

    @Test
    void filesOfOtherProgramsAreReadEverywhere() throws IOException {
        final Path foreign = foreign();
        final Path converted = folder.resolve("converted.safetensors");
        Run.of("convert", foreign, converted).ok();
        assertEquals(model, ModelFile.read(converted));
        final Path data = Files.writeString(folder.resolve("x.csv"), "a,b\n1,2\n3,4\n");
        assertEquals(
                Run.of("predict", in, data).ok().out(),
                Run.of("predict", foreign, data).ok().out());
        final String inspected = Run.of("inspect", foreign).ok().out();
        assertTrue(inspected.lines().anyMatch(line -> line.matches("written by   pytorch( [0-9][^ ]*)?")), inspected);
        assertTrue(inspected.contains("network      2 → 3 gelu → 2 softmax\n"), inspected);
        assertTrue(inspected.contains("layers.0.erf             Erf                    part of gelu\n"), inspected);
        Onnx.write(model, foreign);
        assertTrue(Run.of("inspect", foreign).ok().out().contains("written by   Lanewise, unchanged\n"));
    }

    @Test
    void modelsAreCopied() throws IOException {
        final Path copy = folder.resolve("COPY.SafeTensors");
        Run.of("convert", in, copy).ok();
        assertEquals(-1, Files.mismatch(in, copy));
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws IOException {
        Run.of("convert", in, folder.resolve("out.h5"))
                .refused("expected a name that ends in .safetensors or .onnx, got " + folder.resolve("out.h5"));
        Run.of("convert", folder.resolve("in.pt"), out)
                .refused("expected a name that ends in .safetensors or .onnx, got " + folder.resolve("in.pt"));
        Run.of("convert", in, in)
                .refused("would overwrite " + in + " with the output " + in + ": give the output another name");
        Run.of("convert", in, out, "--opset", 7)
                .refused("expected an opset from 17 to " + Onnx.NEWEST_OPSET + ", got 7");
        Run.of("convert", in, folder.resolve("a.safetensors"), "--opset", 17)
                .refused("--opset is for ONNX files, not for a.safetensors");
        assertTrue(Files.notExists(out));
    }
}
