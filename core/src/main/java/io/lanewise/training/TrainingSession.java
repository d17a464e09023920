package io.lanewise.training;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The step-by-step side of training: forward pass, loss, backward pass and update on one batch, in memory sized once
 * from the network and the largest batch. No step allocates. For one thread at a time; a call while another thread is
 * inside throws {@link IllegalStateException}.
 *
 * <pre>{@code
 * TrainingSession session = TrainingSession.of(Parameters.random(mlp, 42))
 *         .optimizer(Optimizer.adamW(1e-3f))
 *         .clipping(new Clipping.Norm(1))
 *         .maxRows(128)
 *         .build();
 * double loss = session.step(128, x, 0, labels, 0);
 * }</pre>
 *
 * <p>A step gives the same bits on every machine, on every backend and for every team. The losses of the rows are added
 * in their order, in {@code double}.
 */
public final class TrainingSession {
    private final Mlp mlp;
    private final int maxRows;
    private final Compute compute;
    private final NetworkPass network;
    private final LossPass loss;
    private final Updater updater;
    private final AtomicBoolean busy = new AtomicBoolean();
    private float learningRate;
    private double gradientNorm = Double.NaN;
    private long steps;
    private int pendingRows; // of the batch whose gradients wait for an update; 0 if there is none

    /**
     * A session with the loss that belongs to the network's head.
     *
     * @param initial where training starts
     * @param maxRows the most rows of one step, at least 1
     */
    public TrainingSession(
            final Parameters initial, final Optimizer optimizer, final int maxRows, final Kernels kernels) {
        this(initial, optimizer, maxRows, kernels, null);
    }

    /**
     * A session with the loss that belongs to the network's head, which shares its work out among a team of threads.
     *
     * @param initial where training starts
     * @param maxRows the most rows of one step, at least 1
     * @param team the threads, or null for the calling thread alone; must not be closed while the session is used
     */
    public TrainingSession(
            final Parameters initial,
            final Optimizer optimizer,
            final int maxRows,
            final Kernels kernels,
            final @Nullable ThreadTeam team) {
        this(of(initial).optimizer(optimizer).maxRows(maxRows).kernels(kernels).team(team));
    }

    private TrainingSession(final Builder b) {
        this.mlp = b.initial.mlp();
        Ranges.array("batch size", b.maxRows, Math.max(mlp.inputs(), mlp.widest()));
        this.maxRows = b.maxRows;
        this.learningRate = b.optimizer.learningRate();
        final Kernels kernels = b.kernels == null ? Backends.best() : b.kernels;
        this.compute = new Compute(kernels, b.team, mlp, maxRows, b.initial.toArray());
        this.network = new NetworkPass(mlp, compute, maxRows, b.seed);
        this.loss = new LossPass(
                compute,
                mlp,
                b.loss == null ? Loss.of(mlp.head()) : b.loss,
                maxRows,
                network.logits(),
                network.logitsGradient());
        this.updater = new Updater(compute, mlp, b.optimizer, b.clipping);
    }

    /** Starts the description of a session that starts from these parameters. */
    public static Builder of(final Parameters initial) {
        return new Builder(initial);
    }

    /**
     * One step on rows with a class each: {@link #backward(int, float[], int, int[], int, float[], int)} without
     * weights, then {@link #update}, unless the loss is not finite.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param labels (rows) from {@code labelsOffset}, each from 0 to outputs − 1
     * @return the mean loss of the batch, before the update. When it is not finite nothing was updated, nor when
     *     {@link #gradientNorm} is infinite; a finite one says nothing of the parameters after the update.
     */
    public double step(final int rows, final float[] x, final int xOffset, final int[] labels, final int labelsOffset) {
        return step(rows, x, xOffset, labels, labelsOffset, null, 0);
    }

    /**
     * One step on rows with a class each, some counting more than others.
     *
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null
     */
    public double step(
            final int rows,
            final float[] x,
            final int xOffset,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        enter();
        try {
            return stepped(rows, gradients(rows, x, xOffset, labels, labelsOffset, weights, weightsOffset));
        } finally {
            leave();
        }
    }

    /**
     * One step on rows with target values: {@link #backward(int, float[], int, float[], int, float[], int)} without
     * weights, then {@link #update}, unless the loss is not finite.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param targets (rows, outputs), row-major from {@code targetsOffset}
     * @return the mean loss of the batch, before the update. When it is not finite nothing was updated, nor when
     *     {@link #gradientNorm} is infinite; a finite one says nothing of the parameters after the update.
     */
    public double step(
            final int rows, final float[] x, final int xOffset, final float[] targets, final int targetsOffset) {
        return step(rows, x, xOffset, targets, targetsOffset, null, 0);
    }

    /**
     * One step on rows with target values, some counting more than others.
     *
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null
     */
    public double step(
            final int rows,
            final float[] x,
            final int xOffset,
            final float[] targets,
            final int targetsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        enter();
        try {
            return stepped(rows, gradients(rows, x, xOffset, targets, targetsOffset, weights, weightsOffset));
        } finally {
            leave();
        }
    }

    /**
     * The first half of a step on rows with a class each: the loss and all gradients. Parameters stay as they are.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param labels (rows) from {@code labelsOffset}, each from 0 to outputs − 1
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null
     * @return the mean loss of the batch; when it is not finite there are no gradients
     */
    public double backward(
            final int rows,
            final float[] x,
            final int xOffset,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        enter();
        try {
            return gradients(rows, x, xOffset, labels, labelsOffset, weights, weightsOffset);
        } finally {
            leave();
        }
    }

    /**
     * The first half of a step on rows with target values: the loss and all gradients. Parameters stay as they are.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param targets (rows, outputs), row-major from {@code targetsOffset}
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null
     * @return the mean loss of the batch; when it is not finite there are no gradients
     */
    public double backward(
            final int rows,
            final float[] x,
            final int xOffset,
            final float[] targets,
            final int targetsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        enter();
        try {
            return gradients(rows, x, xOffset, targets, targetsOffset, weights, weightsOffset);
        } finally {
            leave();
        }
    }

    /**
     * The second half of a step: clips the gradients and updates the parameters, unless the gradients' norm is asked for
     * and is not finite.
     *
     * @return whether parameters were updated
     * @throws IllegalStateException if no backward pass came before, or it gave no gradients
     */
    public boolean update() {
        enter();
        try {
            if (pendingRows == 0) {
                throw new IllegalStateException("there are no gradients to update with: call backward first");
            }
            return updated();
        } finally {
            leave();
        }
    }

    private double gradients(
            final int rows,
            final float[] x,
            final int xOffset,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        checkInput(rows, x, xOffset);
        loss.check(rows, labels, labelsOffset, weights, weightsOffset);
        forward(rows, x, xOffset);
        return gradients(rows, loss.run(rows, labels, labelsOffset, weights, weightsOffset));
    }

    private double gradients(
            final int rows,
            final float[] x,
            final int xOffset,
            final float[] targets,
            final int targetsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        checkInput(rows, x, xOffset);
        loss.check(rows, targets, targetsOffset, weights, weightsOffset);
        forward(rows, x, xOffset);
        return gradients(rows, loss.run(rows, targets, targetsOffset, weights, weightsOffset));
    }

    private void forward(final int rows, final float[] x, final int xOffset) {
        pendingRows = 0; // from here on an error leaves no gradients that an update could take
        network.forward(rows, x, xOffset, steps);
    }

    private double gradients(final int rows, final double mean) {
        if (Double.isFinite(mean)) {
            network.backward(rows);
            pendingRows = rows;
        }
        return mean;
    }

    private double stepped(final int rows, final double mean) {
        if (pendingRows == rows) {
            updated();
        }
        return mean;
    }

    private boolean updated() {
        gradientNorm = updater.clip();
        final boolean usable = gradientNorm < Double.POSITIVE_INFINITY || Double.isNaN(gradientNorm);
        if (usable) {
            steps++;
            updater.update(steps, learningRate);
            network.update(pendingRows);
        }
        pendingRows = 0;
        return usable;
    }

    /** A copy of the parameters as they are now. */
    public Parameters parameters() {
        enter();
        try {
            return Parameters.of(mlp, compute.parameters);
        } finally {
            leave();
        }
    }

    /**
     * A copy of the gradients of the last backward pass, laid out like {@link Parameters}; those of running means and
     * variances are 0. An update that clips them by value leaves them clipped.
     */
    public float[] gradients() {
        enter();
        try {
            return compute.gradients.clone();
        } finally {
            leave();
        }
    }

    /** A copy of all that the next step depends on, but the learning rate and the batch. */
    public SessionState state() {
        enter();
        try {
            return SessionState.of(
                    Parameters.of(mlp, compute.parameters),
                    updater.kind(),
                    updater.firstMoment(),
                    updater.secondMoment(),
                    steps);
        } finally {
            leave();
        }
    }

    /**
     * Goes on from a state.
     *
     * @throws IllegalArgumentException if it is one of another network, or of another kind of optimiser, or one with
     *     other moments
     */
    public void restore(final SessionState state) {
        enter();
        try {
            if (!state.parameters().mlp().equals(mlp)) {
                throw new IllegalArgumentException("expected the state of a session of " + mlp + ", got one of "
                        + state.parameters().mlp());
            }
            if (state.optimizer() != updater.kind()) {
                throw new IllegalArgumentException("expected the state of a session with " + updater.kind()
                        + ", got one with " + state.optimizer());
            }
            final float[] first = state.firstMoment();
            final float[] second = state.secondMoment();
            if (first.length != updater.firstMoment().length || second.length != updater.secondMoment().length) {
                throw new IllegalArgumentException("the state was made with " + state.optimizer()
                        + " that has other moments: with or without momentum, where this one is not");
            }
            System.arraycopy(first, 0, updater.firstMoment(), 0, first.length);
            System.arraycopy(second, 0, updater.secondMoment(), 0, second.length);
            System.arraycopy(state.parameters().toArray(), 0, compute.parameters, 0, compute.parameters.length);
            steps = state.steps();
            gradientNorm = Double.NaN;
            pendingRows = 0;
        } finally {
            leave();
        }
    }

    /** How many updates were made. */
    public long steps() {
        return steps;
    }

    /** The learning rate of the next update: the optimiser's, unless it was changed. */
    public float learningRate() {
        return learningRate;
    }

    /**
     * Changes the learning rate of the updates to come.
     *
     * @param newLearningRate at least 0
     */
    public void learningRate(final float newLearningRate) {
        enter();
        try {
            Ranges.notNegative("learning rate", newLearningRate);
            learningRate = newLearningRate;
        } finally {
            leave();
        }
    }

    /**
     * The norm of the last update's gradients before they were clipped; NaN unless they are clipped by it, and before the
     * first update, also after {@link #restore}.
     */
    public double gradientNorm() {
        return gradientNorm;
    }

    /**
     * What some rows count together, in the mean that a step gives; a step on rows that do not count is refused.
     *
     * @param labels (rows), or nothing where rows have target values
     */
    double weight(final int rows, final int[] labels, final float @Nullable [] weights) {
        return loss.weight(rows, labels, weights);
    }

    private void checkInput(final int rows, final float[] x, final int xOffset) {
        if (rows < 1 || rows > maxRows) {
            throw new IllegalArgumentException("expected 1 to " + maxRows + " rows, got " + rows);
        }
        KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("a session is for one thread at a time: make one per thread");
        }
    }

    private void leave() {
        network.release();
        loss.release();
        busy.set(false);
    }

    /** Collects what a session is made from. Not safe for use by several threads. */
    public static final class Builder {
        private final Parameters initial;
        private Optimizer optimizer = Optimizer.adam(1e-3f);
        private Clipping clipping = Clipping.none();
        private @Nullable Loss loss;
        private int maxRows = 32;
        private long seed;
        private @Nullable Kernels kernels;
        private @Nullable ThreadTeam team;

        private Builder(final Parameters initial) {
            this.initial = initial;
        }

        /** How parameters follow from gradients; Adam at 0.001 unless said otherwise. */
        public Builder optimizer(final Optimizer newOptimizer) {
            optimizer = newOptimizer;
            return this;
        }

        /** What is made small; what belongs to the network's head unless said otherwise. */
        public Builder loss(final Loss newLoss) {
            loss = newLoss;
            return this;
        }

        /** How gradients are clipped; not at all unless said otherwise. */
        public Builder clipping(final Clipping newClipping) {
            clipping = newClipping;
            return this;
        }

        /** The most rows of one step, at least 1; 32 unless said otherwise. */
        public Builder maxRows(final int newMaxRows) {
            if (newMaxRows < 1) {
                throw new IllegalArgumentException("expected at least 1 row for each step, got " + newMaxRows);
            }
            maxRows = newMaxRows;
            return this;
        }

        /** Decides what a dropout leaves out; 0 unless said otherwise. */
        public Builder seed(final long newSeed) {
            seed = newSeed;
            return this;
        }

        /** The backend; the best one unless said otherwise. */
        public Builder kernels(final Kernels newKernels) {
            kernels = newKernels;
            return this;
        }

        /**
         * The threads that share the work; the calling thread alone unless said otherwise. The team must not be closed
         * while the session is used.
         */
        public Builder team(final @Nullable ThreadTeam newTeam) {
            team = newTeam;
            return this;
        }

        /**
         * Sizes all memory.
         *
         * @throws IllegalArgumentException if the loss does not fit the network's head
         */
        public TrainingSession build() {
            return new TrainingSession(this);
        }
    }
}
