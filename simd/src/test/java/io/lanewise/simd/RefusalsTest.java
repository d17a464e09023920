package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.reference.ReferenceKernels;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wrong arguments are refused as the reference refuses them, and before anything is written. */
@Tag("vector")
final class RefusalsTest {
    private static final float UNTOUCHED = 7f;

    /** Runs a call on both backends; the call writes to the array that it is given. */
    private static void refused(final Class<? extends Exception> expected, final BiConsumer<Kernels, float[]> call) {
        String message = null;
        for (final Kernels kernels : new Kernels[] {ReferenceKernels.INSTANCE, new SimdKernels()}) {
            final float[] output = Bits.filled(64, UNTOUCHED);
            final Exception thrown = assertThrows(expected, () -> call.accept(kernels, output), kernels.name());
            Bits.assertSame(Bits.filled(64, UNTOUCHED), output, "output of " + kernels.name());
            assertEquals(message == null ? thrown.getMessage() : message, thrown.getMessage());
            message = thrown.getMessage();
        }
    }

    private static Scratchpad pad(final Kernels kernels) {
        return kernels.scratchpad(64, 64, 64);
    }

    @Test
    void products() {
        final float[] x = new float[64];
        refused(
                IllegalArgumentException.class,
                (k, c) -> k.gemm(Gemm.AB, -1, 2, 2, x, 0, 2, x, 0, 2, null, 0, c, 0, 2, pad(k)));
        refused(
                IllegalArgumentException.class,
                (k, c) -> k.gemm(Gemm.AB, 2, 2, 2, x, 0, 1, x, 0, 2, null, 0, c, 0, 2, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB, 8, 8, 8, x, 1, 8, x, 0, 8, null, 0, c, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB, 8, 8, 8, x, 0, 8, x, 1, 8, null, 0, c, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB, 8, 8, 8, x, 0, 8, x, 0, 8, null, 0, c, 1, 8, pad(k)));
        refused(
                IllegalArgumentException.class,
                (k, c) -> k.gemm(Gemm.AB.from(Gemm.Start.BIAS), 8, 8, 8, x, 0, 8, x, 0, 8, null, 0, c, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB.from(Gemm.Start.BIAS), 8, 8, 8, x, 0, 8, x, 0, 8, x, 57, c, 0, 8, pad(k)));
    }

    @Test
    void packedProducts() {
        final float[] x = new float[64];
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB, 8, x, 1, 8, packed(k), null, 0, c, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, c) -> k.gemm(Gemm.AB, 8, x, 0, 8, packed(k), null, 0, c, 1, 8, pad(k)));
        refused(
                IllegalArgumentException.class,
                (k, c) -> k.gemm(Gemm.ABT, 8, x, 0, 8, packed(k), null, 0, c, 0, 8, pad(k)));
        refused(
                IllegalArgumentException.class,
                (k, c) -> k.gemm(Gemm.AB.from(Gemm.Start.BIAS), 8, x, 0, 8, packed(k), null, 0, c, 0, 8, pad(k)));
    }

    private static PackedMatrix packed(final Kernels kernels) {
        return kernels.pack(8, 8, new float[64], 0, 8);
    }

    @Test
    void whatOtherBackendsMade() {
        final Kernels simd = new SimdKernels();
        final float[] x = new float[64];
        final float[] c = Bits.filled(64, UNTOUCHED);
        final Scratchpad foreign = pad(ReferenceKernels.INSTANCE);
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.gemm(Gemm.AB, 8, 8, 8, x, 0, 8, x, 0, 8, null, 0, c, 0, 8, foreign));
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.gemm(Gemm.AB, 8, x, 0, 8, packed(ReferenceKernels.INSTANCE), null, 0, c, 0, 8, pad(simd)));
        final Scratchpad small = simd.scratchpad(4, 4, 4);
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.gemm(Gemm.AB, 8, 8, 8, x, 0, 8, x, 0, 8, null, 0, c, 0, 8, small));
        Bits.assertSame(Bits.filled(64, UNTOUCHED), c, "C");
    }

    @Test
    void rowsAndLosses() {
        final float[] x = new float[64];
        final int[] labels = {0, 1, 2, 3, 4, 5, 6, 7};
        final int[] wrong = {0, 1, 2, 3, 4, 5, 6, 8};
        refused(IndexOutOfBoundsException.class, (k, y) -> k.softmax(8, 8, x, 0, 8, y, 1, 8, pad(k)));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.softmax(8, 8, x, 1, 8, y, 0, 8, pad(k)));
        refused(
                IllegalArgumentException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, wrong, 0, 1f, new float[8], 0, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, labels, 1, 1f, new float[8], 0, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, labels, 0, 1f, new float[7], 0, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 8, 8, x, 0, 8, x, 1, 8, 1f, new float[8], 0, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.pointwiseLoss(
                        PointwiseLoss.SQUARED, 0, 8, 8, x, 0, 8, x, 0, 8, 1f, new float[7], 0, y, 0, 8, pad(k)));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.columnSums(8, 8, x, 1, 8, y, 0));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.columnSums(8, 8, x, 0, 8, y, 57));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.standardize(8, 8, x, 0, 8, new float[7], x, y, 0, 8));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.standardize(8, 8, x, 0, 8, x, new float[7], y, 0, 8));
    }

    @Test
    void updates() {
        refused(
                IndexOutOfBoundsException.class,
                (k, p) -> k.sgd(64, 1f, 1f, 0f, false, 0f, new float[63], new float[64], p, 0));
        refused(
                IndexOutOfBoundsException.class,
                (k, p) -> k.adam(
                        64, 1f, 0f, .9f, .9f, 1f, 1f, 1f, 1f, new float[64], new float[64], new float[63], p, 0));
    }

    @Test
    void denseLosses() {
        final float[] x = new float[64];
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, x, 1, 8, 1f, new float[8], 0, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, x, 0, 8, 1f, y, 57, y, 0, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.softmaxCrossEntropy(8, 8, x, 0, 8, x, 0, 8, 1f, y, 0, y, 1, 8, pad(k)));
        for (final PointwiseLoss f : PointwiseLoss.values()) {
            refused(
                    IndexOutOfBoundsException.class,
                    (k, y) -> k.pointwiseLoss(f, 1, 8, 8, x, 0, 8, x, 0, 9, 1f, y, 0, y, 0, 8, pad(k)));
            refused(
                    IndexOutOfBoundsException.class,
                    (k, y) -> k.pointwiseLoss(f, 1, 8, 8, x, 0, 8, x, 0, 8, 1f, y, 0, y, 1, 8, pad(k)));
        }
    }

    @Test
    void norms() {
        final float[] x = new float[64];
        final float[] small = new float[7];
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.layerNormBackward(8, 8, x, 0, 8, small, 0, 1f, y, 0, 8, y, 0, y, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.layerNormBackward(8, 8, x, 0, 8, x, 0, 1f, y, 1, 8, y, 0, y, 8, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.layerNormBackward(8, 8, x, 0, 8, x, 0, 1f, y, 0, 8, y, 0, y, 57, pad(k)));
        refused(IllegalArgumentException.class, (k, y) -> k.batchNorm(0, 8, x, 0, 8, x, 0, x, 0, 1f, y, y, y, 0, 8));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.batchNorm(8, 8, x, 0, 8, x, 0, x, 57, 1f, y, y, y, 0, 8));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.batchNorm(8, 8, x, 0, 8, x, 0, x, 0, 1f, y, small, y, 0, 8));
        refused(
                IllegalArgumentException.class,
                (k, y) -> k.batchNormBackward(0, 8, x, 0, 8, x, 0, 1f, x, x, y, 0, 8, y, 0, y, 8));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.batchNormBackward(8, 8, x, 0, 8, x, 0, 1f, x, small, y, 0, 8, y, 0, y, 8));
        refused(
                IndexOutOfBoundsException.class,
                (k, y) -> k.batchNormBackward(8, 8, x, 0, 8, x, 0, 1f, x, x, y, 0, 8, y, 57, y, 8));
    }

    @Test
    void otherKernelsOfTraining() {
        final float[] x = new float[64];
        refused(IllegalArgumentException.class, (k, y) -> k.dropoutMask(64, 1f, 1, 2, 3, y, 0));
        refused(IllegalArgumentException.class, (k, y) -> k.dropoutMask(64, Float.NaN, 1, 2, 3, y, 0));
        refused(IllegalArgumentException.class, (k, y) -> k.dropoutMask(64, 0.5f, 1, 2, -1, y, 0));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.dropoutMask(64, 0.5f, 1, 2, 3, y, 1));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.multiply(8, 8, x, 1, 8, y, 0, 8));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.multiply(8, 8, x, 0, 8, y, 1, 8));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.clip(64, 1f, y, 1));
        refused(IndexOutOfBoundsException.class, (k, y) -> k.sumOfSquares(64, y, 1, pad(k)));
        refused(
                IndexOutOfBoundsException.class,
                (k, p) -> k.sgd(63, 1f, 1f, 0.5f, false, 0f, new float[65], new float[65], p, 2));
        refused(
                IndexOutOfBoundsException.class,
                (k, p) -> k.sgd(64, 1f, 1f, 0.5f, false, 0f, new float[64], new float[63], p, 0));
        refused(
                IndexOutOfBoundsException.class,
                (k, p) -> k.rmsProp(64, 1f, 1f, 0.9f, 1f, 0.5f, 0f, new float[64], new float[63], p, p, 0));
    }

    @Test
    void scratchpadsOfOtherBackends() {
        final Kernels simd = new SimdKernels();
        final float[] x = new float[64];
        final float[] y = Bits.filled(64, UNTOUCHED);
        final Scratchpad foreign = pad(ReferenceKernels.INSTANCE);
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.softmaxCrossEntropy(8, 8, x, 0, 8, x, 0, 8, 1f, y, 0, y, 0, 8, foreign));
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.pointwiseLoss(PointwiseLoss.HUBER, 1, 8, 8, x, 0, 8, x, 0, 8, 1f, y, 0, y, 0, 8, foreign));
        assertThrows(
                IllegalArgumentException.class,
                () -> simd.layerNormBackward(8, 8, x, 0, 8, x, 0, 1f, y, 0, 8, y, 0, y, 8, foreign));
        assertThrows(IllegalArgumentException.class, () -> simd.sumOfSquares(64, x, 0, foreign));
        Bits.assertSame(Bits.filled(64, UNTOUCHED), y, "Y");
    }
}
