package io.lanewise.inference;

import io.lanewise.mlp.Mlp;
import io.lanewise.warmup.Settling;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * What a warm-up saw. Immutable.
 *
 * @param calls the calls that were made
 * @param duration how long they took together
 * @param allocatedBytes what the calls of the last round allocated: 0 once all vectors are in registers; −1 if the time
 *     was up before one round was whole, or the virtual machine does not tell; what the other threads of a team allocate
 *     is not counted
 * @param firstNanos how long the first call took, of one row
 * @param lastNanos how long a call of one row took in the last round, on average
 */
public record WarmUp(long calls, Duration duration, long allocatedBytes, long firstNanos, long lastNanos) {
    private static final int MOST_ELEMENTS = 1 << 26; // of the rows that are made up
    private static final int MOST_CALLS = 50; // of one size, in a round
    private static final long LONG_ENOUGH_NANOS = 2_000_000; // for the calls of one size, in a round
    private static final int ALL_ROWS_UP_TO = 16; // each number of rows has kernels of its own

    private static FloatBuffer direct(final int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Whether the last round allocated nothing: what runs is compiled code. False if that is not known. Scalar kernels
     * have no vectors that could be in memory, so of them it says little.
     */
    public boolean isCompiled() {
        return allocatedBytes == 0;
    }

    static WarmUp of(final InferenceSession session, final Mlp mlp, final int blockRows, final Duration longest) {
        final int fitting = Math.max(1, MOST_ELEMENTS / Math.max(mlp.inputs(), mlp.outputs()));
        final int most = Math.min(session.maxRows(), Math.min(2 * blockRows, fitting));
        final float[] x = new float[most * mlp.inputs()];
        final float[] y = new float[most * mlp.outputs()];
        final int[] classes = new int[most];
        final int[] sizes = IntStream.rangeClosed(1, most)
                .filter(rows ->
                        rows <= ALL_ROWS_UP_TO || Integer.bitCount(rows) == 1 || rows == blockRows || rows == most)
                .toArray();
        final FloatBuffer in = direct(mlp.inputs());
        final FloatBuffer out = direct(mlp.outputs());
        final Settling settling = new Settling(sizes.length, longest);
        session.run(1, x, 0, y, 0);
        final long first = settling.elapsedNanos();
        long calls = 1;
        double single = first;
        while (settling.goesOn()) {
            settling.startRound();
            for (int i = 0; i < sizes.length && settling.hasTime(); i++) {
                final long sizeStart = System.nanoTime();
                int n = 0;
                do {
                    session.run(sizes[i], x, 0, y, 0);
                    session.classify(sizes[i], x, 0, classes, 0);
                    n++;
                } while (n < MOST_CALLS && System.nanoTime() - sizeStart < LONG_ENOUGH_NANOS);
                final double nanos = (System.nanoTime() - sizeStart) / (2.0 * n);
                settling.took(i, nanos);
                single = i == 0 ? nanos : single;
                calls += 2L * n;
            }
            for (int n = 0; n < MOST_CALLS && settling.hasTime(); n++) {
                session.topK(1, 1, x, 0, classes, 0, y, 0);
                session.logits(1, x, 0, y, 0);
                session.run(1, in, out);
                calls += 3;
            }
            settling.endRound();
        }
        return new WarmUp(
                calls, Duration.ofNanos(settling.elapsedNanos()), settling.allocatedBytes(), first, Math.round(single));
    }
}
