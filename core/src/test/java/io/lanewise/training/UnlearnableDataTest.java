package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.lanewise.RandomArrays;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that make no sense for a network are refused before the first step. */
final class UnlearnableDataTest {
    private static final int ROWS = 20;
    private static final float[] X = RandomArrays.floats(1, 2 * ROWS, 1);
    private static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(2).withBatchSize(8);
    private static final TrainingListener NO_STEP = new TrainingListener() {
        @Override
        public void onStep(final int epoch, final long rows, final double loss) {
            fail("a step was made");
        }
    };

    private static Trainer trainer(final Mlp mlp, final TrainingOptions options) {
        return Trainer.of(mlp, options).kernels(ReferenceKernels.INSTANCE).listener(NO_STEP);
    }

    private static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    private static Dataset answers(final int row, final float value) {
        final float[] targets = new float[2 * ROWS];
        targets[2 * row + 1] = value;
        return Dataset.regression(2, 2, X, targets);
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, 1.5f, Float.NaN, Float.POSITIVE_INFINITY})
    void targetsOfASigmoidHeadAreFrom0To1(final float value) {
        final Mlp mlp = Mlp.inputs(2).dense(2).sigmoid();
        final Dataset wrong = answers(13, value);
        final String message = "expected targets from 0 to 1 for a sigmoid head, got " + value + " (row 13, output 1)";
        refused(message, () -> trainer(mlp, OPTIONS).fit(wrong));
        refused(message, () -> trainer(mlp, OPTIONS).fit(new ResumableRun.Stream(wrong)));
        refused(message, () -> trainer(mlp, OPTIONS).validation(wrong).fit(answers(13, 1f)));
    }

    /** They would end the run after its first epoch. */
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
    void validationDataAreFinite(final float value) {
        final float[] x = X.clone();
        x[7] = value;
        final int[] labels = new int[ROWS];
        final Mlp mlp = Mlp.inputs(2).dense(2).softmax();
        refused(
                "expected finite values in the validation data, got " + value
                        + " (row 3, feature 1): correct the row or leave it out",
                () -> trainer(mlp, OPTIONS)
                        .validation(Dataset.classification(2, 2, x, labels))
                        .fit(Dataset.classification(2, 2, X, labels)));
        refused(
                "expected finite values in the validation data, got " + value
                        + " (row 13, output 1): correct the row or leave it out",
                () -> trainer(Mlp.inputs(2).dense(2).linear(), OPTIONS)
                        .validation(answers(13, value))
                        .fit(answers(13, 1)));
    }

    @Test
    void labelsOfAStreamForASigmoidHeadAreClasses() {
        final int[] labels = new int[ROWS];
        labels[17] = 2;
        final Dataset three = Dataset.classification(2, 3, X, labels);
        final RowSource lying = new ResumableRun.Stream(three, 2);
        refused(
                "expected labels from 0 to 1, got 2 (row 17)",
                () -> trainer(Mlp.inputs(2).dense(1).sigmoid(), OPTIONS).fit(lying));
    }

    @Test
    void someClassThatThereIsHasToCount() {
        final Dataset data = Dataset.classification(2, 3, X, new int[ROWS]);
        final Mlp mlp = Mlp.inputs(2).dense(3).softmax();
        final Trainer trainer = trainer(mlp, OPTIONS.withLoss(new Loss.CrossEntropy(0, List.of(0f, 1f, 2f))));
        final String message = "expected at least one row with a weight above 0, its own and that of its class";
        refused(message, () -> trainer.fit(data));
        refused(message, () -> trainer.fit(new ResumableRun.Stream(data)));
        // One row is of a class that counts, but does not count itself.
        final int[] labels = new int[ROWS];
        labels[4] = 1;
        final float[] weights = RandomArrays.floats(2, ROWS, 1);
        for (int i = 0; i < ROWS; i++) {
            weights[i] = i == 4 ? 0 : Math.abs(weights[i]);
        }
        final Dataset weighted = Dataset.classification(2, 3, X, labels).withWeights(weights);
        refused(message, () -> trainer.fit(weighted));
    }

    /** 65,536 rows of them would be 2³¹ values. */
    @Test
    void aBufferHasToFitIntoAnArray() {
        final int features = 1 << 15;
        final Wide wide = new Wide(features);
        final Mlp mlp = Mlp.inputs(features).dense(1).linear();
        refused(
                "expected a shuffle buffer of at most 65535 rows: of rows with 32768 values an array holds no more; got"
                        + " 65536",
                () -> trainer(mlp, OPTIONS).fit(wide));
        refused(
                "expected a batch size of at most 65535 rows: of rows with 32768 values an array holds no more; got"
                        + " 70000",
                () -> trainer(mlp, OPTIONS.withBatchSize(70_000))
                        .shuffleBuffer(8)
                        .fit(wide));
        final Parameters parameters = Parameters.random(mlp, 1);
        refused(
                "expected a batch size of at most 65535 rows: of rows with 32768 values an array holds no more; got"
                        + " 70000",
                () -> TrainingSession.of(parameters).maxRows(70_000).build());
    }

    /** Features are many, and read a few at a time. */
    @Test
    void wideRowsAreLearntFromWithASmallBuffer() {
        final int features = 1 << 20;
        final Mlp mlp = Mlp.inputs(features).dense(1).linear();
        final TrainingResult result = Trainer.of(mlp, OPTIONS.withEpochs(1))
                .kernels(ReferenceKernels.INSTANCE)
                .shuffleBuffer(4)
                .fit(new ResumableRun.Stream(
                        Dataset.regression(features, 1, new float[2 * features], new float[] {1, 2})));
        assertEquals(1, result.epoch());
    }

    /** It would be read for ever. */
    @Test
    void aSourceWithoutAnEndIsReadNoFurtherThanItSays() {
        refused(
                "expected 1000 rows, as the source says there are, got at least 1024",
                () -> trainer(Mlp.inputs(2).dense(1).linear(), OPTIONS).fit(new Endless(false, 0)));
    }

    /** Be it in the passes that look at the rows, or in the first epoch. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void moreRowsThanWereAskedForAreRefused(final boolean classes) {
        final Mlp.Builder layers = Mlp.inputs(2).dense(1);
        final Mlp mlp = classes ? layers.sigmoid() : layers.linear();
        for (int pass = 1; pass <= 3; pass++) {
            final Endless source = new Endless(classes, pass);
            final String message = assertThrows(
                            IllegalStateException.class,
                            () -> trainer(mlp, OPTIONS).fit(source))
                    .getMessage();
            final int most = pass < 3 ? 1024 : 1000;
            assertEquals(
                    "expected a source to read at most " + most + " rows, as it was asked to, got " + (most + 5),
                    message);
        }
    }

    /** Rows of zeros that say they are 1,000. */
    private static final class Endless implements RowSource {
        private final boolean classes;
        private final int greedyPass; // from 1; those before are as they should be. 0 for a source without an end
        private int opened;

        Endless(final boolean classes, final int greedyPass) {
            this.classes = classes;
            this.greedyPass = greedyPass;
        }

        @Override
        public int features() {
            return 2;
        }

        @Override
        public int outputs() {
            return classes ? 2 : 1;
        }

        @Override
        public boolean isClassification() {
            return classes;
        }

        @Override
        public long rows() {
            return 1000;
        }

        @Override
        public Cursor open() {
            opened++;
            final int pass = opened;
            return new Cursor() {
                private int left = 1000;

                @Override
                public int read(
                        final int max,
                        final float[] x,
                        final int xOffset,
                        final int[] labels,
                        final int labelsOffset,
                        final float[] targets,
                        final int targetsOffset) {
                    if (greedyPass == 0) {
                        return max;
                    }
                    if (pass == greedyPass) {
                        return max + 5;
                    }
                    final int n = Math.min(max, left);
                    left -= n;
                    return n;
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Rows of zeros, more than anybody reads here. */
    private record Wide(int features) implements RowSource {
        @Override
        public int outputs() {
            return 1;
        }

        @Override
        public boolean isClassification() {
            return false;
        }

        @Override
        public long rows() {
            return 1 << 20;
        }

        @Override
        public Cursor open() {
            return fail("the rows were read");
        }
    }
}
