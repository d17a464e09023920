package io.lanewise.training;

import static io.lanewise.training.ResumableRun.DATA;
import static io.lanewise.training.ResumableRun.MLP;
import static io.lanewise.training.ResumableRun.OPTIONS;
import static io.lanewise.training.ResumableRun.ROWS;
import static io.lanewise.training.ResumableRun.VALIDATION;
import static io.lanewise.training.ResumableRun.bits;
import static io.lanewise.training.ResumableRun.data;
import static io.lanewise.training.ResumableRun.trainer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.mlp.Mlp;
import io.lanewise.training.ResumableRun.Memory;
import io.lanewise.training.ResumableRun.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run goes on from its own state alone. */
final class ResumeRefusalTest {
    @Test
    void otherRunsAreRefused() {
        final Memory memory = new Memory();
        ResumableRun.of(OPTIONS).steps(memory, 6);
        final String data = Prepared.identity(DATA);
        final Map<String, Trainer> others = new LinkedHashMap<>();
        others.put(
                "optimizer was " + OPTIONS.optimizer() + ", and is now " + Optimizer.sgd(1, 0),
                trainer(OPTIONS.withOptimizer(Optimizer.sgd(1, 0))));
        others.put(
                "optimizer was " + OPTIONS.optimizer() + ", and is now " + Optimizer.adam(2e-3f),
                trainer(OPTIONS.withOptimizer(Optimizer.adam(2e-3f))));
        final Mlp wider = Mlp.inputs(3).dense(7).dense(3).softmax();
        others.put("network was " + MLP + ", and is now " + wider, trainer(wider, OPTIONS));
        others.put("batch size was 8, and is now 9", trainer(OPTIONS.withBatchSize(9)));
        others.put("seed was 5, and is now 6", trainer(OPTIONS.withSeed(6)));
        others.put("scaling was PER_FEATURE, and is now NONE", trainer(OPTIONS.withScaling(Scaling.NONE)));
        others.put("schedule was constant, and is now cosine:", trainer(OPTIONS.withSchedule(Schedule.cosine())));
        others.put("clipping was None[], and is now", trainer(OPTIONS.withClipping(new Clipping.Value(1))));
        others.put("loss was CrossEntropy", trainer(OPTIONS.withLoss(new Loss.CrossEntropy(0.1f, List.of()))));
        others.put(
                "early stopping was null, and is now EarlyStopping[patience=3, minimumDelta=0.0]",
                trainer(OPTIONS.withEarlyStopping(new EarlyStopping(3, 0))).validation(VALIDATION));
        others.forEach((difference, trainer) -> assertRefused("the checkpoint is of another run: " + difference, () -> {
            trainer.checkpoints(memory).resume(true).fit(DATA);
        }));
        for (final Dataset other : List.of(data(2), DATA.withWeights(weights()), DATA.select(new int[ROWS]))) {
            assertRefused(
                    "the checkpoint is of another run: data was " + data + ", and is now " + Prepared.identity(other),
                    () -> trainer(OPTIONS).checkpoints(memory).resume(true).fit(other));
        }
        assertRefused(
                "the checkpoint is of another run: data was " + data + ", and is now ",
                () -> trainer(OPTIONS).checkpoints(memory).resume(true).fit(new Stream(DATA)));
        // Nothing that was refused has changed what is kept.
        assertEquals(
                bits(ResumableRun.of(OPTIONS).uninterrupted()),
                bits(ResumableRun.of(OPTIONS).toTheEnd(memory)));
    }

    @Test
    void resumingNeedsCheckpoints() {
        final Trainer trainer = trainer(OPTIONS).resume(true);
        final String message =
                "expected checkpoints to resume from: name them with checkpoints(…), or leave resume(true) out";
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> trainer.fit(DATA))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalStateException.class, () -> trainer.fit(new Stream(DATA)))
                        .getMessage());
    }

    private static float[] weights() {
        final float[] weights = new float[ROWS];
        Arrays.fill(weights, 1);
        weights[3] = 2;
        return weights;
    }

    @Test
    void otherValidationRowsAreRefusedWhereTheyDecide() {
        final Dataset other = data(7);
        final TrainingOptions stopping = OPTIONS.withEarlyStopping(new EarlyStopping(3, 0));
        final TrainingOptions plateau = OPTIONS.withSchedule(Schedule.reduceOnPlateau());
        for (final TrainingOptions options : List.of(stopping, plateau)) {
            final Memory memory = new Memory();
            ResumableRun.of(options).steps(memory, 6);
            assertRefused(
                    "the checkpoint is of another run: validation data was ",
                    () -> trainer(options)
                            .validation(other)
                            .checkpoints(memory)
                            .resume(true)
                            .fit(DATA));
        }
        final Memory memory = new Memory();
        ResumableRun.of(OPTIONS).steps(memory, 6);
        assertEquals(
                ResumableRun.of(OPTIONS).uninterrupted().model(),
                trainer(OPTIONS)
                        .validation(other)
                        .checkpoints(memory)
                        .resume(true)
                        .fit(DATA)
                        .model());
    }

    @Test
    void anotherNumberOfEpochsIsRefusedWhereItDecides() {
        for (final Schedule schedule : List.of(Schedule.cosine(), Schedule.oneCycle())) {
            final Memory memory = new Memory();
            ResumableRun.of(OPTIONS.withSchedule(schedule)).steps(memory, 6);
            assertRefused(
                    "the checkpoint is of another run: epochs was 3, and is now 5",
                    () -> ResumableRun.of(OPTIONS.withSchedule(schedule).withEpochs(5))
                            .toTheEnd(memory));
        }
        final Memory memory = new Memory();
        ResumableRun.of(OPTIONS).steps(memory, 6);
        assertRefused(
                "the checkpoint is of epoch 2, but only 1 epochs are asked for: ask for at least 2",
                () -> ResumableRun.of(OPTIONS.withEpochs(1)).toTheEnd(memory));
        final ResumableRun two = ResumableRun.of(OPTIONS.withEpochs(2));
        assertEquals(bits(two.uninterrupted()), bits(two.toTheEnd(memory)));
        assertRefused(
                "the checkpoint is of epoch 2, but",
                () -> ResumableRun.of(OPTIONS.withEpochs(1)).toTheEnd(memory));
    }

    @Test
    void statesThatNoRunWritesAreRefused() {
        final Memory memory = new Memory();
        ResumableRun.of(OPTIONS).steps(memory, 6);
        final TrainingState s = memory.state();
        final SessionState session = s.session();
        final List<TrainingState> strange = new ArrayList<>();
        for (final long rows : new long[] {0, 8, 15, 17, 28, Long.MAX_VALUE}) {
            strange.add(new TrainingState(
                    s.run(),
                    session,
                    2,
                    rows,
                    s.lossSum(),
                    s.weightSum(),
                    s.stopping(),
                    s.plateau(),
                    s.best(),
                    s.history()));
        }
        strange.add(new TrainingState(
                s.run(),
                session,
                2,
                16,
                s.lossSum(),
                s.weightSum(),
                s.stopping(),
                PlateauState.start(1),
                s.best(),
                s.history()));
        strange.add(new TrainingState(
                s.run(),
                session,
                2,
                16,
                s.lossSum(),
                s.weightSum(),
                new EarlyStoppingState(1, 1, 0),
                s.plateau(),
                null,
                s.history()));
        strange.add(new TrainingState(
                s.run(),
                session,
                2,
                16,
                s.lossSum(),
                s.weightSum(),
                new EarlyStoppingState(1, 2, 0),
                s.plateau(),
                session.parameters(),
                s.history()));
        for (final double weights : new double[] {-1, Double.NaN}) {
            strange.add(new TrainingState(
                    s.run(), session, 2, 16, s.lossSum(), weights, s.stopping(), s.plateau(), s.best(), s.history()));
        }
        for (final TrainingState state : strange) {
            memory.save(state);
            assertRefused(
                    "the checkpoint contradicts itself: ",
                    () -> ResumableRun.of(OPTIONS).toTheEnd(memory));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingState(
                        s.run(), session, 3, 0, 0, 0, s.stopping(), s.plateau(), s.best(), s.history()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TrainingState(
                        s.run(),
                        session,
                        2,
                        0,
                        0,
                        0,
                        s.stopping(),
                        s.plateau(),
                        s.best(),
                        List.of(EpochReport.of(2, 0, 0, 0, 0, 0))));
    }

    private static void assertRefused(final String message, final Runnable run) {
        final String refusal = String.valueOf(
                assertThrows(IllegalArgumentException.class, run::run).getMessage());
        assertTrue(refusal.startsWith(message), refusal);
    }
}
