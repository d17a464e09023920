package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.HookedKernels;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Model;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class InferenceSessionTest {
    private static final int ROWS = 23;
    private static final int INPUTS = Nets.INPUTS;
    private static final int OUTPUTS = Nets.OUTPUTS;
    private static final float[] X = Nets.rows(ROWS);

    static Stream<Model> models() {
        return Stream.of(Activation.values()).flatMap(f -> Stream.of(Nets.classifier(f), Nets.regression(f)));
    }

    private static InferenceSession session(final Model model, final int maxRows) {
        return Predictor.of(model, ReferenceKernels.INSTANCE).session(maxRows);
    }

    private static float[] run(final InferenceSession session, final int rows, final float[] x) {
        final float[] y = new float[rows * OUTPUTS];
        Arrays.fill(y, Float.NaN); // an output buffer is never read
        session.run(rows, x, 0, y, 0);
        return y;
    }

    @ParameterizedTest
    @MethodSource("models")
    void anySplitGivesTheSameBits(final Model model) {
        final float[] expected = run(session(model, ROWS), ROWS, X);
        final int[] expectedClasses = new int[ROWS];
        session(model, ROWS).classify(ROWS, X, 0, expectedClasses, 0);
        for (final int block : new int[] {1, 2, 3, 7, 16, 22}) {
            final InferenceSession session = session(model, block);
            final float[] y = new float[ROWS * OUTPUTS + 2];
            Arrays.fill(y, Float.NaN);
            final int[] classes = new int[ROWS + 2];
            for (int row = 0; row < ROWS; row += block) {
                final int rows = Math.min(block, ROWS - row);
                session.run(rows, X, row * INPUTS, y, 1 + row * OUTPUTS);
                session.classify(rows, X, row * INPUTS, classes, 1 + row);
            }
            assertArrayEquals(expected, Arrays.copyOfRange(y, 1, y.length - 1));
            assertArrayEquals(expectedClasses, Arrays.copyOfRange(classes, 1, classes.length - 1));
            assertTrue(Float.isNaN(y[0]) && Float.isNaN(y[y.length - 1]), "written outside the output");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void positionAndNeighboursDoNotMatter(final Model model) {
        final InferenceSession session = session(model, ROWS);
        final float[] expected = run(session, ROWS, X);
        final float[] reversed = new float[X.length];
        for (int i = 0; i < ROWS; i++) {
            System.arraycopy(X, i * INPUTS, reversed, (ROWS - 1 - i) * INPUTS, INPUTS);
        }
        final float[] y = run(session, ROWS, reversed);
        for (int i = 0; i < ROWS; i++) {
            final int at = (ROWS - 1 - i) * OUTPUTS;
            assertArrayEquals(
                    Arrays.copyOfRange(expected, i * OUTPUTS, (i + 1) * OUTPUTS),
                    Arrays.copyOfRange(y, at, at + OUTPUTS));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aNaNStaysInItsRow(final Model model) {
        final InferenceSession session = session(model, ROWS);
        final float[] expected = run(session, ROWS, X);
        final int[] expectedClasses = new int[ROWS];
        session.classify(ROWS, X, 0, expectedClasses, 0);
        for (final int sick : new int[] {0, 4, ROWS - 1}) {
            final float[] x = X.clone();
            x[sick * INPUTS + 2] = Float.NaN;
            final float[] y = run(session, ROWS, x);
            final int[] classes = new int[ROWS];
            session.classify(ROWS, x, 0, classes, 0);
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < OUTPUTS; j++) {
                    assertEquals(i == sick ? Float.NaN : expected[i * OUTPUTS + j], y[i * OUTPUTS + j]);
                }
                assertEquals(i == sick ? 0 : expectedClasses[i], classes[i]);
            }
            // Nothing of it is left for the next call.
            assertArrayEquals(expected, run(session, ROWS, X));
        }
    }

    @Test
    void refusedCallsWriteNothing() {
        final InferenceSession session = session(Nets.classifier(Activation.RELU), 4);
        assertEquals(4, session.maxRows());
        final float[] y = {1, 2, 3, 4, 5, 6};
        final int[] classes = {7, 8};
        final String tooMany = "expected at most 4 rows, got 5: make the session for more, or score in blocks";
        refused(IllegalArgumentException.class, tooMany, () -> session.run(5, X, 0, new float[15], 0));
        refused(IllegalArgumentException.class, tooMany, () -> session.classify(5, X, 0, new int[5], 0));
        final String negative = "X rows must not be negative, got -1";
        refused(IllegalArgumentException.class, negative, () -> session.run(-1, X, 0, y, 0));
        refused(IllegalArgumentException.class, negative, () -> session.classify(-1, X, 0, classes, 0));
        final String x = "X (2 × 5, leading dimension 5) at offset 1 does not fit into an array of 10";
        refused(IndexOutOfBoundsException.class, x, () -> session.run(2, new float[10], 1, y, 0));
        refused(IndexOutOfBoundsException.class, x, () -> session.classify(2, new float[10], 1, classes, 0));
        refused(
                IndexOutOfBoundsException.class,
                "Y (2 × 3, leading dimension 3) at offset 1 does not fit into an array of 6",
                () -> session.run(2, X, 0, y, 1));
        refused(
                IndexOutOfBoundsException.class,
                "classes (2 elements) at offset 1 does not fit into an array of 2",
                () -> session.classify(2, X, 0, classes, 1));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, y);
        assertArrayEquals(new int[] {7, 8}, classes);
        session.run(0, X, 0, y, 0);
        session.classify(0, X, 0, classes, 0);
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, y);
        // A refused call leaves the session free.
        session.run(2, X, 0, y, 0);
        assertEquals(1, y[0] + y[1] + y[2], 1e-6);
    }

    @Test
    void needsRoomForARow() {
        final Predictor predictor = Predictor.of(Nets.classifier(Activation.RELU), ReferenceKernels.INSTANCE);
        refused(
                IllegalArgumentException.class,
                "expected at least 1 row for each call, got 0",
                () -> predictor.session(0));
    }

    private static void refused(
            final Class<? extends RuntimeException> type, final String message, final Runnable call) {
        final RuntimeException thrown = assertThrows(type, call::run);
        assertEquals(message, thrown.getMessage());
    }

    @Test
    void twoThreadsAreOneTooMany() throws Exception {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);
        final Kernels blocking = HookedKernels.of(method -> {
            if (method.equals("standardize") && inside.getCount() > 0) { // the first thread only
                inside.countDown();
                try {
                    leave.await();
                } catch (final InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        });
        final InferenceSession session =
                Predictor.of(Nets.classifier(Activation.RELU), blocking).session(ROWS);
        final float[] expected = run(session(Nets.classifier(Activation.RELU), ROWS), ROWS, X);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            final Future<float[]> first = other.submit(() -> run(session, ROWS, X));
            try {
                inside.await();
                final float[] y = {9, 9, 9};
                final int[] classes = {9};
                final String message = "a session is for one thread at a time: make one per thread";
                for (int i = 0; i < 2; i++) { // the first refusal must not open the door
                    refused(IllegalStateException.class, message, () -> session.run(1, X, 0, y, 0));
                    refused(IllegalStateException.class, message, () -> session.classify(1, X, 0, classes, 0));
                }
                assertArrayEquals(new float[] {9, 9, 9}, y);
                assertArrayEquals(new int[] {9}, classes);
                assertFalse(first.isDone());
            } finally {
                leave.countDown();
            }
            assertArrayEquals(expected, first.get());
        }
        assertArrayEquals(expected, run(session, ROWS, X));
    }

    @Test
    void anErrorInsideLeavesTheSessionUsable() {
        final AtomicReference<String> failing = new AtomicReference<>("");
        final OutOfMemoryError error = new OutOfMemoryError("for the test");
        final Kernels kernels = HookedKernels.of(method -> {
            if (method.equals(failing.get())) {
                throw error;
            }
        });
        final Predictor predictor = Predictor.of(Nets.classifier(Activation.RELU), kernels);
        final InferenceSession session = predictor.session(ROWS);
        final float[] expected = run(session, ROWS, X);
        for (final String method : List.of("standardize", "gemm", "softmax")) {
            failing.set(method);
            assertSame(error, assertThrows(OutOfMemoryError.class, () -> run(session, ROWS, X)));
            assertSame(error, assertThrows(OutOfMemoryError.class, () -> predictor.predict(X)));
            failing.set("");
            assertArrayEquals(expected, run(session, ROWS, X));
            assertArrayEquals(expected, predictor.predict(X));
        }
        failing.set("gemm");
        assertThrows(OutOfMemoryError.class, () -> session.classify(1, X, 0, new int[1], 0));
        failing.set("");
        session.classify(1, X, 0, new int[1], 0);
    }
}
