package io.lanewise.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PhiloxTest {
    /** The known answers that come with Random123, file {@code kat_vectors}, philox4x32 with 10 rounds. */
    @ParameterizedTest
    @CsvSource({
        "00000000,00000000,00000000,00000000,00000000,00000000,6627e8d5,e169c58d,bc57ac4c,9b00dbd8",
        "ffffffff,ffffffff,ffffffff,ffffffff,ffffffff,ffffffff,408f276d,41c83b0e,a20bc7c6,6d5451fd",
        "243f6a88,85a308d3,13198a2e,03707344,a4093822,299f31d0,d16cfe09,94fdcceb,5001e420,24126ea1",
    })
    void knownAnswers(
            final String c0,
            final String c1,
            final String c2,
            final String c3,
            final String k0,
            final String k1,
            final String w0,
            final String w1,
            final String w2,
            final String w3) {
        final String[] expected = {w0, w1, w2, w3};
        for (int word = 0; word < 4; word++) {
            final int actual = Philox.word(hex(c0), hex(c1), hex(c2), hex(c3), hex(k0), hex(k1), word);
            assertEquals(expected[word], String.format("%08x", actual));
        }
    }

    private static int hex(final String digits) {
        return Integer.parseUnsignedInt(digits, 16);
    }

    /** Seed → key, element → the first two words of the counter and the word of the block, step, purpose. */
    @Test
    void addressesAreLaidOutAsDocumented() {
        final long seed = 0x0123456789abcdefL;
        final long element = 0x0000_0007_0000_0016L; // block 0x1_c000_0005, word 2
        assertEquals(
                Philox.word(0xc0000005, 1, 9, 2, 0x89abcdef, 0x01234567, 2),
                Philox.bits(seed, Purpose.SHUFFLE, 9, element));
    }

    @Test
    void purposesKeepTheirNumbers() {
        assertEquals(1, Purpose.WEIGHTS.number());
        assertEquals(2, Purpose.SHUFFLE.number());
        assertEquals(3, Purpose.SPLIT.number());
        assertEquals(4, Purpose.DROPOUT.number());
    }

    @Test
    void uniformIsEven() {
        final int n = 100_000;
        double sum = 0;
        final int[] tenths = new int[10];
        for (int i = 0; i < n; i++) {
            final float u = Philox.uniform(42, Purpose.WEIGHTS, 0, i);
            assertTrue(u >= 0 && u < 1);
            assertEquals(u, (float) Math.scalb(Math.rint(Math.scalb(u, 24)), -24));
            assertEquals(Philox.bits(42, Purpose.WEIGHTS, 0, i) >>> 8, (int) Math.scalb(u, 24));
            sum += u;
            tenths[(int) (u * 10)]++;
        }
        assertEquals(0.5, sum / n, 0.005);
        for (final int tenth : tenths) {
            assertEquals(n / 10.0, tenth, 500); // five standard deviations
        }
    }

    @Test
    void normalTakesTwoElementsForEach() {
        for (final long element : new long[] {0, 1, 7, (1L << 40) + 1}) {
            final double u1 = 1 - (~Philox.bits(42, Purpose.WEIGHTS, 3, 2 * element) & 0xffffffffL) * 0x1p-32;
            final double u2 = (Philox.bits(42, Purpose.WEIGHTS, 3, 2 * element + 1) & 0xffffffffL) * 0x1p-32;
            final double z = Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2);
            assertEquals(z, Philox.normal(42, Purpose.WEIGHTS, 3, element), 1e-14);
        }
    }

    @Test
    void normalIsFiniteAtTheEndsOfItsWords() {
        final double most = Math.sqrt(64 * Math.log(2)); // u1 = 2⁻³²
        assertEquals(most, Philox.boxMuller(0, 0), 1e-14);
        assertEquals(-most, Philox.boxMuller(0, 0x80000000), 1e-14);
        assertEquals(most, Philox.boxMuller(0, -1), 1e-14);
        assertEquals(0, Philox.boxMuller(0, 0x40000000), 1e-14);
        for (final int bits2 : new int[] {0, 1, 0x40000000, 0x80000000, -1}) {
            assertEquals(0, Math.abs(Philox.boxMuller(-1, bits2))); // u1 = 1
            assertTrue(Math.abs(Philox.boxMuller(0, bits2)) <= most);
        }
    }

    @Test
    void normalIsTheOneThatModelsStartedFrom() {
        assertEquals(-0x1.4856899f41f07p-1, Philox.normal(2026, Purpose.WEIGHTS, 1, 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 10, 1000})
    void permutationHasEachNumberOnce(final int n) {
        final int[] permutation = permutation(7, Purpose.SHUFFLE, 1, n);
        Arrays.sort(permutation);
        for (int i = 0; i < n; i++) {
            assertEquals(i, permutation[i]);
        }
    }

    @Test
    void permutationsOfThreeAreEquallyFrequent() {
        final int[] counts = new int[9];
        for (int step = 0; step < 6000; step++) {
            final int[] permutation = permutation(7, Purpose.SHUFFLE, step, 3);
            counts[permutation[0] * 3 + permutation[1]]++;
        }
        for (final int at : new int[] {1, 2, 3, 5, 6, 7}) {
            assertEquals(1000, counts[at], 150); // five standard deviations
        }
    }

    @Test
    void permutationDependsOnItsWholeAddress() {
        final int[] base = permutation(7, Purpose.SHUFFLE, 1, 100);
        assertArrayEquals(base, permutation(7, Purpose.SHUFFLE, 1, 100));
        assertFalse(Arrays.equals(base, permutation(8, Purpose.SHUFFLE, 1, 100)));
        assertFalse(Arrays.equals(base, permutation(7 + (1L << 40), Purpose.SHUFFLE, 1, 100)));
        assertFalse(Arrays.equals(base, permutation(7, Purpose.SPLIT, 1, 100)));
        assertFalse(Arrays.equals(base, permutation(7, Purpose.SHUFFLE, 2, 100)));
    }

    @Test
    void bitsDependOnTheirWholeAddress() {
        final int base = Philox.bits(7, Purpose.WEIGHTS, 1, 5);
        assertEquals(base, Philox.bits(7, Purpose.WEIGHTS, 1, 5));
        assertNotEquals(base, Philox.bits(6, Purpose.WEIGHTS, 1, 5));
        assertNotEquals(base, Philox.bits(7, Purpose.SHUFFLE, 1, 5));
        assertNotEquals(base, Philox.bits(7, Purpose.WEIGHTS, 2, 5));
        assertNotEquals(base, Philox.bits(7, Purpose.WEIGHTS, 1, 6));
        assertNotEquals(base, Philox.bits(7, Purpose.WEIGHTS, 1, 5 + (1L << 34)));
    }

    @Test
    void permutationIsTheOneThatModelsWereTrainedWith() {
        assertArrayEquals(new int[] {1, 7, 3, 9, 0, 6, 4, 5, 8, 2}, permutation(2026, Purpose.SHUFFLE, 3, 10));
    }

    private static int[] permutation(final long seed, final Purpose purpose, final int step, final int n) {
        final int[] permutation = new int[n];
        Philox.permutation(seed, purpose, step, permutation);
        return permutation;
    }
}
