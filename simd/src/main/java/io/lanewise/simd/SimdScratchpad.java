package io.lanewise.simd;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;

/**
 * Memory for one call.
 *
 * @param panels room for one block of packed rows
 * @param tile a private tile of C, for the edges: (MR, NR)
 * @param lanes the virtual lanes of a row reduction, before that the tail of a row
 */
record SimdScratchpad(float[] panels, float[] tile, float[] lanes) implements Scratchpad {
    static SimdScratchpad of(final int k, final int n) {
        return new SimdScratchpad(
                new float[Math.multiplyExact(Math.min(k, Panels.KC), Panels.padded(Math.min(n, SimdGemm.NC)))],
                new float[SimdGemm.MR * Panels.NR],
                new float[Kernels.REDUCTION_LANES]);
    }

    static SimdScratchpad of(final Scratchpad scratchpad) {
        if (!(scratchpad instanceof SimdScratchpad own)) {
            throw new IllegalArgumentException("the scratchpad was made by another backend: " + scratchpad.getClass());
        }
        return own;
    }
}
