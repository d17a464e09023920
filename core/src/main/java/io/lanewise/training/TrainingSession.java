package io.lanewise.training;

import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Parameters;
import java.time.Duration;
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
    private final TrainingSessionBuilder settings;
    private final Steps steps;
    private final AtomicBoolean busy = new AtomicBoolean();

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

    TrainingSession(final TrainingSessionBuilder b) {
        settings = new TrainingSessionBuilder(b, b.initial);
        steps = new Steps(b);
    }

    /** Starts the description of a session that starts from these parameters. */
    public static TrainingSessionBuilder of(final Parameters initial) {
        return new TrainingSessionBuilder(initial);
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
     * @throws IllegalArgumentException if there are too many rows or none, a label is no class, a weight is negative,
     *     infinite or NaN, or no row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if the network does not learn from labels, or another thread is inside
     */
    public double step(final int rows, final float[] x, final int xOffset, final int[] labels, final int labelsOffset) {
        return step(rows, x, xOffset, labels, labelsOffset, null, 0);
    }

    /**
     * One step on rows with a class each, some counting more than others.
     *
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null. A row
     *     of weight 0 has no gradient of its own, but is computed with: its values have to be finite
     * @return the mean loss of the batch, before the update, as without weights
     * @throws IllegalArgumentException if there are too many rows or none, a label is no class, a weight is negative,
     *     infinite or NaN, or no row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if the network does not learn from labels, or another thread is inside
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
            return steps.stepped(rows, steps.gradients(rows, x, xOffset, labels, labelsOffset, weights, weightsOffset));
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
     * @param targets (rows, outputs), row-major from {@code targetsOffset}; for a sigmoid head from 0 to 1, for a
     *     softmax probabilities, which a {@link Trainer} checks and a session does not: others may have no least loss
     * @return the mean loss of the batch, before the update. When it is not finite nothing was updated, nor when
     *     {@link #gradientNorm} is infinite; a finite one says nothing of the parameters after the update.
     * @throws IllegalArgumentException if there are too many rows or none, a weight is negative, infinite or NaN, or no
     *     row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if another thread is inside
     */
    public double step(
            final int rows, final float[] x, final int xOffset, final float[] targets, final int targetsOffset) {
        return step(rows, x, xOffset, targets, targetsOffset, null, 0);
    }

    /**
     * One step on rows with target values, some counting more than others.
     *
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null. A row
     *     of weight 0 has no gradient of its own, but is computed with: its values have to be finite
     * @return the mean loss of the batch, before the update, as without weights
     * @throws IllegalArgumentException if there are too many rows or none, a weight is negative, infinite or NaN, or no
     *     row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if another thread is inside
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
            return steps.stepped(
                    rows, steps.gradients(rows, x, xOffset, targets, targetsOffset, weights, weightsOffset));
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
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null. A row
     *     of weight 0 has no gradient of its own, but is computed with: its values have to be finite
     * @return the mean loss of the batch; when it is not finite there are no gradients
     * @throws IllegalArgumentException if there are too many rows or none, a label is no class, a weight is negative,
     *     infinite or NaN, or no row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if the network does not learn from labels, or another thread is inside
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
            return steps.gradients(rows, x, xOffset, labels, labelsOffset, weights, weightsOffset);
        } finally {
            leave();
        }
    }

    /**
     * The first half of a step on rows with target values: the loss and all gradients. Parameters stay as they are.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param targets (rows, outputs), row-major from {@code targetsOffset}; for a sigmoid head from 0 to 1, for a
     *     softmax probabilities, which a {@link Trainer} checks and a session does not: others may have no least loss
     * @param weights (rows) from {@code weightsOffset}, at least 0, at least one of them more; or null. A row
     *     of weight 0 has no gradient of its own, but is computed with: its values have to be finite
     * @return the mean loss of the batch; when it is not finite there are no gradients
     * @throws IllegalArgumentException if there are too many rows or none, a weight is negative, infinite or NaN, or no
     *     row counts
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if another thread is inside
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
            return steps.gradients(rows, x, xOffset, targets, targetsOffset, weights, weightsOffset);
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
            return steps.update();
        } finally {
            leave();
        }
    }

    /** A copy of the parameters as they are now. */
    public Parameters parameters() {
        enter();
        try {
            return steps.parameters();
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
            return steps.gradients();
        } finally {
            leave();
        }
    }

    /** A copy of all that the next step depends on, but the learning rate and the batch. */
    public SessionState state() {
        enter();
        try {
            return steps.state();
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
            steps.restore(state);
        } finally {
            leave();
        }
    }

    /**
     * Makes steps of another network with layers, loss and optimiser of the same kinds, none of them wider than 2,048, in
     * memory of its own, until the kernels are compiled, for at most 20 seconds: the first steps of a large network take
     * seconds otherwise. The session itself stays as it is, to the bit.
     *
     * @return how long it took
     */
    public Duration warmUp() {
        return warmUp(Duration.ofSeconds(20));
    }

    /** As {@link #warmUp()}, for at most so long, and the step at hand. */
    public Duration warmUp(final Duration longest) {
        enter();
        try {
            return StepsWarmUp.run(settings, longest);
        } finally {
            leave();
        }
    }

    /** How many updates were made. */
    public long steps() {
        return steps.made();
    }

    /** The learning rate of the next update: the optimiser's, unless it was changed. */
    public float learningRate() {
        return steps.learningRate();
    }

    /**
     * Changes the learning rate of the updates to come.
     *
     * @param newLearningRate at least 0
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     * @throws IllegalStateException if another thread is inside
     */
    public void learningRate(final float newLearningRate) {
        enter();
        try {
            Ranges.notNegative("learning rate", newLearningRate);
            steps.learningRate(newLearningRate);
        } finally {
            leave();
        }
    }

    /**
     * The norm of the last update's gradients before they were clipped; NaN unless they are clipped by it, and before the
     * first update, also after {@link #restore}.
     */
    public double gradientNorm() {
        return steps.gradientNorm();
    }

    /**
     * What some rows count together, in the mean that a step gives; a step on rows that do not count is refused.
     *
     * @param labels (rows), or nothing where rows have target values
     */
    double weight(final int rows, final int[] labels, final float @Nullable [] weights) {
        return steps.weight(rows, labels, weights);
    }

    private void enter() {
        if (settings.strict) {
            FloatingPoint.requireDenormals();
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("a session is for one thread at a time: make one per thread");
        }
    }

    private void leave() {
        steps.release();
        busy.set(false);
    }
}
