package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the curve that an operator is, or that some points lie on. */
final class Curves {
    /** Of the largest number: what constants differ by that are 32-bit floats, or shorter ones. */
    private static final double TOLERANCE = 2e-6;

    private static final double TOLERANCE_OF_SHORT = 2e-3;

    /** Beyond this exponentials of expressions may overflow where the activation does not. */
    private static final double OVERFLOW = 30;

    /** The largest range of a clip whose bounds are not 0: in it 32-bit floats have steps of 2⁻¹⁹. */
    private static final double WIDEST = 32;

    /** The furthest bound of a clip whose other one is 0, beyond which its factor leaves the range of floats. */
    private static final double FURTHEST = 1e30f;

    private static final double REFERENCE = 1.5;
    private static final double FAR = 1000;

    /** What is nearer to 0 counts as this far: constants are not 0 that are added there. */
    private static final double SMALL = 1e-4;

    private static final double SELU_ALPHA = 1.6732632f;
    private static final double SELU_GAMMA = 1.050701f;

    private Curves() {}

    /** The curve that an operator of one operand is; null if it is none of these. */
    static @Nullable Curve of(final Op op, final Operands constants) {
        return switch (op.operator()) {
            case "Relu" -> Curve.of(Activation.RELU);
            case "Sigmoid" -> Curve.of(Activation.SIGMOID);
            case "Tanh" -> Curve.of(Activation.TANH);
            case "Softplus" -> Curve.of(Activation.SOFTPLUS);
            case "HardSwish" -> Curve.of(Activation.HARD_SWISH);
            case "LeakyRelu" -> Curve.leaky(op.real("alpha", 0.01f));
            case "PRelu" -> {
                final Tensor slope = constants.optional(1);
                yield slope != null && slope.isUniform() ? Curve.leaky(slope.real(0)) : null;
            }
            case "Elu" -> op.real("alpha", 1) == 1 ? Curve.of(Activation.ELU) : null;
            case "Selu" -> selu(op.real("alpha", SELU_ALPHA), op.real("gamma", SELU_GAMMA));
            case "Celu" -> celu(op.real("alpha", 1));
            case "Gelu" ->
                Curve.of(op.text("approximate", "none").equals("tanh") ? Activation.GELU_TANH : Activation.GELU);
            case "Swish" -> {
                final double alpha = op.real("alpha", 1);
                yield alpha == 0
                        ? null
                        : Curve.of(Activation.SILU).after(alpha, 0).then(1 / alpha, 0);
            }
            case "HardSigmoid" -> hardSigmoid(op.real("alpha", 0.2f), op.real("beta", 0.5f));
            case "Clip", "Max", "Min" -> clip(op, constants);
            default -> null;
        };
    }

    /** What may keep an operator from being a curve, to end a message with. */
    static String hint(final Op op) {
        return switch (op.operator()) {
            case "Clip", "Max", "Min" ->
                "; bounds, unless one of them is 0, may be at most " + (int) WIDEST
                        + " and so far apart, as wider ones cost the digits of what is between them";
            default -> "";
        };
    }

    private static @Nullable Curve selu(final double alpha, final double gamma) {
        if (alpha == 1) {
            return Curve.of(Activation.ELU).then(gamma, 0);
        }
        return Math.abs(alpha - SELU_ALPHA) < TOLERANCE
                ? Curve.of(Activation.SELU).then(gamma / SELU_GAMMA, 0)
                : null;
    }

    private static @Nullable Curve celu(final double alpha) {
        return alpha == 0 ? null : Curve.of(Activation.ELU).after(1 / alpha, 0).then(alpha, 0);
    }

    private static Curve hardSigmoid(final double alpha, final double beta) {
        final double slope = Curve.snapped(6 * alpha, 1);
        return Curve.of(Activation.HARD_SIGMOID).after(slope, 6 * (beta - 0.5));
    }

    private static @Nullable Curve clip(final Op op, final Operands constants) {
        final double most;
        final double least;
        if (op.operator().equals("Clip")) {
            final boolean old = op.version() < 11;
            least = old ? op.real("min", Double.NEGATIVE_INFINITY) : constants.scalar(1, Double.NEGATIVE_INFINITY);
            most = old ? op.real("max", Double.POSITIVE_INFINITY) : constants.scalar(2, Double.POSITIVE_INFINITY);
        } else {
            final List<Tensor> bounds = new ArrayList<>();
            constants.all().forEach(bound -> {
                if (bound != null) {
                    bounds.add(bound);
                }
            });
            if (constants.count() != 2
                    || bounds.size() != 1
                    || !bounds.getFirst().isUniform()) {
                return null;
            }
            final double bound = bounds.getFirst().real(0);
            least = op.operator().equals("Max") ? bound : Double.NEGATIVE_INFINITY;
            most = op.operator().equals("Max") ? Double.POSITIVE_INFINITY : bound;
        }
        final double lowest = least <= -Float.MAX_VALUE ? Double.NEGATIVE_INFINITY : least; // as exporters write none
        final double highest = most >= Float.MAX_VALUE ? Double.POSITIVE_INFINITY : most;
        final boolean bounded = lowest > Double.NEGATIVE_INFINITY || highest < Double.POSITIVE_INFINITY;
        return bounded && lowest < highest && isPrecise(lowest, highest) ? Curve.clip(lowest, highest) : null;
    }

    /** Whether a clip is so narrow, or so close to 0, that what is added to x and taken off again leaves its digits. */
    private static boolean isPrecise(final double least, final double most) {
        final double low = Double.isInfinite(least) ? 0 : least;
        final double high = Double.isInfinite(most) ? 0 : most;
        final double furthest = Math.max(Math.abs(low), Math.abs(high));
        final boolean atZero = least == 0 || most == 0;
        return atZero ? furthest <= FURTHEST : Math.max(furthest, high - low) <= WIDEST;
    }

    /** The points that tell which curves a function may be: the first ones of {@link #through}. */
    static double[] anchors() {
        return new double[] {REFERENCE, -REFERENCE, FAR};
    }

    /**
     * The curve, times any factor, that the points (x, y) of a function lie on; null if it is none. The first points are
     * the {@link #anchors}.
     *
     * @param isShort whether the function has constants of 16 bits
     */
    static @Nullable Curve through(final double[] x, final double[] y, final boolean isShort) {
        double least = isShort ? TOLERANCE_OF_SHORT : TOLERANCE;
        Curve best = null;
        for (final Curve candidate : candidates(y[0], y[1], y[2])) {
            final double scale = Curve.snapped(y[0] / candidate.at(REFERENCE), 1);
            final Curve scaled = candidate.then(isShort && Math.abs(scale - 1) < least ? 1 : scale, 0);
            if (Double.isFinite(scale) && Math.abs(scale) > 1e-6) {
                final double error = error(scaled, x, y);
                if (error <= least) {
                    least = error;
                    best = scaled;
                }
            }
        }
        return best;
    }

    private static List<Curve> candidates(final double right, final double left, final double far) {
        final List<Curve> candidates = new ArrayList<>();
        for (final Activation activation : Activation.values()) {
            if (activation != Activation.IDENTITY && activation != Activation.SILU) {
                candidates.add(Curve.of(activation));
            }
        }
        final double negative = -left / right;
        if (Double.isFinite(negative) && negative != 1) {
            candidates.add(Curve.leaky(negative));
        }
        final double most = far / FAR; // c · a of c · silu(a x)
        final double share = right / REFERENCE / most; // sigmoid(1.5 a)
        final double beta = Curve.snapped(StrictMath.log(share / (1 - share)) / REFERENCE, 1);
        if (Double.isFinite(beta) && beta > 1e-3) {
            candidates.add(Curve.of(Activation.SILU).after(beta, 0));
        }
        return candidates;
    }

    /** The largest error, of the curve's factor and of x or of the activation, whichever is larger. */
    private static double error(final Curve curve, final double[] x, final double[] y) {
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            final boolean overflow = !Double.isFinite(y[i]) && Math.abs(x[i]) > OVERFLOW;
            final double at = curve.at(x[i]);
            final double size = Math.max(Math.abs(x[i]), Math.abs(at / curve.c()));
            final double error = Math.abs(y[i] - at) / Math.abs(curve.c()) / Math.max(SMALL, size);
            if (!overflow) {
                largest = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(largest, error);
            }
        }
        return largest;
    }
}
