package io.lanewise.simd;

import io.lanewise.reference.ScalarMath;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/**
 * Runs every float through each function of {@link ScalarMath} and {@link VectorMath}.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dlanewise.simd.width=256 io.lanewise.simd.ExhaustiveMath \
 *     [bits | accuracy] [stride]
 * </pre>
 *
 * <p>{@code bits} compares scalar with vector and checks the order of neighbours and the range: a
 * minute or two on two cores. {@code accuracy} measures the error too, in twice the time. With a
 * stride only every so many floats are run, for the interpreter. The exit status is 1 if anything
 * failed.
 */
final class ExhaustiveMath {

    private static final int BLOCK = 4096;
    private static final long INPUTS = 1L << 32;
    private static final long PARTS = 64;

    private ExhaustiveMath() {}

    private interface Sweep {
        void run(float[] in, float[] out);
    }

    private enum Function {
        EXP(ExhaustiveMath::scalarExp, ExhaustiveMath::vectorExp, StrictMath::exp, 0f, Float.POSITIVE_INFINITY),
        LOG(ExhaustiveMath::scalarLog, ExhaustiveMath::vectorLog, StrictMath::log, -Float.MAX_VALUE, 100f),
        SIGMOID(
                ExhaustiveMath::scalarSigmoid,
                ExhaustiveMath::vectorSigmoid,
                x -> 1 / (1 + StrictMath.exp(-x)),
                0f,
                1f),
        TANH(ExhaustiveMath::scalarTanh, ExhaustiveMath::vectorTanh, StrictMath::tanh, -1f, 1f);

        private final Sweep scalar;
        private final Sweep vector;
        private final DoubleUnaryOperator exact;
        private final float lowest;
        private final float highest;

        Function(
                final Sweep scalar,
                final Sweep vector,
                final DoubleUnaryOperator exact,
                final float lowest,
                final float highest) {
            this.scalar = scalar;
            this.vector = vector;
            this.exact = exact;
            this.lowest = lowest;
            this.highest = highest;
        }

        boolean inRange(final float x, final float y) {
            if (this == LOG && (x == 0f || x == Float.POSITIVE_INFINITY)) {
                return y == (x == 0f ? Float.NEGATIVE_INFINITY : x);
            }
            return y >= lowest && y <= highest && (this != TANH || Math.abs(y) <= Math.abs(x));
        }
    }

    /** What one part of the inputs gave; parts are joined in any order. */
    private record Result(
            double error, float errorAt, long differing, long decreasing, long outOfRange, float failedAt) {

        static final Result NONE = new Result(0, Float.NaN, 0, 0, 0, Float.NaN);

        Result join(final Result other) {
            final boolean worse = other.error > error;
            return new Result(
                    worse ? other.error : error,
                    worse ? other.errorAt : errorAt,
                    differing + other.differing,
                    decreasing + other.decreasing,
                    outOfRange + other.outOfRange,
                    Float.isNaN(failedAt) ? other.failedAt : failedAt);
        }

        boolean failed() {
            return differing + decreasing + outOfRange > 0;
        }
    }

    public static void main(final String[] args) {
        final boolean accuracy = args.length > 0 && args[0].equals("accuracy");
        final long stride = args.length > 1 ? Long.parseLong(args[1]) : 1;
        System.out.println(Simd.FLOATS);
        boolean failed = false;
        for (final Function function : Function.values()) {
            final Result r = LongStream.range(0, PARTS)
                    .parallel()
                    .mapToObj(part -> part(function, part, stride, accuracy))
                    .reduce(Result.NONE, Result::join);
            System.out.printf(
                    Locale.ROOT,
                    "%-8s differing %d, decreasing %d, out of range %d, failed at %a, error %.4f ulp at %a%n",
                    function,
                    r.differing,
                    r.decreasing,
                    r.outOfRange,
                    r.failedAt,
                    r.error,
                    r.errorAt);
            failed |= r.failed();
        }
        System.exit(failed ? 1 : 0);
    }

    /** Each part begins one block early, so that no pair of neighbours is missed. */
    private static Result part(final Function function, final long part, final long stride, final boolean accuracy) {
        final long blocks = INPUTS / stride / BLOCK;
        final long first = Math.max(0, blocks * part / PARTS - 1);
        final long end = blocks * (part + 1) / PARTS;
        final float[] in = new float[BLOCK];
        final float[] scalar = new float[BLOCK];
        final float[] vector = new float[BLOCK];
        Result result = Result.NONE;
        float previous = Float.NEGATIVE_INFINITY;
        for (long block = first; block < end; block++) {
            for (int i = 0; i < BLOCK; i++) {
                in[i] = ascending((block * BLOCK + i) * stride);
            }
            function.scalar.run(in, scalar);
            function.vector.run(in, vector);
            result = result.join(check(function, in, scalar, vector, previous));
            if (accuracy) {
                result = result.join(measure(function, in, scalar));
            }
            final float last = scalar[BLOCK - 1];
            previous = Float.isNaN(last) ? previous : last;
        }
        return result;
    }

    /** The index-th of all floats: NaNs with a sign, -infinity to infinity, NaNs without. */
    private static float ascending(final long index) {
        final int key = (int) (index + Integer.MIN_VALUE);
        return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
    }

    private static Result check(
            final Function function, final float[] in, final float[] scalar, final float[] vector, final float before) {
        long differing = 0;
        long decreasing = 0;
        long outOfRange = 0;
        float failedAt = Float.NaN;
        float previous = before;
        for (int i = 0; i < BLOCK; i++) {
            final float x = in[i];
            final float y = scalar[i];
            final boolean differs = Float.floatToIntBits(y) != Float.floatToIntBits(vector[i]);
            final boolean undefined = Float.isNaN(x) || (function == Function.LOG && x < 0f);
            final boolean decreases = !undefined && y < previous;
            final boolean wrong = undefined ? !Float.isNaN(y) : !function.inRange(x, y);
            differing += differs ? 1 : 0;
            decreasing += decreases ? 1 : 0;
            outOfRange += wrong ? 1 : 0;
            failedAt = differs || decreases || wrong ? x : failedAt;
            previous = Float.isNaN(y) ? previous : y;
        }
        return new Result(0, Float.NaN, differing, decreasing, outOfRange, failedAt);
    }

    private static Result measure(final Function function, final float[] in, final float[] out) {
        double error = 0;
        float errorAt = Float.NaN;
        for (int i = 0; i < BLOCK; i++) {
            final double e = ulpsBetween(function.exact.applyAsDouble(in[i]), out[i]);
            if (e > error) {
                error = e;
                errorAt = in[i];
            }
        }
        return new Result(error, errorAt, 0, 0, 0, Float.NaN);
    }

    /** |exact - actual| in units of the last place that a float near the exact value has. */
    private static double ulpsBetween(final double exact, final float actual) {
        if (Double.isNaN(exact) || ((float) exact == actual && Float.isInfinite(actual))) {
            return 0;
        }
        final int exponent = Math.max(Math.getExponent(exact), Float.MIN_EXPONENT);
        return Math.abs(exact - actual) / Math.scalb(1.0, exponent - 23);
    }

    private static void scalarExp(final float[] in, final float[] out) {
        for (int i = 0; i < BLOCK; i++) {
            out[i] = ScalarMath.exp(in[i]);
        }
    }

    private static void scalarLog(final float[] in, final float[] out) {
        for (int i = 0; i < BLOCK; i++) {
            out[i] = ScalarMath.log(in[i]);
        }
    }

    private static void scalarSigmoid(final float[] in, final float[] out) {
        for (int i = 0; i < BLOCK; i++) {
            out[i] = ScalarMath.sigmoid(in[i]);
        }
    }

    private static void scalarTanh(final float[] in, final float[] out) {
        for (int i = 0; i < BLOCK; i++) {
            out[i] = ScalarMath.tanh(in[i]);
        }
    }

    private static void vectorExp(final float[] in, final float[] out) {
        VectorMath.exp(out.length, in, 0, 0f, out, 0);
    }

    private static void vectorLog(final float[] in, final float[] out) {
        VectorMath.log(out.length, in, 0, out, 0);
    }

    private static void vectorSigmoid(final float[] in, final float[] out) {
        VectorMath.sigmoid(out.length, in, 0, out, 0);
    }

    private static void vectorTanh(final float[] in, final float[] out) {
        VectorMath.tanh(out.length, in, 0, out, 0);
    }
}
