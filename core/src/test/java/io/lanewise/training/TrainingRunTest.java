package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Initialization;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.TrainingResult.End;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What weights, losses, schedules and the ways to end do to a run. */
final class TrainingRunTest {
    static final int ROWS = 33; // leaves a last batch of one row
    static final int FEATURES = 3;
    static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(3).withBatchSize(8).withSeed(1);
    static final Mlp SMALL = Mlp.inputs(FEATURES)
            .dense(6, Activation.TANH)
            .batchNorm()
            .dropout(0.2f)
            .dense(3)
            .softmax();
    static final float[] X = RandomArrays.floats(1, FEATURES * ROWS, 2);
    static final int[] LABELS = RandomArrays.ints(2, ROWS, 3);
    static final Dataset DATA = Dataset.classification(FEATURES, 3, X, LABELS);
    private static final Dataset OTHERS =
            Dataset.classification(FEATURES, 3, RandomArrays.floats(7, FEATURES * 20, 2), RandomArrays.ints(8, 20, 3));

    static Trainer trainer(final Mlp mlp, final TrainingOptions options) {
        return Trainer.of(mlp, options).kernels(ReferenceKernels.INSTANCE);
    }

    static TrainingSession session(final Mlp mlp, final @Nullable Loss loss) {
        return TrainingSession.of(Parameters.random(mlp, OPTIONS.seed()))
                .optimizer(OPTIONS.optimizer())
                .loss(loss == null ? Loss.of(mlp.head()) : loss)
                .seed(OPTIONS.seed())
                .kernels(ReferenceKernels.INSTANCE)
                .build();
    }

    /** The rows of a run without scaling, epoch by epoch, in the order in which they are learnt from. */
    static List<Dataset> epochs(final Dataset data) {
        return IntStream.rangeClosed(1, OPTIONS.epochs())
                .mapToObj(epoch -> {
                    final int[] order = new int[data.rows()];
                    Philox.permutation(OPTIONS.seed(), Purpose.SHUFFLE, epoch, order);
                    return data.select(order);
                })
                .toList();
    }

    @Test
    void oneRowIsEnough() {
        final TrainingResult result = trainer(SMALL, OPTIONS).fit(DATA.select(new int[] {4}));
        assertEquals(3, result.history().size());
        result.history().forEach(report -> assertTrue(Double.isFinite(report.loss())));
        final Mlp line = Mlp.inputs(1).dense(1).linear();
        final float[] y = Predictor.of(
                        trainer(line, OPTIONS)
                                .fit(Dataset.regression(1, 1, new float[] {2}, new float[] {50}))
                                .model(),
                        ReferenceKernels.INSTANCE)
                .predict(new float[] {2});
        assertArrayEquals(new float[] {50}, y, 0.1f); // the only row is the mean of all
    }

    /** Its variance of 0 tells nothing, and must not reach the running one. */
    @Test
    void aLastBatchOfOneRowDoesNotHurtTheStatistics() {
        final Mlp mlp = Mlp.inputs(FEATURES).batchNorm().dense(3).softmax();
        final Model model = trainer(mlp, OPTIONS.withEpochs(60).withScaling(Scaling.NONE))
                .fit(DATA)
                .model();
        final float[] scale = Standardization.perFeature(ROWS, FEATURES, X).scale();
        for (int j = 0; j < FEATURES; j++) {
            final double variance = 1 / ((double) scale[j] * scale[j]) * ROWS / (ROWS - 1);
            assertEquals(variance, model.parameters().toArray()[3 * FEATURES + j], 0.15 * variance);
        }
    }

    @Test
    void earlyStoppingGoesBackToTheBestEpoch() {
        final TrainingOptions options = OPTIONS.withEpochs(200).withOptimizer(Optimizer.adam(0.05f));
        final TrainingResult result = trainer(SMALL, options.withEarlyStopping(new EarlyStopping(4, 0)))
                .validation(OTHERS)
                .fit(DATA);
        assertEquals(End.EARLY_STOPPING, result.end());
        assertEquals(result.epoch() + 5, result.history().size());
        final double best = result.history().get(result.epoch() - 1).validationLoss();
        for (final EpochReport report : result.history()) {
            assertTrue(report.validationLoss() >= best);
        }
        assertEquals(
                trainer(SMALL, options.withEpochs(result.epoch())).fit(DATA).model(), result.model());
        assertEquals(
                best,
                Evaluation.of(Predictor.of(result.model(), ReferenceKernels.INSTANCE), OTHERS)
                        .loss());
        // All epochs, but the best one counts.
        final TrainingResult all = trainer(
                        SMALL, options.withEpochs(result.epoch() + 2).withEarlyStopping(new EarlyStopping(4, 0)))
                .validation(OTHERS)
                .fit(DATA);
        assertEquals(End.ALL_EPOCHS, all.end());
        assertEquals(result.epoch(), all.epoch());
        assertEquals(result.model(), all.model());
        assertEquals(
                "early stopping needs validation rows",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> trainer(SMALL, options.withEarlyStopping(new EarlyStopping(4, 0)))
                                        .fit(DATA))
                        .getMessage());
    }

    @Test
    void aPlateauLowersTheRate() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 1, 0, 0, 1e-3);
        final TrainingOptions options =
                OPTIONS.withEpochs(40).withOptimizer(Optimizer.sgd(0.5f, 0.9f)).withSchedule(rule);
        final TrainingResult result = trainer(SMALL, options).validation(OTHERS).fit(DATA);
        PlateauState state = PlateauState.start(0.5);
        for (final EpochReport report : result.history()) {
            assertEquals(state.rate(), report.learningRate(), "epoch " + report.epoch());
            state = state.after(rule, report.validationLoss());
        }
        assertTrue(state.rate() < 0.1, "it was lowered to " + state.rate());
        assertEquals(
                "a schedule that follows the validation loss needs validation rows",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> trainer(SMALL, options).fit(DATA))
                        .getMessage());
    }

    @Test
    void schedulesSetTheRateOfEachStep() {
        final TrainingOptions options =
                OPTIONS.withOptimizer(Optimizer.sgd(0.5f, 0)).withScaling(Scaling.NONE);
        final TrainingSession session = TrainingSession.of(Parameters.random(SMALL, 1))
                .optimizer(options.optimizer())
                .seed(1)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        double rate = 0;
        for (final Dataset epoch : epochs(DATA)) {
            for (int row = 0; row < ROWS; row += 8) {
                rate = Schedule.cosine().learningRate(0.5, session.steps(), 5, 15);
                session.learningRate((float) rate);
                session.step(Math.min(8, ROWS - row), epoch.x(), row * FEATURES, epoch.labels(), row);
            }
        }
        final TrainingResult result =
                trainer(SMALL, options.withSchedule(Schedule.cosine())).fit(DATA);
        assertEquals(Model.of(session.parameters()), result.model());
        assertEquals(rate, result.history().getLast().learningRate());
    }

    @Test
    void cancelledRunsGiveWhatTheyHave() {
        for (int steps = 1; steps <= 15; steps++) {
            final AtomicInteger left = new AtomicInteger(steps);
            final TrainingResult result = trainer(SMALL, OPTIONS.withScaling(Scaling.NONE))
                    .cancelledBy(() -> left.decrementAndGet() == 0)
                    .fit(DATA);
            assertEquals(End.CANCELLED, result.end());
            assertEquals((steps - 1) / 5, result.epoch());
            assertEquals((steps - 1) / 5, result.history().size());
            final TrainingSession session = session(SMALL, null);
            for (final Dataset epoch : epochs(DATA)) {
                for (int row = 0; row < ROWS && session.steps() < steps; row += 8) {
                    session.step(Math.min(8, ROWS - row), epoch.x(), row * FEATURES, epoch.labels(), row);
                }
            }
            assertEquals(Model.of(session.parameters()), result.model(), steps + " steps");
        }
    }

    /** The step before has made the parameters infinite: no loss has told yet. */
    @Test
    void aCancelledRunGivesNoBrokenModel() {
        final Dataset data = Dataset.regression(1, 1, new float[] {1e4f, -1e4f, 2e4f}, new float[] {1, 2, 3});
        for (final Clipping clipping : List.of(Clipping.none(), new Clipping.Value(1e30f))) {
            final Trainer trainer = trainer(
                            Mlp.inputs(1).dense(1).linear(),
                            OPTIONS.withScaling(Scaling.NONE)
                                    .withOptimizer(Optimizer.sgd(3e38f, 0))
                                    .withClipping(clipping))
                    .cancelledBy(() -> true);
            final TrainingDivergedException thrown =
                    assertThrows(TrainingDivergedException.class, () -> trainer.fit(data));
            assertTrue(
                    String.valueOf(thrown.getMessage())
                            .startsWith("the parameters became infinite or NaN in epoch 1, step 1;"),
                    thrown.getMessage());
        }
    }

    /** Class 1 of two is the answer yes. */
    @Test
    void aSigmoidHeadLearnsTwoClasses() {
        final int rows = 80;
        final float[] x = RandomArrays.floats(11, rows * 2, 1);
        final int[] labels = new int[rows];
        final float[] answers = new float[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = x[2 * i] * x[2 * i + 1] > 0 ? 1 : 0;
            answers[i] = labels[i];
        }
        final Mlp mlp = Mlp.inputs(2).dense(12, Activation.TANH).dense(1).sigmoid();
        final TrainingOptions options = OPTIONS.withEpochs(60).withOptimizer(Optimizer.adam(0.03f));
        final Dataset data = Dataset.classification(2, 2, x, labels);
        final TrainingResult result = trainer(mlp, options).validation(data).fit(data);
        assertTrue(result.history().getLast().validationScore() > 0.95);
        final float[] p =
                Predictor.of(result.model(), ReferenceKernels.INSTANCE).predict(x);
        int right = 0;
        for (int i = 0; i < rows; i++) {
            right += p[i] > 0.5f == (labels[i] == 1) ? 1 : 0;
        }
        assertTrue(right > 0.95 * rows, right + " of " + rows);
        assertEquals(
                trainer(mlp, options).fit(Dataset.regression(2, 1, x, answers)).model(), result.model());
    }

    /** Huber's δ is in standard deviations of the targets; what is learnt goes back to their units. */
    @Test
    void lossesOfStandardizedTargets() {
        final float[] targets = RandomArrays.floats(12, 2 * ROWS, 30);
        for (int i = 0; i < ROWS; i++) {
            targets[2 * i] = 1000 + 100 * X[i * FEATURES];
        }
        final Dataset data = Dataset.regression(FEATURES, 2, X, targets);
        final Mlp mlp = Mlp.inputs(FEATURES).dense(5, Activation.GELU).dense(2).linear();
        for (final Loss loss : new Loss[] {new Loss.Huber(0.5f), new Loss.AbsoluteError(), new Loss.SquaredError()}) {
            final Standardization of = Standardization.perFeature(ROWS, 2, targets);
            final float[] standardized = new float[targets.length];
            for (int i = 0; i < targets.length; i++) {
                standardized[i] = (targets[i] - of.mean()[i % 2]) / (1 / of.scale()[i % 2]);
            }
            final TrainingSession session = session(mlp, loss);
            double sum = 0;
            for (final Dataset epoch : epochs(Dataset.regression(FEATURES, 2, X, standardized))) {
                sum = 0;
                for (int row = 0; row < ROWS; row += 8) {
                    final int n = Math.min(8, ROWS - row);
                    sum += n * session.step(n, epoch.x(), row * FEATURES, epoch.targets(), row * 2);
                }
            }
            final TrainingResult result = trainer(
                            mlp, OPTIONS.withScaling(Scaling.NONE).withLoss(loss))
                    .fit(data);
            assertEquals(sum / ROWS, result.history().getLast().loss());
            final float[] raw = predict(Model.of(session.parameters()));
            final float[] y = predict(result.model());
            for (int i = 0; i < y.length; i++) {
                assertEquals(raw[i] / of.scale()[i % 2] + of.mean()[i % 2], y[i], 1e-3f);
            }
        }
    }

    private static float[] predict(final Model model) {
        return Predictor.of(model, ReferenceKernels.INSTANCE).predict(X);
    }

    /** The loss grows from epoch to epoch until it overflows. */
    @Test
    void theLastGoodModelIsThatOfTheEpochBefore() {
        final Mlp mlp = Mlp.inputs(FEATURES).dense(2).linear();
        final Dataset data = Dataset.regression(FEATURES, 2, X, RandomArrays.floats(13, 2 * ROWS, 1));
        final TrainingOptions options = OPTIONS.withEpochs(1000).withOptimizer(Optimizer.sgd(1.5f, 0));
        final AtomicInteger epochs = new AtomicInteger();
        final TrainingListener listener = new TrainingListener() {
            @Override
            public void onEpoch(final EpochReport report) {
                epochs.set(report.epoch());
            }
        };
        final Trainer trainer = trainer(mlp, options).listener(listener);
        final TrainingDivergedException thrown = assertThrows(TrainingDivergedException.class, () -> trainer.fit(data));
        assertTrue(epochs.get() > 2);
        assertEquals(
                trainer(mlp, options.withEpochs(epochs.get())).fit(data).model(),
                thrown.lastGood().orElseThrow());
        assertTrue(String.valueOf(thrown.getMessage()).contains("in epoch " + (epochs.get() + 1) + ", step "));
        final Trainer atOnce = trainer(mlp, options.withOptimizer(Optimizer.sgd(1e30f, 0)));
        assertTrue(assertThrows(TrainingDivergedException.class, () -> atOnce.fit(data))
                .lastGood()
                .isEmpty());
    }

    /** The loss only grows, so the first epoch was the best. */
    @Test
    void withEarlyStoppingTheLastGoodModelIsTheBest() {
        final Mlp mlp = Mlp.inputs(FEATURES).dense(2).linear();
        final Dataset data = Dataset.regression(FEATURES, 2, X, RandomArrays.floats(13, 2 * ROWS, 1));
        final TrainingOptions options = OPTIONS.withEpochs(1000).withOptimizer(Optimizer.sgd(1.5f, 0));
        final Trainer trainer = trainer(mlp, options.withEarlyStopping(new EarlyStopping(1000, 0)))
                .validation(data);
        final TrainingDivergedException thrown = assertThrows(TrainingDivergedException.class, () -> trainer.fit(data));
        assertEquals(
                trainer(mlp, options.withEpochs(1)).fit(data).model(),
                thrown.lastGood().orElseThrow());
    }

    @Test
    void gradientsWhoseNormOverflowsStopTheRun() {
        final Mlp mlp = Mlp.inputs(1).dense(1).linear();
        final Dataset data = Dataset.regression(1, 1, new float[] {1e18f, -1e18f, 2e18f}, new float[] {1, 2, 3});
        final Trainer trainer = trainer(
                mlp,
                OPTIONS.withScaling(Scaling.NONE)
                        .withClipping(new Clipping.Norm(1))
                        .withOptimizer(Optimizer.sgd(0.1f, 0)));
        final TrainingDivergedException thrown = assertThrows(TrainingDivergedException.class, () -> trainer.fit(data));
        assertTrue(
                String.valueOf(thrown.getMessage())
                        .startsWith("the gradients became infinite or NaN in epoch 1, step 1;"),
                thrown.getMessage());
    }

    @Test
    void everyNewOptionCounts() {
        final Model base = trainer(SMALL, OPTIONS).fit(DATA).model();
        for (final TrainingOptions options : List.of(
                OPTIONS.withLoss(new Loss.CrossEntropy(0.1f, List.of())),
                OPTIONS.withSchedule(Schedule.cosine()),
                OPTIONS.withClipping(new Clipping.Norm(0.1f)),
                OPTIONS.withClipping(new Clipping.Value(0.01f)),
                OPTIONS.withInitialization(Initialization.HE_NORMAL))) {
            assertNotEquals(base, trainer(SMALL, options).fit(DATA).model());
        }
    }
}
