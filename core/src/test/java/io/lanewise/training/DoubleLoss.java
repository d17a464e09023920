package io.lanewise.training;

import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The mean loss of a batch, and its gradient, in {@code double}, as PyTorch defines them.
 *
 * @param loss which
 * @param truth (rows, outputs): target values; of a class 1, and 0 for the others
 * @param exclusive whether rows have a class each
 * @param weights (rows), or null
 */
record DoubleLoss(Loss loss, double[][] truth, boolean exclusive, float @Nullable [] weights) {
    /** Rows with a class each. */
    static DoubleLoss ofLabels(
            final Loss loss, final int classes, final int[] labels, final float @Nullable [] weights) {
        final double[][] truth = new double[labels.length][classes];
        for (int i = 0; i < labels.length; i++) {
            truth[i][labels[i]] = 1;
        }
        return new DoubleLoss(loss, truth, true, weights);
    }

    double mean(final double[][] logits) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += weight(i) * row(logits[i], truth[i]);
        }
        return sum / total();
    }

    double[][] gradient(final double[][] logits) {
        final double[][] gradient = new double[logits.length][];
        for (int i = 0; i < logits.length; i++) {
            gradient[i] = slopes(logits[i], truth[i]);
            for (int j = 0; j < gradient[i].length; j++) {
                gradient[i][j] *= weight(i) / total();
            }
        }
        return gradient;
    }

    private double weight(final int row) {
        return weights == null ? 1 : weights[row];
    }

    /** What the sum over the rows is divided by. */
    private double total() {
        double total = 0;
        for (int i = 0; i < truth.length; i++) {
            double own = 1;
            if (loss instanceof Loss.CrossEntropy entropy && exclusive) {
                own = 0;
                for (int j = 0; j < truth[i].length; j++) {
                    own += truth[i][j] * classWeight(entropy, j);
                }
            }
            total += weight(i) * own;
        }
        return loss instanceof Loss.CrossEntropy ? total : total * truth[0].length;
    }

    private static double classWeight(final Loss.CrossEntropy entropy, final int c) {
        return entropy.classWeights().isEmpty() ? 1 : entropy.classWeights().get(c);
    }

    /** {@code w[c] ((1 − ε) t[c] + ε / C)}. */
    private static double smoothed(final Loss.CrossEntropy entropy, final double[] t, final int c) {
        final double smoothing = entropy.labelSmoothing();
        return classWeight(entropy, c) * ((1 - smoothing) * t[c] + smoothing / t.length);
    }

    private double row(final double[] x, final double[] t) {
        final double[] p = DoubleNet.softmax(x);
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            final double d = x[j] - t[j];
            sum += switch (loss) {
                case Loss.CrossEntropy entropy -> -smoothed(entropy, t, j) * Math.log(p[j]);
                case Loss.BinaryCrossEntropy ignored -> {
                    final double yes = DoubleNet.activated(Activation.SIGMOID, x[j]);
                    yield -t[j] * Math.log(yes) - (1 - t[j]) * Math.log(1 - yes);
                }
                case Loss.SquaredError ignored -> d * d;
                case Loss.AbsoluteError ignored -> Math.abs(d);
                case Loss.Huber huber ->
                    Math.abs(d) <= huber.delta()
                            ? d * d / 2
                            : huber.delta() * (Math.abs(d) - (double) huber.delta() / 2);
            };
        }
        return sum;
    }

    private double[] slopes(final double[] x, final double[] t) {
        final double[] p = DoubleNet.softmax(x);
        final double[] slopes = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            final double d = x[j] - t[j];
            switch (loss) {
                case Loss.CrossEntropy entropy -> {
                    for (int c = 0; c < x.length; c++) {
                        slopes[j] += smoothed(entropy, t, c) * (p[j] - (c == j ? 1 : 0));
                    }
                }
                case Loss.BinaryCrossEntropy ignored ->
                    slopes[j] = DoubleNet.activated(Activation.SIGMOID, x[j]) - t[j];
                case Loss.SquaredError ignored -> slopes[j] = 2 * d;
                case Loss.AbsoluteError ignored -> slopes[j] = Math.signum(d);
                case Loss.Huber huber -> slopes[j] = Math.clamp(d, -huber.delta(), huber.delta());
            }
        }
        return slopes;
    }
}
