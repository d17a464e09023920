package io.lanewise.training;

import static io.lanewise.training.TrainingRunTest.DATA;
import static io.lanewise.training.TrainingRunTest.FEATURES;
import static io.lanewise.training.TrainingRunTest.LABELS;
import static io.lanewise.training.TrainingRunTest.OPTIONS;
import static io.lanewise.training.TrainingRunTest.ROWS;
import static io.lanewise.training.TrainingRunTest.SMALL;
import static io.lanewise.training.TrainingRunTest.X;
import static io.lanewise.training.TrainingRunTest.epochs;
import static io.lanewise.training.TrainingRunTest.session;
import static io.lanewise.training.TrainingRunTest.trainer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that count more than others, by themselves or by their class: in a step, and in a run. */
final class RowWeightsTest {
    @Test
    void weightedRowsStepByStep() {
        final float[] weights = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            weights[i] = (i % 4 + 1) * 0.5f;
        }
        final Dataset data = DATA.withWeights(weights);
        final TrainingSession session = session(SMALL, null);
        final List<Double> losses = new ArrayList<>();
        for (final Dataset epoch : epochs(data)) {
            double sum = 0;
            double all = 0;
            final float[] w = epoch.weights().orElseThrow();
            for (int row = 0; row < ROWS; row += 8) {
                final int n = Math.min(8, ROWS - row);
                double weight = 0;
                for (int i = row; i < row + n; i++) {
                    weight += w[i];
                }
                if (weight > 0) {
                    sum += weight * session.step(n, epoch.x(), row * FEATURES, epoch.labels(), row, w, row);
                    all += weight;
                }
            }
            losses.add(sum / all);
        }
        final TrainingResult result =
                trainer(SMALL, OPTIONS.withScaling(Scaling.NONE)).fit(data);
        assertEquals(Model.of(session.parameters()), result.model());
        assertEquals(losses, result.history().stream().map(EpochReport::loss).toList());
    }

    /** The sum of weighted losses over the sum of weights: as if all rows were one batch, while nothing is learnt. */
    @Test
    void theLossOfAnEpochIsTheMeanOverWhatRowsCount() {
        final float[] weights = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            weights[i] = i % 5;
        }
        final Mlp mlp = Mlp.inputs(FEATURES).dense(3).softmax();
        final Loss loss = new Loss.CrossEntropy(0.1f, List.of(0.5f, 0.25f, 4f));
        final TrainingSession whole = TrainingSession.of(Parameters.random(mlp, 1))
                .loss(loss)
                .maxRows(ROWS)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        final double expected = whole.backward(ROWS, X, 0, LABELS, 0, weights, 0);
        final TrainingOptions options = OPTIONS.withEpochs(1)
                .withScaling(Scaling.NONE)
                .withLoss(loss)
                .withOptimizer(Optimizer.sgd(Float.MIN_VALUE, 0));
        final double actual = trainer(mlp, options)
                .fit(DATA.withWeights(weights))
                .history()
                .getFirst()
                .loss();
        assertEquals(expected, actual, 1e-12);
    }

    /** Not even their values: a row of weight 0 may hold NaN, and belongs to no batch. */
    @ParameterizedTest
    @EnumSource(Scaling.class)
    void rowsThatDoNotCountMightAsWellNotBeThere(final Scaling scaling) {
        final float[] weights = new float[ROWS];
        final float[] x = X.clone();
        final float[] targets = RandomArrays.floats(5, 2 * ROWS, 3);
        final List<Integer> counting = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            weights[i] = i % 4 * 0.5f;
            if (weights[i] > 0) {
                counting.add(i);
            } else {
                Arrays.fill(x, i * FEATURES, (i + 1) * FEATURES, i == 0 ? 1e30f : Float.NaN);
                targets[2 * i] = i == 0 ? 1e30f : Float.NaN;
            }
        }
        final int[] numbers = counting.stream().mapToInt(i -> i).toArray();
        final TrainingOptions options = OPTIONS.withScaling(scaling);
        final Mlp line = Mlp.inputs(FEATURES).dense(4).batchNorm().dense(2).linear();
        final Dataset values = Dataset.regression(FEATURES, 2, x, targets).withWeights(weights);
        assertSameRun(
                trainer(line, options).fit(values.select(numbers)),
                trainer(line, options).fit(values));
        final Dataset classes = Dataset.classification(FEATURES, 3, x, LABELS).withWeights(weights);
        assertSameRun(
                trainer(SMALL, options).fit(classes.select(numbers)),
                trainer(SMALL, options).fit(classes));
        final Mlp answer = Mlp.inputs(FEATURES).dense(2).sigmoid();
        for (int i = 0; i < targets.length; i++) {
            targets[i] = weights[i / 2] > 0 ? i % 3 * 0.5f : targets[i];
        }
        assertSameRun(
                trainer(answer, options).fit(values.select(numbers)),
                trainer(answer, options).fit(values));
    }

    private static void assertSameRun(final TrainingResult expected, final TrainingResult actual) {
        assertEquals(expected.model(), actual.model());
        assertEquals(
                expected.history().stream().map(EpochReport::loss).toList(),
                actual.history().stream().map(EpochReport::loss).toList());
        assertTrue(Double.isFinite(actual.history().getLast().loss()));
    }

    @Test
    void aSigmoidHeadsTargetIsRefusedByTheNumberOfItsRow() {
        final float[] weights = new float[ROWS];
        final float[] targets = new float[ROWS];
        weights[5] = 1;
        targets[5] = 2;
        final Dataset data = Dataset.regression(FEATURES, 1, X, targets).withWeights(weights);
        final Trainer trainer = trainer(Mlp.inputs(FEATURES).dense(1).sigmoid(), OPTIONS);
        assertEquals(
                "expected targets from 0 to 1 for a sigmoid head, got 2.0 (row 5, output 0)",
                assertThrows(IllegalArgumentException.class, () -> trainer.fit(data))
                        .getMessage());
    }

    /** Most batches hold no row that counts by its class. */
    @Test
    void batchesThatDoNotCountAreLeftOut() {
        final TrainingOptions options = OPTIONS.withScaling(Scaling.NONE).withBatchSize(2);
        final Mlp mlp = Mlp.inputs(FEATURES).dense(3).softmax();
        final List<Long> heard = new ArrayList<>();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(final int epoch, final long rows, final double loss) {
                heard.add(rows);
            }
        };
        final int[] labels = new int[ROWS];
        labels[5] = 2;
        final Dataset classes = Dataset.classification(FEATURES, 3, X, labels);
        final Loss loss = new Loss.CrossEntropy(0, List.of(0f, 0f, 2f));
        final TrainingSession byClass = session(mlp, loss);
        for (int epoch = 0; epoch < 3; epoch++) {
            byClass.step(1, X, 5 * FEATURES, labels, 5);
        }
        assertEquals(
                Model.of(byClass.parameters()),
                trainer(mlp, options.withLoss(loss))
                        .listener(listener)
                        .fit(classes)
                        .model());
        assertEquals(3 * 17, heard.size());
        final Dataset none = DATA.withWeights(new float[ROWS]);
        assertEquals(
                "expected at least one row with a weight above 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> trainer(mlp, options).fit(none))
                        .getMessage());
    }

    @Test
    void weightsOfOneChangeNothing() {
        final float[] ones = new float[ROWS];
        Arrays.fill(ones, 1);
        assertEquals(
                trainer(SMALL, OPTIONS).fit(DATA).model(),
                trainer(SMALL, OPTIONS).fit(DATA.withWeights(ones)).model());
        assertEquals(
                trainer(SMALL, OPTIONS).fit(DATA).model(),
                trainer(SMALL, OPTIONS.withLoss(new Loss.CrossEntropy(0, List.of(1f, 1f, 1f))))
                        .fit(DATA)
                        .model());
    }

    /** What counts is how much more one row counts than another; what counts for nothing might as well not be there. */
    @Test
    void weightsOfRows() {
        final Mlp mlp = Mlp.inputs(UpdateTest.INPUTS)
                .dense(4, Activation.GELU)
                .layerNorm()
                .dense(3)
                .softmax();
        final int[] labels = RandomArrays.ints(4, UpdateTest.ROWS, 3);
        final float[] ones = new float[UpdateTest.ROWS];
        Arrays.fill(ones, 1);
        final float[] some = {1, 0, 2, 0.5f, 0, 0, 3, 1, 0};
        final float[] doubled = new float[UpdateTest.ROWS];
        final float[] x = new float[UpdateTest.X.length];
        final int[] kept = new int[UpdateTest.ROWS];
        final float[] keptWeights = new float[UpdateTest.ROWS];
        int rows = 0;
        for (int i = 0; i < UpdateTest.ROWS; i++) {
            doubled[i] = 2 * some[i];
            if (some[i] > 0) {
                System.arraycopy(UpdateTest.X, i * UpdateTest.INPUTS, x, rows * UpdateTest.INPUTS, UpdateTest.INPUTS);
                kept[rows] = labels[i];
                keptWeights[rows] = some[i];
                rows++;
            }
        }
        final Parameters start = Parameters.random(mlp, 1);
        assertArrayEquals(
                gradients(start, UpdateTest.ROWS, UpdateTest.X, labels, new float[0]),
                gradients(start, UpdateTest.ROWS, UpdateTest.X, labels, ones));
        final float[] expected = gradients(start, UpdateTest.ROWS, UpdateTest.X, labels, some);
        assertArrayEquals(expected, gradients(start, UpdateTest.ROWS, UpdateTest.X, labels, doubled));
        assertArrayEquals(expected, gradients(start, rows, x, kept, keptWeights));
        assertNotEquals(
                Arrays.hashCode(expected),
                Arrays.hashCode(gradients(start, UpdateTest.ROWS, UpdateTest.X, labels, ones)));
    }

    private static float[] gradients(
            final Parameters start, final int rows, final float[] x, final int[] labels, final float[] weights) {
        final TrainingSession session =
                TrainingSession.of(start).kernels(ReferenceKernels.INSTANCE).build();
        session.backward(rows, x, 0, labels, 0, weights.length == 0 ? null : weights, 0);
        return session.gradients();
    }
}
