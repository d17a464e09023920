package io.lanewise.simd;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;

/** The factors of a dropout. Arguments were checked. */
final class DropoutMasks {
    private DropoutMasks() {}

    static void fill(
            final int n,
            final float rate,
            final long seed,
            final int step,
            final long element,
            final float[] mask,
            final int maskOffset) {
        final long threshold = (long) (rate * 0x1p32f);
        final float kept = 1f / (1f - rate);
        for (int i = 0; i < n; i++) {
            final long bits = Integer.toUnsignedLong(Philox.bits(seed, Purpose.DROPOUT, step, element + i));
            mask[maskOffset + i] = bits < threshold ? 0f : kept;
        }
    }
}
