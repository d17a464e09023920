package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Mlp;
import org.junit.jupiter.api.Test;

/** The measures of networks that answer yes or no, against their definitions and against scikit-learn 1.2.1. */
final class SigmoidMeasuresTest {
    private static final double CLOSE = 1e-14;

    private static Predictor net(final int outputs) {
        return IdentityNets.of(Mlp.inputs(outputs).dense(outputs).sigmoid());
    }

    private static Evaluation evaluation(final int outputs, final float[] logits, final float... targets) {
        return Evaluation.of(net(outputs), Dataset.regression(outputs, outputs, logits, targets));
    }

    @Test
    void byHand() {
        final float[] logits = {2, -1, -3, -1, 0.5f, -1, 1, 1, -2, 0.25f, 1, -3, -2, 0, -1};
        final float[] targets = {1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0};
        final Evaluation evaluation = evaluation(3, logits, targets);
        assertEquals(5, evaluation.rows());
        assertEquals(0.49426360890152377, evaluation.loss(), 1e-9);
        assertEquals(11.0 / 15, evaluation.accuracy());
        assertEquals(2.0 / 3, evaluation.precision(0));
        assertEquals(2.0 / 3, evaluation.recall(1));
        assertEquals(0, evaluation.f1(2));
        // The third is never yes, nor taken for it; it counts in the average all the same.
        assertEquals(0.4444444444444444, evaluation.precision(), CLOSE);
        assertEquals(0.4444444444444444, evaluation.recall(), CLOSE);
        assertEquals(0.4444444444444444, evaluation.f1(), CLOSE);
        assertEquals(Double.NaN, evaluation.auc());
    }

    /** As roc_auc_score has it for the first two answers of above. */
    @Test
    void areasAreAveraged() {
        final float[] logits = {2, -1, -1, 0.5f, 1, 1, 0.25f, 1, -2, 0};
        final float[] targets = {1, 0, 1, 1, 0, 1, 1, 0, 0, 1};
        assertEquals(0.625, evaluation(2, logits, targets).auc());
        assertEquals(0.625, Evaluation.macroAuc(net(2), Dataset.regression(2, 2, logits, targets)));
    }

    /** Targets may be anything from 0 to 1; logits are multiples of one half, so there are ties. */
    @Test
    void allMeasuresAsDefined() {
        final int rows = 600;
        final int outputs = 3;
        final int[] numbers = RandomArrays.ints(1, rows * outputs, 9);
        final int[] quarters = RandomArrays.ints(2, rows * outputs, 5);
        final float[] logits = new float[rows * outputs];
        final float[] targets = new float[rows * outputs];
        double loss = 0;
        double right = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (numbers[i] - 4) / 2f;
            targets[i] = quarters[i] / 4f;
            final double p = 1 / (1 + Math.exp(-logits[i]));
            loss -= targets[i] * Math.log(p) + (1 - targets[i]) * Math.log(1 - p);
            right += p > 0.5 == targets[i] > 0.5 ? 1 : 0;
        }
        final Evaluation evaluation = evaluation(outputs, logits, targets);
        assertEquals(loss / logits.length, evaluation.loss(), 1e-13);
        assertEquals(right / logits.length, evaluation.accuracy());
        final double[] sums = new double[4];
        for (int j = 0; j < outputs; j++) {
            final double[] expected = ofOutput(j, outputs, logits, targets);
            assertEquals(expected[0], evaluation.precision(j), CLOSE);
            assertEquals(expected[1], evaluation.recall(j), CLOSE);
            assertEquals(expected[2], evaluation.f1(j), CLOSE);
            for (int m = 0; m < sums.length; m++) {
                sums[m] += expected[m];
            }
        }
        assertEquals(sums[0] / outputs, evaluation.precision(), CLOSE);
        assertEquals(sums[1] / outputs, evaluation.recall(), CLOSE);
        assertEquals(sums[2] / outputs, evaluation.f1(), CLOSE);
        assertEquals(sums[3] / outputs, evaluation.auc(), CLOSE);
    }

    /** Precision, recall, F1, area. */
    private static double[] ofOutput(final int j, final int outputs, final float[] logits, final float[] targets) {
        double both = 0;
        double answered = 0;
        double real = 0;
        double won = 0;
        double pairs = 0;
        for (int i = j; i < logits.length; i += outputs) {
            answered += logits[i] > 0 ? 1 : 0;
            real += targets[i] > 0.5 ? 1 : 0;
            both += logits[i] > 0 && targets[i] > 0.5 ? 1 : 0;
            for (int k = j; k < logits.length; k += outputs) {
                if (targets[i] > 0.5 && targets[k] <= 0.5) {
                    won += 0.5 + 0.5 * Math.signum(logits[i] - logits[k]);
                    pairs++;
                }
            }
        }
        final double precision = both / answered;
        final double recall = both / real;
        return new double[] {precision, recall, 2 * precision * recall / (precision + recall), won / pairs};
    }

    /** Where the probability is 0 or 1 in float, even in double. */
    @Test
    void lossOfLargeLogits() {
        assertEquals(100, evaluation(1, new float[] {100}, 0).loss());
        assertEquals(Math.exp(-100), evaluation(1, new float[] {100}, 1).loss(), 1e-57);
        assertEquals(1000, evaluation(1, new float[] {-1000}, 1).loss());
        assertEquals(0, evaluation(1, new float[] {-1000}, 0).loss());
        assertEquals(Math.log(2), evaluation(1, new float[] {0}, 0.5f).loss(), CLOSE);
    }

    @Test
    void oneOutputDecidesBetweenTwoClasses() {
        final float[] logits = {3, -1, 0, 2, -2, 1e-30f};
        final int[] labels = {1, 1, 0, 0, 0, 1};
        final Dataset classes = Dataset.classification(1, 2, logits, labels);
        final Evaluation evaluation = Evaluation.of(net(1), classes);
        assertArrayEquals(new int[][] {{2, 1}, {1, 2}}, evaluation.confusion());
        assertEquals(4.0 / 6, evaluation.accuracy());
        assertEquals(2.0 / 3, evaluation.precision(0));
        assertEquals(6.0 / 9, evaluation.auc());
        final Evaluation answers = evaluation(1, logits, 1, 1, 0, 0, 0, 1);
        assertEquals(answers.loss(), evaluation.loss());
        assertEquals(answers.auc(), evaluation.auc());
        assertEquals(answers.auc(), Evaluation.macroAuc(net(1), classes));
        assertArrayEquals(answers.confusion(), evaluation.confusion());
        final int[] predicted = net(1).classifyAll(logits);
        assertArrayEquals(new int[] {1, 0, 0, 1, 0, 1}, predicted);
    }

    @Test
    void anAnswerThatIsNaNIsWrong() {
        final Evaluation evaluation = evaluation(1, new float[] {Float.NaN, Float.NaN, 1, 1}, 0, 1, 1, 0);
        assertEquals(Double.NaN, evaluation.loss());
        assertEquals(Double.NaN, evaluation.auc());
        assertEquals(0.25, evaluation.accuracy());
        assertArrayEquals(new int[][] {{0, 1}, {0, 1}}, evaluation.confusion());
        assertEquals(0.5, evaluation.precision(0));
        assertEquals(0.5, evaluation.recall(0));
    }

    @Test
    void targetsAreFromZeroToOne() {
        for (final float wrong : new float[] {1.5f, -0.25f, Float.NaN}) {
            assertEquals(
                    "expected targets from 0 to 1 for a sigmoid head, got " + wrong + " (row 1, output 0)",
                    assertThrows(IllegalArgumentException.class, () -> evaluation(2, new float[4], 0, 1, wrong, 1))
                            .getMessage());
        }
    }

    @Test
    void refusesDataOfAnotherShape() {
        final Dataset three = Dataset.classification(1, 3, new float[1], new int[1]);
        final String message = assertThrows(IllegalArgumentException.class, () -> Evaluation.of(net(1), three))
                .getMessage();
        assertEquals(
                "expected data for 1 → 1 sigmoid, got 1 features and 3 classes: each row needs 1 features and a"
                        + " target from 0 to 1, or one of two classes",
                message);
        final Dataset two = Dataset.classification(2, 2, new float[2], new int[1]);
        assertThrows(IllegalArgumentException.class, () -> Evaluation.of(net(2), two));
        final Dataset one = Dataset.classification(1, 1, new float[1], new int[1]);
        assertThrows(IllegalArgumentException.class, () -> Evaluation.of(net(1), one));
    }

    @Test
    void severalAnswersHaveNoConfusion() {
        final Evaluation evaluation = evaluation(2, new float[2], 0, 1);
        assertEquals(
                "confusion is a classifier's, and the 2 outputs of 2 → 2 sigmoid do not exclude each other: use"
                        + " precision(c) and recall(c) of each",
                assertThrows(IllegalStateException.class, evaluation::confusion).getMessage());
        assertThrows(IllegalStateException.class, () -> evaluation.topAccuracy(1));
        assertThrows(IllegalStateException.class, evaluation::r2);
        assertEquals(
                "expected an output from 0 to 1, got 2",
                assertThrows(IllegalArgumentException.class, () -> evaluation.recall(2))
                        .getMessage());
    }
}
