package io.lanewise.training;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass, loss, backward pass and update behind a {@link TrainingSession}, which keeps several threads out of
 * it and documents what its methods do.
 */
final class Steps {
    private final Mlp mlp;
    private final int maxRows;
    private final Compute compute;
    private final NetworkPass network;
    private final LossPass loss;
    private final Updater updater;
    private float learningRate;
    private double gradientNorm = Double.NaN;
    private long made;
    private int pendingRows; // of the batch whose gradients wait for an update; 0 if there is none

    Steps(final TrainingSessionBuilder b) {
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

    double gradients(
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

    double gradients(
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
        network.forward(rows, x, xOffset, made);
    }

    private double gradients(final int rows, final double mean) {
        if (Double.isFinite(mean)) {
            network.backward(rows);
            pendingRows = rows;
        }
        return mean;
    }

    double stepped(final int rows, final double mean) {
        if (pendingRows == rows) {
            updated();
        }
        return mean;
    }

    private boolean updated() {
        gradientNorm = updater.clip();
        final boolean usable = gradientNorm < Double.POSITIVE_INFINITY || Double.isNaN(gradientNorm);
        if (usable) {
            made++;
            updater.update(made, learningRate);
            network.update(pendingRows);
        }
        pendingRows = 0;
        return usable;
    }

    boolean update() {
        if (pendingRows == 0) {
            throw new IllegalStateException("there are no gradients to update with: call backward first");
        }
        return updated();
    }

    Parameters parameters() {
        return Parameters.of(mlp, compute.parameters);
    }

    float[] gradients() {
        return compute.gradients.clone();
    }

    SessionState state() {
        return SessionState.of(parameters(), updater.kind(), updater.firstMoment(), updater.secondMoment(), made);
    }

    void restore(final SessionState state) {
        if (!state.parameters().mlp().equals(mlp)) {
            throw new IllegalArgumentException("expected the state of a session of " + mlp + ", got one of "
                    + state.parameters().mlp());
        }
        if (state.optimizer() != updater.kind()) {
            throw new IllegalArgumentException(
                    "expected the state of a session with " + updater.kind() + ", got one with " + state.optimizer());
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
        made = state.steps();
        gradientNorm = Double.NaN;
        pendingRows = 0;
    }

    long made() {
        return made;
    }

    float learningRate() {
        return learningRate;
    }

    void learningRate(final float newLearningRate) {
        learningRate = newLearningRate;
    }

    double gradientNorm() {
        return gradientNorm;
    }

    /** Forgets the caller's arrays. */
    void release() {
        network.release();
        loss.release();
    }

    double weight(final int rows, final int[] labels, final float @Nullable [] weights) {
        return loss.weight(rows, labels, weights);
    }

    private void checkInput(final int rows, final float[] x, final int xOffset) {
        if (rows < 1 || rows > maxRows) {
            throw new IllegalArgumentException("expected 1 to " + maxRows + " rows, got " + rows);
        }
        KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
    }
}
