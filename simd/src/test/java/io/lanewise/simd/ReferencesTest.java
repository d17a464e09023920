package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Gemm.Start;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A scratchpad does not keep the large arrays of its products. */
@Tag("vector")
final class ReferencesTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final int MOST = 150;
    private static final int LARGE = MOST * MOST; // elements
    private static final int COLLECTIONS = 50;

    /** Rows, columns and sums: of all ways to compute a product. */
    private static final int[][] SHAPES = {
        {1, 1, 5}, {1, 100, 40}, {1, 150, 150}, {40, 1, 40}, {150, 3, 40}, {3, 7, 5}, {20, 33, 10}, {150, 150, 150}
    };

    @Test
    void ofOneThread() throws InterruptedException {
        expectNoneIsKept(SIMD.scratchpad(MOST, MOST, MOST));
    }

    @Test
    void ofATeam() throws InterruptedException {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            expectNoneIsKept(SIMD.scratchpad(MOST, MOST, MOST, team));
        }
    }

    private static void expectNoneIsKept(final Scratchpad scratchpad) throws InterruptedException {
        final List<WeakReference<float[]>> arrays = new ArrayList<>();
        for (final int[] shape : SHAPES) {
            for (final Gemm op : List.of(Gemm.AB, Gemm.ABT, Gemm.ATB)) {
                multiply(op.from(Start.BIAS), shape[0], shape[1], shape[2], scratchpad, arrays);
            }
            multiplyPacked(shape[0], shape[1], shape[2], scratchpad, arrays);
        }
        try {
            assertEquals(0, stillReferredTo(arrays), "of " + arrays.size() + " arrays");
        } finally {
            Reference.reachabilityFence(scratchpad);
        }
    }

    private static long stillReferredTo(final List<WeakReference<float[]>> arrays) throws InterruptedException {
        long kept = arrays.size();
        for (int i = 0; kept > 0 && i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(1);
            kept = arrays.stream().filter(array -> array.get() != null).count();
        }
        return kept;
    }

    private static void multiply(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final Scratchpad scratchpad,
            final List<WeakReference<float[]>> arrays) {
        final float[] a = array(arrays);
        final float[] b = array(arrays);
        final float[] bias = array(arrays);
        final float[] c = array(arrays);
        SIMD.gemm(
                op,
                m,
                n,
                k,
                a,
                0,
                op.transposeA() ? m : k,
                b,
                0,
                op.transposeB() ? k : n,
                bias,
                0,
                c,
                0,
                n,
                scratchpad);
    }

    private static void multiplyPacked(
            final int m,
            final int n,
            final int k,
            final Scratchpad scratchpad,
            final List<WeakReference<float[]>> arrays) {
        final float[] a = array(arrays);
        final float[] bias = array(arrays);
        final float[] c = array(arrays);
        SIMD.gemm(
                Gemm.AB.from(Start.BIAS),
                m,
                a,
                0,
                k,
                SIMD.pack(k, n, new float[k * n], 0, n),
                bias,
                0,
                c,
                0,
                n,
                scratchpad);
    }

    private static float[] array(final List<WeakReference<float[]>> arrays) {
        final float[] array = new float[LARGE];
        arrays.add(new WeakReference<>(array));
        return array;
    }
}
