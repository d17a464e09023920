package io.lanewise.training;

import static io.lanewise.training.ResumableRun.DATA;
import static io.lanewise.training.ResumableRun.OPTIONS;
import static io.lanewise.training.ResumableRun.ROWS;
import static io.lanewise.training.ResumableRun.STEPS_PER_EPOCH;
import static io.lanewise.training.ResumableRun.VALIDATION;
import static io.lanewise.training.ResumableRun.bits;
import static io.lanewise.training.ResumableRun.data;
import static io.lanewise.training.ResumableRun.trainer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.training.ResumableRun.Memory;
import io.lanewise.training.ResumableRun.Stream;
import io.lanewise.training.TrainingResult.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However often a run is interrupted, and wherever: it ends with the bits of one that never was. */
final class ResumeTest {
    private static void assertResumesAnywhere(final String name, final ResumableRun run) {
        final TrainingResult whole = run.uninterrupted();
        final int length = run.length();
        final List<String> expected = bits(whole);
        for (int step = 1; step <= length; step++) {
            final Memory memory = new Memory();
            assertEquals(End.CANCELLED, run.steps(memory, step).end(), name);
            final TrainingResult result = run.toTheEnd(memory);
            assertEquals(expected, bits(result), name + ", cancelled after step " + step);
            assertEquals(whole.model(), result.model());
        }
        final Memory memory = new Memory();
        for (int step = 1; step <= length; step++) {
            assertEquals(End.CANCELLED, run.steps(memory, 1).end(), name);
        }
        assertEquals(expected, bits(run.toTheEnd(memory)), name + ", cancelled after each step");
        assertEquals(expected, bits(run.toTheEnd(memory)), name + ", resumed at its end");
    }

    @Test
    void withAnyOptimizer() {
        for (final Optimizer optimizer : List.of(
                Optimizer.sgd(0.05f, 0),
                Optimizer.sgd(0.05f, 0.9f),
                new Optimizer.Sgd(0.05f, 0.8f, 0.01f, true),
                Optimizer.adam(0.01f),
                new Optimizer.Adam(0.01f, 0.8f, 0.99f, 1e-6f, 0.1f),
                Optimizer.adamW(0.01f),
                Optimizer.rmsProp(0.01f),
                new Optimizer.RmsProp(0.01f, 0.9f, 1e-6f, 0.01f, 0.9f))) {
            assertResumesAnywhere(optimizer.toString(), ResumableRun.of(OPTIONS.withOptimizer(optimizer)));
        }
    }

    @Test
    void withAnySchedule() {
        for (final String schedule : List.of(
                "step:epochs=1,gamma=0.5",
                "exponential:gamma=0.8",
                "cosine:warm-up=0.3,final=0.1",
                "one-cycle",
                "plateau:factor=0.5,patience=0,threshold=0.5,cooldown=1")) {
            final TrainingOptions options =
                    OPTIONS.withSchedule(Schedule.parse(schedule)).withEpochs(5).withClipping(new Clipping.Norm(0.5f));
            assertResumesAnywhere(schedule, ResumableRun.of(options));
        }
    }

    @Test
    void withEarlyStopping() {
        final TrainingOptions options = OPTIONS.withEpochs(30)
                .withEarlyStopping(new EarlyStopping(2, 0))
                .withSchedule(new Schedule.ReduceOnPlateau(0.5, 0, 1e-4, 0, 0))
                .withOptimizer(Optimizer.adam(0.1f));
        final ResumableRun run = ResumableRun.of(options);
        final TrainingResult result = run.uninterrupted();
        assertEquals(End.EARLY_STOPPING, result.end());
        assertTrue(result.epoch() >= 1 && result.epoch() < result.history().size(), "best epoch " + result.epoch());
        assertTrue(result.history().getLast().learningRate() < 0.1f, "no plateau was seen");
        assertResumesAnywhere("early stopping", run);
    }

    @Test
    void withWeightsOfRows() {
        final float[] weights = RandomArrays.floats(9, ROWS, 1);
        for (int i = 0; i < ROWS; i++) {
            weights[i] = Math.abs(weights[i]);
        }
        final Dataset weighted = DATA.withWeights(weights);
        assertResumesAnywhere("weights", new ResumableRun(() -> trainer(OPTIONS), trainer -> trainer.fit(weighted)));
    }

    /** Batches in which no row counts make no update; schedules go on all the same. */
    @Test
    void withBatchesThatAreLeftOut() {
        final float[] weights = new float[ROWS];
        weights[3] = 1;
        weights[ROWS - 2] = 2;
        final Dataset weighted = DATA.withWeights(weights);
        final TrainingOptions options = OPTIONS.withSchedule(Schedule.exponential(0.5));
        assertResumesAnywhere("left out", new ResumableRun(() -> trainer(options), trainer -> trainer.fit(weighted)));
        final TrainingResult result = trainer(options).fit(weighted);
        for (final EpochReport report : result.history()) {
            assertEquals(
                    options.optimizer().learningRate() * StrictMath.pow(0.5, report.epoch() - 1.0),
                    report.learningRate());
        }
    }

    @Test
    void withARegression() {
        final Mlp mlp =
                Mlp.inputs(3).dense(5, Activation.TANH).layerNorm().dense(2).linear();
        final Dataset data =
                Dataset.regression(3, 2, RandomArrays.floats(1, 3 * ROWS, 2), RandomArrays.floats(2, 2 * ROWS, 50));
        final TrainingOptions options = OPTIONS.withEarlyStopping(new EarlyStopping(1, 0.1));
        assertResumesAnywhere(
                "regression",
                new ResumableRun(() -> trainer(mlp, options).validation(data), trainer -> trainer.fit(data)));
    }

    @Test
    void withAStreamOfRows() {
        for (final int buffer : new int[] {1, 5, 9, 16, 100}) {
            final ResumableRun run = new ResumableRun(
                    () -> trainer(OPTIONS).shuffleBuffer(buffer), trainer -> trainer.fit(new Stream(DATA)));
            assertResumesAnywhere("buffer of " + buffer, run);
        }
    }

    @Test
    void aBatchLargerThanAStreamIsAllOfIt() {
        final TrainingOptions options = OPTIONS.withBatchSize(Integer.MAX_VALUE);
        assertEquals(
                trainer(OPTIONS.withBatchSize(ROWS)).fit(new Stream(DATA)).model(),
                trainer(options).fit(new Stream(DATA)).model());
    }

    /** A run that ends without a word, as one that is killed does, goes on from the state that was kept last. */
    @Test
    void fromTheLastStateThatWasKept() {
        final TrainingOptions options = OPTIONS.withEarlyStopping(new EarlyStopping(5, 0));
        final List<String> expected = bits(ResumableRun.of(options).uninterrupted());
        for (int interval = 1; interval <= 5; interval++) {
            for (int crash = 1; crash <= 3 * STEPS_PER_EPOCH; crash++) {
                final Memory memory = new Memory();
                final int crashStep = crash;
                final TrainingListener crashing = new TrainingListener() {
                    private int steps;

                    @Override
                    public void onStep(final int epoch, final long rows, final double loss) {
                        if (++steps == crashStep) {
                            throw new IllegalStateException("crash");
                        }
                    }
                };
                final int every = interval;
                assertThrows(
                        IllegalStateException.class,
                        () -> checkpointed(options, memory, every)
                                .listener(crashing)
                                .fit(DATA));
                final int kept = (crash - 1) / STEPS_PER_EPOCH * STEPS_PER_EPOCH; // after the last whole epoch
                final long last = Math.max(kept, (crash - 1) / interval * interval);
                assertEquals(last, memory.load().map(s -> s.session().steps()).orElse(0L));
                assertEquals(
                        expected,
                        bits(checkpointed(options, memory, interval)
                                .resume(true)
                                .fit(DATA)),
                        "crash in step " + crash + ", states kept every " + interval);
            }
        }
    }

    private static Trainer checkpointed(final TrainingOptions options, final Memory memory, final int interval) {
        return trainer(options).validation(VALIDATION).checkpoints(memory).checkpointEvery(interval);
    }

    @Test
    void saysWhereItGoesOn() {
        final Memory memory = new Memory();
        final ResumableRun run = ResumableRun.of(OPTIONS);
        run.steps(memory, 6);
        final List<String> heard = new ArrayList<>();
        final TrainingResult result = run.fit()
                .apply(run.fresh().get().checkpoints(memory).resume(true).listener(new TrainingListener() {
                    @Override
                    public void onResume(final TrainingState state) {
                        heard.add("resumed in epoch " + state.epoch() + " after " + state.rows());
                    }

                    @Override
                    public void onStep(final int epoch, final long rows, final double loss) {
                        heard.add(epoch + ":" + rows);
                    }
                }));
        assertEquals(run.uninterrupted().model(), result.model());
        assertEquals(List.of("resumed in epoch 2 after 16", "2:24", "2:27", "3:8", "3:16", "3:24", "3:27"), heard);
    }

    @Test
    void startsAnewUnlessTold() {
        final Memory memory = new Memory();
        final ResumableRun run = ResumableRun.of(OPTIONS);
        final List<String> expected = bits(run.uninterrupted());
        assertEquals(expected, bits(run.toTheEnd(new Memory())), "nothing to resume");
        run.steps(memory, 6);
        final TrainingResult anew = run.fit().apply(run.fresh().get().checkpoints(memory));
        assertEquals(expected, bits(anew));
        assertEquals(2 + 3, memory.saves());
    }

    @Test
    void moreEpochsMayFollow() {
        for (final String schedule : List.of("constant", "step:epochs=1", "exponential", "plateau:patience=0")) {
            final TrainingOptions options = OPTIONS.withSchedule(Schedule.parse(schedule));
            for (final int steps : new int[] {5, Integer.MAX_VALUE}) {
                final Memory memory = new Memory();
                ResumableRun.of(options).steps(memory, steps);
                final ResumableRun more = ResumableRun.of(options.withEpochs(5));
                assertEquals(bits(more.uninterrupted()), bits(more.toTheEnd(memory)), schedule);
            }
        }
    }

    /** The last update gives parameters that are infinite: the loss does not show it, but nobody could go on. */
    @Test
    void aDivergedStateDoesNotReplaceAGoodOne() {
        final Mlp mlp = Mlp.inputs(1).dense(1).linear();
        final int[] order = new int[4];
        Philox.permutation(OPTIONS.seed(), Purpose.SHUFFLE, 1, order);
        final float[] x = {1e-12f, 2e-12f, 3e-12f, 4e-12f};
        x[order[2]] = 1e18f;
        final Dataset data = Dataset.regression(1, 1, x, new float[] {1, 2, 3, 4});
        final TrainingOptions options =
                OPTIONS.withBatchSize(1).withScaling(Scaling.NONE).withOptimizer(Optimizer.sgd(1000, 0));
        final Memory memory = new Memory();
        final TrainingDivergedException thrown = assertThrows(
                TrainingDivergedException.class,
                () -> trainer(mlp, options)
                        .checkpoints(memory)
                        .checkpointEvery(1)
                        .fit(data));
        final SessionState kept = memory.state().session();
        assertTrue(
                String.valueOf(thrown.getMessage())
                        .startsWith("the parameters became infinite or NaN in epoch 1, step 3;"),
                thrown.getMessage());
        assertEquals(2, kept.steps());
        for (final float value : kept.parameters().toArray()) {
            assertTrue(Float.isFinite(value));
        }
    }

    /** Rows that a network cannot bear are met after the run went on within its first epoch. */
    @Test
    void theLastGoodModelMayBeThatOfTheCheckpoint() {
        final float[] x = DATA.x().clone();
        final int[] order = new int[ROWS];
        Philox.permutation(OPTIONS.seed(), Purpose.SHUFFLE, 1, order);
        x[3 * order[ROWS - 1]] = Float.NaN; // in the last batch
        final Dataset data = Dataset.classification(3, 3, x, DATA.labels());
        final TrainingOptions options = OPTIONS.withScaling(Scaling.NONE);
        final Memory memory = new Memory();
        final int[] made = new int[1];
        final TrainingResult cancelled = trainer(options)
                .checkpoints(memory)
                .cancelledBy(() -> ++made[0] == 2)
                .fit(data);
        final TrainingDivergedException thrown = assertThrows(
                TrainingDivergedException.class,
                () -> trainer(options).checkpoints(memory).resume(true).fit(data));
        assertEquals(cancelled.model(), thrown.lastGood().orElseThrow());
        final Trainer anew = trainer(options);
        assertTrue(assertThrows(TrainingDivergedException.class, () -> anew.fit(data))
                .lastGood()
                .isEmpty());
    }

    @Test
    void failuresToKeepAStateEndTheRun() {
        final IOException full = new IOException("the disk is full");
        final Checkpoints failing = new Checkpoints() {
            @Override
            public void save(final TrainingState state) throws IOException {
                throw full;
            }

            @Override
            public Optional<TrainingState> load() throws IOException {
                throw full;
            }
        };
        for (final boolean resume : new boolean[] {false, true}) {
            final UncheckedIOException thrown = assertThrows(
                    UncheckedIOException.class,
                    () -> trainer(OPTIONS).checkpoints(failing).resume(resume).fit(DATA));
            assertEquals(full, thrown.getCause());
        }
    }

    @Test
    void reportsAreEqualByTheirNumbers() {
        final EpochReport report = EpochReport.of(1, 2, 3, Double.NaN, 5, 6);
        final EpochReport same = EpochReport.of(1, 2, 3, Double.NaN, 5, 6);
        assertEquals(report, same);
        assertEquals(report.hashCode(), same.hashCode());
        assertNotEquals(report, EpochReport.of(2, 2, 3, Double.NaN, 5, 6));
        assertNotEquals(report, EpochReport.of(1, 0, 3, Double.NaN, 5, 6));
        assertNotEquals(report, EpochReport.of(1, 2, 0, Double.NaN, 5, 6));
        assertNotEquals(report, EpochReport.of(1, 2, 3, 0, 5, 6));
        assertNotEquals(report, EpochReport.of(1, 2, 3, Double.NaN, 0, 6));
        assertNotEquals(report, EpochReport.of(1, 2, 3, Double.NaN, 5, 0));
    }

    /** What is kept is a copy: later steps do not change it. */
    @Test
    void keptStatesStayAsTheyWere() {
        final List<TrainingState> states = new ArrayList<>();
        final List<float[]> values = new ArrayList<>();
        final Memory memory = new Memory();
        final ResumableRun run = ResumableRun.of(OPTIONS);
        for (int i = 0; i < 5; i++) {
            run.steps(memory, 1);
            final TrainingState state = memory.state();
            states.add(state);
            values.add(state.session().parameters().toArray());
        }
        final Model model = run.toTheEnd(memory).model();
        for (int i = 0; i < 5; i++) {
            assertArrayEquals(
                    values.get(i), states.get(i).session().parameters().toArray());
            assertFalse(model.parameters().equals(states.get(i).session().parameters()));
        }
    }
}
