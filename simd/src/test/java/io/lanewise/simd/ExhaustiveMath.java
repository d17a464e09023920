package io.lanewise.simd;

import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Runs every float through each {@link VectorFunction} and its scalar twin, and compares the bits.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dlanewise.simd.width=256 io.lanewise.simd.ExhaustiveMath \
 *     [all | function] [stride]
 * </pre>
 *
 * <p>Some ten minutes for all on two cores. With a stride only every so many floats are run, for the interpreter. The exit status
 * is 1 if anything differs. How far the functions are from exact is measured by {@code ExhaustiveAccuracy} among core's
 * tests: equal bits have equal errors.
 */
final class ExhaustiveMath {
    private static final int BLOCK = 4096;
    private static final long INPUTS = 1L << 32;
    private static final long PARTS = 64;

    private ExhaustiveMath() {}

    /** What one part of the inputs gave; parts are joined in any order. */
    private record Result(long differing, float at) {
        Result join(final Result other) {
            return new Result(differing + other.differing, differing == 0 ? other.at : at);
        }
    }

    public static void main(final String[] args) {
        final String chosen = args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "ALL";
        final long stride = args.length > 1 ? Long.parseLong(args[1]) : 1;
        System.out.println(Simd.FLOATS);
        boolean failed = false;
        for (final VectorFunction function : VectorFunction.values()) {
            if (!chosen.equals("ALL") && !chosen.equals(function.name())) {
                continue;
            }
            final Result r = LongStream.range(0, PARTS)
                    .parallel()
                    .mapToObj(part -> part(function, part, stride))
                    .reduce(new Result(0, Float.NaN), Result::join);
            System.out.printf(Locale.ROOT, "%-16s differing %d, at %a%n", function, r.differing, r.at);
            failed |= r.differing > 0;
        }
        System.exit(failed ? 1 : 0);
    }

    private static Result part(final VectorFunction function, final long part, final long stride) {
        final long blocks = INPUTS / stride / BLOCK;
        final float[] in = new float[BLOCK];
        final float[] out = new float[BLOCK];
        long differing = 0;
        float at = Float.NaN;
        for (long block = blocks * part / PARTS; block < blocks * (part + 1) / PARTS; block++) {
            for (int i = 0; i < BLOCK; i++) {
                in[i] = Float.intBitsToFloat((int) ((block * BLOCK + i) * stride));
            }
            function.vector(in, out);
            for (int i = 0; i < BLOCK; i++) {
                if (Float.floatToIntBits(function.scalar(in[i])) != Float.floatToIntBits(out[i])) {
                    differing++;
                    at = in[i];
                }
            }
        }
        return new Result(differing, at);
    }
}
