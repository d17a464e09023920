package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.reference.ReferenceKernels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on rows that are read again in each epoch. */
final class RowSourceTest {
    private static final int ROWS = 45;
    private static final int FEATURES = 3;
    private static final int NOWHERE = Integer.MAX_VALUE;
    private static final float[] X = RandomArrays.floats(1, ROWS * FEATURES, 2);
    private static final int[] LABELS = RandomArrays.ints(2, ROWS, 3);
    private static final float[] TARGETS = RandomArrays.floats(3, ROWS * 3, 50);
    private static final Dataset CLASSES = Dataset.classification(FEATURES, 3, X, LABELS);
    private static final Dataset VALUES = Dataset.regression(FEATURES, 3, X, TARGETS);
    private static final TrainingOptions OPTIONS =
            TrainingOptions.defaults().withEpochs(3).withBatchSize(8).withSeed(4);

    private static Mlp mlp(final Head head) {
        return new Mlp(
                Mlp.inputs(FEATURES)
                        .dense(6, Activation.TANH)
                        .batchNorm()
                        .dropout(0.2f)
                        .dense(3)
                        .linear()
                        .layers(),
                head);
    }

    private static final Mlp CLASSIFIER = mlp(Head.SOFTMAX);

    private static Trainer trainer(final Mlp mlp, final TrainingOptions options) {
        return Trainer.of(mlp, options).kernels(ReferenceKernels.INSTANCE);
    }

    /** Rows in memory, given in chunks, with something wrong in one pass. */
    private static class Source implements RowSource {
        private final Dataset data;
        private final int chunk;
        private int badPass = NOWHERE; // from 1; two of them look at the rows before the first epoch
        private long rowsInBadPass = ROWS;
        private int failingRow = NOWHERE; // of the bad pass
        private boolean failsToOpen;
        private boolean failsToClose;
        private int end; // what is given at the end of the rows
        private int opened;
        private int closed;

        Source(final Dataset data, final int chunk) {
            this.data = data;
            this.chunk = chunk;
        }

        @Override
        public int features() {
            return data.features();
        }

        @Override
        public int outputs() {
            return data.outputs();
        }

        @Override
        public boolean isClassification() {
            return data.isClassification();
        }

        @Override
        public long rows() {
            return data.rows();
        }

        @Override
        public Cursor open() throws IOException {
            if (opened + 1 == badPass && failsToOpen) {
                throw new IOException("cannot open");
            }
            opened++;
            assertEquals(opened - 1, closed, "the cursor before is closed");
            final boolean bad = opened == badPass;
            return new Cursor() {
                private int at;
                private boolean isClosed;

                @Override
                public int read(
                        final int max,
                        final float[] x,
                        final int xOffset,
                        final int[] labels,
                        final int labelsOffset,
                        final float[] targets,
                        final int targetsOffset)
                        throws IOException {
                    assertTrue(!isClosed && max >= 1);
                    final long all = bad ? rowsInBadPass : data.rows();
                    final int n = (int) Math.min(Math.min(max, chunk), all - at);
                    for (int i = 0; i < n; i++) {
                        if (bad && at == failingRow) {
                            throw new IOException("cannot read");
                        }
                        final int row = at % data.rows();
                        System.arraycopy(data.x(), row * FEATURES, x, xOffset + i * FEATURES, FEATURES);
                        if (data.isClassification()) {
                            labels[labelsOffset + i] = data.labels()[row];
                        } else {
                            final int outputs = data.outputs();
                            System.arraycopy(
                                    data.targets(), row * outputs, targets, targetsOffset + i * outputs, outputs);
                        }
                        at++;
                    }
                    return n == 0 ? end : n;
                }

                @Override
                public void close() throws IOException {
                    closed += isClosed ? 0 : 1;
                    isClosed = true;
                    if (bad && failsToClose) {
                        throw new IOException("cannot close");
                    }
                }
            };
        }

        private Source bad(final int pass, final long rows) {
            badPass = pass;
            rowsInBadPass = rows;
            return this;
        }
    }

    private static void assertSameRun(final Dataset data, final RowSource source, final UnaryOperator<Trainer> told) {
        for (final Scaling scaling : Scaling.values()) {
            final Mlp mlp = data.isClassification() ? CLASSIFIER : mlp(Head.LINEAR);
            final TrainingOptions options = OPTIONS.withScaling(scaling);
            final TrainingResult expected = trainer(mlp, options).fit(data);
            final TrainingResult actual = told.apply(trainer(mlp, options)).fit(source);
            assertEquals(expected.model(), actual.model(), scaling.toString());
            assertEquals(losses(expected), losses(actual), scaling.toString());
        }
    }

    private static List<Double> losses(final TrainingResult result) {
        return result.history().stream().map(EpochReport::loss).toList();
    }

    /** A buffer that holds all rows is permuted as rows in memory are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void givesTheRunOfRowsInMemory(final int chunk) {
        for (final Dataset data : List.of(CLASSES, VALUES)) {
            final Source source = new Source(data, chunk);
            assertSameRun(data, source, trainer -> trainer);
            assertSameRun(data, source, trainer -> trainer.shuffleBuffer(ROWS));
            source.end = -1; // like an InputStream, though 0 is asked for
            assertSameRun(data, source, trainer -> trainer.shuffleBuffer(ROWS));
            assertEquals(source.opened, source.closed);
        }
    }

    /** Class 1 of two is the answer yes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void aSigmoidHeadLearnsTwoClasses(final int chunk) {
        final Mlp mlp = Mlp.inputs(FEATURES).dense(5, Activation.TANH).dense(1).sigmoid();
        final Dataset data = Dataset.classification(FEATURES, 2, X, RandomArrays.ints(1, ROWS, 2));
        final TrainingResult expected = trainer(mlp, OPTIONS).fit(data);
        final Source source = new Source(data, chunk);
        final TrainingResult actual = trainer(mlp, OPTIONS).fit(source);
        assertEquals(expected.model(), actual.model());
        assertEquals(losses(expected), losses(actual));
        assertEquals(source.opened, source.closed);
    }

    /** Step by step, as it is documented: runs of 20, 20 and 5 rows, batches that go from one into the next. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20, ROWS - 1})
    void aSmallBufferShufflesRunsByThemselves(final int buffer) {
        final TrainingSession session = TrainingSession.of(Parameters.random(CLASSIFIER, 4))
                .optimizer(OPTIONS.optimizer())
                .seed(4)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        final List<Double> losses = new ArrayList<>();
        for (int epoch = 1; epoch <= 3; epoch++) {
            final List<Integer> order = new ArrayList<>();
            for (int first = 0; first < ROWS; first += buffer) {
                final int start = first;
                final int n = Math.min(buffer, ROWS - first);
                final int[] run = new int[buffer];
                Philox.permutation(4, Purpose.SHUFFLE, epoch, first, run, n);
                IntStream.range(0, n).forEach(i -> order.add(start + run[i]));
            }
            final Dataset shuffled =
                    CLASSES.select(order.stream().mapToInt(Integer::intValue).toArray());
            double sum = 0;
            for (int row = 0; row < ROWS; row += 8) {
                final int n = Math.min(8, ROWS - row);
                sum += n * session.step(n, shuffled.x(), row * FEATURES, shuffled.labels(), row);
            }
            losses.add(sum / ROWS);
        }
        final TrainingResult result = trainer(CLASSIFIER, OPTIONS.withScaling(Scaling.NONE))
                .shuffleBuffer(buffer)
                .fit(new Source(CLASSES, 11));
        assertEquals(Model.of(session.parameters()), result.model());
        assertEquals(losses, losses(result));
    }

    @ParameterizedTest
    @EnumSource
    void theBufferIsPartOfWhatDecides(final Scaling scaling) {
        final Trainer trainer = trainer(CLASSIFIER, OPTIONS.withScaling(scaling));
        final Model whole = trainer.fit(new Source(CLASSES, 9)).model();
        final Model parts =
                trainer.shuffleBuffer(10).fit(new Source(CLASSES, 9)).model();
        assertNotEquals(whole, parts);
        assertEquals(whole.standardization(), parts.standardization());
        assertEquals(parts, trainer.fit(new Source(CLASSES, 2)).model());
    }

    @Test
    void aBatchLargerThanTheSourceIsAllOfIt() {
        final TrainingOptions large = OPTIONS.withBatchSize(Integer.MAX_VALUE);
        assertEquals(
                trainer(CLASSIFIER, OPTIONS.withBatchSize(ROWS)).fit(CLASSES).model(),
                trainer(CLASSIFIER, large).fit(new Source(CLASSES, 9)).model());
    }

    /** Passes 1 and 2 are for means and deviations, 3 to 5 are the epochs. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void anotherNumberOfRowsIsRefused(final int pass) {
        for (final int buffer : new int[] {8, 10, ROWS, 1000}) {
            for (final int rows : new int[] {0, 1, 40, ROWS - 1, ROWS + 1, 2 * ROWS}) {
                final Source source = new Source(CLASSES, 7).bad(pass, rows);
                final Trainer trainer = trainer(CLASSIFIER, OPTIONS).shuffleBuffer(buffer);
                final String what = rows + " rows in pass " + pass + ", buffer " + buffer;
                if (pass <= 2) {
                    assertEquals(
                            "expected 45 rows, as the source says there are, got "
                                    + (rows > ROWS ? "at least " + Math.min(rows, 49) : rows),
                            assertThrows(IllegalArgumentException.class, () -> trainer.fit(source), what)
                                    .getMessage());
                } else {
                    final String message =
                            String.valueOf(assertThrows(IllegalStateException.class, () -> trainer.fit(source), what)
                                    .getMessage());
                    assertTrue(
                            message.matches(
                                    "expected 45 rows in each pass, as there were before, got (at least [4-9][0-9]|"
                                            + rows + ")"),
                            message);
                }
                assertEquals(pass, source.opened, what);
                assertEquals(source.opened, source.closed, what);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void whatCannotBeReadStopsTheRun(final int pass) {
        final Source opening = new Source(CLASSES, 7).bad(pass, ROWS);
        opening.failsToOpen = true;
        assertStops(opening, "cannot open");
        final Source reading = new Source(CLASSES, 7).bad(pass, ROWS);
        reading.failingRow = 30;
        assertStops(reading, "cannot read");
        final Source closing = new Source(CLASSES, 7).bad(pass, ROWS);
        closing.failsToClose = true;
        assertStops(closing, "cannot close");
    }

    private static void assertStops(final Source source, final String message) {
        for (final int buffer : new int[] {10, ROWS}) {
            source.opened = 0;
            source.closed = 0;
            final Trainer trainer = trainer(CLASSIFIER, OPTIONS).shuffleBuffer(buffer);
            final UncheckedIOException thrown =
                    assertThrows(UncheckedIOException.class, () -> trainer.fit(source), message);
            assertEquals("java.io.IOException: " + message, thrown.getMessage());
            assertEquals(source.opened, source.closed, message);
        }
    }

    @Test
    void cursorsAreClosedHoweverARunEnds() {
        final Source source = new Source(CLASSES, 7);
        final RuntimeException error = new RuntimeException("for the test");
        final TrainingListener failing = new TrainingListener() {
            @Override
            public void onStep(final int epoch, final long rows, final double loss) {
                throw error;
            }
        };
        final Trainer broken = trainer(CLASSIFIER, OPTIONS).listener(failing);
        assertSame(error, assertThrows(RuntimeException.class, () -> broken.fit(source)));
        assertEquals(3, source.opened);
        assertEquals(3, source.closed);
        final TrainingResult cancelled =
                trainer(CLASSIFIER, OPTIONS).cancelledBy(() -> true).fit(source);
        assertEquals(TrainingResult.End.CANCELLED, cancelled.end());
        assertEquals(6, source.opened);
        assertEquals(6, source.closed);
        final Trainer diverging =
                trainer(mlp(Head.LINEAR), OPTIONS.withEpochs(50).withOptimizer(Optimizer.sgd(1e30f, 0)));
        final Source values = new Source(VALUES, 7);
        assertThrows(TrainingDivergedException.class, () -> diverging.fit(values));
        assertEquals(values.opened, values.closed);
    }

    /** Only standardisation needs a look at the deviations. */
    @Test
    void readsNoMoreOftenThanNeeded() {
        final Source source = new Source(CLASSES, 7);
        trainer(CLASSIFIER, OPTIONS.withScaling(Scaling.NONE)).fit(source);
        assertEquals(1 + 3, source.opened);
        trainer(CLASSIFIER, OPTIONS).fit(source);
        assertEquals(1 + 3 + 2 + 3, source.opened);
        final Source values = new Source(VALUES, 7);
        trainer(mlp(Head.LINEAR), OPTIONS.withScaling(Scaling.NONE)).fit(values);
        assertEquals(2 + 3, values.opened);
    }

    @Test
    void refusals() {
        final int[] labels = LABELS.clone();
        labels[40] = 7;
        final Dataset wide = Dataset.classification(FEATURES, 8, X, labels);
        final Source lying = new Source(wide, 7) {
            @Override
            public int outputs() {
                return 3;
            }
        };
        refused("expected labels from 0 to 2, got 7 (row 40)", CLASSIFIER, lying);
        assertEquals(1, lying.closed);
        refused("there are no rows to learn from", CLASSIFIER, new Source(CLASSES.select(new int[0]), 7));
        refused(
                "expected training data for 3 → 6 tanh batch-norm dropout 0.2 → 3 softmax, got 3 features and 2 target"
                        + " values: each row needs 3 features and one of 3 classes, or a probability for each",
                CLASSIFIER,
                new Source(Dataset.regression(FEATURES, 2, X, new float[2 * ROWS]), 7));
        refused(
                "expected probabilities from 0 to 1 as targets of a softmax head, got " + TARGETS[0]
                        + " (row 0, class 0)",
                CLASSIFIER,
                new Source(VALUES, 7));
        assertEquals(
                "expected a buffer of at least 1 row, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> trainer(CLASSIFIER, OPTIONS).shuffleBuffer(0))
                        .getMessage());
    }

    private static void refused(final String message, final Mlp mlp, final RowSource source) {
        final Trainer trainer = trainer(mlp, OPTIONS);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> trainer.fit(source))
                        .getMessage());
    }
}
