package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products without the CPU's fused multiply-add have the bits of those with it; nothing around C is touched. */
final class SoftwareGemmTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "7,9,33", "3,5,0", "1,40,17", "40,1,17", "0,3,5", "3,0,5"})
    void bitsAreTheSame(final int m, final int n, final int k) {
        for (final boolean transposeA : new boolean[] {false, true}) {
            for (final boolean transposeB : new boolean[] {false, true}) {
                for (final Gemm.Start start : Gemm.Start.values()) {
                    check(new Gemm(transposeA, transposeB, start, Activation.GELU), m, n, k);
                }
            }
        }
    }

    private static void check(final Gemm op, final int m, final int n, final int k) {
        final int lda = (op.transposeA() ? m : k) + 1;
        final int ldb = (op.transposeB() ? k : n) + 2;
        final int ldc = n + 3;
        final float[] a = RandomArrays.floats(1, 1 + (op.transposeA() ? k : m) * lda, 2);
        final float[] b = RandomArrays.floats(2, 2 + (op.transposeB() ? n : k) * ldb, 2);
        final float[] bias = RandomArrays.floats(3, n + 1, 1);
        final float[] expected = RandomArrays.floats(4, 3 + m * ldc, 1);
        final float[] actual = expected.clone();
        ReferenceKernels.INSTANCE.gemm(
                op,
                m,
                n,
                k,
                a,
                1,
                lda,
                b,
                2,
                ldb,
                bias,
                1,
                expected,
                3,
                ldc,
                ReferenceKernels.INSTANCE.scratchpad(m, n, k));
        SoftwareGemm.multiply(op, m, n, k, a, 1, lda, b, 2, ldb, bias, 1, actual, 3, ldc);
        assertArrayEquals(expected, actual, op.toString());
    }
}
