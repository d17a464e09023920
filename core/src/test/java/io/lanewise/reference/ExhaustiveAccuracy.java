package io.lanewise.reference;

import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Runs every float through each {@link MathFunction}: its largest error against the same in {@code double}, every pair of
 * neighbouring floats between which it goes the wrong way, and everything that is wrong, as a line of the table in
 * docs/vector-math.md.
 *
 * <pre>
 * java -cp core/target/classes:core/target/test-classes io.lanewise.reference.ExhaustiveAccuracy \
 *     [all | function] [stride]
 * </pre>
 *
 * <p>Some twenty minutes for all on two cores. With a stride only every so many floats are run. The exit status is 1 if a
 * value is wrong: beyond the range, NaN or not where it should not be, or of the wrong sign.
 */
final class ExhaustiveAccuracy {
    private static final long INPUTS = 1L << 32;
    private static final long PARTS = 256;

    private ExhaustiveAccuracy() {}

    /**
     * What some inputs gave; parts are joined in any order.
     *
     * @param error the largest, in units in the last place; 0 if all are rounded correctly, that is at most 0.5
     * @param errorAt where it is
     * @param reversals pairs of neighbours between which the function goes the wrong way
     * @param largest of these, in floats between the two results
     * @param lowest x of these
     * @param highest x of these
     * @param wrong values that are
     * @param wrongAt where one is
     */
    record Result(
            double error,
            float errorAt,
            long reversals,
            long largest,
            float lowest,
            float highest,
            long wrong,
            float wrongAt) {
        private static final Result NONE =
                new Result(0, Float.NaN, 0, 0, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, Float.NaN);

        private Result join(final Result other) {
            final boolean worse = other.error > error;
            return new Result(
                    worse ? other.error : error,
                    worse ? other.errorAt : errorAt,
                    reversals + other.reversals,
                    Math.max(largest, other.largest),
                    Math.min(lowest, other.lowest),
                    Math.max(highest, other.highest),
                    wrong + other.wrong,
                    Float.isNaN(wrongAt) ? other.wrongAt : wrongAt);
        }
    }

    public static void main(final String[] args) {
        final String chosen = args.length > 0 ? args[0].replace('_', '-').toLowerCase(Locale.ROOT) : "all";
        final long stride = args.length > 1 ? Long.parseLong(args[1]) : 1;
        System.out.println("| function | largest error, ULP | at x | reversals | −∞ | −0 | +0 | +∞ |");
        System.out.println("|---|--:|---|--:|--:|--:|--:|--:|");
        boolean failed = false;
        for (final MathFunction f : MathFunction.values()) {
            if (chosen.equals("all") || chosen.equals(f.text())) {
                final Result r = of(f, stride);
                System.out.println(line(f, r));
                if (r.wrong > 0) {
                    System.out.printf(Locale.ROOT, "%s: %d wrong, one at %a%n", f.text(), r.wrong, r.wrongAt);
                    failed = true;
                }
            }
        }
        System.exit(failed ? 1 : 0);
    }

    /** Every so many of all floats. */
    static Result of(final MathFunction f, final long stride) {
        return LongStream.range(0, PARTS)
                .parallel()
                .mapToObj(part -> part(f, part, stride))
                .reduce(Result.NONE, Result::join);
    }

    static String line(final MathFunction f, final Result r) {
        final String at = Float.isNaN(r.errorAt) ? "" : String.format(Locale.ROOT, "%a", r.errorAt);
        final String places = String.format(
                Locale.ROOT, "%,d, up to %d ULP, for x of %.3g to %.3g", r.reversals, r.largest, r.lowest, r.highest);
        final String reversals = r.reversals == 0 ? "0" : places;
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s | %s | %s | %s |",
                f.text(),
                r.error == 0 ? "0.5" : String.format(Locale.ROOT, "%.3f", Math.ceil(r.error * 1000) / 1000),
                at,
                reversals,
                value(f.apply(Float.NEGATIVE_INFINITY)),
                value(f.apply(-0f)),
                value(f.apply(0f)),
                value(f.apply(Float.POSITIVE_INFINITY)));
    }

    private static String value(final float y) {
        if (Float.isNaN(y)) {
            return "NaN";
        }
        if (Float.isInfinite(y)) {
            return y > 0 ? "+∞" : "−∞";
        }
        final String text = y == (int) y ? Integer.toString((int) y) : Float.toString(y);
        return y == 0 ? (1 / y > 0 ? "+0" : "−0") : text.replace('-', '−');
    }

    /** Each part begins one input early, so that no pair of neighbours is missed. */
    private static Result part(final MathFunction f, final long part, final long stride) {
        final long count = INPUTS / stride;
        final long first = Math.max(0, count * part / PARTS - 1);
        final long end = count * (part + 1) / PARTS;
        double error = 0;
        float errorAt = Float.NaN;
        long reversals = 0;
        long largest = 0;
        float lowest = Float.POSITIVE_INFINITY;
        float highest = Float.NEGATIVE_INFINITY;
        long wrong = 0;
        float wrongAt = Float.NaN;
        float previous = Float.NaN;
        for (long i = first; i < end; i++) {
            final float x = ascending(i * stride);
            final float y = f.apply(x);
            final double exact = f.exact(x);
            if (isWrong(f, exact, y)) {
                wrong++;
                wrongAt = x;
            }
            final double e = Accuracy.ulpsBetween(exact, y);
            if (e > error) {
                error = e;
                errorAt = x;
            }
            if (x <= f.turn ? y > previous : y < previous) { // where either is NaN, neither
                reversals++;
                largest = Math.max(largest, Math.abs(index(y) - index(previous)));
                lowest = Math.min(lowest, x);
                highest = x; // they ascend
            }
            previous = y;
        }
        return new Result(error, errorAt, reversals, largest, lowest, highest, wrong, wrongAt);
    }

    private static boolean isWrong(final MathFunction f, final double exact, final float y) {
        if (Double.isNaN(exact) || Float.isNaN(y)) {
            return Double.isNaN(exact) != Float.isNaN(y);
        }
        return y < f.lowest
                || y > f.highest
                || (Double.doubleToRawLongBits(exact) ^ (long) Float.floatToRawIntBits(y)) < 0;
    }

    /** The index-th of all floats: NaNs with a sign, -infinity to infinity, NaNs without. */
    private static float ascending(final long index) {
        final int key = (int) (index + Integer.MIN_VALUE);
        return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
    }

    /** The other way round: the floats between two are the difference of their indices. */
    private static long index(final float x) {
        final int bits = Float.floatToRawIntBits(x);
        return (long) (bits ^ ((bits >> 31) & Integer.MAX_VALUE)) - Integer.MIN_VALUE;
    }
}
