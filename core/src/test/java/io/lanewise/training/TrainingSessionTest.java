package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.HookedKernels;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Updates against the textbook in {@code double}, refusals, and what a failed step leaves behind. */
final class TrainingSessionTest {
    private static final Mlp LINE = Mlp.inputs(1).dense(1).linear();
    private static final float[] X = {-1, 0.5f, 2};
    private static final float[] T = {0.25f, 1, 3};
    private static final Mlp CLASSIFIER = Mlp.inputs(2).dense(2).softmax();
    private static final Parameters START = Parameters.random(CLASSIFIER, 1);

    private static TrainingSession line(final Optimizer optimizer) {
        return new TrainingSession(
                Parameters.of(LINE, new float[] {0.5f, -0.25f}), optimizer, 3, ReferenceKernels.INSTANCE);
    }

    /** The gradient of the mean of (w x + b − t)². */
    private static double[] gradient(final double[] p) {
        final double[] g = new double[2];
        for (int i = 0; i < X.length; i++) {
            final double error = p[0] * X[i] + p[1] - T[i];
            g[0] += 2 * error * X[i] / X.length;
            g[1] += 2 * error / X.length;
        }
        return g;
    }

    private static void compare(final double[] expected, final TrainingSession session) {
        assertEquals(expected[0], session.parameters().weight(0, 0, 0), 2e-6);
        assertEquals(expected[1], session.parameters().bias(0, 0), 2e-6);
    }

    @Test
    void sgdWithMomentumAndWeightDecay() {
        final TrainingSession session = line(new Optimizer.Sgd(0.05f, 0.8f, 0.1f, false));
        final double[] p = {0.5, -0.25};
        final double[] v = new double[2];
        for (int step = 1; step <= 10; step++) {
            session.step(3, X, 0, T, 0);
            final double[] g = gradient(p);
            for (int i = 0; i < 2; i++) {
                v[i] = 0.8 * v[i] + g[i] + 0.1 * p[i];
                p[i] -= 0.05 * v[i];
            }
            compare(p, session);
            assertEquals(step, session.steps());
        }
    }

    @Test
    void adamWithBiasCorrectionAndDecoupledDecay() {
        final TrainingSession session = line(new Optimizer.AdamW(0.05f, 0.9f, 0.95f, 1e-3f, 0.2f));
        final double[] p = {0.5, -0.25};
        final double[] m = new double[2];
        final double[] v = new double[2];
        for (int step = 1; step <= 10; step++) {
            session.step(3, X, 0, T, 0);
            final double[] g = gradient(p);
            for (int i = 0; i < 2; i++) {
                m[i] = 0.9 * m[i] + 0.1 * g[i];
                v[i] = 0.95 * v[i] + 0.05 * g[i] * g[i];
                final double unbiasedM = m[i] / (1 - Math.pow(0.9, step));
                final double unbiasedV = v[i] / (1 - Math.pow(0.95, step));
                p[i] = p[i] * (1 - 0.05 * 0.2) - 0.05 * unbiasedM / (Math.sqrt(unbiasedV) + 1e-3);
            }
            compare(p, session);
        }
    }

    @Test
    void optimizersRefuseWhatMakesNoSense() {
        refused("expected a positive learning rate, got 0.0", () -> Optimizer.sgd(0, 0));
        refused("expected a positive learning rate, got NaN", () -> Optimizer.adam(Float.NaN));
        refused("expected a positive learning rate, got Infinity", () -> Optimizer.adam(Float.POSITIVE_INFINITY));
        refused("expected a momentum from 0 to below 1, got 1.0", () -> Optimizer.sgd(1, 1));
        refused("expected a momentum from 0 to below 1, got -0.5", () -> Optimizer.sgd(1, -0.5f));
        refused("expected a weight decay of at least 0, got -1.0", () -> new Optimizer.Sgd(1, 0, -1, false));
        refused("expected a beta1 from 0 to below 1, got 1.0", () -> new Optimizer.Adam(1, 1, 0, 1, 0));
        refused("expected a beta2 from 0 to below 1, got NaN", () -> new Optimizer.Adam(1, 0, Float.NaN, 1, 0));
        refused("expected a positive epsilon, got 0.0", () -> new Optimizer.Adam(1, 0, 0, 0, 0));
        refused("expected a weight decay of at least 0, got NaN", () -> new Optimizer.Adam(1, 0, 0, 1, Float.NaN));
        assertEquals(new Optimizer.Adam(0.5f, 0.9f, 0.999f, 1e-8f, 0), Optimizer.adam(0.5f));
        assertEquals(new Optimizer.Sgd(0.5f, 0.25f, 0, false), Optimizer.sgd(0.5f, 0.25f));
    }

    @Test
    void refusedStepsChangeNothing() {
        final TrainingSession session = session(ReferenceKernels.INSTANCE);
        final float[] x = new float[4];
        final int[] labels = {0, 1};
        refused("expected 1 to 2 rows, got 0", () -> session.step(0, x, 0, labels, 0));
        refused("expected 1 to 2 rows, got 3", () -> session.step(3, x, 0, labels, 0));
        refused("expected a label from 0 to 1, got 2 (row 1)", () -> session.step(2, x, 0, new int[] {0, 2}, 0));
        assertEquals(
                "X (2 × 2, leading dimension 2) at offset 1 does not fit into an array of 4",
                assertThrows(IndexOutOfBoundsException.class, () -> session.step(2, x, 1, labels, 0))
                        .getMessage());
        assertEquals(
                "labels (2 elements) at offset 1 does not fit into an array of 2",
                assertThrows(IndexOutOfBoundsException.class, () -> session.step(2, x, 0, labels, 1))
                        .getMessage());
        assertEquals(
                "targets (2 × 2, leading dimension 2) at offset 0 does not fit into an array of 3",
                assertThrows(IndexOutOfBoundsException.class, () -> session.step(2, x, 0, new float[3], 0))
                        .getMessage());
        final float[] weights = {0, -1};
        refused("expected weights of at least 0, got -1.0 (row 1)", () -> session.step(2, x, 0, labels, 0, weights, 0));
        refused("expected weights of at least 0, got -1.0 (row 0)", () -> session.step(1, x, 0, x, 0, weights, 1));
        refused("expected at least one row with a weight above 0", () -> session.step(1, x, 0, labels, 0, weights, 0));
        refused("expected at least one row with a weight above 0", () -> session.step(1, x, 0, x, 0, weights, 0));
        refused(
                "expected weights of at least 0, got NaN (row 0)",
                () -> session.step(1, x, 0, x, 0, new float[] {Float.NaN}, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> session.step(2, x, 0, labels, 0, weights, 1));
        assertEquals(START, session.parameters());
        assertEquals(0, session.steps());
        final TrainingSession regression = line(Optimizer.adam(0.1f));
        assertEquals(
                "a network that is trained with the squared error does not learn from labels: give it 1 target values"
                        + " for each row",
                assertThrows(IllegalStateException.class, () -> regression.step(1, X, 0, labels, 0))
                        .getMessage());
        assertThrows(IndexOutOfBoundsException.class, () -> regression.step(3, X, 0, T, 1));
        assertEquals(0, regression.steps());
        refused(
                "expected at least 1 row for each step, got 0",
                () -> new TrainingSession(START, Optimizer.adam(1), 0, ReferenceKernels.INSTANCE));
    }

    private static TrainingSession session(final Kernels kernels) {
        return new TrainingSession(START, Optimizer.sgd(0.5f, 0), 2, kernels);
    }

    private static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void aLossThatIsNotFiniteUpdatesNothing() {
        final TrainingSession session = session(ReferenceKernels.INSTANCE);
        assertTrue(Double.isNaN(session.step(2, new float[] {1, 2, Float.NaN, 4}, 0, new int[2], 0)));
        assertEquals(START, session.parameters());
        assertEquals(0, session.steps());
        final TrainingSession regression = line(Optimizer.adam(0.1f));
        final Parameters before = regression.parameters();
        assertEquals(Double.POSITIVE_INFINITY, regression.step(1, X, 0, new float[] {3e38f}, 0));
        assertEquals(before, regression.parameters());
        // The session is as good as new.
        regression.step(3, X, 0, T, 0);
        final TrainingSession fresh = line(Optimizer.adam(0.1f));
        fresh.step(3, X, 0, T, 0);
        assertEquals(fresh.parameters(), regression.parameters());
    }

    @Test
    void theParametersAreCopies() {
        final TrainingSession session = session(ReferenceKernels.INSTANCE);
        final Parameters before = session.parameters();
        session.step(1, new float[] {1, 2}, 0, new int[] {1}, 0);
        assertEquals(START, before);
        assertTrue(!START.equals(session.parameters()));
    }

    @Test
    void twoThreadsAreOneTooMany() throws Exception {
        final CountDownLatch inside = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);
        final TrainingSession session = session(HookedKernels.of(method -> {
            if (method.equals("columnSums") && inside.getCount() > 0) { // the first thread only
                inside.countDown();
                try {
                    leave.await();
                } catch (final InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }));
        final float[] x = {1, 2};
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            final Future<Double> first = other.submit(() -> session.step(1, x, 0, new int[1], 0));
            try {
                inside.await();
                final String message = "a session is for one thread at a time: make one per thread";
                for (int i = 0; i < 2; i++) {
                    assertEquals(
                            message,
                            assertThrows(IllegalStateException.class, () -> session.step(1, x, 0, new int[1], 0))
                                    .getMessage());
                    assertThrows(IllegalStateException.class, session::parameters);
                }
            } finally {
                leave.countDown();
            }
            assertTrue(Double.isFinite(first.get()));
        }
        assertEquals(1, session.steps());
        session.step(1, x, 0, new int[1], 0);
        final TrainingSession alone = session(ReferenceKernels.INSTANCE);
        alone.step(1, x, 0, new int[1], 0);
        alone.step(1, x, 0, new int[1], 0);
        assertEquals(alone.parameters(), session.parameters());
    }

    @Test
    void anErrorInsideLeavesTheSessionUsable() {
        final AtomicBoolean failing = new AtomicBoolean(true);
        final OutOfMemoryError error = new OutOfMemoryError("for the test");
        final TrainingSession session = session(HookedKernels.of(method -> {
            if (failing.get() && method.equals("softmaxCrossEntropy")) {
                throw error;
            }
        }));
        final float[] x = {1, 2};
        assertSame(error, assertThrows(OutOfMemoryError.class, () -> session.step(1, x, 0, new int[1], 0)));
        failing.set(false);
        assertEquals(START, session.parameters());
        session.step(1, x, 0, new int[1], 0);
        assertEquals(1, session.steps());
    }
}
