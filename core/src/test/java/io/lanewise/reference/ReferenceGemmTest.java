package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products worked out by hand. Every leading dimension is larger than the row, and the cells between hold NaN. */
final class ReferenceGemmTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final Scratchpad SCRATCHPAD = SCALAR.scratchpad(8, 8, 8);
    private static final float N = Float.NaN;
    private static final float TWO_24 = 0x1p24f; // 2^24 + 1 is no float

    // [1 2 3; 4 5 6] and [7 8; 9 10; 11 12], each plain and transposed, from offset 1
    private static final float[] A = {N, 1, 2, 3, N, 4, 5, 6, N};
    private static final float[] A_TRANSPOSED = {N, 1, 4, N, 2, 5, N, 3, 6, N};
    private static final float[] B = {N, 7, 8, N, 9, 10, N, 11, 12, N};
    private static final float[] B_TRANSPOSED = {N, 7, 9, 11, N, 8, 10, 12, N};
    private static final float[] BIAS = {N, 100, 200};

    @ParameterizedTest
    @CsvSource({
        "false,false,ZERO", "false,true,ZERO", "true,false,ZERO", "true,true,ZERO",
        "false,false,BIAS", "false,true,BIAS", "true,false,BIAS", "true,true,BIAS",
        "false,false,ACCUMULATE", "false,true,ACCUMULATE", "true,false,ACCUMULATE", "true,true,ACCUMULATE",
    })
    void productsByHand(final boolean transposeA, final boolean transposeB, final Start start) {
        final float[] expected = switch (start) {
            case ZERO -> new float[] {N, N, 58, 64, N, 139, 154, N};
            case BIAS -> new float[] {N, N, 158, 264, N, 239, 354, N};
            case ACCUMULATE -> new float[] {N, N, 59, 66, N, 142, 158, N};
        };
        final boolean accumulate = start == Start.ACCUMULATE;
        final float[] c = accumulate ? new float[] {N, N, 1, 2, N, 3, 4, N} : new float[] {N, N, N, N, N, N, N, N};
        final float[] packedC = c.clone();
        final Gemm op = new Gemm(transposeA, transposeB, start, Activation.IDENTITY);
        final float[] a = transposeA ? A_TRANSPOSED : A;
        final int lda = transposeA ? 3 : 4;
        final float[] b = transposeB ? B_TRANSPOSED : B;
        SCALAR.gemm(op, 2, 2, 3, a, 1, lda, b, 1, transposeB ? 4 : 3, BIAS, 1, c, 2, 3, SCRATCHPAD);
        assertArrayEquals(expected, c);
        if (!transposeB) {
            SCALAR.gemm(op, 2, a, 1, lda, SCALAR.pack(3, 2, b, 1, 3), BIAS, 1, packedC, 2, 3, SCRATCHPAD);
            assertArrayEquals(expected, packedC);
        }
    }

    @Test
    void packingCopies() {
        final float[] b = B.clone();
        final PackedMatrix packed = SCALAR.pack(3, 2, b, 1, 3);
        java.util.Arrays.fill(b, 0f);
        final float[] c = new float[4];
        SCALAR.gemm(Gemm.AB, 2, A, 1, 4, packed, null, 0, c, 0, 2, SCRATCHPAD);
        assertArrayEquals(new float[] {58, 64, 139, 154}, c);
        assertEquals(3, packed.rows());
        assertEquals(2, packed.columns());
    }

    @Test
    void noTermsLeaveTheActivationOfTheStart() {
        final float[] nothing = {};
        final float[] bias = {-2, 3};
        final float[] c = {-1, N, N, N};
        SCALAR.gemm(
                Gemm.AB.from(Start.ACCUMULATE).then(Activation.RELU),
                1,
                1,
                0,
                nothing,
                0,
                0,
                nothing,
                0,
                1,
                null,
                0,
                c,
                0,
                1,
                SCRATCHPAD);
        assertArrayEquals(new float[] {0, N, N, N}, c);
        SCALAR.gemm(
                Gemm.AB.from(Start.BIAS).then(Activation.RELU),
                2,
                2,
                0,
                nothing,
                0,
                0,
                nothing,
                0,
                2,
                bias,
                0,
                c,
                0,
                2,
                SCRATCHPAD);
        assertArrayEquals(new float[] {0, 3, 0, 3}, c);
        SCALAR.gemm(Gemm.AB, 2, 2, 0, nothing, 0, 0, nothing, 0, 2, null, 0, c, 0, 2, SCRATCHPAD);
        assertArrayEquals(new float[4], c);
    }

    @Test
    void noRowsOrColumnsWriteNothing() {
        final float[] c = {7};
        SCALAR.gemm(Gemm.AB, 0, 1, 1, c, 0, 1, new float[] {1}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        SCALAR.gemm(Gemm.AB, 1, 0, 1, new float[] {1}, 0, 1, c, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertArrayEquals(new float[] {7}, c);
    }

    @Test
    void matricesWithoutColumnsNeedNoElements() {
        final float[] nothing = {};
        final PackedMatrix packed = SCALAR.pack(3, 0, nothing, 0, 5);
        assertEquals(3, packed.rows());
        assertEquals(0, packed.columns());
        SCALAR.gemm(Gemm.AB, 4, 0, 0, nothing, 0, 9, nothing, 0, 9, null, 0, nothing, 0, 9, SCRATCHPAD);
    }

    @Test
    void productsAreFused() {
        // (1 + 2^-12)^2 − (1 + 2^-11) is 2^-24; rounding the product first would give 0.
        final float[] x = {0x1.001p0f};
        final float[] c = {N};
        final float[] bias = {-0x1.002p0f};
        SCALAR.gemm(Gemm.AB.from(Start.BIAS), 1, 1, 1, x, 0, 1, x, 0, 1, bias, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(0x1p-24f, c[0]);
    }

    @Test
    void chainsRunInAscendingOrderFromTheStart() {
        final float[] ones = {1, 1, 1};
        final float[] c = {N};
        // 2^24 + 1 rounds to 2^24: the 1 is lost, unless it were added last.
        SCALAR.gemm(Gemm.AB, 1, 1, 3, ones, 0, 3, new float[] {TWO_24, 1, -TWO_24}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(0f, c[0]);
        SCALAR.gemm(Gemm.AB, 1, 1, 3, ones, 0, 3, new float[] {TWO_24, -TWO_24, 1}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(1f, c[0]);
        SCALAR.gemm(Gemm.AB, 1, 1, 3, ones, 0, 3, new float[] {1, TWO_24, -TWO_24}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(0f, c[0]);
        final Gemm biased = Gemm.AB.from(Start.BIAS);
        SCALAR.gemm(biased, 1, 1, 2, ones, 0, 2, new float[] {TWO_24, -TWO_24}, 0, 1, ones, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(0f, c[0]);
        c[0] = 1;
        final Gemm adding = Gemm.AB.from(Start.ACCUMULATE);
        SCALAR.gemm(adding, 1, 1, 2, ones, 0, 2, new float[] {TWO_24, -TWO_24}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(0f, c[0]);
    }

    @Test
    void zeroIsPlusZeroAndSkipsNothing() {
        final float[] c = {N};
        SCALAR.gemm(Gemm.AB, 1, 1, 1, new float[] {1}, 0, 1, new float[] {-0f}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(Float.floatToIntBits(0f), Float.floatToIntBits(c[0]));
        SCALAR.gemm(Gemm.AB, 1, 1, 1, new float[] {0}, 0, 1, new float[] {N}, 0, 1, null, 0, c, 0, 1, SCRATCHPAD);
        assertEquals(N, c[0]);
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY,-2,3", "RELU,0,3", "LEAKY_RELU,-0.02,3"})
    void activationIsAppliedToFinishedElements(final Activation f, final float first, final float second) {
        final float[] c = {N, N};
        // −5 + 3 and 5 − 2: an activation in the middle of a chain would show.
        final float[] b = {-5, 5, 3, -2};
        SCALAR.gemm(Gemm.AB.then(f), 1, 2, 2, new float[] {1, 1}, 0, 2, b, 0, 2, null, 0, c, 0, 2, SCRATCHPAD);
        assertArrayEquals(new float[] {first, second}, c);
    }
}
