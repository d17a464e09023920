package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows whose truth is a probability for each class of a softmax. */
final class ProbabilityTargetsTest {
    private static final int ROWS = 30;
    private static final int CLASSES = 3;
    private static final float[] X = RandomArrays.floats(1, 2 * ROWS, 2);
    private static final int[] LABELS = RandomArrays.ints(2, ROWS, CLASSES);
    private static final Mlp MLP = Mlp.inputs(2).dense(5).dense(CLASSES).softmax();
    private static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(2).withBatchSize(8);

    /** The class has {@code own}, the others have the rest. */
    private static Dataset probabilities(final float own) {
        final float[] targets = new float[ROWS * CLASSES];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % CLASSES == LABELS[i / CLASSES] ? own : (1 - own) / (CLASSES - 1);
        }
        return Dataset.regression(2, CLASSES, X, targets);
    }

    private static Trainer trainer() {
        return Trainer.of(MLP, OPTIONS).kernels(ReferenceKernels.INSTANCE);
    }

    @Test
    void aRunLearnsThem() {
        final Dataset soft = probabilities(0.75f);
        final Model model = trainer().validation(soft).fit(soft).model();
        assertEquals(
                model,
                trainer().shuffleBuffer(ROWS).fit(new ResumableRun.Stream(soft)).model());
        assertNotEquals(
                model,
                trainer().fit(Dataset.classification(2, CLASSES, X, LABELS)).model());
        // Smoothed labels are such probabilities, up to rounding.
        final Model smoothed = Trainer.of(MLP, OPTIONS.withLoss(new Loss.CrossEntropy(0.375f, List.of())))
                .kernels(ReferenceKernels.INSTANCE)
                .fit(Dataset.classification(2, CLASSES, X, LABELS))
                .model();
        assertArrayEquals(smoothed.parameters().toArray(), model.parameters().toArray(), 1e-4f);
    }

    @Test
    void certainOnesAreJudgedAsLabels() {
        final Predictor predictor = Predictor.of(Model.of(Parameters.random(MLP, 3)), ReferenceKernels.INSTANCE);
        final Dataset labelled = Dataset.classification(2, CLASSES, X, LABELS);
        final Evaluation expected = Evaluation.of(predictor, labelled);
        final Evaluation actual = Evaluation.of(predictor, probabilities(1));
        assertEquals(expected.loss(), actual.loss());
        assertArrayEquals(expected.confusion(), actual.confusion());
        assertEquals(Evaluation.macroAuc(predictor, labelled), Evaluation.macroAuc(predictor, probabilities(0.75f)));
    }

    /** Probabilities of 1/2, 1/4, 1/4. */
    @Test
    void theLossByHand() {
        final Predictor predictor =
                IdentityNets.of(Mlp.inputs(CLASSES).dense(CLASSES).softmax());
        final float[] logits = {(float) Math.log(2), 0, 0};
        final Evaluation evaluation =
                Evaluation.of(predictor, Dataset.regression(CLASSES, CLASSES, logits, new float[] {0.25f, 0.75f, 0}));
        assertEquals(0.25 * Math.log(2) + 0.75 * Math.log(4), evaluation.loss(), 1e-7);
        assertEquals(0, evaluation.accuracy());
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        final Dataset soft = probabilities(0.75f);
        final float[] negative = soft.targets().clone();
        negative[4] = -1;
        refused("expected probabilities from 0 to 1 as targets of a softmax head, got -1.0 (row 1, class 1)", negative);
        final float[] half = soft.targets().clone();
        half[6] = 0;
        half[7] = 0;
        half[8] = 0.5f;
        refused("expected probabilities that add up to 1 as targets of a softmax head, got 0.5 (row 2)", half);
    }

    private static void refused(final String message, final float[] targets) {
        final Dataset wrong = Dataset.regression(2, CLASSES, X, targets);
        final Dataset right = probabilities(0.75f);
        final Predictor predictor = Predictor.of(Model.of(Parameters.random(MLP, 3)), ReferenceKernels.INSTANCE);
        for (final Runnable call : List.<Runnable>of(
                () -> trainer().fit(wrong),
                () -> trainer().fit(new ResumableRun.Stream(wrong)),
                () -> trainer().validation(wrong).fit(right),
                () -> Evaluation.of(predictor, wrong))) {
            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, call::run).getMessage());
        }
    }
}
