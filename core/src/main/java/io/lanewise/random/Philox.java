package io.lanewise.random;

/**
 * Philox 4x32-10, a counter-based random number generator: each number is a function of its address (seed, purpose,
 * step, element) alone, so neither the order of execution nor the number of threads can change it.
 *
 * <p>The key is the seed (low word first). The counter is (element / 4 low, element / 4 high, step, purpose); element
 * e takes word {@code e mod 4} of the block.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy
 *     as 1, 2, 3 (SC 2011)</a>
 */
public final class Philox {
    private static final int ROUNDS = 10;
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final float ULP_OF_UNIT = 0x1p-24f;
    private static final double WORD = 0x1p-32;

    private Philox() {}

    /** 32 random bits. */
    public static int bits(final long seed, final Purpose purpose, final int step, final long element) {
        final long block = element >>> 2;
        return word((int) block, (int) (block >>> 32), step, purpose.number(), (int) seed, (int) (seed >>> 32), (int)
                (element & 3));
    }

    /** A uniform number of [0, 1): the upper 24 of the 32 bits, times 2⁻²⁴. */
    public static float uniform(final long seed, final Purpose purpose, final int step, final long element) {
        return (bits(seed, purpose, step, element) >>> 8) * ULP_OF_UNIT;
    }

    /**
     * A normal number of mean 0 and variance 1, at most 6.7 from 0: {@code √(−2 · ln u1) · cos(2π · u2)}, computed in
     * {@code double} with {@link StrictMath}. With the 32 bits of elements {@code 2 · element} and
     * {@code 2 · element + 1}, taken as unsigned, u1 of (0, 1] is (bits + 1) · 2⁻³² of the former, u2 of [0, 1) is bits ·
     * 2⁻³² of the latter; whoever takes normal numbers from a step should not take others from it.
     *
     * @param element from 0 to below 2⁶²
     * @see <a href="https://doi.org/10.1214/aoms/1177706645">Box and Muller 1958</a>
     */
    public static double normal(final long seed, final Purpose purpose, final int step, final long element) {
        return boxMuller(bits(seed, purpose, step, 2 * element), bits(seed, purpose, step, 2 * element + 1));
    }

    static double boxMuller(final int bits1, final int bits2) {
        final double u1 = (Integer.toUnsignedLong(bits1) + 1) * WORD;
        final double u2 = Integer.toUnsignedLong(bits2) * WORD;
        return StrictMath.sqrt(-2 * StrictMath.log(u1)) * StrictMath.cos(2 * StrictMath.PI * u2);
    }

    /**
     * Writes a permutation of 0 … n−1: Fisher and Yates from the last position down, position i swapped with
     * {@code (bits · (i + 1)) >>> 32}.
     *
     * @param permutation its length is n
     */
    public static void permutation(final long seed, final Purpose purpose, final int step, final int[] permutation) {
        permutation(seed, purpose, step, 0, permutation, permutation.length);
    }

    /**
     * Writes a permutation of 0 … n−1 as {@link #permutation(long, Purpose, int, int[])} does, by the bits of elements
     * {@code first} to {@code first + n − 1}.
     *
     * @param permutation its first n elements are written
     */
    public static void permutation(
            final long seed,
            final Purpose purpose,
            final int step,
            final long first,
            final int[] permutation,
            final int n) {
        for (int i = 0; i < n; i++) {
            permutation[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            final long bits = Integer.toUnsignedLong(bits(seed, purpose, step, first + i));
            final int j = (int) ((bits * (i + 1L)) >>> 32);
            final int swapped = permutation[i];
            permutation[i] = permutation[j];
            permutation[j] = swapped;
        }
    }

    /** One word of the block that a counter and a key give. */
    static int word(
            final int counter0,
            final int counter1,
            final int counter2,
            final int counter3,
            final int key0,
            final int key1,
            final int word) {
        int c0 = counter0;
        int c1 = counter1;
        int c2 = counter2;
        int c3 = counter3;
        int k0 = key0;
        int k1 = key1;
        for (int round = 0; round < ROUNDS; round++) {
            final long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
            final long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return switch (word) {
            case 0 -> c0;
            case 1 -> c1;
            case 2 -> c2;
            default -> c3;
        };
    }
}
