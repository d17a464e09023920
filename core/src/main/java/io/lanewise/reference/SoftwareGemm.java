package io.lanewise.reference;

import io.lanewise.kernel.Fma;
import io.lanewise.kernel.Gemm;
import org.jspecify.annotations.Nullable;

/**
 * Products on CPUs without fused multiply-add. The chains are those of {@link ReferenceKernels#gemm}, but the chains of a
 * row of C go on side by side: one alone would wait for each of its roundings.
 *
 * <p>Vectors do not help here: C2 of JDK 25 has no conversions between {@code float} and {@code double} vectors for the
 * CPUs in question (SSE, and AVX without AVX2). {@link Fma#software} on them took 25 to 75 ns an element instead of 1.1.
 */
final class SoftwareGemm {
    private SoftwareGemm() {}

    /** As {@link ReferenceKernels#gemm}; arguments were checked. */
    static void multiply(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        for (int i = 0; i < m; i++) {
            final int row = cOffset + i * ldc;
            if (op.start() != Gemm.Start.ACCUMULATE) {
                for (int j = 0; j < n; j++) {
                    c[row + j] = op.start() == Gemm.Start.ZERO || bias == null ? 0f : bias[biasOffset + j];
                }
            }
            for (int p = 0; p < k; p++) {
                final float x = op.transposeA() ? a[aOffset + p * lda + i] : a[aOffset + i * lda + p];
                if (op.transposeB()) {
                    step(n, x, b, bOffset + p, ldb, c, row);
                } else {
                    step(n, x, b, bOffset + p * ldb, 1, c, row);
                }
            }
            for (int j = 0; j < n; j++) {
                c[row + j] = ScalarActivations.activate(op.activation(), c[row + j]);
            }
        }
    }

    /** {@code c[j] = x · b[j] + c[j]} for a row of C; elements of B are {@code stride} apart. */
    private static void step(
            final int n,
            final float x,
            final float[] b,
            final int bOffset,
            final int stride,
            final float[] c,
            final int cOffset) {
        for (int j = 0; j < n; j++) {
            c[cOffset + j] = Fma.software(x, b[bOffset + j * stride], c[cOffset + j]);
        }
    }
}
