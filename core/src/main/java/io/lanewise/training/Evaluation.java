package io.lanewise.training;

import io.lanewise.inference.ArgMax;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;

/**
 * How well a model does on rows whose truth is known. Sums run over the rows in order, in {@code double}. Immutable.
 */
public final class Evaluation {
    private static final int BLOCK = 64;

    private final int rows;
    private final double loss;
    private final int[][] confusion; // (classes, classes), or nothing
    private final double meanAbsoluteError;
    private final double r2;

    private Evaluation(
            final int rows,
            final double loss,
            final int[][] confusion,
            final double meanAbsoluteError,
            final double r2) {
        this.rows = rows;
        this.loss = loss;
        this.confusion = confusion;
        this.meanAbsoluteError = meanAbsoluteError;
        this.r2 = r2;
    }

    /** Scores all rows and compares. */
    public static Evaluation of(final Predictor predictor, final Dataset data) {
        final boolean classifier = predictor.model().mlp().head().isClassifier();
        if (classifier != data.isClassification()
                || data.features() != predictor.model().mlp().inputs()
                || data.outputs() != predictor.model().mlp().outputs()) {
            throw new IllegalArgumentException(
                    "expected data for " + predictor.model().mlp() + ", got "
                            + data.features() + " features and " + data.outputs()
                            + (data.isClassification() ? " classes" : " target values"));
        }
        return classifier ? ofClassifier(predictor, data) : ofRegression(predictor, data);
    }

    private static Evaluation ofClassifier(final Predictor predictor, final Dataset data) {
        final int classes = data.outputs();
        final int[][] confusion = new int[classes][classes];
        final float[] y = new float[BLOCK * classes];
        final InferenceSession session = predictor.session(BLOCK);
        final Kernels kernels = predictor.kernels();
        final Scratchpad scratchpad = kernels.scratchpad(0, 0, 0);
        double loss = 0;
        for (int row = 0; row < data.rows(); row += BLOCK) {
            final int block = Math.min(BLOCK, data.rows() - row);
            session.logits(block, data.x(), row * data.features(), y, 0);
            for (int i = 0; i < block; i++) {
                confusion[data.labels()[row + i]][ArgMax.of(classes, y, i * classes)]++;
            }
            kernels.logSoftmax(block, classes, y, 0, classes, y, 0, classes, scratchpad);
            for (int i = 0; i < block; i++) {
                loss -= y[i * classes + data.labels()[row + i]];
            }
        }
        return new Evaluation(data.rows(), loss / data.rows(), confusion, Double.NaN, Double.NaN);
    }

    private static Evaluation ofRegression(final Predictor predictor, final Dataset data) {
        final int outputs = data.outputs();
        final float[] y = predictor.predict(data.x());
        final float[] t = data.targets();
        final double[] mean = new double[outputs];
        for (int i = 0; i < t.length; i++) {
            mean[i % outputs] += t[i];
        }
        double squares = 0;
        double absolute = 0;
        double variance = 0;
        for (int i = 0; i < t.length; i++) {
            final double error = (double) y[i] - t[i];
            squares += error * error;
            absolute += Math.abs(error);
            final double d = t[i] - mean[i % outputs] / data.rows();
            variance += d * d;
        }
        return new Evaluation(
                data.rows(), squares / t.length, new int[0][0], absolute / t.length, 1 - squares / variance);
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The mean loss: cross-entropy in nats, or the squared error. */
    public double loss() {
        return loss;
    }

    /** Of a classifier: the share of rows whose class was found, from 0 to 1. */
    public double accuracy() {
        int right = 0;
        for (int c = 0; c < confusion.length; c++) {
            right += confusion[c][c];
        }
        return (double) right / rows;
    }

    /** Of a classifier: how many rows of a class were taken for another, as a copy {@code [truth][predicted]}. */
    public int[][] confusion() {
        final int[][] copy = new int[confusion.length][];
        for (int c = 0; c < copy.length; c++) {
            copy[c] = confusion[c].clone();
        }
        return copy;
    }

    /** Of a regression: the root of the mean squared error, in the units of the target. */
    public double rootMeanSquaredError() {
        return StrictMath.sqrt(loss);
    }

    /** Of a regression: the mean absolute error, in the units of the target. */
    public double meanAbsoluteError() {
        return meanAbsoluteError;
    }

    /** Of a regression: the share of the targets' variance that is explained; 1 is perfect, 0 no better than the mean. */
    public double r2() {
        return r2;
    }
}
