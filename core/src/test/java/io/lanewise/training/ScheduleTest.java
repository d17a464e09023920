package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables of expected rates come from PyTorch's formulas, evaluated with Python's {@code math}. */
final class ScheduleTest {
    private static final double NARROW = 4e-16; // of a rate of 1: two ULP

    static Stream<Schedule> schedules() {
        return Stream.of(
                Schedule.constant(),
                Schedule.step(3, 0.5),
                Schedule.exponential(0.95),
                Schedule.cosine(),
                new Schedule.Cosine(0, 0.1),
                new Schedule.Cosine(0.99, 1),
                Schedule.oneCycle(),
                new Schedule.OneCycle(0, 1, 1),
                Schedule.reduceOnPlateau());
    }

    @Test
    void constantIsTheOptimizers() {
        for (int step = 0; step < 10; step++) {
            assertEquals(0.1, Schedule.constant().learningRate(0.1, step, 4, 10));
        }
    }

    @Test
    void stepFallsWhenSoManyEpochsHavePassed() {
        final Schedule schedule = Schedule.step(30, 0.1);
        final long total = 90 * 7;
        assertEquals(0.05, schedule.learningRate(0.05, 0, 7, total));
        assertEquals(0.05, schedule.learningRate(0.05, 30 * 7 - 1, 7, total));
        assertEquals(0.005, schedule.learningRate(0.05, 30 * 7, 7, total), NARROW);
        assertEquals(0.005, schedule.learningRate(0.05, 60 * 7 - 1, 7, total), NARROW);
        assertEquals(0.0005, schedule.learningRate(0.05, 60 * 7, 7, total), NARROW);
        assertEquals(0.0005, schedule.learningRate(0.05, total - 1, 7, total), NARROW);
    }

    @Test
    void exponentialFallsEachEpoch() {
        final Schedule schedule = Schedule.exponential(0.5);
        final double[] expected = {8, 8, 8, 4, 4, 4, 2, 2};
        for (int step = 0; step < expected.length; step++) {
            assertEquals(expected[step], schedule.learningRate(8, step, 3, expected.length));
        }
        double rate = 0.3; // PyTorch's chain of products
        for (int epoch = 0; epoch < 40; epoch++) {
            assertEquals(rate, Schedule.exponential(0.95).learningRate(0.3, epoch, 1, 40), 10 * NARROW);
            rate *= 0.95;
        }
    }

    @Test
    void cosineWithoutARiseIsPyTorchs() {
        // The chained form of CosineAnnealingLR(T_max=8, eta_min=0.01).
        check(
                new Schedule.Cosine(0, 0.1),
                0.1,
                0.1,
                0.0965745789630079,
                0.08681980515339463,
                0.07222075445642905,
                0.055,
                0.03777924554357096,
                0.023180194846605363,
                0.013425421036992097);
        check(new Schedule.Cosine(0, 0), 1, 1);
        check(new Schedule.Cosine(0, 0), 1, 1, 0.5);
    }

    @Test
    void cosineRisesToItsBase() {
        // Four steps up, then four of half a wave: cos 0°, 45°, 90°, 135°.
        final double half = Math.sqrt(0.5) / 2;
        check(new Schedule.Cosine(0.5, 0), 1, 0.25, 0.5, 0.75, 1, 1, 0.5 + half, 0.5, 0.5 - half);
        check(new Schedule.Cosine(0.5, 1), 2, 0.5, 1, 1.5, 2, 2, 2, 2, 2);
    }

    @Test
    void cosineRoundsTheStepsOfItsRise() {
        check(Schedule.cosine(), 1, 1); // 0.05 of a step
        check(new Schedule.Cosine(0.5, 0), 1, 1); // half a step is one; nothing remains for the wave
        check(new Schedule.Cosine(0.49, 0), 1, 1);
        check(new Schedule.Cosine(0.5, 0), 1, 1, 1);
        check(new Schedule.Cosine(0.8, 0), 1, 0.5, 1);
        assertEquals(1 / 29.0, new Schedule.Cosine(0.29, 0).learningRate(1, 0, 1, 100)); // 28.999999999999996
    }

    @Test
    void oneCycleIsPyTorchs() {
        check(
                Schedule.oneCycle(),
                1,
                0.040000000000000036,
                0.52,
                1.0,
                0.9504846320134737,
                0.8117456539497631,
                0.6112620219362893,
                0.38874197806371075,
                0.18825834605023697,
                0.049519367986526286,
                4e-06);
        check(
                new Schedule.OneCycle(0.35, 25, 1e4), // its peak is between two steps
                0.01,
                0.0003999999999999993,
                0.007893697913739436,
                0.00964378262550171,
                0.007399697791049373,
                0.0040563357974873265,
                0.001145269545088599,
                4e-08);
    }

    @Test
    void oneCycleOfFewStepsIsPyTorchs() {
        check(Schedule.oneCycle(), 1, 4e-06);
        check(Schedule.oneCycle(), 1, 0.811745653949763, 4e-06);
        check(
                new Schedule.OneCycle(0, 10, 100),
                0.1,
                0.08536998372026805,
                0.050050000000000004,
                0.014730016279731955,
                0.0001);
    }

    @Test
    void oneCycleWithItsPeakAtTheFirstStepStartsFromItsBase() {
        check(new Schedule.OneCycle(0.5, 10, 10), 1, 1, 0.01);
        check(new Schedule.OneCycle(0.25, 10, 10), 1, 1, 0.7525, 0.2575, 0.01);
    }

    @Test
    void aPlateauPassesOnWhatItsStateHasComeTo() {
        assertEquals(0.25, Schedule.reduceOnPlateau().learningRate(0.25, 9, 4, 10));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void ratesAreNeverNegativeNorAboveTheBase(final Schedule schedule) {
        for (int total = 1; total < 60; total++) {
            for (int step = 0; step < total; step++) {
                final double rate = schedule.learningRate(1e-3f, step, 3, total);
                assertTrue(rate >= 0 && rate <= 1e-3f, schedule + ", step " + step + " of " + total + ": " + rate);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void veryLongRunsHaveRatesToo(final Schedule schedule) {
        for (final long step : new long[] {0, 1L << 40, Long.MAX_VALUE - 1}) {
            final double rate = schedule.learningRate(0.1, step, 1L << 30, Long.MAX_VALUE);
            assertTrue(rate >= 0 && rate <= 0.1, schedule + ", step " + step + ": " + rate);
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void refusesProgressThatCannotBe(final Schedule schedule) {
        refused("expected a positive learning rate, got 0.0", () -> schedule.learningRate(0, 0, 1, 1));
        refused("expected a positive learning rate, got NaN", () -> schedule.learningRate(Double.NaN, 0, 1, 1));
        refused("expected at least 1 step in each epoch, got 0", () -> schedule.learningRate(1, 0, 0, 1));
        refused("expected at least 1 step in all, got 0", () -> schedule.learningRate(1, 0, 1, 0));
        refused("expected a step from 0 to below 5, got 5", () -> schedule.learningRate(1, 5, 1, 5));
        refused("expected a step from 0 to below 5, got -1", () -> schedule.learningRate(1, -1, 1, 5));
    }

    @Test
    void refusesOptionsOutOfRange() {
        refused("expected steps of at least 1 epoch, got 0", () -> Schedule.step(0, 0.1));
        refused("expected a gamma above 0 and at most 1, got 0.0", () -> Schedule.step(1, 0));
        refused("expected a gamma above 0 and at most 1, got 1.5", () -> Schedule.exponential(1.5));
        refused("expected a warm-up from 0 to below 1 of all steps, got 1.0", () -> new Schedule.Cosine(1, 0));
        refused("expected a final factor from 0 to 1, got -0.5", () -> new Schedule.Cosine(0, -0.5));
        refused("expected a final factor from 0 to 1, got NaN", () -> new Schedule.Cosine(0, Double.NaN));
        refused(
                "expected a warm-up from 0 to below 1 of all steps, got -0.1",
                () -> new Schedule.OneCycle(-0.1, 25, 1e4));
        refused("expected a divisor of at least 1, got 0.5", () -> new Schedule.OneCycle(0.3, 0.5, 1e4));
        refused(
                "expected a final divisor of at least 1, got Infinity",
                () -> new Schedule.OneCycle(0.3, 25, Double.POSITIVE_INFINITY));
        refused(
                "expected a factor above 0 and below 1, got 1.0",
                () -> new Schedule.ReduceOnPlateau(1, 10, 1e-4, 0, 0));
        refused(
                "expected a patience of at least 0 epochs, got -1",
                () -> new Schedule.ReduceOnPlateau(0.1, -1, 1e-4, 0, 0));
        refused(
                "expected a threshold from 0 to below 1, got 1.0",
                () -> new Schedule.ReduceOnPlateau(0.1, 10, 1, 0, 0));
        refused(
                "expected a cooldown of at least 0 epochs, got -2",
                () -> new Schedule.ReduceOnPlateau(0.1, 10, 1e-4, -2, 0));
        refused(
                "expected a minimum rate of at least 0, got -1.0",
                () -> new Schedule.ReduceOnPlateau(0.1, 10, 1e-4, 0, -1));
    }

    /** The rates of a whole run. */
    private static void check(final Schedule schedule, final double base, final double... expected) {
        for (int step = 0; step < expected.length; step++) {
            assertEquals(
                    expected[step],
                    schedule.learningRate(base, step, 1, expected.length),
                    NARROW * base,
                    schedule + ", step " + step);
        }
    }

    private static void refused(final String message, final Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
