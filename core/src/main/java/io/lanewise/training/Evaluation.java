package io.lanewise.training;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import org.jspecify.annotations.Nullable;

/**
 * How well a model does on rows whose truth is known. Immutable. The rows are scored once, in order, on the calling
 * thread, and sums run over them in order in {@code double}: the same model and data give the same measures everywhere.
 *
 * <table>
 *   <caption>What there is for each kind of network</caption>
 *   <tr><th>head</th><th>data</th><th>measures</th></tr>
 *   <tr><td>softmax, log-softmax</td><td>{@link Dataset#classification}, or {@link Dataset#regression} with a
 *     probability for each class, the largest of which is a row's class</td><td>{@link #loss()},
 *     {@link #accuracy()}, {@link #topAccuracy}, {@link #confusion()}; for each class and averaged
 *     {@link #precision()}, {@link #recall()}, {@link #f1()}; of two classes {@link #auc()}, of more
 *     {@link #macroAuc}</td></tr>
 *   <tr><td>sigmoid</td><td>{@link Dataset#regression} with targets from 0 (no) to 1 (yes), or, with one output, a
 *     {@link Dataset#classification} of two classes, of which 1 is yes</td><td>{@link #loss()}, {@link #accuracy()},
 *     {@link #auc()}; for each output and averaged {@link #precision()}, {@link #recall()}, {@link #f1()}; with one
 *     output {@link #confusion()}</td></tr>
 *   <tr><td>linear</td><td>{@link Dataset#regression}</td><td>{@link #loss()}, {@link #rootMeanSquaredError()},
 *     {@link #meanAbsoluteError()}, {@link #r2()}</td></tr>
 * </table>
 *
 * <p>A measure that a network does not have throws {@link IllegalStateException}.
 *
 * <p>Decisions are made by what the last layer gives, before softmax or sigmoid round it, as
 * {@link InferenceSession#classify} makes them. But where that is NaN there is no decision: the row (of a sigmoid head:
 * the answer) counts as wrong in every accuracy, as missed in the recall, and not at all in {@link #confusion()}; loss
 * and areas become NaN.
 *
 * <p>Precision, recall and F1 are those of
 * <a href="https://scikit-learn.org/stable/modules/model_evaluation.html#precision-recall-f-measure-metrics">
 * scikit-learn</a> with {@code average="macro"} and {@code zero_division=0}: a quotient 0 / 0 is 0, averages are not
 * weighted, and a class that is neither in the data nor predicted is left out of them (an output of a sigmoid head
 * never is).
 */
public final class Evaluation {
    private final Mlp mlp;
    private final int rows;
    private final double loss;
    private final @Nullable Decisions decisions; // of classifiers and sigmoid heads
    private final double auc; // of two classes and of sigmoid heads
    private final @Nullable Errors errors; // of regressions

    Evaluation(
            final Mlp mlp,
            final int rows,
            final double loss,
            final @Nullable Decisions decisions,
            final double auc,
            final @Nullable Errors errors) {
        this.mlp = mlp;
        this.rows = rows;
        this.loss = loss;
        this.decisions = decisions;
        this.auc = auc;
        this.errors = errors;
    }

    /** What only a regression has. */
    record Errors(double meanAbsolute, double r2) {}

    /**
     * Scores all rows and compares. Meanwhile it holds the outputs of a block of rows; for an area under the ROC curve
     * also 4 bytes for each row, of a sigmoid head for each row and output. What it returns holds 8 bytes for each row,
     * for {@link #confusion()}, and 16 for each class.
     *
     * @throws IllegalArgumentException if the data do not fit the network, or the targets for a sigmoid head are not
     *     from 0 to 1, or those for a softmax no probabilities
     */
    public static Evaluation of(final Predictor predictor, final Dataset data) {
        check(predictor.model().mlp(), data);
        return switch (predictor.model().mlp().head()) {
            case SOFTMAX, LOG_SOFTMAX -> Scoring.ofClassifier(predictor, data);
            case SIGMOID -> Scoring.ofAnswers(predictor, data, Answers.of(data));
            case LINEAR -> Scoring.ofRegression(predictor, data);
        };
    }

    /**
     * The area under the ROC curve of each class against all others, averaged without weights; as scikit-learn's
     * {@code roc_auc_score(…, multi_class="ovr", average="macro")}, but rows are ordered by the class's probability
     * before it is rounded. Of two classes, and of a sigmoid head, it is {@link #auc()}. It scores the rows itself, and
     * holds meanwhile 4 bytes for each row and class.
     *
     * @return from 0 to 1; NaN if the data have no row of a class, or only one class
     * @throws IllegalArgumentException if the network is a regression, or as {@link #of}
     */
    public static double macroAuc(final Predictor predictor, final Dataset data) {
        final Mlp mlp = predictor.model().mlp();
        if (mlp.head() == Head.LINEAR) {
            throw new IllegalArgumentException("expected a classifier, got the regression " + mlp
                    + ": there is no area under the ROC curve without classes");
        }
        check(mlp, data);
        return mlp.head() == Head.SIGMOID ? of(predictor, data).auc() : Scoring.macroAuc(predictor, data);
    }

    private static void check(final Mlp mlp, final Dataset data) {
        DataChecks.sizes("data", mlp, data.features(), data.outputs(), data.isClassification());
        if (mlp.head().isClassifier() && !data.isClassification()) {
            DataChecks.targets(mlp.head(), 0, data.rows(), data.outputs(), data.targets(), 0);
        }
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /**
     * The mean loss; NaN without rows. Of a classifier the cross-entropy of each row, in nats, {@code −log p} of
     * its class, or {@code −Σ t · log p} over its probabilities t; of a sigmoid head the
     * binary cross-entropy {@code −t · log p − (1 − t) · log(1 − p)} of each target, in nats, from the logit x as
     * {@code max(x, 0) − x · t + log1p(exp(−|x|))} (as TensorFlow's {@code sigmoid_cross_entropy_with_logits} has it);
     * of a regression the squared error of each target.
     */
    public double loss() {
        return loss;
    }

    /**
     * Of a classifier: the share of rows whose class was found. Of a sigmoid head: the share of all answers that are
     * right, yes being a logit above 0 and a target above one half. From 0 to 1; NaN without rows.
     */
    public double accuracy() {
        return decisions("accuracy").accuracy();
    }

    /**
     * Of a classifier: the share of rows whose class is among the k with the largest values; of equal ones the first
     * come first, as in {@link InferenceSession#topK}. From 0 to 1; NaN without rows.
     *
     * @param k from 1 to the number of classes
     */
    public double topAccuracy(final int k) {
        final Decisions made = decisions("topAccuracy");
        if (!made.isExclusive()) {
            throw new IllegalStateException("topAccuracy is a classifier's, and the outputs of " + mlp
                    + " do not exclude each other: use accuracy()");
        }
        if (k < 1 || k > made.outputs()) {
            throw new IllegalArgumentException("expected a k of 1 to " + made.outputs() + " classes, got " + k);
        }
        return made.topAccuracy(k);
    }

    /**
     * How many rows of a class were taken for another, as a copy {@code [truth][predicted]}: of a classifier, and of a
     * sigmoid head with one output, whose classes are 0, no, and 1, yes.
     *
     * @throws IllegalStateException also if the heap cannot hold so many classes²
     */
    public int[][] confusion() {
        final Decisions made = decisions("confusion");
        if (!made.isExclusive() && made.outputs() > 1) {
            throw new IllegalStateException("confusion is a classifier's, and the " + made.outputs() + " outputs of "
                    + mlp + " do not exclude each other: use precision(c) and recall(c) of each");
        }
        return made.confusion();
    }

    /**
     * Of the rows that were taken for class c, the share that are of it; 0 if there are none.
     *
     * @param c a class; of a sigmoid head an output, whose answer yes is meant
     */
    public double precision(final int c) {
        return checked("precision", c).precision(c);
    }

    /** The mean {@link #precision(int)} over the classes, or outputs; NaN if there are none, that is no rows. */
    public double precision() {
        return decisions("precision").precision();
    }

    /**
     * Of the rows that are of class c, the share that were taken for it; 0 if there are none.
     *
     * @param c a class; of a sigmoid head an output, whose answer yes is meant
     */
    public double recall(final int c) {
        return checked("recall", c).recall(c);
    }

    /** The mean {@link #recall(int)} over the classes, or outputs; NaN if there are none, that is no rows. */
    public double recall() {
        return decisions("recall").recall();
    }

    /**
     * The harmonic mean of {@link #precision(int)} and {@link #recall(int)}: of the rows that are of class c and those
     * that were taken for it, counted together, the share that are both; 0 if there are none.
     *
     * @param c a class; of a sigmoid head an output, whose answer yes is meant
     */
    public double f1(final int c) {
        return checked("f1", c).f1(c);
    }

    /** The mean {@link #f1(int)} over the classes, or outputs; NaN if there are none, that is no rows. */
    public double f1() {
        return decisions("f1").f1();
    }

    /**
     * The area under the ROC curve: of a classifier with two classes that of class 1; of a sigmoid head that of the
     * answer yes, targets above one half, averaged over the outputs. It is the share of pairs of a row that is of the
     * class and one that is not, in which the former has the greater probability, equal ones counting half (the
     * statistic of Mann and Whitney), counted exactly. Rows are ordered by logits: probabilities can be equal where
     * those are not. For more classes see {@link #macroAuc}.
     *
     * @return from 0 to 1; NaN if there are no rows of the class (of an output: no rows with yes), or no others
     */
    public double auc() {
        final Decisions made = decisions("auc");
        if (made.isExclusive() && made.outputs() != 2) {
            throw new IllegalStateException("auc is for two classes, and " + mlp + " has " + made.outputs()
                    + ": Evaluation.macroAuc(predictor, data) averages over all");
        }
        return auc;
    }

    /** Of a regression: the root of the mean squared error, in the units of the target. */
    public double rootMeanSquaredError() {
        errors("rootMeanSquaredError");
        return StrictMath.sqrt(loss);
    }

    /** Of a regression: the mean absolute error, in the units of the target. */
    public double meanAbsoluteError() {
        return errors("meanAbsoluteError").meanAbsolute();
    }

    /**
     * Of a regression: the share of the targets' variance that is explained; 1 is perfect, 0 no better than the mean.
     * Of several outputs the mean, each counted alike; where the targets of an output are all equal, as they are in one
     * row, 1 if all were found and 0 if not. So scikit-learn's
     * <a href="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html">r2_score</a> has it,
     * with {@code multioutput="uniform_average"} and {@code force_finite=True}, its defaults; but of one row that is
     * NaN. Of no rows it is NaN.
     */
    public double r2() {
        return errors("r2").r2();
    }

    private Decisions decisions(final String measure) {
        if (decisions == null) {
            throw new IllegalStateException(measure + " is not for regressions such as " + mlp
                    + ": use rootMeanSquaredError(), meanAbsoluteError() or r2()");
        }
        return decisions;
    }

    private Decisions checked(final String measure, final int c) {
        final Decisions made = decisions(measure);
        if (c < 0 || c >= made.outputs()) {
            throw new IllegalArgumentException("expected " + (made.isExclusive() ? "a class" : "an output")
                    + " from 0 to " + (made.outputs() - 1) + ", got " + c);
        }
        return made;
    }

    private Errors errors(final String measure) {
        if (errors == null) {
            throw new IllegalStateException(
                    measure + " is for regressions, not for " + mlp + ": use loss(), accuracy() or f1()");
        }
        return errors;
    }

    /** The one number to look at, 1 being perfect: the accuracy, or R² of a regression. */
    public double score() {
        return errors == null ? accuracy() : errors.r2();
    }
}
