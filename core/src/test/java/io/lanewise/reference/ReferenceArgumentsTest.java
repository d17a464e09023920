package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Arguments that make no sense: the right exception, a message that names the value, and nothing written. */
final class ReferenceArgumentsTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final Scratchpad SCRATCHPAD = SCALAR.scratchpad(0, 0, 0);
    private static final Gemm BIASED = Gemm.AB.from(Gemm.Start.BIAS);

    private final float[] in = new float[6];
    private final int[] labels = {0, 1};
    private final float[] out = {1, 2, 3, 4, 5, 6};
    private final float[] out2 = {1, 2, 3, 4, 5, 6};

    private void refused(final String message, final Runnable call) {
        final Class<? extends RuntimeException> type =
                message.contains("does not fit") ? IndexOutOfBoundsException.class : IllegalArgumentException.class;
        final RuntimeException thrown = assertThrows(type, call::run);
        assertEquals(type, thrown.getClass());
        assertEquals(message, thrown.getMessage());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, out);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, out2);
    }

    private void gemm(
            final Gemm op, final int m, final int n, final int k, final int lda, final int ldb, final int ldc) {
        SCALAR.gemm(op, m, n, k, in, 0, lda, in, 0, ldb, in, 0, out, 0, ldc, SCRATCHPAD);
    }

    @Test
    void sizesOfProducts() {
        refused("A rows must not be negative, got -1", () -> gemm(Gemm.AB, -1, 2, 3, 3, 2, 2));
        refused("B columns must not be negative, got -1", () -> gemm(Gemm.AB, 2, -1, 3, 3, 2, 2));
        refused("B rows must not be negative, got -1", () -> gemm(Gemm.AB, 2, 2, -1, 3, 2, 2));
        refused("leading dimension of A must be at least its 3 columns, got 2", () -> gemm(Gemm.AB, 2, 2, 3, 2, 2, 2));
        refused("leading dimension of B must be at least its 2 columns, got 1", () -> gemm(Gemm.AB, 2, 2, 3, 3, 1, 2));
        refused("leading dimension of C must be at least its 2 columns, got 1", () -> gemm(Gemm.AB, 2, 2, 3, 3, 2, 1));
        refused("leading dimension of A must be at least its 2 columns, got 1", () -> gemm(Gemm.ATB, 2, 2, 3, 1, 2, 2));
        refused("leading dimension of B must be at least its 3 columns, got 2", () -> gemm(Gemm.ABT, 2, 2, 3, 3, 2, 2));
    }

    @Test
    void arraysOfProducts() {
        final String six = " does not fit into an array of 6";
        refused("A (2 × 3, leading dimension 4) at offset 0" + six, () -> gemm(Gemm.AB, 2, 2, 3, 4, 2, 2));
        refused("B (3 × 2, leading dimension 3) at offset 0" + six, () -> gemm(Gemm.AB, 2, 2, 3, 3, 3, 2));
        refused("C (2 × 2, leading dimension 5) at offset 0" + six, () -> gemm(Gemm.AB, 2, 2, 3, 3, 2, 5));
        refused("A (3 × 3, leading dimension 3) at offset 0" + six, () -> gemm(Gemm.AB, 3, 2, 3, 3, 2, 2));
        refused(
                "A (3 × 2, leading dimension 1000000000) at offset 0" + six,
                () -> gemm(Gemm.ATB, 2, 2, 3, 1_000_000_000, 2, 2));
        refused(
                "A (1 × 1, leading dimension 1) at offset -1" + six,
                () -> SCALAR.gemm(Gemm.AB, 1, 1, 1, in, -1, 1, in, 0, 1, null, 0, out, 0, 1, SCRATCHPAD));
        refused(
                "C (1 × 1, leading dimension 1) at offset 6" + six,
                () -> SCALAR.gemm(Gemm.AB, 1, 1, 1, in, 0, 1, in, 0, 1, null, 0, out, 6, 1, SCRATCHPAD));
        refused("B (3 × 2, leading dimension 2) at offset 1" + six, () -> SCALAR.pack(3, 2, in, 1, 2));
    }

    @Test
    void bias() {
        refused(
                "the product starts from a bias, but bias is null",
                () -> SCALAR.gemm(BIASED, 1, 1, 1, in, 0, 1, in, 0, 1, null, 0, out, 0, 1, SCRATCHPAD));
        refused(
                "bias (2 elements) at offset 5 does not fit into an array of 6",
                () -> SCALAR.gemm(BIASED, 1, 2, 1, in, 0, 1, in, 0, 2, in, 5, out, 0, 2, SCRATCHPAD));
        refused(
                "bias (2 elements) at offset -1 does not fit into an array of 6",
                () -> SCALAR.gemm(BIASED, 1, 2, 1, in, 0, 1, in, 0, 2, in, -1, out, 0, 2, SCRATCHPAD));
    }

    @Test
    void packedMatrices() {
        final PackedMatrix packed = SCALAR.pack(3, 2, in, 0, 2);
        refused(
                "a packed B cannot be transposed: pack the transpose",
                () -> SCALAR.gemm(Gemm.ABT, 2, in, 0, 3, packed, null, 0, out, 0, 2, SCRATCHPAD));
        refused(
                "B was packed by another backend: " + Foreign.class,
                () -> SCALAR.gemm(Gemm.AB, 2, in, 0, 3, new Foreign(3, 2), null, 0, out, 0, 2, SCRATCHPAD));
        refused(
                "A (3 × 3, leading dimension 3) at offset 0 does not fit into an array of 6",
                () -> SCALAR.gemm(Gemm.AB, 3, in, 0, 3, packed, null, 0, out, 0, 2, SCRATCHPAD));
        refused(
                "C (2 × 2, leading dimension 2) at offset 3 does not fit into an array of 6",
                () -> SCALAR.gemm(Gemm.AB, 2, in, 0, 3, packed, null, 0, out, 3, 2, SCRATCHPAD));
    }

    @Test
    void scratchpads() {
        final Scratchpad foreign = new Foreign(1, 1);
        final String message = "the scratchpad was made by another backend: " + Foreign.class;
        refused(message, () -> SCALAR.gemm(Gemm.AB, 2, 2, 3, in, 0, 3, in, 0, 2, null, 0, out, 0, 2, foreign));
        refused(
                message,
                () -> SCALAR.gemm(Gemm.AB, 2, in, 0, 3, SCALAR.pack(3, 2, in, 0, 2), null, 0, out, 0, 2, foreign));
        refused(message, () -> SCALAR.softmax(2, 3, in, 0, 3, out, 0, 3, foreign));
        refused(message, () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, labels, 0, 1, out, 0, out2, 0, 3, foreign));
        refused(
                message,
                () -> SCALAR.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 2, 3, in, 0, 3, in, 0, 3, 1, out, 0, out2, 0, 3, foreign));
        refused(message, () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, in, 0, 3, 1, out, 0, out2, 0, 3, foreign));
        refused(
                message,
                () -> SCALAR.layerNormBackward(2, 3, in, 0, 3, in, 0, 1, out, 0, 3, out2, 0, out2, 3, foreign));
        refused(message, () -> SCALAR.sumOfSquares(6, in, 0, foreign));
        refused("k must not be negative, got -1", () -> SCALAR.scratchpad(0, 0, -1));
        refused("n must not be negative, got -2", () -> SCALAR.scratchpad(0, -2, 0));
    }

    @Test
    void rows() {
        final String six = " does not fit into an array of 6";
        final String x = "X (3 × 3, leading dimension 3) at offset 0" + six;
        final String dx = "dX (2 × 3, leading dimension 3) at offset 1" + six;
        refused(x, () -> SCALAR.softmax(3, 3, in, 0, 3, out, 0, 3, SCRATCHPAD));
        refused(
                "Y (2 × 3, leading dimension 3) at offset 1" + six,
                () -> SCALAR.softmax(2, 3, in, 0, 3, out, 1, 3, SCRATCHPAD));
        refused(x, () -> SCALAR.softmaxCrossEntropy(3, 3, in, 0, 3, labels, 0, 1, out, 0, out2, 0, 3, SCRATCHPAD));
        refused(dx, () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, labels, 0, 1, out, 0, out2, 1, 3, SCRATCHPAD));
        refused(
                x,
                () -> SCALAR.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 3, 3, in, 0, 3, in, 0, 3, 1, out, 0, out2, 0, 3, SCRATCHPAD));
        refused(
                dx,
                () -> SCALAR.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 2, 3, in, 0, 3, in, 0, 3, 1, out, 0, out2, 1, 3, SCRATCHPAD));
        refused(
                "T (2 × 3, leading dimension 4) at offset 0" + six,
                () -> SCALAR.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 2, 3, in, 0, 3, in, 0, 4, 1, out, 0, out2, 0, 3, SCRATCHPAD));
        refused(
                "losses (2 elements) at offset 5" + six,
                () -> SCALAR.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 2, 3, in, 0, 3, in, 0, 3, 1, out, 5, out2, 0, 3, SCRATCHPAD));
        refused(
                "losses (2 elements) at offset 5" + six,
                () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, labels, 0, 1, out, 5, out2, 0, 3, SCRATCHPAD));
        refused("X rows must not be negative, got -1", () -> SCALAR.softmax(-1, 3, in, 0, 3, out, 0, 3, SCRATCHPAD));
        refused(
                "leading dimension of X must be at least its 3 columns, got 2",
                () -> SCALAR.softmax(2, 3, in, 0, 2, out, 0, 3, SCRATCHPAD));
    }

    @Test
    void labels() {
        for (final int wrong : new int[] {-1, 3, Integer.MIN_VALUE}) {
            labels[1] = wrong;
            refused(
                    "expected a label from 0 to 2, got " + wrong + " (row 1)",
                    () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, labels, 0, 1, out, 0, out2, 0, 3, SCRATCHPAD));
        }
        refused(
                "labels (2 elements) at offset 1 does not fit into an array of 2",
                () -> SCALAR.softmaxCrossEntropy(2, 3, in, 0, 3, labels, 1, 1, out, 0, out2, 0, 3, SCRATCHPAD));
    }

    @Test
    void elementwise() {
        final String six = " does not fit into an array of 6";
        refused(
                "Y (3 × 3, leading dimension 3) at offset 0" + six,
                () -> SCALAR.activate(Activation.RELU, 3, 3, out, 0, 3));
        refused(
                "Y (3 × 3, leading dimension 3) at offset 0" + six,
                () -> SCALAR.activateBackward(Activation.RELU, 3, 3, in, 0, 3, out, 0, 3));
        refused(
                "dY (2 × 3, leading dimension 4) at offset 0" + six,
                () -> SCALAR.activateBackward(Activation.RELU, 2, 3, in, 0, 3, out, 0, 4));
        refused(
                "mean (3 elements) at offset 0 does not fit into an array of 2",
                () -> SCALAR.standardize(2, 3, in, 0, 3, new float[2], in, out, 0, 3));
        refused(
                "scale (3 elements) at offset 0 does not fit into an array of 2",
                () -> SCALAR.standardize(2, 3, in, 0, 3, in, new float[2], out, 0, 3));
        refused(
                "Y (2 × 3, leading dimension 3) at offset 1" + six,
                () -> SCALAR.standardize(2, 3, in, 0, 3, in, in, out, 1, 3));
        refused("A (3 × 3, leading dimension 3) at offset 0" + six, () -> SCALAR.columnSums(3, 3, in, 0, 3, out, 0));
        refused("sums (3 elements) at offset 4" + six, () -> SCALAR.columnSums(2, 3, in, 0, 3, out, 4));
    }

    private Runnable layerNormBackward(final int n, final float[] weight, final int dyOffset, final int dBiasOffset) {
        return () -> SCALAR.layerNormBackward(
                2, n, in, 0, n, weight, 0, 1, out, dyOffset, n, out2, 0, out2, dBiasOffset, SCRATCHPAD);
    }

    private Runnable batchNorm(
            final int rows, final int n, final float[] weight, final float[] mean, final float[] variance) {
        return () -> SCALAR.batchNorm(rows, n, in, 0, n, weight, 0, in, 0, 1, mean, variance, out, 0, n);
    }

    private Runnable batchNormBackward(final int rows, final int n, final float[] mean, final int dWeightOffset) {
        return () -> SCALAR.batchNormBackward(
                rows, n, in, 0, n, in, 0, 1, mean, in, out, 0, n, out2, dWeightOffset, out2, 0);
    }

    @Test
    void norms() {
        final String six = " does not fit into an array of 6";
        final String two = " (3 elements) at offset 0 does not fit into an array of 2";
        final float[] small = new float[2];
        refused("X (2 × 4, leading dimension 4) at offset 0" + six, layerNormBackward(4, in, 0, 0));
        refused("weight" + two, layerNormBackward(3, small, 0, 0));
        refused("dY (2 × 3, leading dimension 3) at offset 1" + six, layerNormBackward(3, in, 1, 0));
        refused("dBias (3 elements) at offset 4" + six, layerNormBackward(3, in, 0, 4));
        refused("expected a batch of at least 1 row, got 0", batchNorm(0, 3, in, out, out2));
        refused("expected a batch of at least 1 row, got -1", batchNorm(-1, 3, in, out, out2));
        refused("X (2 × 4, leading dimension 4) at offset 0" + six, batchNorm(2, 4, in, out, out2));
        refused("weight" + two, batchNorm(2, 3, small, out, out2));
        refused("mean" + two, batchNorm(2, 3, in, small, out2));
        refused("variance" + two, batchNorm(2, 3, in, out2, small));
        refused("expected a batch of at least 1 row, got 0", batchNormBackward(0, 3, in, 0));
        refused("mean" + two, batchNormBackward(2, 3, small, 0));
        refused("dWeight (3 elements) at offset 4" + six, batchNormBackward(2, 3, in, 4));
    }

    @Test
    void dropout() {
        for (final float wrong : new float[] {-0.1f, 1, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(
                    "expected a dropout rate from 0 to below 1, got " + wrong,
                    () -> SCALAR.dropoutMask(6, wrong, 1, 2, 3, out, 0));
        }
        refused("element must not be negative, got -3", () -> SCALAR.dropoutMask(6, 0.5f, 1, 2, -3, out, 0));
        refused(
                "mask (6 elements) at offset 1 does not fit into an array of 6",
                () -> SCALAR.dropoutMask(6, 0.5f, 1, 2, 3, out, 1));
    }

    @Test
    void arrays() {
        final String six = " does not fit into an array of 6";
        refused("x (6 elements) at offset 1" + six, () -> SCALAR.clip(6, 1, out, 1));
        refused("x (6 elements) at offset 1" + six, () -> SCALAR.sumOfSquares(6, in, 1, SCRATCHPAD));
        refused("Y (2 × 3, leading dimension 3) at offset 1" + six, () -> SCALAR.multiply(2, 3, in, 0, 3, out, 1, 3));
    }

    @Test
    void updates() {
        final float[] five = {1, 2, 3, 4, 5};
        for (final String name : new String[] {"g", "v", "p"}) {
            refused(
                    name + " (6 elements) at offset 0 does not fit into an array of 5",
                    () -> SCALAR.sgd(
                            6,
                            1,
                            1,
                            0.5f,
                            false,
                            0,
                            pick(name, "g", five, in),
                            pick(name, "v", five, out),
                            pick(name, "p", five, out2),
                            0));
        }
        for (final String name : new String[] {"g", "m", "v", "p"}) {
            refused(
                    name + " (6 elements) at offset 0 does not fit into an array of 5",
                    () -> SCALAR.adam(
                            6,
                            1,
                            0,
                            0,
                            0,
                            1,
                            1,
                            1,
                            1,
                            pick(name, "g", five, in),
                            pick(name, "m", five, out),
                            pick(name, "v", five, out2),
                            pick(name, "p", five, out),
                            0));
        }
        for (final String name : new String[] {"g", "m", "v", "p"}) {
            refused(
                    name + " (6 elements) at offset 0 does not fit into an array of 5",
                    () -> SCALAR.rmsProp(
                            6,
                            1,
                            1,
                            0,
                            1,
                            0.5f,
                            0,
                            pick(name, "g", five, in),
                            pick(name, "m", five, out),
                            pick(name, "v", five, out2),
                            pick(name, "p", five, out),
                            0));
        }
        refused(
                "p (5 elements) at offset 2 does not fit into an array of 6",
                () -> SCALAR.sgd(5, 1, 1, 0, false, 0, new float[7], in, out, 2));
        refused("g must not be negative, got -1", () -> SCALAR.rmsProp(-1, 1, 1, 0, 1, 0, 0, in, in, out, out2, 0));
        refused("g must not be negative, got -1", () -> SCALAR.sgd(-1, 1, 1, 0, false, 0, in, out, out2, 0));
        refused("g must not be negative, got -1", () -> SCALAR.adam(-1, 1, 0, 0, 0, 1, 1, 1, 1, in, out, out2, out, 0));
        assertTrue(Arrays.equals(new float[] {1, 2, 3, 4, 5}, five));
    }

    private static float[] pick(final String wrong, final String name, final float[] tooShort, final float[] fitting) {
        return wrong.equals(name) ? tooShort : fitting;
    }

    /** What another backend might have made. */
    private record Foreign(int rows, int columns) implements PackedMatrix, Scratchpad {}
}
