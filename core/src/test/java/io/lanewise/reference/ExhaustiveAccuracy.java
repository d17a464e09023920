package io.lanewise.reference;

import io.lanewise.DoubleMath;
import io.lanewise.reference.Accuracy.FloatFunction;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/**
 * Measures the error of each function of {@link ScalarMath} and {@link ScalarActivations} over every float, and checks
 * its range, its NaNs and, where it should, that it never decreases.
 *
 * <pre>
 * java -cp core/target/classes:core/target/test-classes io.lanewise.reference.ExhaustiveAccuracy \
 *     [all | function] [stride]
 * </pre>
 *
 * <p>Some twenty minutes for all on two cores. With a stride only every so many floats are run. The exit status is 1 if anything failed.
 */
final class ExhaustiveAccuracy {
    private static final long INPUTS = 1L << 32;
    private static final long PARTS = 256;

    private ExhaustiveAccuracy() {}

    private enum Function {
        EXP(ScalarMath::exp, StrictMath::exp, 0f, Float.POSITIVE_INFINITY),
        EXPM1(ScalarMath::expm1, StrictMath::expm1, -1f, Float.POSITIVE_INFINITY),
        LOG(ScalarMath::log, StrictMath::log, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
        LOG1P(ScalarMath::log1p, StrictMath::log1p, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY),
        SIGMOID(ScalarMath::sigmoid, DoubleMath::sigmoid, 0f, 1f),
        TANH(ScalarMath::tanh, StrictMath::tanh, -1f, 1f),
        ERF(ScalarMath::erf, DoubleMath::erf, -1f, 1f),
        SOFTPLUS(ScalarActivations::softplus, DoubleMath::softplus, 0f, Float.POSITIVE_INFINITY),
        SILU(ScalarActivations::silu, DoubleMath::silu, -0.2785f, Float.POSITIVE_INFINITY),
        GELU(ScalarActivations::gelu, DoubleMath::gelu, -0.17f, Float.POSITIVE_INFINITY),
        GELU_TANH(ScalarActivations::geluTanh, DoubleMath::geluTanh, -0.1701f, Float.POSITIVE_INFINITY);

        private final FloatFunction function;
        private final DoubleUnaryOperator exact;
        private final float lowest;
        private final float highest;

        Function(
                final FloatFunction function,
                final DoubleUnaryOperator exact,
                final float lowest,
                final float highest) {
            this.function = function;
            this.exact = exact;
            this.lowest = lowest;
            this.highest = highest;
        }

        boolean ascends() {
            return switch (this) {
                case SILU, GELU, GELU_TANH -> false;
                case EXP, EXPM1, LOG, LOG1P, SIGMOID, TANH, ERF, SOFTPLUS -> true;
            };
        }
    }

    /** What one part of the inputs gave; parts are joined in any order. */
    private record Result(double error, float errorAt, long decreasing, long wrong, float failedAt) {
        Result join(final Result other) {
            final boolean worse = other.error > error;
            return new Result(
                    worse ? other.error : error,
                    worse ? other.errorAt : errorAt,
                    decreasing + other.decreasing,
                    wrong + other.wrong,
                    Float.isNaN(failedAt) ? other.failedAt : failedAt);
        }
    }

    public static void main(final String[] args) {
        final String chosen = args.length > 0 ? args[0].toUpperCase(Locale.ROOT) : "ALL";
        final long stride = args.length > 1 ? Long.parseLong(args[1]) : 1;
        boolean failed = false;
        for (final Function function : Function.values()) {
            if (chosen.equals("ALL") || chosen.equals(function.name())) {
                final Result r = LongStream.range(0, PARTS)
                        .parallel()
                        .mapToObj(part -> part(function, part, stride))
                        .reduce(new Result(0, Float.NaN, 0, 0, Float.NaN), Result::join);
                System.out.printf(
                        Locale.ROOT,
                        "%-10s error %.4f ulp at %a = %.6g; decreasing %d, wrong %d, failed at %a%n",
                        function,
                        r.error,
                        r.errorAt,
                        r.errorAt,
                        r.decreasing,
                        r.wrong,
                        r.failedAt);
                failed |= r.decreasing + r.wrong > 0;
            }
        }
        System.exit(failed ? 1 : 0);
    }

    /** Each part begins one input early, so that no pair of neighbours is missed. */
    private static Result part(final Function function, final long part, final long stride) {
        final long count = INPUTS / stride;
        final long first = Math.max(0, count * part / PARTS - 1);
        final long end = count * (part + 1) / PARTS;
        double error = 0;
        float errorAt = Float.NaN;
        long decreasing = 0;
        long wrong = 0;
        float failedAt = Float.NaN;
        float previous = Float.NEGATIVE_INFINITY;
        for (long i = first; i < end; i++) {
            final float x = ascending(i * stride);
            final float y = function.function.apply(x);
            final double exact = function.exact.applyAsDouble(x);
            final boolean isWrong =
                    Double.isNaN(exact) ? !Float.isNaN(y) : !(y >= function.lowest && y <= function.highest);
            final boolean decreases = function.ascends() && y < previous;
            wrong += isWrong ? 1 : 0;
            decreasing += decreases ? 1 : 0;
            failedAt = isWrong || decreases ? x : failedAt;
            previous = Float.isNaN(y) ? previous : y;
            final double e = Accuracy.ulpsBetween(exact, y);
            errorAt = e > error ? x : errorAt;
            error = Math.max(e, error);
        }
        return new Result(error, errorAt, decreasing, wrong, failedAt);
    }

    /** The index-th of all floats: NaNs with a sign, -infinity to infinity, NaNs without. */
    private static float ascending(final long index) {
        final int key = (int) (index + Integer.MIN_VALUE);
        return Float.intBitsToFloat(key ^ ((key >> 31) & Integer.MAX_VALUE));
    }
}
