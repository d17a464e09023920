package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program of {@code src/test/c}, compiled by the machine's C compiler. */
final class CProgram {
    private final Path program;

    private CProgram(final Path program) {
        this.program = program;
    }

    /** Compiles a source into a folder; without a C compiler the test is skipped. */
    static CProgram compiled(final String source, final Path folder) throws InterruptedException {
        final Path program = folder.resolve(source.replace(".c", ""));
        final String path = Path.of("src", "test", "c", source).toString();
        final List<String> command =
                List.of("cc", "-std=c99", "-O2", "-ffp-contract=off", "-o", program.toString(), path, "-lm");
        assumeTrue(runs(command), "there is no C compiler here: install one that is called cc");
        return new CProgram(program);
    }

    private static boolean runs(final List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    /** Runs it with arguments, floats as C reads them, and gives it the operands; returns what it writes. */
    float[] run(final List<Object> arguments, final float[]... operands) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of(program.toString()));
        arguments.forEach(a -> command.add(a instanceof Float f ? Float.toHexString(f) : a.toString()));
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            for (final float[] operand : operands) {
                final ByteBuffer bytes =
                        ByteBuffer.allocate(operand.length * Float.BYTES).order(ByteOrder.nativeOrder());
                bytes.asFloatBuffer().put(operand);
                in.write(bytes.array());
            }
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        process.getInputStream().transferTo(out);
        assertEquals(0, process.waitFor(), () -> "exit status of " + arguments);
        final FloatBuffer floats = ByteBuffer.wrap(out.toByteArray())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        final float[] result = new float[floats.remaining()];
        floats.get(result);
        return result;
    }

    /** Several arrays, one behind the other, as the programs write them. */
    static float[] joined(final float[]... arrays) {
        final float[] all =
                new float[Arrays.stream(arrays).mapToInt(a -> a.length).sum()];
        int at = 0;
        for (final float[] array : arrays) {
            System.arraycopy(array, 0, all, at, array.length);
            at += array.length;
        }
        return all;
    }
}
