package io.lanewise.training;

import io.lanewise.inference.ArgMax;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The passes over data behind {@link Evaluation}, one for each kind of network. */
final class Scoring {
    private Scoring() {}

    static Evaluation ofClassifier(final Predictor predictor, final Dataset data) {
        final int classes = data.outputs();
        final int[] labels = labels(data);
        final float[] truth = data.isClassification() ? new float[0] : data.targets(); // (rows, classes), or nothing
        final Kernels kernels = predictor.kernels();
        final Scratchpad scratchpad = kernels.scratchpad(0, 0, 0);
        final Decisions decisions = Decisions.betweenClasses(classes, data.rows());
        final @Nullable RocArea area = classes == 2 ? area(IntStream.of(labels).sum(), labels.length) : null;
        double loss = 0;
        final LogitBlocks blocks = new LogitBlocks(predictor, data);
        while (blocks.next()) {
            final float[] y = blocks.logits(); // (rows, classes)
            for (int i = 0; i < blocks.rows(); i++) {
                final int label = labels[blocks.first() + i];
                decisions.addClass(label, y, i * classes);
                if (area != null) {
                    area.add(y[i * classes + 1] - y[i * classes], label == 1);
                }
            }
            kernels.logSoftmax(blocks.rows(), classes, y, 0, classes, y, 0, classes, scratchpad);
            for (int i = 0; i < blocks.rows(); i++) {
                final int row = blocks.first() + i;
                loss += truth.length == 0
                        ? -y[i * classes + labels[row]]
                        : crossEntropy(classes, truth, row * classes, y, i * classes);
            }
        }
        return new Evaluation(
                predictor.model().mlp(),
                data.rows(),
                loss / data.rows(),
                decisions,
                area == null ? Double.NaN : area.value(),
                null);
    }

    /** The class of each row; where rows have probabilities that of the largest, of equal ones the first. */
    private static int[] labels(final Dataset data) {
        if (data.isClassification()) {
            return data.labels();
        }
        final int[] labels = new int[data.rows()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = ArgMax.of(data.outputs(), data.targets(), i * data.outputs());
        }
        return labels;
    }

    /** {@code −Σ t · log p}, where log p may be infinite for classes that have no part in it. */
    private static double crossEntropy(
            final int classes, final float[] truth, final int truthOffset, final float[] logs, final int offset) {
        double sum = 0;
        for (int j = 0; j < classes; j++) {
            final float t = truth[truthOffset + j];
            sum -= t == 0 ? 0 : (double) t * logs[offset + j];
        }
        return sum;
    }

    /** The targets are from 0 to 1. */
    static Evaluation ofAnswers(final Predictor predictor, final Dataset data, final float[] targets) {
        final int outputs = predictor.model().mlp().outputs();
        final Decisions decisions = Decisions.ofAnswers(outputs, data.rows());
        final RocArea[] areas = areas(outputs, targets);
        double loss = 0;
        final LogitBlocks blocks = new LogitBlocks(predictor, data);
        while (blocks.next()) {
            for (int i = 0; i < blocks.rows(); i++) {
                for (int j = 0; j < outputs; j++) {
                    final float logit = blocks.logits()[i * outputs + j];
                    final float target = targets[(blocks.first() + i) * outputs + j];
                    decisions.addAnswer(j, isYes(target), logit);
                    areas[j].add(logit, isYes(target));
                    loss += crossEntropy(logit, target);
                }
            }
        }
        return new Evaluation(
                predictor.model().mlp(), data.rows(), loss / targets.length, decisions, mean(areas), null);
    }

    /** {@code −t · log p − (1 − t) · log(1 − p)} of the sigmoid p of x, in nats, without rounding p to 0 or 1. */
    private static double crossEntropy(final double x, final double t) {
        return Math.max(x, 0) - x * t + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    private static boolean isYes(final float target) {
        return target > 0.5f;
    }

    static Evaluation ofRegression(final Predictor predictor, final Dataset data) {
        final int outputs = data.outputs();
        final float[] t = data.targets();
        final double[] mean = new double[outputs];
        final boolean[] varies = new boolean[outputs]; // the mean of equal values may be rounded
        for (int i = 0; i < t.length; i++) {
            mean[i % outputs] += t[i];
            varies[i % outputs] |= t[i] != t[i % outputs];
        }
        final double[] squares = new double[outputs]; // of errors
        final double[] variance = new double[outputs]; // times the number of rows
        double allSquares = 0;
        double absolute = 0;
        final LogitBlocks blocks = new LogitBlocks(predictor, data);
        while (blocks.next()) {
            final int start = blocks.first() * outputs;
            for (int i = 0; i < blocks.rows() * outputs; i++) {
                final int j = i % outputs;
                final double error = (double) blocks.logits()[i] - t[start + i];
                allSquares += error * error;
                squares[j] += error * error;
                absolute += Math.abs(error);
                final double d = t[start + i] - mean[j] / data.rows();
                variance[j] += d * d;
            }
        }
        return new Evaluation(
                predictor.model().mlp(),
                data.rows(),
                allSquares / t.length,
                null,
                Double.NaN,
                new Evaluation.Errors(absolute / t.length, r2(squares, variance, varies)));
    }

    /** The mean over the outputs; of one whose targets are equal 1 if they were all found, else 0. */
    private static double r2(final double[] squares, final double[] variance, final boolean[] varies) {
        double sum = 0;
        for (int j = 0; j < squares.length; j++) {
            final double unexplained = varies[j] ? squares[j] / variance[j] : Math.signum(squares[j]);
            sum += 1 - unexplained;
        }
        return sum / squares.length;
    }

    /** The area of each class against all others, averaged. */
    static double macroAuc(final Predictor predictor, final Dataset data) {
        final int classes = data.outputs();
        final int[] labels = labels(data);
        final RocArea[] areas = areas(classes, labels);
        final double[] exponentials = new double[classes];
        final LogitBlocks blocks = new LogitBlocks(predictor, data);
        while (blocks.next()) {
            for (int i = 0; i < blocks.rows(); i++) {
                final int at = i * classes;
                logOdds(classes, blocks.logits(), at, exponentials);
                for (int c = 0; c < classes; c++) {
                    areas[c].add(blocks.logits()[at + c], c == labels[blocks.first() + i]);
                }
            }
        }
        return mean(areas);
    }

    /**
     * Puts in the place of logits {@code log(p[c] / (1 − p[c]))} of their softmax p: it orders rows as p[c] does, but
     * does not become the same for all probabilities near 1.
     *
     * @param exponentials n elements, overwritten
     */
    private static void logOdds(final int n, final float[] z, final int offset, final double[] exponentials) {
        final int best = ArgMax.of(n, z, offset);
        final double largest = z[offset + best];
        double second = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) {
            second = j == best ? second : Math.max(second, z[offset + j]);
        }
        double sum = 0; // of all but the best, over exp(second)
        for (int j = 0; j < n; j++) {
            exponentials[j] = j == best ? 0 : StrictMath.exp(z[offset + j] - second);
            sum += exponentials[j];
        }
        final double ratio = StrictMath.exp(second - largest);
        for (int j = 0; j < n; j++) {
            z[offset + j] = (float)
                    (j == best
                            ? largest - second - StrictMath.log(sum)
                            : z[offset + j] - largest - StrictMath.log1p(ratio * (sum - exponentials[j])));
        }
    }

    private static RocArea[] areas(final int classes, final int[] labels) {
        final int[] positives = new int[classes];
        for (final int label : labels) {
            positives[label]++;
        }
        return areas(positives, labels.length);
    }

    private static RocArea[] areas(final int outputs, final float[] targets) {
        final int[] positives = new int[outputs];
        for (int i = 0; i < targets.length; i++) {
            positives[i % outputs] += isYes(targets[i]) ? 1 : 0;
        }
        return areas(positives, targets.length / outputs);
    }

    private static RocArea[] areas(final int[] positives, final int rows) {
        final RocArea[] areas = new RocArea[positives.length];
        for (int c = 0; c < areas.length; c++) {
            areas[c] = area(positives[c], rows);
        }
        return areas;
    }

    private static RocArea area(final int positives, final int rows) {
        return new RocArea(positives, rows - positives);
    }

    private static double mean(final RocArea[] areas) {
        double sum = 0;
        for (final RocArea area : areas) {
            sum += area.value();
        }
        return sum / areas.length;
    }
}
