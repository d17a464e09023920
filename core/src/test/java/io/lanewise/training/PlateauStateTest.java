package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class PlateauStateTest {
    @Test
    void oneEpochMoreThanThePatienceReducesTheRate() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 2, 0, 0, 0);
        check(rule, PlateauState.start(1), new double[] {3, 3, 3, 3, 3, 3, 3}, new double[] {
            1, 1, 1, 0.5, 0.5, 0.5, 0.25
        });
        check(rule, PlateauState.start(1), new double[] {3, 3, 3, 2, 2, 2, 2}, new double[] {1, 1, 1, 1, 1, 1, 0.5});
    }

    @Test
    void withoutPatienceTheFirstEpochThatIsNoBetterDoes() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 0, 0, 0, 0);
        check(rule, PlateauState.start(1), new double[] {3, 3, 2, 2, 4}, new double[] {1, 0.5, 0.5, 0.25, 0.125});
    }

    /** What PyTorch's rule gives for factor 0.5, patience 1, threshold 0.01, cooldown 2, minimum 0.1. */
    @Test
    void statesArePyTorchs() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 1, 1e-2, 2, 0.1);
        final double[] losses = {
            1, 0.9, 0.90005, 0.95, 0.8, Double.NaN, 0.8, 0.8, 0.79, 0.8, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7
        };
        final PlateauState[] expected = {
            new PlateauState(1, 0, 0, 0.5),
            new PlateauState(0.9, 0, 0, 0.5),
            new PlateauState(0.9, 1, 0, 0.5),
            new PlateauState(0.9, 0, 2, 0.25),
            new PlateauState(0.8, 0, 1, 0.25),
            new PlateauState(0.8, 0, 0, 0.25),
            new PlateauState(0.8, 1, 0, 0.25),
            new PlateauState(0.8, 0, 2, 0.125),
            new PlateauState(0.79, 0, 1, 0.125),
            new PlateauState(0.79, 0, 0, 0.125),
            new PlateauState(0.79, 1, 0, 0.125),
            new PlateauState(0.7, 0, 0, 0.125),
            new PlateauState(0.7, 1, 0, 0.125),
            new PlateauState(0.7, 0, 2, 0.1),
            new PlateauState(0.7, 0, 1, 0.1),
            new PlateauState(0.7, 0, 0, 0.1),
            new PlateauState(0.7, 1, 0, 0.1),
            new PlateauState(0.7, 0, 2, 0.1),
        };
        PlateauState state = PlateauState.start(0.5);
        for (int i = 0; i < losses.length; i++) {
            state = state.after(rule, losses[i]);
            assertEquals(expected[i], state, "epoch " + i);
        }
    }

    @Test
    void aLossHasToBeLowerByTheThreshold() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 9, 0.25, 0, 0);
        final PlateauState state = PlateauState.start(1).after(rule, 8);
        assertEquals(new PlateauState(8, 1, 0, 1), state.after(rule, 6));
        assertEquals(new PlateauState(Math.nextDown(6.0), 0, 0, 1), state.after(rule, Math.nextDown(6.0)));
    }

    @Test
    void nanIsNeverBetter() {
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 9, 0, 0, 0);
        final PlateauState state = PlateauState.start(1).after(rule, Double.NaN);
        assertEquals(new PlateauState(Double.POSITIVE_INFINITY, 1, 0, 1), state);
        assertEquals(new PlateauState(5, 0, 0, 1), state.after(rule, 5));
    }

    @Test
    void neitherRaisesARateBelowTheMinimumNorMakesTinyReductions() {
        final Schedule.ReduceOnPlateau above = new Schedule.ReduceOnPlateau(0.5, 0, 0, 0, 2);
        check(above, PlateauState.start(1), new double[] {3, 3, 3}, new double[] {1, 1, 1});
        final Schedule.ReduceOnPlateau rule = new Schedule.ReduceOnPlateau(0.5, 0, 0, 0, 0);
        check(rule, PlateauState.start(3e-8), new double[] {3, 3, 3}, new double[] {3e-8, 1.5e-8, 1.5e-8});
    }

    @Test
    void refusesWhatCannotBe() {
        refused("expected a best loss, got NaN", () -> new PlateauState(Double.NaN, 0, 0, 1));
        refused("expected at least 0 bad epochs, got -1", () -> new PlateauState(1, -1, 0, 1));
        refused("expected a cooldown of at least 0 epochs, got -1", () -> new PlateauState(1, 0, -1, 1));
        refused("expected a positive learning rate, got 0.0", () -> PlateauState.start(0));
    }

    private static void check(
            final Schedule.ReduceOnPlateau rule,
            final PlateauState start,
            final double[] losses,
            final double[] rates) {
        PlateauState state = start;
        for (int i = 0; i < losses.length; i++) {
            state = state.after(rule, losses[i]);
            assertEquals(rates[i], state.rate(), "epoch " + i);
        }
    }

    private static void refused(final String message, final Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
