package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The factors of a dropout, from {@link Philox}. A block of four words is two neighbouring lanes of 64 bits, (c0, c1)
 * and (c2, c3), the first of each in the low half: one multiplication gives both products of a round, and the words end
 * up in the order in which elements take them. Arguments were checked.
 *
 * <p>Nanoseconds per element, JDK 25 on one Zen 5 core: 0.54 at 512 bits, 1.0 at 256, 1.2 with UseAVX=2 and 1.8 at 128; a
 * scalar loop over blocks takes 2.8, {@link Philox#bits} 14. One vector at a time takes 1.4 times as long as four, since
 * rounds wait for each other. Lanes that are blocks, with a vector for each of the four words, are as fast with AVX-512
 * only (2.0 with UseAVX=2, 6.4 at 128 bits). A group is a method, rather than a loop over groups, since that would be
 * compiled after 600 masks: called for the first time, a large mask takes half as long, and the seventh is fast.
 */
final class DropoutMasks {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, FLOATS.vectorShape());
    private static final VectorSpecies<Integer> INTS = VectorMath.INTS;
    private static final int ROUNDS = 10;
    private static final int WORDS = 4; // in a block
    private static final int GROUP = 4 * LANES; // elements that a round of the loop computes
    private static final long LOW = 0xffffffffL;

    // The constants of Philox, repeated: see VectorMath. Those of a block are in the low halves of its two lanes.
    private static final long[] MULTIPLIERS = pairs(0xD2511F53L, 0xCD9E8D57L);
    private static final long[] WEYL = pairs(0x9E3779B9L, 0xBB67AE85L);

    private static final long[] FIRST_OF_PAIR = pairs(-1, 0);
    private static final long[] BLOCKS = {0, 0, 1, 0, 2, 0, 3, 0};

    /** The products of a round, (low 0, high 0, low 1, high 1), in the order (high 1, low 1, high 0, low 0). */
    private static final VectorShuffle<Integer> REVERSED = VectorShuffle.fromOp(INTS, lane -> lane ^ 3);

    private DropoutMasks() {}

    private static long[] pairs(final long first, final long second) {
        return new long[] {first, second, first, second, first, second, first, second};
    }

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
        final int first = (int) Math.min(n, -element & (WORDS - 1)); // where a block starts
        single(0, first, threshold, kept, seed, step, element, mask, maskOffset);
        final int end = first + (n - first) / WORDS * WORDS;
        if (end - first < GROUP) {
            single(first, n, threshold, kept, seed, step, element, mask, maskOffset);
            return;
        }
        for (int i = first; i < end; i += GROUP) {
            final int from = Math.min(i, end - GROUP); // the last group overlaps the one before, and gives the same
            group(threshold, kept, seed, step, element + from, mask, maskOffset + from);
        }
        single(end, n, threshold, kept, seed, step, element, mask, maskOffset);
    }

    private static void single(
            final int from,
            final int to,
            final long threshold,
            final float kept,
            final long seed,
            final int step,
            final long element,
            final float[] mask,
            final int maskOffset) {
        for (int i = from; i < to; i++) {
            final long bits = Integer.toUnsignedLong(Philox.bits(seed, Purpose.DROPOUT, step, element + i));
            mask[maskOffset + i] = bits < threshold ? 0f : kept;
        }
    }

    /** One group of elements, from the first of a block. */
    private static void group(
            final long threshold,
            final float kept,
            final long seed,
            final int step,
            final long element,
            final float[] mask,
            final int maskOffset) {
        final LongVector isFirst = LongVector.fromArray(LONGS, FIRST_OF_PAIR, 0);
        final LongVector low = LongVector.broadcast(LONGS, LOW);
        final LongVector multipliers =
                LongVector.fromArray(LONGS, MULTIPLIERS, 0).and(low);
        final IntVector weyl = LongVector.fromArray(LONGS, WEYL, 0).reinterpretAsInts();
        final long stepAndPurpose = Integer.toUnsignedLong(step) | (long) Purpose.DROPOUT.number() << Integer.SIZE;
        LongVector a = LongVector.broadcast(LONGS, stepAndPurpose)
                .lanewise(VectorOperators.BITWISE_BLEND, LongVector.broadcast(LONGS, element >>> 2), isFirst)
                .add(LongVector.fromArray(LONGS, BLOCKS, 0));
        final LongVector next = isFirst.and(LANES / WORDS);
        LongVector b = a.add(next);
        LongVector c = b.add(next);
        LongVector d = c.add(next);
        IntVector key = LongVector.broadcast(LONGS, seed >>> Integer.SIZE)
                .lanewise(VectorOperators.BITWISE_BLEND, LongVector.broadcast(LONGS, seed & LOW), isFirst)
                .reinterpretAsInts();
        for (int round = 0; round < ROUNDS; round++) {
            final LongVector k = key.reinterpretAsLongs();
            // C2 multiplies 32 × 32 bits where it sees that the upper halves of both factors are 0 (JDK 25).
            a = a.and(low)
                    .mul(multipliers)
                    .reinterpretAsInts()
                    .rearrange(REVERSED)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, a.lanewise(VectorOperators.LSHR, Integer.SIZE))
                    .lanewise(VectorOperators.XOR, k);
            b = b.and(low)
                    .mul(multipliers)
                    .reinterpretAsInts()
                    .rearrange(REVERSED)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, b.lanewise(VectorOperators.LSHR, Integer.SIZE))
                    .lanewise(VectorOperators.XOR, k);
            c = c.and(low)
                    .mul(multipliers)
                    .reinterpretAsInts()
                    .rearrange(REVERSED)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, c.lanewise(VectorOperators.LSHR, Integer.SIZE))
                    .lanewise(VectorOperators.XOR, k);
            d = d.and(low)
                    .mul(multipliers)
                    .reinterpretAsInts()
                    .rearrange(REVERSED)
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.XOR, d.lanewise(VectorOperators.LSHR, Integer.SIZE))
                    .lanewise(VectorOperators.XOR, k);
            key = key.add(weyl);
        }
        // Unsigned numbers compare as signed ones do once the sign bits of both are turned.
        final IntVector limit = IntVector.broadcast(INTS, (int) threshold ^ Integer.MIN_VALUE);
        final IntVector factor = IntVector.broadcast(INTS, Float.floatToRawIntBits(kept));
        final IntVector wordsA = a.reinterpretAsInts().lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
        final IntVector wordsB = b.reinterpretAsInts().lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
        final IntVector wordsC = c.reinterpretAsInts().lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
        final IntVector wordsD = d.reinterpretAsInts().lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
        factor.blend(0, wordsA.compare(VectorOperators.LT, limit))
                .reinterpretAsFloats()
                .intoArray(mask, maskOffset);
        factor.blend(0, wordsB.compare(VectorOperators.LT, limit))
                .reinterpretAsFloats()
                .intoArray(mask, maskOffset + LANES);
        factor.blend(0, wordsC.compare(VectorOperators.LT, limit))
                .reinterpretAsFloats()
                .intoArray(mask, maskOffset + 2 * LANES);
        factor.blend(0, wordsD.compare(VectorOperators.LT, limit))
                .reinterpretAsFloats()
                .intoArray(mask, maskOffset + 3 * LANES);
    }
}
