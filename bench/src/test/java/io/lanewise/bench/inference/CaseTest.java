package io.lanewise.bench.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Net;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaseTest {
    @Test
    void readsCases() {
        assertEquals(
                List.of(
                        new Case(new Net(List.of(784, 512, 10)), 32),
                        new Case(new Net(List.of(13, 1)), 1),
                        new Case(new Net(List.of(13, 1)), 8)),
                Case.parseList(" 784-512-10:32,13-1,13-1:8", List.of(1, 8)));
    }

    @Test
    void modelsAreCalledByTheirWidths() {
        final Mlp mlp = Mlp.inputs(8)
                .dense(16)
                .layerNorm()
                .residual(block -> block.dense(16, Activation.GELU))
                .dense(3)
                .softmax();
        assertEquals(
                List.of("8-16-16-3:1", "8-16-16-3:32", "8-16-16-3:512"),
                Cases.of(Workload.model(mlp), true).stream().map(Case::toString).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8",
                "8:1",
                "8-",
                "8x8",
                "8-8:",
                "8-8:0",
                "0-8:1",
                "8-8:-1",
                "8-8-9999999999:1",
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
        for (final Case inference : Cases.all()) {
            assertEquals(inference, Case.parse(inference.toString()));
        }
        assertEquals(24, Cases.all().size());
        assertTrue(Cases.all().containsAll(Cases.quick()), "quick is a subset");
    }

    @Test
    void describesTheNetwork() {
        final Case classifier = Case.parse("13-128-64-2:32");
        assertEquals(
                Mlp.inputs(13)
                        .dense(128, Activation.RELU)
                        .dense(64, Activation.RELU)
                        .dense(2)
                        .softmax(),
                classifier.mlp());
        assertEquals(2.0 * (13 * 128 + 128 * 64 + 64 * 2), classifier.flopsOfRow());
        assertEquals(Mlp.inputs(5).dense(1).linear(), Case.parse("5-1").mlp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7-5-3:9", "7-5-1:1", "784-512-256-10:70"})
    void findsWrongOutputs(final String text) {
        final Case inference = Case.parse(text);
        final Workload workload = new Workload(inference, Workload.model(inference.mlp()));
        try (Job job = PredictorContestant.best().prepare(workload)) {
            job.run(1);
            final float[] y = job.result();
            assertNull(workload.fault(y, true), "the same bits as the scalar reference");
            final float right = y[y.length - 1];
            y[y.length - 1] = Math.nextUp(right);
            assertNotNull(workload.fault(y, true));
            assertNull(workload.fault(y, false));
            y[y.length - 1] = right + 1e-3f;
            assertNotNull(workload.fault(y, false));
            y[y.length - 1] = Float.NaN;
            assertNotNull(workload.fault(y, false));
            assertNotNull(workload.fault(new float[0], false));
        }
    }
}
