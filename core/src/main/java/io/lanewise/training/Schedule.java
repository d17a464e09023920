package io.lanewise.training;

/**
 * How the learning rate follows from the progress of training. Immutable; a rate is a function of its arguments alone,
 * so that a resumed run needs nothing but its step. Definitions and defaults are PyTorch's, unless said otherwise;
 * computed in {@code double} with {@link StrictMath}, the same on every machine.
 */
public sealed interface Schedule {
    /**
     * The learning rate of an update.
     *
     * @param base the optimiser's learning rate, positive and finite; for {@link ReduceOnPlateau} what
     *     {@link PlateauState#rate} has come to
     * @param step the number of updates that were made before, from 0 to below {@code totalSteps}
     * @param stepsPerEpoch updates in an epoch, at least 1; epoch is ⌊step / stepsPerEpoch⌋
     * @param totalSteps updates in the whole run, at least 1
     * @return from 0 to {@code base}
     * @throws IllegalArgumentException if an argument is out of its range
     */
    double learningRate(double base, long step, long stepsPerEpoch, long totalSteps);

    /** The form that {@link #parse} reads, with all options. */
    @Override
    String toString();

    /** The optimiser's learning rate, always. */
    static Schedule constant() {
        return new Constant();
    }

    /** Lower by a factor each time that so many epochs have passed. */
    static Schedule step(final int epochs, final double gamma) {
        return new Step(epochs, gamma);
    }

    /** Lower by a factor in each epoch. */
    static Schedule exponential(final double gamma) {
        return new Exponential(gamma);
    }

    /** A rise over the first 5 % of the steps, then half a cosine wave down to 0. */
    static Schedule cosine() {
        return new Cosine(0.05, 0);
    }

    /** PyTorch's defaults: a rise from base / 25 over the first 30 % of the steps, then down to base / 250,000. */
    static Schedule oneCycle() {
        return new OneCycle(0.3, 25, 1e4);
    }

    /** PyTorch's defaults: a tenth of the rate after more than 10 epochs that were not better by 0.01 %. */
    static Schedule reduceOnPlateau() {
        return new ReduceOnPlateau(0.1, 10, 1e-4, 0, 0);
    }

    /**
     * The schedule that is written so: a kind, and behind a colon options in any order.
     *
     * <pre>
     * constant
     * step:epochs=30,gamma=0.1
     * exponential:gamma=0.95
     * cosine:warm-up=0.05,final=0
     * one-cycle:warm-up=0.3,divisor=25,final-divisor=10000
     * plateau:factor=0.1,patience=10,threshold=1e-4,cooldown=0,minimum=0
     * </pre>
     *
     * <p>These are the defaults; options that are left out have them.
     *
     * @throws IllegalArgumentException if there is none; the message says what was expected
     */
    static Schedule parse(final String text) {
        return ScheduleText.parse(text);
    }

    /** The optimiser's learning rate, always. */
    record Constant() implements Schedule {
        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            return base;
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }
    }

    /**
     * {@code base · gamma^⌊epoch / epochs⌋}.
     *
     * @param epochs how long a rate is kept, at least 1
     * @param gamma the factor, above 0, at most 1
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html">PyTorch's
     *     StepLR</a>, stepped once an epoch
     */
    record Step(int epochs, double gamma) implements Schedule {
        /** Checks the ranges. */
        public Step {
            if (epochs < 1) {
                throw new IllegalArgumentException("expected steps of at least 1 epoch, got " + epochs);
            }
            checkGamma(gamma);
        }

        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            final long drops = step / stepsPerEpoch / epochs;
            return base * StrictMath.pow(gamma, (double) drops);
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }
    }

    /**
     * {@code base · gamma^epoch}.
     *
     * @param gamma the factor, above 0, at most 1
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html">
     *     PyTorch's ExponentialLR</a>, stepped once an epoch
     */
    record Exponential(double gamma) implements Schedule {
        /** Checks the range. */
        public Exponential {
            checkGamma(gamma);
        }

        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            final long epoch = step / stepsPerEpoch;
            return base * StrictMath.pow(gamma, (double) epoch);
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }
    }

    /**
     * A linear rise over the first W steps, W being {@code warmUp · totalSteps} to the nearest integer (halves up):
     * {@code base · (step + 1) / W}. Then half a cosine wave, without restarts:
     * {@code base · (finalFactor + (1 − finalFactor) / 2 · (1 + cos(π · (step − W) / (totalSteps − W))))}. It starts
     * from {@code base}; {@code base · finalFactor} would be the rate of the step after the last, so that with a factor
     * of 0 the last step is not in vain.
     *
     * @param warmUp the share of all steps that the rise takes, from 0 to below 1
     * @param finalFactor the last rate's share of the optimiser's learning rate, from 0 to 1
     * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter 2016, equation 5</a>
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">
     *     PyTorch's CosineAnnealingLR</a>, stepped with each update, its {@code T_max} being the steps after the rise
     *     and its {@code eta_min} {@code base · finalFactor}
     */
    record Cosine(double warmUp, double finalFactor) implements Schedule {
        /** Checks the ranges. */
        public Cosine {
            checkWarmUp(warmUp);
            if (!(finalFactor >= 0 && finalFactor <= 1)) {
                throw new IllegalArgumentException("expected a final factor from 0 to 1, got " + finalFactor);
            }
        }

        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            final long rise = StrictMath.round(warmUp * totalSteps);
            if (step < rise) {
                return base * ((step + 1.0) / rise);
            }
            return base * annealed(1, finalFactor, (double) (step - rise) / (totalSteps - rise));
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }
    }

    /**
     * Up and down once, each time half a cosine wave: from {@code base / divisor} at step 0 to {@code base}, the
     * greatest rate, at step {@code peak = warmUp · totalSteps − 1}, which need not be a whole number; from there to
     * {@code base / divisor / finalDivisor} at the last step. With
     * {@code anneal(a, b, p) = b + (a − b) / 2 · (1 + cos(π · p))}:
     *
     * <pre>
     * step ≤ peak: anneal(base / divisor, base, step / peak)
     * otherwise:   anneal(base, base / divisor / finalDivisor, (step − peak) / (totalSteps − 1 − peak))
     * </pre>
     *
     * <p>A run that is so short that {@code peak} is below 0 has no rise, and starts below {@code base}; one of a single
     * step has the last rate. Where {@code peak} is 0, of which PyTorch makes a division by 0, step 0 has {@code base}.
     * Momentum is not cycled, unlike PyTorch's default: it is the optimiser's throughout.
     *
     * @param warmUp the share of all steps that the rise takes, from 0 to below 1
     * @param divisor the first rate is {@code base / divisor}; at least 1
     * @param finalDivisor the last rate is the first one divided by it; at least 1
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html">PyTorch's
     *     OneCycleLR</a>, {@code anneal_strategy="cos"}, two phases
     * @see <a href="https://arxiv.org/abs/1708.07120">Smith and Topin 2017</a>
     */
    record OneCycle(double warmUp, double divisor, double finalDivisor) implements Schedule {
        /** Checks the ranges. */
        public OneCycle {
            checkWarmUp(warmUp);
            checkDivisor("divisor", divisor);
            checkDivisor("final divisor", finalDivisor);
        }

        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            final double first = base / divisor;
            final double peak = warmUp * totalSteps - 1;
            if (step <= peak) {
                return annealed(first, base, peak == 0 ? 1 : step / peak);
            }
            return annealed(base, first / finalDivisor, (step - peak) / (totalSteps - 1 - peak));
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }

        private static void checkDivisor(final String name, final double divisor) {
            if (!(divisor >= 1 && divisor < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("expected a " + name + " of at least 1, got " + divisor);
            }
        }
    }

    /**
     * Lower by a factor when the validation loss has stopped falling. That is no function of the step: a
     * {@link PlateauState} follows the losses, and says when; between two of its reductions the rate is constant.
     *
     * <p>An epoch is better if {@code loss < best · (1 − threshold)}, for losses that are at least 0. PyTorch's
     * {@code mode} is {@code min}, its {@code threshold_mode} {@code rel} and its {@code eps} 1e-8: a reduction by at
     * most that much is not made.
     *
     * @param factor what the rate is multiplied by, above 0, below 1
     * @param patience how many epochs in a row may be no better, at least 0; the next one reduces the rate
     * @param threshold by what share of the best loss a better one is lower, from 0 to below 1
     * @param cooldown epochs after a reduction that do not count against the patience, at least 0
     * @param minimumRate the rate is not reduced below it, at least 0
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html">
     *     PyTorch's ReduceLROnPlateau</a>
     */
    record ReduceOnPlateau(double factor, int patience, double threshold, int cooldown, double minimumRate)
            implements Schedule {
        /** Checks the ranges. */
        public ReduceOnPlateau {
            if (!(factor > 0 && factor < 1)) {
                throw new IllegalArgumentException("expected a factor above 0 and below 1, got " + factor);
            }
            if (patience < 0) {
                throw new IllegalArgumentException("expected a patience of at least 0 epochs, got " + patience);
            }
            if (!(threshold >= 0 && threshold < 1)) {
                throw new IllegalArgumentException("expected a threshold from 0 to below 1, got " + threshold);
            }
            if (cooldown < 0) {
                throw new IllegalArgumentException("expected a cooldown of at least 0 epochs, got " + cooldown);
            }
            if (!(minimumRate >= 0 && minimumRate < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("expected a minimum rate of at least 0, got " + minimumRate);
            }
        }

        /** {@code base}, which is to be {@link PlateauState#rate}. */
        @Override
        public double learningRate(
                final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
            checkProgress(base, step, stepsPerEpoch, totalSteps);
            return base;
        }

        @Override
        public String toString() {
            return ScheduleText.of(this);
        }
    }

    /** Half a cosine wave from one value to another, as its progress goes from 0 to 1. */
    private static double annealed(final double from, final double to, final double progress) {
        return to + (from - to) / 2 * (1 + StrictMath.cos(StrictMath.PI * progress));
    }

    private static void checkProgress(
            final double base, final long step, final long stepsPerEpoch, final long totalSteps) {
        if (!(base > 0 && base < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("expected a positive learning rate, got " + base);
        }
        if (stepsPerEpoch < 1) {
            throw new IllegalArgumentException("expected at least 1 step in each epoch, got " + stepsPerEpoch);
        }
        if (totalSteps < 1) {
            throw new IllegalArgumentException("expected at least 1 step in all, got " + totalSteps);
        }
        if (step < 0 || step >= totalSteps) {
            throw new IllegalArgumentException("expected a step from 0 to below " + totalSteps + ", got " + step);
        }
    }

    private static void checkGamma(final double gamma) {
        if (!(gamma > 0 && gamma <= 1)) {
            throw new IllegalArgumentException("expected a gamma above 0 and at most 1, got " + gamma);
        }
    }

    private static void checkWarmUp(final double warmUp) {
        if (!(warmUp >= 0 && warmUp < 1)) {
            throw new IllegalArgumentException("expected a warm-up from 0 to below 1 of all steps, got " + warmUp);
        }
    }
}
