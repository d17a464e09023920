package io.lanewise.bench.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.bench.contest.Net;
import io.lanewise.bench.contest.WrongResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseTest {
    private static final Net NET = new Net(List.of(13, 8, 2));

    @Test
    void readsCases() {
        assertEquals(
                List.of(
                        new Case(NET, 32, Method.ADAM),
                        new Case(NET, 1, Method.SGD),
                        new Case(NET, 8, Method.SGD),
                        new Case(NET, 9, Method.SGD),
                        new Case(NET, 9, Method.ADAM)),
                Case.parseList(" 13-8-2:32:adam,13-8-2:sgd ,13-8-2:8:sgd,13-8-2:9", List.of(1, 8)));
        assertEquals(4, Case.parseList("13-8-2", List.of(1, 8)).size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8",
                "8-8:",
                "8-8:0",
                "8-8:adam:1",
                "8-8:1:rmsprop",
                "8-8:1:SGD",
                "8-1:1",
                "8-2000000:1",
                "99999-99999:1",
                "8-1000000:1000"
            })
    void refusesOthers(final String text) {
        final IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> Case.parseList(text, List.of(1)));
        final String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("'" + text + "'"), message);
    }

    @Test
    void isWrittenAsItIsRead() {
        for (final Case one : Cases.all()) {
            assertEquals(one, Case.parse(one.toString()));
        }
        assertEquals(18, Cases.all().size());
        assertTrue(Cases.all().containsAll(Cases.quick()), "quick is a subset");
    }

    @Test
    void countsOperations() {
        final double first = 13 * 8;
        final double second = 8 * 2;
        assertEquals(32 * (4 * first + 6 * second), Case.parse("13-8-2:32:sgd").flops());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7-5-3:9:sgd", "7-5-3:9:adam", "33-17-9-2:70:adam"})
    void findsWrongSteps(final String text) throws WrongResult {
        final Workload workload = new Workload(Case.parse(text));
        final Check check = new Check(workload);
        try (Training right = SessionContestant.best().prepare(workload, check.learningRate());
                Training wrong = SessionContestant.best().prepare(workload, check.learningRate() * 1.1f)) {
            check.run(right, true);
            final float[] parameters = right.result();
            assertThrows(WrongResult.class, () -> check.run(wrong, false));
            parameters[3] = Math.nextUp(parameters[3]);
            assertThrows(WrongResult.class, () -> check.compare(parameters, right.loss(), true));
            assertDoesNotThrow(() -> check.compare(parameters, right.loss(), false));
            assertThrows(WrongResult.class, () -> check.compare(parameters, right.loss() * 1.01, false));
            parameters[3] = Float.NaN;
            assertThrows(WrongResult.class, () -> check.compare(parameters, right.loss(), false));
            assertThrows(WrongResult.class, () -> check.compare(new float[0], right.loss(), false));
        }
    }
}
