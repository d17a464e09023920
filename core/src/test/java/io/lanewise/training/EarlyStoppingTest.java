package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class EarlyStoppingTest {
    private static final double NAN = Double.NaN;

    @Test
    void oneEpochMoreThanThePatienceStops() {
        final EarlyStopping rule = new EarlyStopping(2, 0);
        assertEquals(new EarlyStoppingState(4, 2, 3), stopped(rule, 5, 4, 4, 5, 6, 1));
        assertEquals(new EarlyStoppingState(3, 5, 3), stopped(rule, 5, 4, 4, 5, 3, 3, 3, 3, 1));
    }

    @Test
    void withoutPatienceTheFirstEpochThatIsNoBetterDoes() {
        final EarlyStopping rule = new EarlyStopping(0, 0);
        assertEquals(new EarlyStoppingState(3, 3, 1), stopped(rule, 5, 4, 3, 3, 2));
        assertFalse(EarlyStoppingState.START.stops(rule));
    }

    @Test
    void aLossHasToBeLowerByTheMinimumDelta() {
        final EarlyStopping rule = new EarlyStopping(1, 0.5);
        assertEquals(new EarlyStoppingState(5, 1, 2), stopped(rule, 5, 4.5, 4.75, 1));
        assertEquals(new EarlyStoppingState(4.25, 3, 2), stopped(rule, 5, 4.5, 4.25, 4, 3.75, 1));
    }

    @Test
    void nanIsNeverBetter() {
        final EarlyStopping rule = new EarlyStopping(1, 0);
        assertEquals(new EarlyStoppingState(Double.POSITIVE_INFINITY, 0, 2), stopped(rule, NAN, NAN, 1));
        assertEquals(new EarlyStoppingState(2, 2, 2), stopped(rule, NAN, 2, NAN, NAN, 1));
    }

    @Test
    void refusesWhatCannotBe() {
        refused("expected a patience of at least 0 epochs, got -1", () -> new EarlyStopping(-1, 0));
        refused("expected a minimum delta of at least 0, got NaN", () -> new EarlyStopping(1, NAN));
        refused("expected a minimum delta of at least 0, got -0.1", () -> new EarlyStopping(1, -0.1));
        refused("expected a best loss, got NaN", () -> new EarlyStoppingState(NAN, 0, 0));
        refused("expected a best epoch from 0 on, got -1", () -> new EarlyStoppingState(1, -1, 0));
        refused("expected at least 0 epochs since the best, got -1", () -> new EarlyStoppingState(1, 1, -1));
    }

    /** The state in which a run with these losses stops, which is before the last of them. */
    private static EarlyStoppingState stopped(final EarlyStopping rule, final double... losses) {
        EarlyStoppingState state = EarlyStoppingState.START;
        int epochs = 0;
        while (!state.stops(rule)) {
            state = state.after(rule, losses[epochs++]);
        }
        assertEquals(losses.length - 1, epochs);
        return state;
    }

    private static void refused(final String message, final Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
