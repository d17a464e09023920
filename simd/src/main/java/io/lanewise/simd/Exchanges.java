package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * How rows of a square exchange lanes that are d apart. The farthest exchange, by loads at other offsets, needs no shuffle.
 */
final class Exchanges {
    static final VectorMask<Float> UPPER_8 = upper(8);
    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorMask<Float> UPPER_4 = upper(4);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorMask<Float> UPPER_2 = upper(2);
    static final VectorShuffle<Float> SWAP_1 = swap(1);
    static final VectorMask<Float> UPPER_1 = upper(1);

    private Exchanges() {}

    /** Lane l takes lane l xor d; of fewer lanes than 2 d, itself. */
    private static VectorShuffle<Float> swap(final int d) {
        return VectorShuffle.fromOp(FLOATS, lane -> 2 * d <= LANES ? lane ^ d : lane);
    }

    private static VectorMask<Float> upper(final int d) {
        final boolean[] bits = new boolean[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            bits[lane] = (lane & d) != 0;
        }
        return VectorMask.fromArray(FLOATS, bits, 0);
    }
}
