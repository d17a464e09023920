package io.lanewise.training;

import io.lanewise.kernel.Fma;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.mlp.Mlp;
import org.jspecify.annotations.Nullable;

/** The loss of a batch, and the gradient of what the last layer gives. */
final class LossPass {
    private static final int ELEMENTS = 4096; // of a piece
    private static final int[] NO_LABELS = {};
    private static final float[] NO_TARGETS = {};

    private final Compute c;
    private final Loss loss;
    private final int outputs;
    private final float[] logits; // (maxRows, outputs)
    private final float[] dLogits; // (maxRows, outputs)
    private final float[] losses; // (maxRows)
    private final float[] scales; // (maxRows): what the gradient of a row is multiplied with
    private final RowWeights rowWeights;
    private final float[] truth; // (maxRows, outputs): what a row's probabilities should be, weighted; or nothing
    private final boolean plain; // cross-entropy without smoothing and class weights
    private final float smoothing;
    private final PointwiseLoss pointwise; // of losses that are not cross-entropy
    private final float delta;
    private final Shares.Part gradient = this::gradient;

    // The batch.
    private int[] labels = NO_LABELS;
    private int labelsOffset;
    private float[] targets = NO_TARGETS;
    private int targetsOffset;
    private boolean weighted;
    private float scale;

    LossPass(
            final Compute c,
            final Mlp mlp,
            final Loss loss,
            final int maxRows,
            final float[] logits,
            final float[] dLogits) {
        Loss.requireFits(loss, mlp);
        this.c = c;
        this.loss = loss;
        this.outputs = mlp.outputs();
        this.logits = logits;
        this.dLogits = dLogits;
        this.losses = new float[maxRows];
        this.scales = new float[maxRows];
        this.plain = loss instanceof Loss.CrossEntropy entropy && entropy.isPlain();
        this.smoothing = loss instanceof Loss.CrossEntropy entropy ? entropy.labelSmoothing() : 0f;
        this.rowWeights = new RowWeights(loss);
        this.truth = new float[loss instanceof Loss.CrossEntropy && !plain ? logits.length : 0];
        this.pointwise = switch (loss) {
            case Loss.CrossEntropy ignored -> PointwiseLoss.SQUARED; // not used
            case Loss.SquaredError ignored -> PointwiseLoss.SQUARED;
            case Loss.AbsoluteError ignored -> PointwiseLoss.ABSOLUTE;
            case Loss.Huber ignored -> PointwiseLoss.HUBER;
            case Loss.BinaryCrossEntropy ignored -> PointwiseLoss.BINARY_CROSS_ENTROPY;
        };
        this.delta = loss instanceof Loss.Huber huber ? huber.delta() : Loss.Huber.DEFAULT_DELTA;
    }

    /** Refuses labels and weights that make no sense, before anything is written. */
    void check(
            final int rows,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        if (!(loss instanceof Loss.CrossEntropy)) {
            throw new IllegalStateException("a network that is trained with " + Loss.name(loss)
                    + " does not learn from labels: give it " + outputs + " target values for each row");
        }
        KernelChecks.labels(rows, outputs, labels, labelsOffset);
        RowWeights.check(rows, weights, weightsOffset);
        rowWeights.requirePositive(rowWeights.total(rows, labels, labelsOffset, weights, weightsOffset));
    }

    /** Refuses targets and weights that make no sense, before anything is written. */
    void check(
            final int rows,
            final float[] targets,
            final int targetsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        KernelChecks.matrix("targets", rows, outputs, targets.length, targetsOffset, outputs);
        RowWeights.check(rows, weights, weightsOffset);
        rowWeights.requirePositive(RowWeights.total(rows, weights, weightsOffset));
    }

    /**
     * What some rows count together, in the mean that a step gives.
     *
     * @param rowLabels (rows), or nothing where rows have target values
     */
    double weight(final int rows, final int[] rowLabels, final float @Nullable [] weights) {
        if (rowLabels.length == 0) {
            return RowWeights.total(rows, weights, 0);
        }
        KernelChecks.labels(rows, outputs, rowLabels, 0);
        return rowWeights.total(rows, rowLabels, 0, weights, 0);
    }

    /** The mean loss of rows with a class each. */
    double run(
            final int rows,
            final int[] labels,
            final int labelsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        this.labels = labels;
        this.labelsOffset = labelsOffset;
        final double total = rowWeights.total(rows, labels, labelsOffset, weights, weightsOffset);
        if (!plain) {
            smooth(rows);
        }
        return mean(rows, 1, total, weights, weightsOffset);
    }

    /** The mean loss of rows with target values. */
    double run(
            final int rows,
            final float[] targets,
            final int targetsOffset,
            final float @Nullable [] weights,
            final int weightsOffset) {
        this.labels = NO_LABELS;
        this.targets = targets;
        this.targetsOffset = targetsOffset;
        final double total = RowWeights.total(rows, weights, weightsOffset);
        if (loss instanceof Loss.CrossEntropy) {
            if (!plain) {
                smoothTargets(rows);
            }
            return mean(rows, 1, total, weights, weightsOffset);
        }
        return mean(rows, outputs, total, weights, weightsOffset);
    }

    /** Forgets the caller's arrays. */
    void release() {
        labels = NO_LABELS;
        targets = NO_TARGETS;
    }

    /** What the probabilities of each row should be, times the weights of the classes. */
    private void smooth(final int rows) {
        final float others = smoothing / outputs;
        final float own = (1f - smoothing) + others;
        for (int i = 0; i < rows; i++) {
            final int label = labels[labelsOffset + i];
            for (int j = 0; j < outputs; j++) {
                truth[i * outputs + j] = (j == label ? own : others) * rowWeights.ofClass(j);
            }
        }
        targets = truth;
        targetsOffset = 0;
        labels = NO_LABELS;
    }

    private void smoothTargets(final int rows) {
        final float others = smoothing / outputs;
        for (int i = 0; i < rows * outputs; i++) {
            truth[i] = Fma.fma(1f - smoothing, targets[targetsOffset + i], others) * rowWeights.ofClass(i % outputs);
        }
        targets = truth;
        targetsOffset = 0;
    }

    /**
     * The loss over the rows, and the gradient of its mean.
     *
     * @param elements how many elements of a row the mean is taken over
     * @param total the sum of the weights of the rows
     */
    private double mean(
            final int rows,
            final int elements,
            final double total,
            final float @Nullable [] weights,
            final int weightsOffset) {
        final float slope = loss instanceof Loss.SquaredError ? 2f : 1f; // the kernel takes half of it
        weighted = weights != null;
        if (weights != null) {
            for (int i = 0; i < rows; i++) {
                scales[i] = (float) (slope * weights[weightsOffset + i] / (total * elements));
            }
        } else if (total == rows) {
            scale = slope / ((float) rows * elements);
        } else {
            scale = (float) (slope / (total * elements));
        }
        c.shares.run(rows, Math.max(1, ELEMENTS / outputs), outputs, gradient);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += weights == null ? losses[i] : (double) weights[weightsOffset + i] * losses[i];
        }
        return sum / (total * elements);
    }

    private void gradient(final int first, final int count, final int member) {
        if (!weighted) {
            gradient(first, count, scale, member);
            return;
        }
        for (int i = first; i < first + count; i++) {
            gradient(i, 1, scales[i], member);
        }
    }

    private void gradient(final int first, final int count, final float scale, final int member) {
        final int at = first * outputs;
        if (!(loss instanceof Loss.CrossEntropy)) {
            c.kernels.pointwiseLoss(
                    pointwise,
                    delta,
                    count,
                    outputs,
                    logits,
                    at,
                    outputs,
                    targets,
                    targetsOffset + at,
                    outputs,
                    scale,
                    losses,
                    first,
                    dLogits,
                    at,
                    outputs,
                    c.scratchpad(member));
        } else if (labels.length > 0) {
            c.kernels.softmaxCrossEntropy(
                    count,
                    outputs,
                    logits,
                    at,
                    outputs,
                    labels,
                    labelsOffset + first,
                    scale,
                    losses,
                    first,
                    dLogits,
                    at,
                    outputs,
                    c.scratchpad(member));
        } else {
            c.kernels.softmaxCrossEntropy(
                    count,
                    outputs,
                    logits,
                    at,
                    outputs,
                    targets,
                    targetsOffset + at,
                    outputs,
                    scale,
                    losses,
                    first,
                    dLogits,
                    at,
                    outputs,
                    c.scratchpad(member));
        }
    }
}
