package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TrainerTest {
    private static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(3).withBatchSize(8).withSeed(1);
    private static final Mlp SMALL =
            Mlp.inputs(3).dense(6, Activation.TANH).dense(3).softmax();
    private static final int ROWS = 27;
    private static final Dataset DATA =
            Dataset.classification(3, 3, RandomArrays.floats(1, 3 * ROWS, 2), RandomArrays.ints(2, ROWS, 3));

    private static TrainingResult fit(
            final Mlp mlp,
            final Dataset data,
            final @Nullable Dataset validation,
            final TrainingOptions options,
            final TrainingListener listener) {
        return Trainer.of(mlp, options)
                .validation(validation)
                .listener(listener)
                .kernels(ReferenceKernels.INSTANCE)
                .fit(data);
    }

    private static Model model(final TrainingOptions options) {
        return fit(SMALL, DATA, null, options, TrainingListener.NONE).model();
    }

    @Test
    void learnsExclusiveOr() {
        final float[] x = {0, 0, 0, 1, 1, 0, 1, 1};
        final int[] labels = {0, 1, 1, 0};
        final Mlp mlp = Mlp.inputs(2).dense(8, Activation.TANH).dense(2).softmax();
        final TrainingOptions options = OPTIONS.withEpochs(300).withBatchSize(4).withOptimizer(Optimizer.adam(0.05f));
        final TrainingResult result =
                fit(mlp, Dataset.classification(2, 2, x, labels), null, options, TrainingListener.NONE);
        assertArrayEquals(
                labels, Predictor.of(result.model(), ReferenceKernels.INSTANCE).classifyAll(x));
        assertTrue(result.history().getLast().loss() < 0.01);
        assertTrue(
                result.history().getLast().loss() < result.history().getFirst().loss());
    }

    @Test
    void learnsPricesInTheirOwnUnits() {
        final int rows = 200;
        final float[] x = RandomArrays.floats(3, rows * 2, 1);
        final float[] targets = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i * 2] = 100 + 50 * x[i * 2]; // as a living area would be
            targets[i] = 80_000 + 1200 * x[i * 2] + 30_000 * x[i * 2 + 1];
        }
        final Dataset data = Dataset.regression(2, 1, x, targets);
        final TrainingOptions options = OPTIONS.withEpochs(60).withOptimizer(Optimizer.adam(0.02f));
        final TrainingResult result = fit(Mlp.inputs(2).dense(1).linear(), data, data, options, TrainingListener.NONE);
        final Evaluation evaluation = Evaluation.of(Predictor.of(result.model(), ReferenceKernels.INSTANCE), data);
        assertTrue(evaluation.r2() > 0.9999, "r2 " + evaluation.r2());
        assertTrue(evaluation.rootMeanSquaredError() < 300, "error " + evaluation.rootMeanSquaredError());
        final float[] y =
                Predictor.of(result.model(), ReferenceKernels.INSTANCE).predict(new float[] {100, 0});
        assertEquals(200_000, y[0], 500);
        // In standardised units, as documented.
        assertTrue(result.history().getFirst().loss() < 10);
    }

    @Test
    void sameOptionsSameModel() {
        assertEquals(model(OPTIONS), model(OPTIONS));
    }

    @Test
    void everyOptionCounts() {
        final Model base = model(OPTIONS);
        assertNotEquals(base, model(OPTIONS.withSeed(2)));
        assertNotEquals(base, model(OPTIONS.withEpochs(4)));
        assertNotEquals(base, model(OPTIONS.withBatchSize(9)));
        assertNotEquals(base, model(OPTIONS.withOptimizer(Optimizer.sgd(0.1f, 0.9f))));
        assertNotEquals(base, model(OPTIONS.withScaling(Scaling.NONE)));
        assertNotEquals(base, model(OPTIONS.withScaling(Scaling.COMMON)));
    }

    /** The whole run, step by step, as it is documented. */
    @Test
    void epochsAreShuffledAndEndWithASmallerBatch() {
        final TrainingSession session =
                new TrainingSession(Parameters.random(SMALL, 1), OPTIONS.optimizer(), 8, ReferenceKernels.INSTANCE);
        final List<Double> losses = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            final int[] order = new int[ROWS];
            Philox.permutation(1, Purpose.SHUFFLE, epoch, order);
            final Dataset shuffled = DATA.select(order);
            double sum = 0;
            for (int row = 0; row < ROWS; row += 8) {
                final int rows = Math.min(8, ROWS - row);
                sum += rows * session.step(rows, shuffled.x(), row * 3, shuffled.labels(), row);
            }
            losses.add(sum / ROWS);
        }
        final TrainingResult result = fit(SMALL, DATA, null, OPTIONS.withScaling(Scaling.NONE), TrainingListener.NONE);
        assertEquals(Model.of(session.parameters()), result.model());
        assertEquals(losses, result.history().stream().map(EpochReport::loss).toList());
    }

    @Test
    void theModelKnowsHowItsFeaturesWereScaled() {
        assertEquals(
                Standardization.perFeature(ROWS, 3, DATA.x()),
                model(OPTIONS).standardization().orElseThrow());
        assertEquals(
                Standardization.common(ROWS, 3, DATA.x()),
                model(OPTIONS.withScaling(Scaling.COMMON)).standardization().orElseThrow());
        assertTrue(model(OPTIONS.withScaling(Scaling.NONE)).standardization().isEmpty());
    }

    @Test
    void aBatchLargerThanTheDataIsAllOfIt() {
        assertEquals(model(OPTIONS.withBatchSize(ROWS)), model(OPTIONS.withBatchSize(Integer.MAX_VALUE)));
    }

    @Test
    void validationChangesNothing() {
        final Dataset validation = DATA.select(new int[] {0, 1, 2, 3, 4});
        final List<EpochReport> reports = new ArrayList<>();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onEpoch(final EpochReport report) {
                reports.add(report);
            }
        };
        final TrainingResult result = fit(SMALL, DATA, validation, OPTIONS, listener);
        assertEquals(model(OPTIONS), result.model());
        assertEquals(reports, result.history());
        final Evaluation last = reports.getLast().validation().orElseThrow();
        final Evaluation expected = Evaluation.of(Predictor.of(result.model(), ReferenceKernels.INSTANCE), validation);
        assertEquals(expected.loss(), last.loss());
        assertEquals(5, last.rows());
        assertTrue(result.history().getLast().validation().isEmpty(), "an evaluation may be large, and is not kept");
        fit(SMALL, DATA, DATA.select(new int[0]), OPTIONS, listener);
        assertTrue(reports.getLast().validation().isEmpty());
    }

    @Test
    void theListenerHearsOfEachStepAndEpoch() {
        final List<String> heard = new ArrayList<>();
        final List<Double> losses = new ArrayList<>();
        final List<EpochReport> reports = new ArrayList<>();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(final int epoch, final long rows, final double loss) {
                heard.add(epoch + ":" + rows);
                losses.add(loss);
            }

            @Override
            public void onEpoch(final EpochReport report) {
                heard.add("epoch " + report.epoch());
                assertEquals(losses.getLast(), report.loss());
                assertTrue(report.rowsPerSecond() > 0);
                reports.add(report);
            }
        };
        final TrainingResult result = fit(SMALL, DATA, null, OPTIONS.withEpochs(2), listener);
        assertEquals(
                List.of("1:8", "1:16", "1:24", "1:27", "epoch 1", "2:8", "2:16", "2:24", "2:27", "epoch 2"), heard);
        assertEquals(reports, result.history());
    }

    @Test
    void divergenceStopsTheRunAndSaysWhere() {
        final int rows = 40;
        final Dataset data = Dataset.regression(1, 1, RandomArrays.floats(5, rows, 1), RandomArrays.floats(6, rows, 1));
        final List<Integer> steps = new ArrayList<>();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onStep(final int epoch, final long seen, final double loss) {
                assertTrue(Double.isFinite(loss));
                steps.add(epoch);
            }
        };
        final TrainingOptions options = OPTIONS.withEpochs(100).withOptimizer(Optimizer.sgd(1e6f, 0));
        final TrainingDivergedException thrown = assertThrows(
                TrainingDivergedException.class,
                () -> fit(Mlp.inputs(1).dense(4, Activation.RELU).dense(1).linear(), data, null, options, listener));
        final int epoch = steps.size() / 5 + 1;
        final int step = steps.size() % 5 + 1;
        final String message = String.valueOf(thrown.getMessage());
        assertTrue(
                message.matches("the loss became (Infinity|NaN) in epoch " + epoch + ", step " + step
                        + "; try a smaller learning rate \\(it is 1000000.0\\), clipped gradients, standardised "
                        + "inputs, or look for extreme values in the data"),
                message);
    }

    /** One step only: its loss is that of the finite parameters that it starts from. */
    @Test
    void divergenceOfTheLastUpdateIsSeen() {
        final Dataset data = Dataset.regression(1, 1, new float[] {1e18f, -1e18f}, new float[] {1, 2});
        final TrainingOptions options =
                OPTIONS.withEpochs(1).withBatchSize(2).withScaling(Scaling.NONE).withOptimizer(Optimizer.sgd(1e30f, 0));
        final TrainingDivergedException thrown = assertThrows(
                TrainingDivergedException.class,
                () -> Trainer.fit(Mlp.inputs(1).dense(1).linear(), data, options));
        assertTrue(
                String.valueOf(thrown.getMessage())
                        .startsWith("the parameters became infinite or NaN in epoch 1, step 1;"),
                thrown.getMessage());
    }

    private static final String NEEDED = ": each row needs 3 features and one of 3 classes, or a probability for each";

    @Test
    void refusals() {
        refused(
                "expected training data for 3 → 6 tanh → 3 softmax, got 1 features and 3 classes" + NEEDED,
                Dataset.classification(1, 3, new float[2], new int[2]),
                null);
        refused(
                "expected training data for 3 → 6 tanh → 3 softmax, got 3 features and 2 target values" + NEEDED,
                Dataset.regression(3, 2, new float[3], new float[2]),
                null);
        refused(
                "expected validation data for 3 → 6 tanh → 3 softmax, got 3 features and 2 classes" + NEEDED,
                DATA,
                Dataset.classification(3, 2, new float[3], new int[1]));
        refused("there are no rows to learn from", DATA.select(new int[0]), null);
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withEpochs(0));
        assertThrows(IllegalArgumentException.class, () -> OPTIONS.withBatchSize(0));
    }

    private static void refused(final String message, final Dataset training, final @Nullable Dataset validation) {
        assertEquals(
                message,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> fit(SMALL, training, validation, OPTIONS, TrainingListener.NONE))
                        .getMessage());
    }
}
