package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Kernels;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mask of a dropout: which elements, how many, and what the others are multiplied with. */
final class ReferenceDropoutTest {
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final long SEED = 2026;

    private static float[] mask(final int n, final float rate, final int step, final long element) {
        final float[] mask = new float[n];
        SCALAR.dropoutMask(n, rate, SEED, step, element, mask, 0);
        return mask;
    }

    @ParameterizedTest
    @ValueSource(floats = {0.01f, 0.1f, 0.5f, 0.9f})
    void asManyAsTheRateSays(final float rate) {
        final int n = 100_000;
        final float kept = 1 / (1 - rate);
        int dropped = 0;
        for (final float factor : mask(n, rate, 3, 5L << 40)) {
            assertTrue(factor == 0 || factor == kept);
            dropped += factor == 0 ? 1 : 0;
        }
        assertEquals(n * rate, dropped, 5 * Math.sqrt(n * rate * (1 - rate))); // five standard deviations
    }

    @Test
    void withoutARateAllAreKept() {
        for (final float factor : mask(1000, 0, 3, 0)) {
            assertEquals(1, factor);
        }
    }

    /** The bits of an element are a threshold: a rate that is no larger keeps it, the next float drops it. */
    @Test
    void thresholdIsExact() {
        for (int element = 0; element < 1000; element++) {
            final long bits = Integer.toUnsignedLong(Philox.bits(SEED, Purpose.DROPOUT, 3, element));
            if (bits < 1 << 24) {
                continue; // all rates there have a fraction behind the threshold
            }
            final float nearest = bits * 0x1p-32f;
            final float below = nearest * 0x1p32 > bits ? Math.nextDown(nearest) : nearest;
            assertEquals(below < 1 ? 1 / (1 - below) : 0, mask(1, below, 3, element)[0]);
            if (Math.nextUp(below) < 1) {
                assertEquals(0, mask(1, Math.nextUp(below), 3, element)[0]);
            }
        }
    }

    @Test
    void thresholdIsRoundedDown() {
        int element = 0;
        while (Philox.bits(SEED, Purpose.DROPOUT, 3, element) >>> 8 != 0) {
            element++; // until a small number of at most 8 bits
        }
        final int bits = Philox.bits(SEED, Purpose.DROPOUT, 3, element);
        assertEquals(0, mask(1, (bits + 1) * 0x1p-32f, 3, element)[0]);
        assertNotEquals(0, mask(1, (bits + 0.5f) * 0x1p-32f, 3, element)[0]);
        assertNotEquals(0, mask(1, bits * 0x1p-32f, 3, element)[0]);
    }

    @Test
    void addressesAreThoseOfTheElements() {
        final float[] whole = mask(100, 0.5f, 3, 1L << 40);
        final float[] part = {9, 9, 9, 9};
        SCALAR.dropoutMask(2, 0.5f, SEED, 3, (1L << 40) + 37, part, 1);
        assertArrayEquals(new float[] {9, whole[37], whole[38], 9}, part);
        for (int i = 0; i < whole.length; i++) {
            final int bits = Philox.bits(SEED, Purpose.DROPOUT, 3, (1L << 40) + i);
            assertEquals(bits >= 0 ? 0 : 2, whole[i]); // half of all are below 2^31
        }
        assertFalse(Arrays.equals(whole, mask(100, 0.5f, 4, 1L << 40)));
        assertFalse(Arrays.equals(whole, mask(100, 0.5f, 3, 2L << 40)));
    }
}
