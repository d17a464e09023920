package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lanewise.RandomArrays;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dropout leaves out, and that a scored network leaves out nothing. */
final class DropoutTest {
    private static final int WIDTH = 40_000;

    /** The masks of two dropouts in one row of ones: the gradient of the one weight of a unit that sees one element. */
    private static TrainingSession session(final float rate, final long seed) {
        final Mlp mlp = Mlp.inputs(WIDTH).dropout(rate).dense(1).linear();
        return TrainingSession.of(Parameters.of(mlp, new float[mlp.parameterCount()]))
                .optimizer(Optimizer.sgd(1, 0))
                .seed(seed)
                .maxRows(2)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
    }

    private static float[] mask(final TrainingSession session) {
        final float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        // The output is 0 and should be −0.5: the gradient of the squared error is 1.
        session.backward(1, ones, 0, new float[] {-0.5f}, 0, null, 0);
        return Arrays.copyOf(session.gradients(), WIDTH);
    }

    private static float[] nextMask(final TrainingSession session) {
        session.learningRate(0);
        session.update();
        return mask(session);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 0.1f, 0.5f, 0.9f})
    void theExpectationIsKept(final float rate) {
        final float[] mask = mask(session(rate, 7));
        double sum = 0;
        int out = 0;
        for (final float factor : mask) {
            if (factor == 0) {
                out++;
            } else {
                assertEquals(1 / (1 - rate), factor);
            }
            sum += factor;
        }
        final double deviation = Math.sqrt(WIDTH * rate * (1.0 - rate));
        assertEquals(WIDTH * rate, out, 4 * deviation);
        assertEquals(1, sum / WIDTH, 4 * deviation / WIDTH / (1 - rate) + 1e-6);
    }

    @Test
    void equalSeedsGiveEqualMasks() {
        final TrainingSession one = session(0.5f, 7);
        final TrainingSession other = session(0.5f, 7);
        for (int step = 0; step < 3; step++) {
            assertArrayEquals(mask(one), mask(other));
            assertArrayEquals(mask(one), mask(other)); // twice in one step
            one.update();
            other.update();
        }
        assertFalse(Arrays.equals(mask(session(0.5f, 7)), mask(session(0.5f, 8))));
        assertFalse(Arrays.equals(mask(session(0.5f, 7)), mask(session(0.5f, 7 + (1L << 32)))));
    }

    @Test
    void masksDifferByStep() {
        final TrainingSession session = session(0.5f, 7);
        final float[] first = mask(session);
        final float[] second = nextMask(session);
        final float[] third = nextMask(session);
        assertHalfDiffers(first, second);
        assertHalfDiffers(second, third);
        assertHalfDiffers(first, third);
    }

    /** One of two elements differs, as by chance. */
    private static void assertHalfDiffers(final float[] one, final float[] other) {
        int different = 0;
        for (int i = 0; i < one.length; i++) {
            different += one[i] == other[i] ? 0 : 1;
        }
        assertEquals(0.5 * one.length, different, 2 * Math.sqrt(one.length));
    }

    /** Two dropouts in a row keep a quarter: if they left out the same they would keep half. */
    @Test
    void masksDifferByLayerAndRow() {
        final Mlp mlp = Mlp.inputs(WIDTH).dropout(0.5f).dropout(0.5f).dense(1).linear();
        final TrainingSession session = TrainingSession.of(Parameters.of(mlp, new float[mlp.parameterCount()]))
                .maxRows(2)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        final float[] rows = new float[2 * WIDTH];
        Arrays.fill(rows, 0, WIDTH, 1);
        Arrays.fill(rows, WIDTH, 2 * WIDTH, 16);
        // The gradient of each output is 1.
        session.backward(2, rows, 0, new float[] {-1, -1}, 0, null, 0);
        final int[] kept = new int[2];
        int both = 0;
        final float[] gradients = session.gradients();
        for (int j = 0; j < WIDTH; j++) {
            final boolean first = gradients[j] % 16 != 0;
            final boolean second = gradients[j] >= 16;
            kept[0] += first ? 1 : 0;
            kept[1] += second ? 1 : 0;
            both += first && second ? 1 : 0;
        }
        final double spread = 4 * Math.sqrt(WIDTH * 0.25 * 0.75);
        assertEquals(WIDTH * 0.25, kept[0], spread);
        assertEquals(WIDTH * 0.25, kept[1], spread);
        assertEquals(WIDTH * 0.0625, both, spread);
    }

    @Test
    void aScoredNetworkLeavesOutNothing() {
        final Mlp with = Mlp.inputs(5)
                .dropout(0.3f)
                .dense(7, Activation.GELU)
                .dropout(0.9f)
                .dense(3)
                .softmax();
        final Mlp without = Mlp.inputs(5).dense(7, Activation.GELU).dense(3).softmax();
        final float[] values = RandomArrays.floats(1, with.parameterCount(), 1);
        final float[] x = RandomArrays.floats(2, 4 * 5, 2);
        assertArrayEquals(
                Predictor.of(Model.of(Parameters.of(without, values)), ReferenceKernels.INSTANCE)
                        .predict(x),
                Predictor.of(Model.of(Parameters.of(with, values)), ReferenceKernels.INSTANCE)
                        .predict(x));
    }

    @Test
    void aRateOfNothingChangesNothing() {
        final Mlp with = Mlp.inputs(5)
                .dropout(0)
                .dense(7, Activation.TANH)
                .dropout(0)
                .dense(3)
                .softmax();
        final Mlp without = Mlp.inputs(5).dense(7, Activation.TANH).dense(3).softmax();
        final float[] values = RandomArrays.floats(1, with.parameterCount(), 1);
        final float[] x = RandomArrays.floats(2, 4 * 5, 2);
        final TrainingSession one =
                new TrainingSession(Parameters.of(with, values), Optimizer.adam(0.1f), 4, ReferenceKernels.INSTANCE);
        final TrainingSession other =
                new TrainingSession(Parameters.of(without, values), Optimizer.adam(0.1f), 4, ReferenceKernels.INSTANCE);
        for (int step = 0; step < 3; step++) {
            assertEquals(other.step(4, x, 0, new int[] {0, 1, 2, 0}, 0), one.step(4, x, 0, new int[] {0, 1, 2, 0}, 0));
        }
        assertArrayEquals(other.parameters().toArray(), one.parameters().toArray());
    }
}
