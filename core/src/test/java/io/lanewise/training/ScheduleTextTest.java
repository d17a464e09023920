package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "constant",
                "step:epochs=30,gamma=0.1",
                "exponential:gamma=0.95",
                "cosine:warm-up=0.05,final=0",
                "one-cycle:warm-up=0.3,divisor=25,final-divisor=10000",
                "plateau:factor=0.1,patience=10,threshold=1e-4,cooldown=0,minimum=0",
            })
    void optionsHaveTheseDefaults(final String text) {
        final Schedule schedule = Schedule.parse(text);
        assertEquals(text, schedule.toString());
        assertEquals(schedule, Schedule.parse(text.replaceFirst(":.*", "")));
    }

    @Test
    void factoriesHaveTheSameDefaults() {
        assertEquals(Schedule.parse("constant"), Schedule.constant());
        assertEquals(Schedule.parse("cosine"), Schedule.cosine());
        assertEquals(Schedule.parse("one-cycle"), Schedule.oneCycle());
        assertEquals(Schedule.parse("plateau"), Schedule.reduceOnPlateau());
    }

    @ParameterizedTest
    @MethodSource("io.lanewise.training.ScheduleTest#schedules")
    void textGivesTheScheduleBack(final Schedule schedule) {
        assertEquals(schedule, Schedule.parse(schedule.toString()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.0, Double.MIN_VALUE, 1e-300, 1.5e-7, 1e-3, 0.1 + 0.2, 1 / 3.0, 1})
    void numbersLoseNothing(final double value) {
        final Schedule cosine = new Schedule.Cosine(0.25, value);
        assertEquals(cosine, Schedule.parse(cosine.toString()));
        final Schedule plateau = new Schedule.ReduceOnPlateau(0.5, Integer.MAX_VALUE, 0, 7, value * 1e20);
        assertEquals(plateau, Schedule.parse(plateau.toString()));
    }

    @Test
    void optionsComeInAnyOrder() {
        assertEquals(Schedule.step(5, 0.25), Schedule.parse("step:gamma=.25,epochs=5"));
        assertEquals(new Schedule.OneCycle(0.3, 10, 1e4), Schedule.parse("one-cycle:divisor=1E+1"));
        assertEquals(new Schedule.ReduceOnPlateau(0.1, 3, 1e-4, 0, 1e-6), parsed("plateau:minimum=1e-6,patience=3"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo|expected one of [constant, step, exponential, cosine, one-cycle, plateau], got 'foo'",
                "''|expected one of [constant, step, exponential, cosine, one-cycle, plateau], got ''",
                "Step|expected one of [constant, step, exponential, cosine, one-cycle, plateau], got 'Step'",
                "constant:gamma=1|expected no options of constant, got 'gamma=1'",
                "cosine:gamma=1|expected one of [warm-up, final] for cosine, got 'gamma'",
                "cosine:|expected one of [warm-up, final] for cosine, got ''",
                "cosine:final=0,|expected one of [warm-up, final] for cosine, got ''",
                "cosine:final|expected final=number, got 'final'",
                "cosine:final=|expected a number for final, got ''",
                "cosine:final=0,final=1|expected final once, got 'final=0,final=1'",
                "cosine:final=NaN|expected a number for final, got 'NaN'",
                "cosine:final=0.1f|expected a number for final, got '0.1f'",
                "cosine:final=0=1|expected a number for final, got '0=1'",
                "cosine:final=2|expected a final factor from 0 to 1, got 2.0",
                "one-cycle:divisor=1e999|expected a divisor of at least 1, got Infinity",
                "step:epochs=2.5|expected an integer for epochs, got '2.5'",
                "step:epochs=9999999999|expected an integer for epochs, got '9999999999'",
                "step:epochs=0|expected steps of at least 1 epoch, got 0",
            })
    void refusalsSayWhatWasExpected(final String text, final String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> parsed(text)).getMessage());
    }

    private static Schedule parsed(final String text) {
        return Schedule.parse(text);
    }
}
