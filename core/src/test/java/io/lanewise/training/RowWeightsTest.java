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

/** Rows that count more than others, by themselves or by their class: in a step, and in a run. */
final class RowWeightsTest {
    @Test
    void weightedRowsStepByStep() {
        final float[] weights = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            weights[i] = i % 4 * 0.5f;
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

    /** Most batches hold no row that counts: by its own weight, or by that of its class. */
    @Test
    void batchesThatDoNotCountAreLeftOut() {
        final float[] weights = new float[ROWS];
        weights[5] = 2;
        final TrainingOptions options = OPTIONS.withScaling(Scaling.NONE).withBatchSize(2);
        final Mlp mlp = Mlp.inputs(FEATURES).dense(3).softmax();
        final TrainingSession session = session(mlp, null);
        for (int epoch = 0; epoch < 3; epoch++) {
            session.step(1, X, 5 * FEATURES, LABELS, 5);
        }
        final List<Long> heard = new ArrayList<>();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(final int epoch, final long rows, final double loss) {
                heard.add(rows);
            }
        };
        assertEquals(
                Model.of(session.parameters()),
                trainer(mlp, options)
                        .listener(listener)
                        .fit(DATA.withWeights(weights))
                        .model());
        assertEquals(3 * 17, heard.size());
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
                trainer(mlp, options.withLoss(loss)).fit(classes).model());
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
