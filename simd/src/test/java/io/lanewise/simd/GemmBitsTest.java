package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Products are the reference's to the bit; inputs stay as they were and so does all around the output. */
@Tag("vector")
final class GemmBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final float ROGUE = Float.NaN;

    static Stream<Long> seeds() {
        return LongStream.range(0, 400).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomProductsAgree(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int limit = seed % 20 == 0 ? 300 : 40;
        check(random, random.nextInt(limit), random.nextInt(limit), random.nextInt(seed % 10 == 0 ? 700 : limit));
    }

    /** Shapes of oneDNN's and netlib's testers and the tails of our own tiles. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1",
        "10,1,30",
        "1,20,30",
        "1,1,300",
        "2,47,30",
        "0,5,3",
        "5,0,3",
        "5,3,0",
        "0,0,0",
        "9,9,9",
        "13,64,13",
        "4,32,256",
        "5,33,257",
        "3,31,255",
        "8,64,512",
        "7,65,513",
        "1,1000,64",
        "17,2,129",
        "2,9,1",
        "64,1,32"
    })
    void namedShapesAgree(final int m, final int n, final int k) {
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k);
        }
    }

    private static void check(final SplittableRandom random, final int m, final int n, final int k) {
        final Gemm op = new Gemm(
                random.nextBoolean(),
                random.nextBoolean(),
                List.of(Gemm.Start.values()).get(random.nextInt(3)),
                List.of(Activation.values()).get(random.nextInt(5)));
        final String what = op + " m=" + m + " n=" + n + " k=" + k;
        final int lda = (op.transposeA() ? m : k) + random.nextInt(3);
        final int ldb = (op.transposeB() ? k : n) + random.nextInt(3);
        final int ldc = n + random.nextInt(3);
        final int offset = random.nextInt(5);
        final float[] a = Bits.special(random, offset + (op.transposeA() ? k : m) * lda);
        final float[] b = Bits.random(random, offset + (op.transposeB() ? n : k) * ldb);
        final float[] bias = Bits.random(random, offset + n);
        final float[] old = Bits.random(random, offset + m * ldc + 3);
        if (op.start() != Gemm.Start.ACCUMULATE) {
            // What is overwritten is never read.
            for (int i = 0; i < m; i++) {
                Arrays.fill(old, offset + i * ldc, offset + i * ldc + n, ROGUE);
            }
        }
        final float[] aBefore = a.clone();
        final float[] bBefore = b.clone();
        final float[] biasBefore = bias.clone();
        final float[] expected = old.clone();
        final float[] actual = old.clone();
        SCALAR.gemm(
                op,
                m,
                n,
                k,
                a,
                offset,
                lda,
                b,
                offset,
                ldb,
                bias,
                offset,
                expected,
                offset,
                ldc,
                SCALAR.scratchpad(k, n));
        SIMD.gemm(
                op, m, n, k, a, offset, lda, b, offset, ldb, bias, offset, actual, offset, ldc, SIMD.scratchpad(k, n));
        Bits.assertSame(expected, actual, what);
        if (!op.transposeB()) {
            final float[] packed = old.clone();
            SIMD.gemm(
                    op,
                    m,
                    a,
                    offset,
                    lda,
                    SIMD.pack(k, n, b, offset, ldb),
                    bias,
                    offset,
                    packed,
                    offset,
                    ldc,
                    SIMD.scratchpad(0, 0));
            Bits.assertSame(expected, packed, "packed " + what);
        }
        Bits.assertSame(aBefore, a, "A of " + what);
        Bits.assertSame(bBefore, b, "B of " + what);
        Bits.assertSame(biasBefore, bias, "bias of " + what);
    }
}
