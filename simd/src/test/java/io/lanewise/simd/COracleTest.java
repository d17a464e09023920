package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
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
        final CProgram program = CProgram.compiled("gemm.c", folder);
        for (final int[] shape : SHAPES) {
            for (int variant = 0; variant < 4; variant++) {
                final float[] a = a(shape, variant);
                final float[] b = b(shape, variant);
                final List<Object> arguments = List.of(shape[0], shape[1], shape[2], variant & 1, variant >> 1);
                final float[] expected = program.run(arguments, a, b, start(shape, variant));
                Bits.assertSame(expected, product(shape, variant, a, b), Arrays.toString(shape) + ", " + variant);
            }
        }
    }
}
