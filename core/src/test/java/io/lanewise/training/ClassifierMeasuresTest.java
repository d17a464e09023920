package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Mlp;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The measures of classifiers against their definitions, and against scikit-learn 1.2.1. */
final class ClassifierMeasuresTest {
    private static final double CLOSE = 1e-14;

    private static Predictor net(final int classes) {
        return IdentityNets.of(Mlp.inputs(classes).dense(classes).softmax());
    }

    private static Evaluation evaluation(final int classes, final float[] logits, final int... labels) {
        return Evaluation.of(net(classes), Dataset.classification(classes, classes, logits, labels));
    }

    /** Of rows whose largest logit is at the class that is to be predicted. */
    private static Evaluation predicting(final int classes, final int[] predicted, final int[] truth) {
        final float[] logits = new float[predicted.length * classes];
        for (int i = 0; i < predicted.length; i++) {
            logits[i * classes + predicted[i]] = 1;
        }
        return evaluation(classes, logits, truth);
    }

    /** Small whole numbers: most rows have ties. */
    private static float[] logits(final int rows, final int classes) {
        final int[] numbers = RandomArrays.ints(3, rows * classes, 4);
        final float[] logits = new float[numbers.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = numbers[i] - 1;
        }
        return logits;
    }

    /** The classes of a row, the likeliest first, of equal ones the first. */
    private static List<Integer> ranking(final int classes, final float[] logits, final int row) {
        return IntStream.range(0, classes)
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -logits[row * classes + c]))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void decisionsAsDefined(final int classes) {
        final int rows = 600;
        final float[] logits = logits(rows, classes);
        final int[] labels = RandomArrays.ints(4, rows, classes);
        final Evaluation evaluation = evaluation(classes, logits, labels);
        final int[][] confusion = new int[classes][classes];
        for (int row = 0; row < rows; row++) {
            confusion[labels[row]][ranking(classes, logits, row).getFirst()]++;
        }
        assertArrayEquals(confusion, evaluation.confusion());
        for (int k = 1; k <= classes; k++) {
            final int most = k;
            final long hits = IntStream.range(0, rows)
                    .filter(row -> ranking(classes, logits, row).indexOf(labels[row]) < most)
                    .count();
            assertEquals((double) hits / rows, evaluation.topAccuracy(k));
        }
        assertEquals(evaluation.topAccuracy(1), evaluation.accuracy());
        assertEquals(1, evaluation.topAccuracy(classes));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 10})
    void precisionAndRecallAsDefined(final int classes) {
        final int rows = 600;
        final int[] predicted = RandomArrays.ints(5, rows, classes);
        final int[] truth = RandomArrays.ints(6, rows, classes);
        final Evaluation evaluation = predicting(classes, predicted, truth);
        final double[] sums = new double[3];
        for (int c = 0; c < classes; c++) {
            final int own = c;
            final int[] taken = IntStream.range(0, rows)
                    .filter(row -> predicted[row] == own)
                    .toArray();
            final int[] real =
                    IntStream.range(0, rows).filter(row -> truth[row] == own).toArray();
            final double precision = IntStream.of(taken)
                    .mapToDouble(row -> truth[row] == own ? 1 : 0)
                    .average()
                    .orElseThrow();
            final double recall = IntStream.of(real)
                    .mapToDouble(row -> predicted[row] == own ? 1 : 0)
                    .average()
                    .orElseThrow();
            final double f1 = 2 * precision * recall / (precision + recall);
            assertEquals(precision, evaluation.precision(c), CLOSE);
            assertEquals(recall, evaluation.recall(c), CLOSE);
            assertEquals(f1, evaluation.f1(c), CLOSE);
            sums[0] += precision;
            sums[1] += recall;
            sums[2] += f1;
        }
        assertEquals(sums[0] / classes, evaluation.precision(), CLOSE);
        assertEquals(sums[1] / classes, evaluation.recall(), CLOSE);
        assertEquals(sums[2] / classes, evaluation.f1(), CLOSE);
    }

    /** The example of scikit-learn's f1_score. */
    @Test
    void averagesAreNotWeighted() {
        final Evaluation evaluation = predicting(3, new int[] {0, 2, 1, 0, 0, 1}, new int[] {0, 1, 2, 0, 1, 2});
        assertEquals(2.0 / 3, evaluation.precision(0));
        assertEquals(1, evaluation.recall(0));
        assertEquals(0.8, evaluation.f1(0));
        assertEquals(0, evaluation.f1(1));
        assertEquals(0.2222222222222222, evaluation.precision(), CLOSE);
        assertEquals(0.3333333333333333, evaluation.recall(), CLOSE);
        assertEquals(0.26666666666666666, evaluation.f1(), CLOSE);
    }

    /** Class 2 is predicted and never true, class 3 neither, class 4 true and never predicted. */
    @Test
    void classesThatAreMissing() {
        final Evaluation evaluation = predicting(5, new int[] {0, 1, 1, 1, 2, 0, 2}, new int[] {0, 0, 1, 1, 1, 4, 4});
        for (int c = 2; c < 5; c++) {
            assertEquals(0, evaluation.precision(c));
            assertEquals(0, evaluation.recall(c));
            assertEquals(0, evaluation.f1(c));
        }
        assertEquals(0.29166666666666663, evaluation.precision(), CLOSE);
        assertEquals(0.29166666666666663, evaluation.recall(), CLOSE);
        assertEquals(0.29166666666666663, evaluation.f1(), CLOSE);
    }

    @Test
    void oneRow() {
        final Evaluation right = predicting(3, new int[] {1}, new int[] {1});
        assertEquals(1, right.accuracy());
        assertEquals(1, right.f1());
        assertEquals(1, right.f1(1));
        assertEquals(0, right.f1(0));
        final Evaluation wrong = predicting(3, new int[] {1}, new int[] {2});
        assertEquals(0, wrong.accuracy());
        assertEquals(0, wrong.topAccuracy(2));
        assertEquals(1, wrong.topAccuracy(3));
        assertEquals(0, wrong.f1());
        assertEquals(Double.NaN, predicting(2, new int[] {1}, new int[] {1}).auc());
    }

    @Test
    void areaOfTwoClasses() {
        final int rows = 600;
        final float[] logits = logits(rows, 2);
        final int[] labels = RandomArrays.ints(7, rows, 2);
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    final double p = 1 / (1 + Math.exp(logits[2 * i] - logits[2 * i + 1]));
                    final double q = 1 / (1 + Math.exp(logits[2 * j] - logits[2 * j + 1]));
                    won += p > q ? 1 : p == q ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        assertEquals(won / pairs, evaluation(2, logits, labels).auc());
        assertEquals(won / pairs, Evaluation.macroAuc(net(2), Dataset.classification(2, 2, logits, labels)));
        assertEquals(0.5, evaluation(2, new float[8], 0, 1, 1, 0).auc());
        assertEquals(Double.NaN, evaluation(2, new float[8], 1, 1, 1, 1).auc());
    }

    /** Their probabilities are all 1 in float. */
    @Test
    void areaDoesNotHangOnRoundedProbabilities() {
        final float[] two = {0, 30, 0, 31, 0, 32};
        assertEquals(1, evaluation(2, two, 0, 0, 1).auc());
        final float[] three = {0, 0, 30, 0, 0, 31, 0, 0, 32, 30, 0, 0, 0, 30, 0};
        final Dataset data = Dataset.classification(3, 3, three, new int[] {0, 1, 2, 0, 1});
        // Class 0: rows 0 and 3 against 1, 2 and 4, of which 4 equals 0; class 1: rows 1 and 4 against 0, 2 and 3.
        assertEquals((5.5 / 6 + 4 / 6.0 + 1) / 3, Evaluation.macroAuc(net(3), data), CLOSE);
    }

    /** scikit-learn's roc_auc_score(…, multi_class="ovr") and top_k_accuracy_score. */
    @Test
    void averageAreaOfThreeClasses() {
        final float[] logits = {
            2, 1, 0, 0, 1, 0.5f, 0.25f, 0.5f, 2, 1, 0, 0.75f, 0, 0.5f, 0.25f, 1.5f, 1.25f, -1, 0, 1, 2, 0.5f, 2, 1
        };
        final int[] labels = {0, 1, 2, 2, 0, 1, 2, 1};
        final Dataset data = Dataset.classification(3, 3, logits, labels);
        assertEquals(0.9222222222222222, Evaluation.macroAuc(net(3), data), CLOSE);
        assertEquals(0.625, evaluation(3, logits, labels).topAccuracy(1));
        assertEquals(0.875, evaluation(3, logits, labels).topAccuracy(2));
        final Predictor logarithms = IdentityNets.of(Mlp.inputs(3).dense(3).logSoftmax());
        assertEquals(0.9222222222222222, Evaluation.macroAuc(logarithms, data), CLOSE);
        assertEquals(
                evaluation(3, logits, labels).loss(),
                Evaluation.of(logarithms, data).loss());
    }

    /** Rows come several times, so there are ties. */
    @Test
    void averageAreaAsDefined() {
        final int rows = 600;
        final int classes = 4;
        final float[] distinct = RandomArrays.floats(8, 40 * classes, 3);
        final int[] numbers = RandomArrays.ints(9, rows, 40);
        final int[] labels = RandomArrays.ints(10, rows, classes);
        final float[] logits = new float[rows * classes];
        final double[] p = new double[rows * classes];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(distinct, numbers[i] * classes, logits, i * classes, classes);
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(logits[i * classes + c]);
            }
            for (int c = 0; c < classes; c++) {
                p[i * classes + c] = Math.exp(logits[i * classes + c]) / sum;
            }
        }
        double areas = 0;
        for (int c = 0; c < classes; c++) {
            double won = 0;
            double pairs = 0;
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < rows; j++) {
                    if (labels[i] == c && labels[j] != c) {
                        won += 0.5 + 0.5 * Math.signum(p[i * classes + c] - p[j * classes + c]);
                        pairs++;
                    }
                }
            }
            areas += won / pairs;
        }
        final Dataset data = Dataset.classification(classes, classes, logits, labels);
        assertEquals(areas / classes, Evaluation.macroAuc(net(classes), data), CLOSE);
    }

    @Test
    void averageAreaNeedsAllClasses() {
        final float[] logits = logits(4, 3);
        assertEquals(Double.NaN, Evaluation.macroAuc(net(3), Dataset.classification(3, 3, logits, new int[] {0, 1, 1, 0
        })));
        final Dataset four = Dataset.classification(3, 4, logits, new int[4]);
        assertEquals(
                "expected data for 3 → 3 softmax, got 3 features and 4 classes: each row needs 3 features and one of 3"
                        + " classes, or a probability for each",
                assertThrows(IllegalArgumentException.class, () -> Evaluation.macroAuc(net(3), four))
                        .getMessage());
    }

    @Test
    void aRowWithNaNIsWrong() {
        final float nan = Float.NaN;
        final Evaluation evaluation = evaluation(2, new float[] {1, 0, 0, 1, nan, nan, 1, 0}, 0, 1, 0, 0);
        assertEquals(Double.NaN, evaluation.loss());
        assertEquals(Double.NaN, evaluation.auc());
        assertEquals(0.75, evaluation.accuracy());
        assertEquals(0.75, evaluation.topAccuracy(2));
        assertArrayEquals(new int[][] {{2, 0}, {0, 1}}, evaluation.confusion());
        assertEquals(1, evaluation.precision(0));
        assertEquals(2.0 / 3, evaluation.recall(0));
        final Dataset three =
                Dataset.classification(3, 3, new float[] {nan, nan, nan, 0, 1, 2, 3, 4, 5}, new int[] {0, 1, 2});
        assertEquals(Double.NaN, Evaluation.macroAuc(net(3), three));
    }

    /** Also where only one logit is NaN, and be it that of the true class. */
    @Test
    void oneNaNSpoilsARow() {
        final Decisions decisions = Decisions.betweenClasses(3, 3);
        decisions.addClass(1, new float[] {0, Float.NaN, 0}, 0);
        decisions.addClass(1, new float[] {Float.NaN, 5, 0}, 0);
        decisions.addClass(1, new float[] {0, 5, 0}, 0);
        assertEquals(1.0 / 3, decisions.accuracy());
        assertEquals(1.0 / 3, decisions.topAccuracy(3));
        assertArrayEquals(new int[][] {{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}, decisions.confusion());
        assertEquals(1.0 / 3, decisions.recall(1));
        assertEquals(1, decisions.precision(1));
    }

    @Test
    void wrongArguments() {
        final Evaluation evaluation = predicting(3, new int[] {1}, new int[] {1});
        assertEquals(
                "expected a k of 1 to 3 classes, got 4",
                assertThrows(IllegalArgumentException.class, () -> evaluation.topAccuracy(4))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> evaluation.topAccuracy(0));
        assertEquals(
                "expected a class from 0 to 2, got 3",
                assertThrows(IllegalArgumentException.class, () -> evaluation.precision(3))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> evaluation.recall(-1));
        assertThrows(IllegalArgumentException.class, () -> evaluation.f1(3));
    }
}
