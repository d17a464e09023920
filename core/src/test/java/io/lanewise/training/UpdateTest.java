package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.DoubleNet;
import io.lanewise.HookedKernels;
import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From gradients to new parameters, by PyTorch's formulas in {@code double}; and when there is no update. */
final class UpdateTest {
    static final int INPUTS = 3;
    private static final int HIDDEN = 4;
    private static final int OUTPUTS = 2;
    static final int ROWS = 9;
    private static final Mlp MLP = Mlp.inputs(INPUTS)
            .dense(HIDDEN, Activation.TANH)
            .batchNorm()
            .dropout(0.2f)
            .dense(OUTPUTS)
            .linear();
    private static final int NORM = INPUTS * HIDDEN + HIDDEN; // where the parameters of the normalisation start
    private static final int RUNNING = NORM + 2 * HIDDEN;
    private static final int BEHIND = RUNNING + 2 * HIDDEN;
    static final Parameters START = Parameters.random(MLP, 5);
    static final float[] X = RandomArrays.floats(1, ROWS * INPUTS, 2);
    static final float[] T = RandomArrays.floats(2, ROWS * OUTPUTS, 2);

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.sgd(0.1f, 0),
                new Optimizer.Sgd(0.1f, 0, 0.05f, false),
                new Optimizer.Sgd(0.1f, 0.9f, 0.05f, false),
                new Optimizer.Sgd(0.1f, 0.9f, 0.05f, true),
                Optimizer.adam(0.02f),
                new Optimizer.Adam(0.02f, 0.8f, 0.95f, 1e-3f, 0.3f),
                Optimizer.adamW(0.02f),
                new Optimizer.AdamW(0.02f, 0, 0, 1e-2f, 0.5f),
                Optimizer.rmsProp(0.01f),
                new Optimizer.RmsProp(0.01f, 0.9f, 1e-4f, 0.1f, 0),
                new Optimizer.RmsProp(0.01f, 0.9f, 1e-4f, 0.1f, 0.8f));
    }

    static Stream<Arguments> updates() {
        return optimizers()
                .flatMap(optimizer -> Stream.of(
                                Clipping.none(),
                                new Clipping.Norm(0.5f),
                                new Clipping.Norm(1e6f),
                                new Clipping.Value(0.05f))
                        .map(clipping -> Arguments.of(optimizer, clipping)));
    }

    private static TrainingSession session(final Optimizer optimizer, final Clipping clipping, final Kernels kernels) {
        return TrainingSession.of(START)
                .optimizer(optimizer)
                .clipping(clipping)
                .seed(3)
                .kernels(kernels)
                .build();
    }

    static TrainingSession session(final Optimizer optimizer) {
        return session(optimizer, Clipping.none(), ReferenceKernels.INSTANCE);
    }

    static double backward(final TrainingSession session) {
        return session.backward(ROWS, X, 0, T, 0, null, 0);
    }

    /** Gradients are taken from the session; all that follows from them is computed here. */
    @ParameterizedTest
    @MethodSource("updates")
    void updatesArePyTorchs(final Optimizer optimizer, final Clipping clipping) {
        final TrainingSession session = session(optimizer, clipping, ReferenceKernels.INSTANCE);
        final double[] p = DoubleNet.widened(START.toArray());
        final double[] m = new double[p.length];
        final double[] v = new double[p.length];
        for (int step = 1; step <= 12; step++) {
            if (step == 7) {
                session.learningRate(optimizer.learningRate() / 4);
            }
            final double rate = step < 7 ? optimizer.learningRate() : optimizer.learningRate() / 4;
            backward(session);
            final double[] g = DoubleNet.widened(session.gradients());
            final double norm = Math.sqrt(Arrays.stream(g).map(x -> x * x).sum());
            clip(clipping, norm, g);
            final double[] old = p.clone();
            for (int i = 0; i < p.length; i++) {
                if (i < RUNNING || i >= BEHIND) {
                    step(optimizer, rate, step, g[i], i, p, m, v);
                } else {
                    assertEquals(0, g[i], "the gradient of running statistics");
                }
            }
            statistics(old, p);
            assertTrue(session.update());
            final String what = "step " + step;
            assertArrayEquals(p, DoubleNet.widened(session.parameters().toArray()), 4e-6, what);
            final SessionState state = session.state();
            assertEquals(step, state.steps());
            compare(m, state.firstMoment(), what + ", first moment");
            compare(v, state.secondMoment(), what + ", second moment");
            if (clipping instanceof Clipping.Norm) {
                assertEquals(norm, session.gradientNorm(), 1e-6 * norm);
            } else {
                assertTrue(Double.isNaN(session.gradientNorm()));
            }
        }
    }

    private static void compare(final double[] expected, final float[] actual, final String what) {
        assertArrayEquals(
                actual.length == 0 ? new double[expected.length] : DoubleNet.widened(actual), expected, 4e-6, what);
    }

    /** Like {@code clip_grad_norm_} and {@code clip_grad_value_}. */
    private static void clip(final Clipping clipping, final double norm, final double[] g) {
        for (int i = 0; i < g.length; i++) {
            g[i] = switch (clipping) {
                case Clipping.None ignored -> g[i];
                case Clipping.Norm limit -> g[i] * Math.min(1, limit.limit() / (norm + 1e-6));
                case Clipping.Value limit -> Math.clamp(g[i], -limit.limit(), limit.limit());
            };
        }
    }

    private static void step(
            final Optimizer optimizer,
            final double rate,
            final int step,
            final double gradient,
            final int i,
            final double[] p,
            final double[] m,
            final double[] v) {
        switch (optimizer) {
            case Optimizer.Sgd sgd -> {
                final double g = gradient + sgd.weightDecay() * p[i];
                if (sgd.momentum() == 0) {
                    p[i] -= rate * g;
                } else {
                    m[i] = step == 1 ? g : sgd.momentum() * m[i] + g;
                    p[i] -= rate * (sgd.nesterov() ? g + sgd.momentum() * m[i] : m[i]);
                }
            }
            case Optimizer.Adam adam ->
                adam(
                        rate,
                        step,
                        gradient + adam.weightDecay() * p[i],
                        i,
                        p,
                        m,
                        v,
                        adam.beta1(),
                        adam.beta2(),
                        adam.epsilon());
            case Optimizer.AdamW adam -> {
                p[i] -= rate * adam.weightDecay() * p[i];
                adam(rate, step, gradient, i, p, m, v, adam.beta1(), adam.beta2(), adam.epsilon());
            }
            case Optimizer.RmsProp rms -> {
                final double g = gradient + rms.weightDecay() * p[i];
                v[i] = rms.alpha() * v[i] + (1 - (double) rms.alpha()) * g * g;
                if (rms.momentum() == 0) {
                    p[i] -= rate * g / (Math.sqrt(v[i]) + rms.epsilon());
                } else {
                    m[i] = rms.momentum() * m[i] + g / (Math.sqrt(v[i]) + rms.epsilon());
                    p[i] -= rate * m[i];
                }
            }
        }
    }

    private static void adam(
            final double rate,
            final int step,
            final double g,
            final int i,
            final double[] p,
            final double[] m,
            final double[] v,
            final double beta1,
            final double beta2,
            final double epsilon) {
        m[i] = beta1 * m[i] + (1 - beta1) * g;
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        final double first = m[i] / (1 - Math.pow(beta1, step));
        final double second = v[i] / (1 - Math.pow(beta2, step));
        p[i] -= rate * first / (Math.sqrt(second) + epsilon);
    }

    /** {@code running = 0.9 running + 0.1 new}, the variance over n − 1 rows, of what the layer before gave. */
    private static void statistics(final double[] old, final double[] p) {
        final Mlp before = Mlp.inputs(INPUTS).dense(HIDDEN, Activation.TANH).linear();
        final double[] values = Arrays.copyOf(old, NORM);
        final double[][] given = Stream.of(DoubleNet.rows(X, INPUTS))
                .map(row -> DoubleNet.logits(before, values, row))
                .toArray(double[][]::new);
        for (int j = 0; j < HIDDEN; j++) {
            final int column = j;
            final double mean =
                    Stream.of(given).mapToDouble(row -> row[column]).average().orElseThrow();
            final double squares = Stream.of(given)
                    .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
                    .sum();
            p[RUNNING + j] = 0.9 * p[RUNNING + j] + 0.1 * mean;
            p[RUNNING + HIDDEN + j] = 0.9 * p[RUNNING + HIDDEN + j] + 0.1 * squares / (ROWS - 1);
        }
    }

    /** A last batch of one row must not draw the running variance towards 0. */
    @Test
    void oneRowMovesTheRunningMeanAlone() {
        final TrainingSession session = session(Optimizer.adam(0.1f));
        session.step(1, X, 0, T, 0);
        final float[] p = session.parameters().toArray();
        for (int j = 0; j < HIDDEN; j++) {
            assertNotEquals(0f, p[RUNNING + j]);
            assertEquals(1f, p[RUNNING + HIDDEN + j]);
        }
    }

    @ParameterizedTest
    @MethodSource("updates")
    void aStepIsABackwardPassAndAnUpdate(final Optimizer optimizer, final Clipping clipping) {
        final TrainingSession whole = session(optimizer, clipping, ReferenceKernels.INSTANCE);
        final TrainingSession halves = session(optimizer, clipping, ReferenceKernels.INSTANCE);
        for (int i = 0; i < 3; i++) {
            final double loss = backward(halves);
            halves.update();
            assertEquals(loss, whole.step(ROWS, X, 0, T, 0));
        }
        assertEquals(halves.state(), whole.state());
    }

    /** The second pass counts alone, for running statistics too. */
    @Test
    void anUpdateTakesTheLastBackwardPass() {
        final TrainingSession twice = session(Optimizer.adam(0.1f));
        twice.backward(4, X, 5, T, 5, null, 0);
        final double loss = backward(twice);
        twice.update();
        final TrainingSession once = session(Optimizer.adam(0.1f));
        assertEquals(loss, once.step(ROWS, X, 0, T, 0));
        assertEquals(once.state(), twice.state());
    }

    @Test
    void noUpdateWithoutGradients() {
        final TrainingSession session = session(Optimizer.adam(0.1f));
        refuseUpdate(session);
        backward(session);
        assertThrows(IndexOutOfBoundsException.class, () -> session.step(ROWS, X, 1, T, 0)); // changes nothing
        assertTrue(session.update());
        refuseUpdate(session);
        backward(session);
        final SessionState state = session.state();
        session.restore(state);
        refuseUpdate(session);
        backward(session);
        assertTrue(Double.isNaN(session.backward(1, new float[] {Float.NaN, 0, 0}, 0, T, 0, null, 0)));
        refuseUpdate(session);
        assertEquals(state, session.state());
    }

    private static void refuseUpdate(final TrainingSession session) {
        assertEquals(
                "there are no gradients to update with: call backward first",
                assertThrows(IllegalStateException.class, session::update).getMessage());
    }

    /** Half of the pass before would be mixed with half of this one. */
    @Test
    void anErrorInAForwardPassLeavesNoGradients() {
        final AtomicBoolean failing = new AtomicBoolean();
        final TrainingSession session = session(Optimizer.adam(0.1f), Clipping.none(), HookedKernels.of(method -> {
            if (failing.get() && method.equals("pointwiseLoss")) {
                throw new OutOfMemoryError("for the test");
            }
        }));
        backward(session);
        failing.set(true);
        assertThrows(OutOfMemoryError.class, () -> backward(session));
        refuseUpdate(session);
        assertEquals(START, session.parameters());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void whatIsNotFiniteChangesNothing(final Optimizer optimizer) {
        final Clipping clipping = new Clipping.Norm(1);
        final TrainingSession session = session(optimizer, clipping, ReferenceKernels.INSTANCE);
        session.step(ROWS, X, 0, T, 0);
        final SessionState state = session.state();
        final float[] x = X.clone();
        x[4] = Float.NaN;
        assertTrue(Double.isNaN(session.step(ROWS, x, 0, T, 0)));
        assertEquals(state, session.state());
        final float[] t = T.clone();
        t[4] = 1e20f;
        assertEquals(Double.POSITIVE_INFINITY, session.step(ROWS, X, 0, t, 0));
        assertEquals(state, session.state());
        // The loss is finite, some 1e34, but the sum of the squares of the gradients is not.
        final float[] large = X.clone();
        Arrays.fill(t, 1e17f);
        final Mlp line = Mlp.inputs(INPUTS).dense(OUTPUTS).linear();
        final TrainingSession linear = TrainingSession.of(Parameters.random(line, 1))
                .optimizer(optimizer)
                .clipping(clipping)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        for (int i = 0; i < large.length; i++) {
            large[i] *= 1e10f;
        }
        final SessionState before = linear.state();
        assertTrue(Double.isFinite(linear.step(ROWS, large, 0, t, 0)));
        assertEquals(Double.POSITIVE_INFINITY, linear.gradientNorm());
        assertEquals(before, linear.state());
        assertTrue(Double.isFinite(linear.backward(ROWS, large, 0, t, 0, null, 0)));
        assertFalse(linear.update());
        refuseUpdate(linear);
        assertEquals(before, linear.state());
        // Both are as good as new.
        final TrainingSession fresh = session(optimizer, clipping, ReferenceKernels.INSTANCE);
        fresh.step(ROWS, X, 0, T, 0);
        assertEquals(fresh.step(ROWS, X, 0, T, 0), session.step(ROWS, X, 0, T, 0));
        assertEquals(fresh.state(), session.state());
        linear.step(ROWS, X, 0, T, 0);
        assertEquals(1, linear.steps());
    }

    static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void learningRates() {
        final TrainingSession session = session(Optimizer.sgd(0.25f, 0));
        assertEquals(0.25f, session.learningRate());
        refused("expected a learning rate of at least 0, got -1.0", () -> session.learningRate(-1));
        refused("expected a learning rate of at least 0, got NaN", () -> session.learningRate(Float.NaN));
        assertEquals(0.25f, session.learningRate());
        session.learningRate(0);
        session.step(ROWS, X, 0, T, 0);
        assertArrayEquals(
                Arrays.copyOf(START.toArray(), RUNNING),
                Arrays.copyOf(session.parameters().toArray(), RUNNING));
    }
}
