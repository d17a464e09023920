package io.lanewise.training;

import static io.lanewise.training.UpdateTest.ROWS;
import static io.lanewise.training.UpdateTest.START;
import static io.lanewise.training.UpdateTest.T;
import static io.lanewise.training.UpdateTest.X;
import static io.lanewise.training.UpdateTest.backward;
import static io.lanewise.training.UpdateTest.refused;
import static io.lanewise.training.UpdateTest.session;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a session carries from one step to the next. */
final class SessionStateTest {
    @ParameterizedTest
    @MethodSource("io.lanewise.training.UpdateTest#optimizers")
    void anotherSessionGoesOnFromAState(final Optimizer optimizer) {
        final TrainingSession whole = session(optimizer);
        final TrainingSession first = session(optimizer);
        for (int i = 0; i < 3; i++) {
            whole.step(ROWS, X, 0, T, 0);
            first.step(ROWS, X, 0, T, 0);
        }
        final SessionState state = first.state();
        first.step(ROWS, X, 0, T, 0); // a state is a copy
        final TrainingSession second = session(optimizer);
        second.step(4, X, 0, T, 0); // and replaces all that was
        second.restore(state);
        assertEquals(state, second.state());
        assertEquals(3, second.steps());
        assertEquals(Double.NaN, second.gradientNorm());
        for (int i = 0; i < 3; i++) {
            assertEquals(whole.step(ROWS, X, 0, T, 0), second.step(ROWS, X, 0, T, 0));
        }
        assertEquals(whole.state(), second.state());
        assertNotEquals(state, second.state());
    }

    @Test
    void statesThatDoNotFitAreRefused() {
        final TrainingSession adam = session(Optimizer.adam(0.1f));
        backward(adam);
        final SessionState before = adam.state();
        final TrainingSession other = new TrainingSession(
                Parameters.random(Mlp.inputs(3).dense(2).linear(), 1), Optimizer.adam(1), 2, ReferenceKernels.INSTANCE);
        refused(
                "expected the state of a session of 3 → 4 tanh batch-norm dropout 0.2 → 2 linear, got one of 3 → 2"
                        + " linear",
                () -> adam.restore(other.state()));
        final SessionState sgd = session(Optimizer.sgd(0.1f, 0.9f)).state();
        refused("expected the state of a session with adam, got one with sgd", () -> adam.restore(sgd));
        final SessionState adamW = session(Optimizer.adamW(0.1f)).state();
        refused("expected the state of a session with adam, got one with adamw", () -> adam.restore(adamW));
        refused(
                "expected the state of a session with rmsprop, got one with sgd",
                () -> session(Optimizer.rmsProp(0.1f)).restore(sgd));
        refused(
                "the state was made with sgd that has other moments: with or without momentum, where this one is not",
                () -> session(Optimizer.sgd(0.1f, 0)).restore(sgd));
        assertEquals(before, adam.state());
        assertTrue(adam.update()); // a refusal leaves the gradients too
        refused(
                "expected at least 0 steps, got -1",
                () -> SessionState.of(START, Optimizer.Kind.SGD, new float[0], new float[0], -1));
        refused(
                "expected a first moment of 42 values or none, got 1",
                () -> SessionState.of(START, Optimizer.Kind.SGD, new float[1], new float[0], 0));
        refused(
                "expected a second moment of 42 values or none, got 43",
                () -> SessionState.of(START, Optimizer.Kind.SGD, new float[42], new float[43], 0));
    }
}
