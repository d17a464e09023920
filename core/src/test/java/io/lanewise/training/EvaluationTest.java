package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.HookedKernels;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Measures worked out by hand, of models whose outputs are their inputs. */
final class EvaluationTest {
    private static final Predictor CLASSIFIER =
            IdentityNets.of(Mlp.inputs(3).dense(3).softmax());
    private static final Predictor TWO_VALUES =
            IdentityNets.of(Mlp.inputs(2).dense(2).linear());

    @Test
    void classifierByHand() {
        final float ln2 = (float) Math.log(2);
        final float[] logits = {ln2, 0, 0, 0, ln2, 0, 0, 0, ln2, ln2, 0, 0};
        final Evaluation evaluation =
                Evaluation.of(CLASSIFIER, Dataset.classification(3, 3, logits, new int[] {0, 1, 1, 2}));
        assertEquals(4, evaluation.rows());
        assertArrayEquals(new int[][] {{1, 0, 0}, {0, 1, 1}, {1, 0, 0}}, evaluation.confusion());
        assertEquals(0.5, evaluation.accuracy());
        // Probabilities are 1/2 where the logit is ln 2, 1/4 elsewhere.
        assertEquals((Math.log(2) + Math.log(2) + Math.log(4) + Math.log(4)) / 4, evaluation.loss(), 1e-7);
        evaluation.confusion()[0][0] = 99;
        assertEquals(1, evaluation.confusion()[0][0]);
    }

    @Test
    void allBlocksOfRowsCount() {
        final int rows = 600;
        final float[] logits = new float[rows * 3];
        final int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % 3;
            logits[i * 3 + (i < 516 ? i % 3 : (i + 1) % 3)] = 200;
        }
        final Evaluation evaluation = Evaluation.of(CLASSIFIER, Dataset.classification(3, 3, logits, labels));
        assertEquals(516.0 / 600, evaluation.accuracy());
        assertArrayEquals(new int[][] {{172, 28, 0}, {0, 172, 28}, {28, 0, 172}}, evaluation.confusion());
        // The probability e^-200 is 0 in float, its logarithm is not lost.
        assertEquals(200.0 * 84 / 600, evaluation.loss(), 1e-9);
    }

    /** Probabilities can be equal where logits are not. */
    @Test
    void countsTheClassThatThePredictorGives() {
        final float[] logits = {0, 1e-9f, 0};
        assertEquals(1, CLASSIFIER.classify(logits));
        final Evaluation evaluation = Evaluation.of(CLASSIFIER, Dataset.classification(3, 3, logits, new int[] {1}));
        assertEquals(1, evaluation.accuracy());
    }

    @Test
    void regressionByHand() {
        final float[] y = {1, 10, 2, 20, 3, 30, 4, 40};
        final float[] t = {1, 12, 3, 20, 3, 26, 5, 42};
        final Evaluation evaluation = Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, t));
        // Errors 0 −2 −1 0 0 4 −1 −2
        assertEquals(4, evaluation.rows());
        assertEquals(26.0 / 8, evaluation.loss());
        assertEquals(Math.sqrt(26.0 / 8), evaluation.rootMeanSquaredError());
        assertEquals(10.0 / 8, evaluation.meanAbsoluteError());
        // Means 3 and 25: squares 4 0 0 4 and 169 25 1 289.
        assertEquals((1 - 2.0 / 8 + 1 - 24.0 / 484) / 2, evaluation.r2(), 1e-15);
    }

    /** Each output counts alike, whatever its units: here the first is found, of the second nothing. */
    @Test
    void r2IsTheMeanOverOutputs() {
        final float[] y = {1e6f, 2, 3e6f, 2, 5e6f, 2};
        final float[] t = {1e6f, 1, 3e6f, 2, 5e6f, 3};
        assertEquals(
                0.5, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, t)).r2());
    }

    /** The mean of seven times 0.1f is not 0.1f. */
    @Test
    void r2OfEqualTargets() {
        final float[] t = new float[14];
        Arrays.fill(t, 0.1f);
        assertEquals(
                1, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, t, t)).r2());
        final float[] y = t.clone();
        y[3] = Math.nextUp(0.1f); // an output of which all but one were found
        final Evaluation one = Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, t));
        assertEquals(0.5, one.r2());
        assertEquals(0.5, one.score());
        Arrays.fill(y, 1e30f);
        assertEquals(
                0, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, t)).r2());
    }

    @Test
    void r2OfOneRow() {
        final float[] t = {3, 4};
        assertEquals(
                1, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, t, t)).r2());
        final float[] y = {3, 5};
        assertEquals(
                0.5, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, t)).r2());
    }

    @Test
    void r2IsZeroForTheMeanAndOneForTheTruth() {
        final float[] t = {1, 5, 3, 7};
        final float[] mean = {2, 6, 2, 6};
        assertEquals(
                0, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, mean, t)).r2());
        assertEquals(
                1, Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, t, t)).r2());
    }

    @Test
    void largeErrorsAreAddedInDouble() {
        final float[] y = new float[200];
        Arrays.fill(y, 1);
        y[0] = 4096; // 2^24 + 1 is no float
        final Evaluation evaluation = Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, y, new float[200]));
        assertEquals((0x1p24 + 199) / 200, evaluation.loss());
    }

    @Test
    void refusesDataOfAnotherShape() {
        final String needed = ": each row needs 3 features and one of 3 classes, or a probability for each";
        final Dataset regression = Dataset.regression(3, 2, new float[3], new float[2]);
        assertEquals(
                "expected data for 3 → 3 softmax, got 3 features and 2 target values" + needed,
                assertThrows(IllegalArgumentException.class, () -> Evaluation.of(CLASSIFIER, regression))
                        .getMessage());
        final Dataset fewer = Dataset.classification(3, 2, new float[3], new int[1]);
        assertEquals(
                "expected data for 3 → 3 softmax, got 3 features and 2 classes" + needed,
                assertThrows(IllegalArgumentException.class, () -> Evaluation.of(CLASSIFIER, fewer))
                        .getMessage());
        final Dataset narrow = Dataset.classification(2, 3, new float[2], new int[1]);
        assertThrows(IllegalArgumentException.class, () -> Evaluation.of(CLASSIFIER, narrow));
    }

    @Test
    void eachBlockOfRowsIsScoredOnce() {
        final List<String> products = new ArrayList<>();
        final Kernels kernels = HookedKernels.of(method -> {
            if (method.equals("gemm")) {
                products.add(method);
            }
        });
        final Dataset classes = Dataset.classification(2, 2, new float[1200], new int[600]);
        final Dataset values = Dataset.regression(2, 2, new float[1200], new float[1200]);
        for (final Head head : Head.values()) {
            final Mlp mlp = new Mlp(List.of(new Dense(2, 2, Activation.IDENTITY)), head);
            products.clear();
            Evaluation.of(IdentityNets.of(mlp, kernels), head.isClassifier() ? classes : values);
            assertEquals(3, products.size(), () -> head + " multiplies for more than 256 + 256 + 88 rows");
        }
    }

    @Test
    void noRowsHaveNoMeasures() {
        final Evaluation classes = Evaluation.of(CLASSIFIER, Dataset.classification(3, 3, new float[0], new int[0]));
        assertEquals(0, classes.rows());
        assertEquals(Double.NaN, classes.loss());
        assertEquals(Double.NaN, classes.accuracy());
        assertEquals(Double.NaN, classes.f1());
        assertEquals(0, classes.f1(1));
        final Evaluation values = Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, new float[0], new float[0]));
        assertEquals(Double.NaN, values.rootMeanSquaredError());
    }

    @Test
    void aRegressionHasNoClasses() {
        final Evaluation evaluation = Evaluation.of(TWO_VALUES, Dataset.regression(2, 2, new float[2], new float[2]));
        final List<Consumer<Evaluation>> measures = List.of(
                Evaluation::accuracy,
                e -> e.topAccuracy(1),
                Evaluation::confusion,
                Evaluation::precision,
                e -> e.precision(0),
                Evaluation::recall,
                e -> e.recall(0),
                Evaluation::f1,
                e -> e.f1(0),
                Evaluation::auc);
        for (final Consumer<Evaluation> measure : measures) {
            assertThrows(IllegalStateException.class, () -> measure.accept(evaluation));
        }
        assertEquals(
                "confusion is not for regressions such as 2 → 2 linear: use rootMeanSquaredError(),"
                        + " meanAbsoluteError() or r2()",
                assertThrows(IllegalStateException.class, evaluation::confusion).getMessage());
        final Dataset data = Dataset.regression(2, 2, new float[2], new float[2]);
        assertEquals(
                "expected a classifier, got the regression 2 → 2 linear: there is no area under the ROC curve without"
                        + " classes",
                assertThrows(IllegalArgumentException.class, () -> Evaluation.macroAuc(TWO_VALUES, data))
                        .getMessage());
    }

    @Test
    void aClassifierHasNoErrors() {
        final Evaluation evaluation = Evaluation.of(CLASSIFIER, Dataset.classification(3, 3, new float[3], new int[1]));
        assertThrows(IllegalStateException.class, evaluation::meanAbsoluteError);
        assertThrows(IllegalStateException.class, evaluation::r2);
        assertEquals(
                "rootMeanSquaredError is for regressions, not for 3 → 3 softmax: use loss(), accuracy() or f1()",
                assertThrows(IllegalStateException.class, evaluation::rootMeanSquaredError)
                        .getMessage());
        assertEquals(
                "auc is for two classes, and 3 → 3 softmax has 3: Evaluation.macroAuc(predictor, data) averages over"
                        + " all",
                assertThrows(IllegalStateException.class, evaluation::auc).getMessage());
    }
}
