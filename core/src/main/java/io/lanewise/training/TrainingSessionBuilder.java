package io.lanewise.training;

import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Parameters;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link TrainingSession} is made from, see {@link TrainingSession#of}. Not safe for use by several threads. */
public final class TrainingSessionBuilder {
    final Parameters initial;
    Optimizer optimizer = Optimizer.adam(1e-3f);
    Clipping clipping = Clipping.none();

    @Nullable
    Loss loss;

    int maxRows = 32;
    long seed;

    @Nullable
    Kernels kernels;

    @Nullable
    ThreadTeam team;

    boolean strict;

    TrainingSessionBuilder(final Parameters initial) {
        this.initial = initial;
    }

    TrainingSessionBuilder(final TrainingSessionBuilder b, final Parameters initial) {
        this(initial);
        optimizer = b.optimizer;
        clipping = b.clipping;
        loss = b.loss;
        maxRows = b.maxRows;
        seed = b.seed;
        kernels = b.kernels;
        team = b.team;
        strict = b.strict;
    }

    /** What a warm-up uses: a small network, on fewer rows. */
    TrainingSessionBuilder forWarmUp(final Parameters small, final int rows) {
        final TrainingSessionBuilder b = new TrainingSessionBuilder(this, small);
        b.maxRows = rows;
        b.loss = loss == null ? null : StepsWarmUp.narrowed(loss, small.mlp().outputs());
        return b;
    }

    /** How parameters follow from gradients; Adam at 0.001 unless said otherwise. */
    public TrainingSessionBuilder optimizer(final Optimizer newOptimizer) {
        optimizer = newOptimizer;
        return this;
    }

    /** What is made small; what belongs to the network's head unless said otherwise. */
    public TrainingSessionBuilder loss(final Loss newLoss) {
        loss = newLoss;
        return this;
    }

    /** How gradients are clipped; not at all unless said otherwise. */
    public TrainingSessionBuilder clipping(final Clipping newClipping) {
        clipping = newClipping;
        return this;
    }

    /** The most rows of one step, at least 1; 32 unless said otherwise. */
    public TrainingSessionBuilder maxRows(final int newMaxRows) {
        if (newMaxRows < 1) {
            throw new IllegalArgumentException("expected at least 1 row for each step, got " + newMaxRows);
        }
        maxRows = newMaxRows;
        return this;
    }

    /** Decides what a dropout leaves out; 0 unless said otherwise. */
    public TrainingSessionBuilder seed(final long newSeed) {
        seed = newSeed;
        return this;
    }

    /** The backend; the best one unless said otherwise. */
    public TrainingSessionBuilder kernels(final Kernels newKernels) {
        kernels = newKernels;
        return this;
    }

    /**
     * The threads that share the work; the calling thread alone unless said otherwise. The team must not be closed
     * while the session is used.
     */
    public TrainingSessionBuilder team(final @Nullable ThreadTeam newTeam) {
        team = newTeam;
        return this;
    }

    /**
     * Whether each call looks first whether its thread keeps denormal numbers, as
     * {@link FloatingPoint#requireDenormals} does, and throws {@link IllegalStateException} if not; it does not unless
     * said otherwise. The other threads of a team are not looked at.
     */
    public TrainingSessionBuilder strict(final boolean newStrict) {
        strict = newStrict;
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
