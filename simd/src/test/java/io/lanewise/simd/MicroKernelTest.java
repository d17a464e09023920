package io.lanewise.simd;

import static io.lanewise.simd.Panels.NR;
import static io.lanewise.simd.SimdGemm.MR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The micro-kernels alone: small integers, whose sums are exact, and the identity. */
@Tag("vector")
final class MicroKernelTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 8, 16, 255, 256})
    void integersAreExact(final int kc) {
        final float[] a = new float[MR * kc];
        final float[] b = new float[kc * NR];
        for (int i = 0; i < a.length; i++) {
            a[i] = i % 7 - 3;
        }
        for (int i = 0; i < b.length; i++) {
            b[i] = i % 5 - 2;
        }
        final float[] expected = new float[MR * NR];
        for (int i = 0; i < MR; i++) {
            for (int j = 0; j < NR; j++) {
                float sum = 1f;
                for (int p = 0; p < kc; p++) {
                    sum += a[i * kc + p] * b[p * NR + j];
                }
                expected[i * NR + j] = sum;
            }
        }
        final float[] whole = Bits.filled(MR * NR, 1f);
        SimdGemm.kernel4x2(kc, a, 0, kc, 1, b, 0, whole, 0, NR);
        assertArrayEquals(expected, whole);
        final float[] rowByRow = Bits.filled(MR * NR, 1f);
        for (int i = 0; i < MR; i++) {
            SimdGemm.kernel1x2(kc, a, i * kc, 1, b, 0, rowByRow, i * NR);
        }
        assertArrayEquals(expected, rowByRow);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void identityGivesTheOtherOperand(final int kc) {
        final float[] identity = new float[MR * kc];
        for (int p = 0; p < kc; p++) {
            identity[p * kc + p] = 1f;
        }
        final float[] b = new float[kc * NR];
        for (int i = 0; i < b.length; i++) {
            b[i] = 0.1f * i;
        }
        final float[] c = new float[MR * NR];
        SimdGemm.kernel4x2(kc, identity, 0, kc, 1, b, 0, c, 0, NR);
        for (int i = 0; i < MR * NR; i++) {
            assertEquals(i < b.length ? b[i] : 0f, c[i]);
        }
    }
}
