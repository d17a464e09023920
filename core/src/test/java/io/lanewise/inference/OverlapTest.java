package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Activation;
import io.lanewise.reference.ReferenceKernels;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Outputs over rows that are still to be read are refused, beside them they are not. */
final class OverlapTest {
    private static final int ROWS = 4;
    private static final int IN = ROWS * Nets.INPUTS; // 20
    private static final int OUT = ROWS * Nets.OUTPUTS; // 12

    private final InferenceSession session = Predictor.of(Nets.classifier(Activation.RELU), ReferenceKernels.INSTANCE)
            .session(ROWS);
    private final float[] memory = Arrays.copyOf(Nets.rows(ROWS), IN + OUT);
    private final float[] before = memory.clone();

    private void refused(final String message, final Executable call) {
        assertEquals(
                message + ": expected ranges that do not overlap, or two of them",
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertArrayEquals(before, memory);
    }

    @Test
    void arrays() {
        refused(
                "X is elements 0 to 19 and Y elements 19 to 30 of the same array",
                () -> session.run(ROWS, memory, 0, memory, 19));
        refused(
                "X is elements 0 to 19 and Y elements 0 to 11 of the same array",
                () -> session.run(ROWS, memory, 0, memory, 0));
        refused(
                "X is elements 11 to 30 and Y elements 0 to 11 of the same array",
                () -> session.logits(ROWS, memory, 11, memory, 0));
        refused(
                "X is elements 0 to 19 and scores elements 13 to 20 of the same array",
                () -> session.topK(ROWS, 2, memory, 0, new int[8], 0, memory, 13));
    }

    @Test
    void buffers() {
        final FloatBuffer x = FloatBuffer.wrap(memory);
        refused(
                "X is elements 0 to 19 and Y elements 19 to 30 of the same array",
                () -> session.run(ROWS, x, x.duplicate().position(19)));
        refused(
                "X is elements 0 to 19 and Y elements 18 to 29 of the same array",
                () -> session.logits(ROWS, x, x.slice(18, 12)));
        final FloatBuffer direct = ByteBuffer.allocateDirect(4 * IN).asFloatBuffer();
        refused(
                "X is elements 0 to 19 and Y elements 0 to 11 of the same buffer",
                () -> session.run(ROWS, direct, direct));
    }

    @Test
    void besideTheRowsIsFine() {
        final float[] y = new float[OUT];
        session.run(ROWS, memory, 0, y, 0);
        session.run(ROWS, memory, 0, memory, IN);
        assertArrayEquals(y, Arrays.copyOfRange(memory, IN, IN + OUT));
        session.logits(0, memory, 5, memory, 5);
        final FloatBuffer buffer = FloatBuffer.wrap(memory);
        Arrays.fill(memory, IN, IN + OUT, Float.NaN);
        session.run(ROWS, buffer, buffer.slice(IN, OUT));
        assertArrayEquals(y, Arrays.copyOfRange(memory, IN, IN + OUT));
    }
}
