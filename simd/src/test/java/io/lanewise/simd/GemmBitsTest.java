package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Products are the reference's to the bit; inputs stay as they were and so does all around the output. */
@Tag("vector")
final class GemmBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final float ROGUE = Float.NaN;

    private static final List<ThreadTeam> TEAMS =
            List.of(ThreadTeam.of(1), ThreadTeam.of(2), ThreadTeam.of(3), ThreadTeam.of(7));

    @AfterAll
    static void end() {
        TEAMS.forEach(ThreadTeam::close);
    }

    /** Products that are worth several threads, in every way of cutting them. */
    @ParameterizedTest
    @CsvSource({
        "700,70,130",
        "70,900,130",
        "300,300,300",
        "13,4000,100",
        "4000,13,100",
        "2000,1,1100",
        "129,257,513",
        "1300,500,13",
        "900,700,100",
        "1,1300,1000",
        "1,300,1300",
        "40,113,1200",
        "40,100,1200"
    })
    void largeProductsAgreeOnTeams(final int m, final int n, final int k) {
        final SplittableRandom random = new SplittableRandom(m);
        final float[] a = Bits.random(random, m * k);
        final float[] b = Bits.random(random, k * n);
        final float[] bias = Bits.random(random, n);
        for (final boolean transposeA : new boolean[] {false, true}) {
            for (final boolean transposeB : new boolean[] {false, true}) {
                final Gemm op = new Gemm(transposeA, transposeB, Gemm.Start.BIAS, Activation.RELU);
                final int lda = transposeA ? m : k;
                final int ldb = transposeB ? k : n;
                final float[] expected = new float[m * n];
                SIMD.gemm(op, m, n, k, a, 0, lda, b, 0, ldb, bias, 0, expected, 0, n, SIMD.scratchpad(m, n, k));
                final float[] row = new float[n];
                SCALAR.gemm(
                        op,
                        1,
                        n,
                        k,
                        a,
                        (transposeA ? 1 : k) * (m - 1),
                        lda,
                        b,
                        0,
                        ldb,
                        bias,
                        0,
                        row,
                        0,
                        n,
                        SCALAR.scratchpad(m, n, k));
                Bits.assertSame(row, Arrays.copyOfRange(expected, (m - 1) * n, m * n), "last row of " + op);
                for (final ThreadTeam team : TEAMS) {
                    final float[] actual = Bits.filled(m * n, ROGUE);
                    SIMD.gemm(op, m, n, k, a, 0, lda, b, 0, ldb, bias, 0, actual, 0, n, SIMD.scratchpad(m, n, k, team));
                    Bits.assertSame(expected, actual, team.threads() + " threads, " + op);
                }
            }
        }
    }

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
        "40,70,1100",
        "97,35,600",
        "33,1,70",
        "300,2,33",
        "300,40,512",
        "2,1,1000",
        "40,1100,1030",
        "17,2,129",
        "100,3,64",
        "70,4,1100",
        "64,2,64",
        "33,4,16",
        "97,2,530",
        "131,3,47",
        "2,9,1",
        "1,17,9",
        "1,250,33",
        "1,300,40",
        "300,1,256",
        "9,24,24",
        "30,48,48",
        "7,37,600",
        "11,55,600",
        "64,1,32",
        "9,1,64",
        "15,1,40",
        "25,1,17",
        "13,1,3000",
        "2,32,1",
        "64,48,1",
        "37,100,1",
        "300,128,1",
        "50,70,700",
        "13,64,512",
        "90,80,20",
        "30,600,500"
    })
    void namedShapesAgree(final int m, final int n, final int k) {
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k);
        }
    }

    /**
     * Rows that are a multiple of 4 KiB apart are copied before they are transposed, if they are not too short, or too many. With
     * 16 registers, they make B worth packing for few rows.
     */
    @ParameterizedTest
    @CsvSource({
        "25,1,1024",
        "13,1,3000",
        "20,1,20",
        "40,1,65536",
        "70,10,1024",
        "65,3,2500",
        "40,20,1024",
        "300,40,1000",
        "8,300,200",
        "7,1024,40",
        "30,70,600"
    })
    void rowsInTheSameSetsAgree(final int m, final int n, final int k) {
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k, 1024);
        }
    }

    /** Rows of B in few sets of L1 make packing it worth the while for many rows, with 16 registers. */
    @ParameterizedTest
    @CsvSource({"300,64,100", "260,100,120", "256,60,80"})
    void rowsInFewSetsAgree(final int m, final int n, final int k) {
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k, 64);
        }
    }

    /**
     * A B so large that some rows are enough to pack it, and very few read it in short blocks; half of the seeds do not transpose
     * it.
     */
    @ParameterizedTest
    @CsvSource({"17,2049,2048", "48,300,14000", "8,2049,2048", "3,1537,3000"})
    void someRowsOfAVastMatrixAgree(final int m, final int n, final int k) {
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k);
        }
    }

    /** C is larger than twice L2, and sums are short, with 16 registers up to 256: rows come first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 13, 100, 200})
    void rowsOfALargeMatrixAgree(final int k) {
        final int n = 613;
        final int m = 2 * Caches.L2 / Float.BYTES / n + 9;
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k);
        }
    }

    /** More columns than a block of B has, though k is so small that more would stay in L2. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void rowsOfAVeryWideMatrixAgree(final int k) {
        final int n = 2 * Blocking.NC + 77;
        final int m = Math.max(64, 2 * Caches.L2 / Float.BYTES / n + 9);
        for (int seed = 0; seed < 8; seed++) {
            check(new SplittableRandom(seed), m, n, k);
        }
    }

    private static void check(final SplittableRandom random, final int m, final int n, final int k) {
        check(random, m, n, k, 1);
    }

    /** Leading dimensions of A and B are multiples of {@code multiple}; of 1, with a gap of up to two elements. */
    private static void check(
            final SplittableRandom random, final int m, final int n, final int k, final int multiple) {
        final Gemm op = new Gemm(
                random.nextBoolean(),
                random.nextBoolean(),
                List.of(Gemm.Start.values()).get(random.nextInt(3)),
                List.of(Activation.values()).get(random.nextInt(Activation.values().length)));
        final String what = op + " m=" + m + " n=" + n + " k=" + k;
        final int lda = leading(random, op.transposeA() ? m : k, multiple);
        final int ldb = leading(random, op.transposeB() ? k : n, multiple);
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
                SCALAR.scratchpad(m, n, k));
        SIMD.gemm(
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
                actual,
                offset,
                ldc,
                SIMD.scratchpad(m, n, k));
        Bits.assertSame(expected, actual, what);
        final float[] onTeam = old.clone();
        SIMD.gemm(
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
                onTeam,
                offset,
                ldc,
                SIMD.scratchpad(m, n, k, TEAMS.get(random.nextInt(TEAMS.size()))));
        Bits.assertSame(expected, onTeam, "on a team " + what);
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
                    SIMD.scratchpad(m, 0, k));
            Bits.assertSame(expected, packed, "packed " + what);
        }
        Bits.assertSame(aBefore, a, "A of " + what);
        Bits.assertSame(bBefore, b, "B of " + what);
        Bits.assertSame(biasBefore, bias, "bias of " + what);
    }

    private static int leading(final SplittableRandom random, final int columns, final int multiple) {
        return multiple == 1 ? columns + random.nextInt(3) : Math.ceilDiv(columns, multiple) * multiple;
    }
}
