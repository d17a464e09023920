package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Products are those of a plain loop of {@code fmaf} in C, bit for bit. Where there is no C compiler, their hash is what
 * the C program's results had.
 */
@Tag("vector")
final class COracleTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final int[][] SHAPES = {
        {1, 1, 1}, {1, 513, 70}, {5, 33, 257}, {13, 64, 13}, {37, 1, 300}, {64, 10, 256}, {97, 49, 1100}, {130, 130, 65}
    };

    /** Of all results, from the C program compiled by gcc 12 on x86-64. */
    private static final int HASH = -33674777;

    private static float[] product(final int[] shape, final int variant, final float[] a, final float[] b) {
        final float[] c = start(shape, variant);
        final int m = shape[0];
        final int n = shape[1];
        final int k = shape[2];
        final boolean ta = (variant & 1) != 0;
        final boolean tb = (variant & 2) != 0;
        final Gemm op = new Gemm(ta, tb, Gemm.Start.ACCUMULATE, Activation.IDENTITY);
        SIMD.gemm(op, m, n, k, a, 0, ta ? m : k, b, 0, tb ? k : n, null, 0, c, 0, n, SIMD.scratchpad(m, n, k));
        return c;
    }

    private static float[] operand(final int[] shape, final int variant, final int number, final int count) {
        return Bits.random(new SplittableRandom(Arrays.hashCode(shape) * 31L + variant * 7L + number), count);
    }

    private static float[] a(final int[] shape, final int variant) {
        return operand(shape, variant, 1, shape[0] * shape[2]);
    }

    private static float[] b(final int[] shape, final int variant) {
        return operand(shape, variant, 2, shape[2] * shape[1]);
    }

    private static float[] start(final int[] shape, final int variant) {
        return operand(shape, variant, 3, shape[0] * shape[1]);
    }

    @Test
    void hashIsThatOfTheCProgram() {
        int hash = 1;
        for (final int[] shape : SHAPES) {
            for (int variant = 0; variant < 4; variant++) {
                final float[] c = product(shape, variant, a(shape, variant), b(shape, variant));
                hash = 31 * hash + Arrays.hashCode(c);
            }
        }
        assertEquals(HASH, hash);
    }

    @Test
    void bitsAreThoseOfTheCProgram(@TempDir final Path folder) throws Exception {
        final Path program = folder.resolve("gemm");
        final Path source = Path.of("src", "test", "c", "gemm.c");
        assumeTrue(
                runs(List.of("cc", "-O2", "-ffp-contract=off", "-o", program.toString(), source.toString(), "-lm")),
                "there is no C compiler here");
        for (final int[] shape : SHAPES) {
            for (int variant = 0; variant < 4; variant++) {
                final float[] a = a(shape, variant);
                final float[] b = b(shape, variant);
                final float[] expected = inC(program, shape, variant, a, b, start(shape, variant));
                Bits.assertSame(expected, product(shape, variant, a, b), Arrays.toString(shape) + ", " + variant);
            }
        }
    }

    private static boolean runs(final List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (final IOException e) {
            return false;
        }
    }

    private static float[] inC(final Path program, final int[] shape, final int variant, final float[]... operands)
            throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
                        program.toString(),
                        Integer.toString(shape[0]),
                        Integer.toString(shape[1]),
                        Integer.toString(shape[2]),
                        Integer.toString(variant & 1),
                        Integer.toString(variant >> 1))
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
        assertEquals(0, process.waitFor());
        final FloatBuffer floats = ByteBuffer.wrap(out.toByteArray())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        final float[] c = new float[floats.remaining()];
        assertTrue(c.length == shape[0] * shape[1], "C has " + c.length + " elements");
        floats.get(c);
        return c;
    }
}
