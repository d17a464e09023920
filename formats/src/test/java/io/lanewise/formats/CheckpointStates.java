package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.EarlyStoppingState;
import io.lanewise.training.EpochReport;
import io.lanewise.training.Optimizer;
import io.lanewise.training.PlateauState;
import io.lanewise.training.SessionState;
import io.lanewise.training.TrainingState;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** States of training runs that the tests of checkpoints write. */
final class CheckpointStates {
    static final Mlp MLP = Mlp.inputs(3)
            .dense(4)
            .batchNorm()
            .activation(Activation.RELU)
            .dropout(0.25f)
            .dense(2)
            .softmax();

    private CheckpointStates() {}

    /** A state with all that there can be, and values that are hard to keep. */
    static TrainingState full() {
        return new TrainingState(
                Map.of("network", MLP.toString(), "data", "größe \"7\"\n\u0000", "seed", "-3", "", ""),
                SessionState.of(values(1), Optimizer.Kind.ADAMW, array(2), array(3), Long.MAX_VALUE),
                4,
                1L << 40,
                0.1 + 0.2,
                1.1,
                new EarlyStoppingState(Double.MIN_VALUE, 2, 1),
                new PlateauState(Double.POSITIVE_INFINITY, 3, Integer.MAX_VALUE, 1e-300),
                values(4),
                List.of(
                        EpochReport.of(1, Math.PI, 1e-3, Double.NaN, Double.NaN, 12345.678),
                        EpochReport.of(2, Double.POSITIVE_INFINITY, 0, -0.0, Double.NEGATIVE_INFINITY, 0),
                        EpochReport.of(3, Double.MAX_VALUE, Double.MIN_NORMAL, 1 / 3.0, 1, 1)));
    }

    /** A state with all that there can be, in a file as small as can be. */
    static TrainingState compact() {
        final Mlp mlp = Mlp.inputs(1).dense(1).linear();
        final float[] two = {1, 2};
        return new TrainingState(
                Map.of("seed", "3"),
                SessionState.of(Parameters.of(mlp, two), Optimizer.Kind.ADAM, two, two, 5),
                2,
                3,
                0.5,
                1,
                new EarlyStoppingState(1, 1, 0),
                PlateauState.start(1),
                Parameters.of(mlp, two),
                List.of(EpochReport.of(1, 0.5, 1, Double.NaN, 1, 2)));
    }

    /** A state of the start of a run, with no more than there has to be. */
    static TrainingState small() {
        return of(SessionState.of(values(1), Optimizer.Kind.SGD, new float[0], new float[0], 0), null);
    }

    static TrainingState of(final SessionState session, final @Nullable Parameters best) {
        return new TrainingState(Map.of(), session, 1, 0, 0, 0, EarlyStoppingState.START, null, best, List.of());
    }

    static Parameters values(final long seed) {
        return Parameters.of(MLP, array(seed));
    }

    /** Random values, among them infinite ones, zeros of both signs and NaNs. */
    static float[] array(final long seed) {
        final float[] values = new float[MLP.parameterCount()];
        final float[] random = Parameters.random(MLP, seed).toArray();
        final int[] special = {0x7fc00000, 0x7f800001, 0xffc12345, 0x7f800000, 0xff800000, 0x80000000, 1};
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 4 == 0 && i / 4 < special.length ? Float.intBitsToFloat(special[i / 4]) : random[i];
        }
        return values;
    }

    /** Equal to the bit, which {@code equals} does not ask of NaNs. */
    static void assertSameBits(final TrainingState expected, final TrainingState actual) {
        assertEquals(expected, actual);
        assertSameBits(
                expected.session().parameters().toArray(),
                actual.session().parameters().toArray());
        assertSameBits(expected.session().firstMoment(), actual.session().firstMoment());
        assertSameBits(expected.session().secondMoment(), actual.session().secondMoment());
        final Parameters best = expected.best();
        final Parameters actualBest = actual.best();
        if (best != null && actualBest != null) {
            assertSameBits(best.toArray(), actualBest.toArray());
        }
    }

    private static void assertSameBits(final float[] expected, final float[] actual) {
        assertEquals(bits(expected), bits(actual));
    }

    private static List<Integer> bits(final float[] values) {
        final Integer[] bits = new Integer[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return List.of(bits);
    }
}
