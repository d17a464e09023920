package io.lanewise.training;

import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import java.util.ArrayList;
import java.util.List;

/** From gradients to new parameters: clipping and the optimiser, with its moments. */
final class Updater {
    /** The parameters whose squares are one row reduction of the gradient's norm. */
    private static final int NORM_RUN = 4096;

    private static final int ELEMENTS = 8192; // of a piece
    private static final double NORM_EPSILON = 1e-6; // PyTorch's

    /** Parameters that are learnt: all but running means and variances. */
    private record Range(int first, int count) {}

    private final Compute c;
    private final Optimizer optimizer;
    private final Clipping clipping;
    private final Range[] ranges;
    private final float[] firstMoment; // (parameterCount): Adam's m, the velocity of others; or nothing
    private final float[] secondMoment; // (parameterCount): the mean of squares; or nothing
    private final float[] squares; // of each run of gradients; or nothing
    private final Shares.Part sumOfSquares = this::sumOfSquares;
    private final Shares.Part clip = this::clip;
    private final Shares.Part update = this::update;

    // The update that is made.
    private int rangeStart;
    private float scale = 1f;
    private float learningRate;
    private float stepSize;
    private float rootScale;
    private float decay;

    Updater(final Compute c, final Mlp mlp, final Optimizer optimizer, final Clipping clipping) {
        this.c = c;
        this.optimizer = optimizer;
        this.clipping = clipping;
        this.ranges = ranges(mlp);
        final int n = c.parameters.length;
        final boolean first = switch (optimizer) {
            case Optimizer.Sgd sgd -> sgd.momentum() > 0;
            case Optimizer.RmsProp rmsProp -> rmsProp.momentum() > 0;
            case Optimizer.Adam ignored -> true;
            case Optimizer.AdamW ignored -> true;
        };
        this.firstMoment = new float[first ? n : 0];
        this.secondMoment = new float[optimizer instanceof Optimizer.Sgd ? 0 : n];
        this.squares = new float[clipping instanceof Clipping.Norm ? Math.ceilDiv(n, NORM_RUN) : 0];
    }

    private static Range[] ranges(final Mlp mlp) {
        final List<Range> ranges = new ArrayList<>();
        int start = 0;
        int at = 0;
        for (final Layer layer : mlp.layers()) {
            final int count = (int) layer.parameterCount();
            if (layer instanceof BatchNorm norm) {
                ranges.add(new Range(start, at + 2 * norm.width() - start));
                start = at + count;
            }
            at += count;
        }
        ranges.add(new Range(start, at - start));
        ranges.removeIf(range -> range.count() == 0);
        return ranges.toArray(Range[]::new);
    }

    Optimizer.Kind kind() {
        return optimizer.kind();
    }

    float[] firstMoment() {
        return firstMoment;
    }

    float[] secondMoment() {
        return secondMoment;
    }

    /**
     * Clips the gradients.
     *
     * @return their norm before that, or NaN if it is not needed; infinite if it cannot be told
     */
    double clip() {
        final int n = c.gradients.length;
        scale = 1f;
        switch (clipping) {
            case Clipping.None ignored -> {}
            case Clipping.Value ignored -> c.shares.run(n, ELEMENTS, 1, clip);
            case Clipping.Norm norm -> {
                c.shares.run(squares.length, 1, NORM_RUN, sumOfSquares);
                double sum = 0;
                for (final float square : squares) {
                    sum += square;
                }
                final double length = Math.sqrt(sum); // correctly rounded everywhere
                scale = (float) Math.min(1, norm.limit() / (length + NORM_EPSILON));
                return Double.isNaN(length) ? Double.POSITIVE_INFINITY : length;
            }
        }
        return Double.NaN;
    }

    private void sumOfSquares(final int first, final int count, final int member) {
        for (int run = first; run < first + count; run++) {
            final int from = run * NORM_RUN;
            squares[run] = c.kernels.sumOfSquares(
                    Math.min(NORM_RUN, c.gradients.length - from), c.gradients, from, c.scratchpad(member));
        }
    }

    private void clip(final int first, final int count, final int member) {
        if (clipping instanceof Clipping.Value value) {
            c.kernels.clip(count, value.limit(), c.gradients, first);
        }
    }

    /**
     * Makes an update.
     *
     * @param step its number, from 1
     */
    void update(final long step, final float newLearningRate) {
        learningRate = newLearningRate;
        switch (optimizer) {
            case Optimizer.Sgd ignored -> {}
            case Optimizer.RmsProp ignored -> {}
            case Optimizer.Adam adam -> prepare(step, adam.beta1(), adam.beta2(), 0f);
            case Optimizer.AdamW adam -> prepare(step, adam.beta1(), adam.beta2(), adam.weightDecay());
        }
        for (final Range range : ranges) {
            rangeStart = range.first();
            c.shares.run(range.count(), ELEMENTS, 1, update);
        }
    }

    private void prepare(final long step, final float beta1, final float beta2, final float weightDecay) {
        stepSize = (float) (learningRate / (1 - power(beta1, step)));
        rootScale = (float) (1 / Math.sqrt(1 - power(beta2, step)));
        decay = (float) (1 - (double) learningRate * weightDecay);
    }

    /**
     * {@code base} to the power of {@code exponent}, by squaring: the same on every machine. {@code StrictMath.pow}
     * makes three arrays a call until the compiler has got to it, which for one call a step may take minutes.
     */
    private static double power(final double base, final long exponent) {
        double power = 1;
        double square = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                power *= square;
            }
            square *= square;
        }
        return power;
    }

    private void update(final int first, final int count, final int member) {
        final int at = rangeStart + first;
        switch (optimizer) {
            case Optimizer.Sgd sgd ->
                c.kernels.sgd(
                        count,
                        scale,
                        learningRate,
                        sgd.momentum(),
                        sgd.nesterov(),
                        sgd.weightDecay(),
                        c.gradients,
                        firstMoment,
                        c.parameters,
                        at);
            case Optimizer.Adam adam -> adam(count, adam.weightDecay(), adam.beta1(), adam.beta2(), adam.epsilon(), at);
            case Optimizer.AdamW adam -> adam(count, 0f, adam.beta1(), adam.beta2(), adam.epsilon(), at);
            case Optimizer.RmsProp rmsProp ->
                c.kernels.rmsProp(
                        count,
                        scale,
                        learningRate,
                        rmsProp.alpha(),
                        rmsProp.epsilon(),
                        rmsProp.momentum(),
                        rmsProp.weightDecay(),
                        c.gradients,
                        firstMoment,
                        secondMoment,
                        c.parameters,
                        at);
        }
    }

    private void adam(
            final int count, final float l2, final float beta1, final float beta2, final float epsilon, final int at) {
        c.kernels.adam(
                count,
                scale,
                l2,
                beta1,
                beta2,
                epsilon,
                stepSize,
                rootScale,
                decay,
                c.gradients,
                firstMoment,
                secondMoment,
                c.parameters,
                at);
    }
}
