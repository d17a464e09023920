package io.lanewise.inference;

import io.lanewise.mlp.Mlp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * What a warm-up saw. Immutable.
 *
 * @param calls the calls that were made
 * @param duration how long they took together
 * @param allocatedBytes what the calls of the last round allocated: 0 once all vectors are in registers; −1 if the
 *     virtual machine does not tell; what the other threads of a team allocate is not counted
 * @param firstNanos how long the first call took, of one row
 * @param lastNanos how long a call of one row took in the last round, on average
 */
public record WarmUp(long calls, Duration duration, long allocatedBytes, long firstNanos, long lastNanos) {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_ELEMENTS = 1 << 26; // of the rows that are made up
    private static final int MOST_CALLS = 50; // of one size, in a round
    private static final long LONG_ENOUGH_NANOS = 2_000_000; // for the calls of one size, in a round
    private static final long QUIET_NANOS = 500_000_000; // the compiler may take as long
    private static final double FASTER = 0.9;
    private static final int ALL_ROWS_UP_TO = 16; // each number of rows has kernels of its own

    private static FloatBuffer direct(final int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Whether the last round allocated nothing: what runs is compiled code. */
    public boolean isCompiled() {
        return allocatedBytes == 0;
    }

    static WarmUp of(final InferenceSession session, final Mlp mlp, final int blockRows, final Duration longest) {
        final long nanosAllowed = longest.compareTo(LONGEST) < 0 ? longest.toNanos() : LONGEST.toNanos();
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
        final long start = System.nanoTime();
        session.run(1, x, 0, y, 0);
        final long first = System.nanoTime() - start;
        long calls = 1;
        long allocated;
        double single = first;
        final double[] least = new double[sizes.length]; // nanoseconds for a call, of each size
        Arrays.fill(least, Double.MAX_VALUE);
        long quietSince = start;
        do {
            final long before = AllocatedBytes.ofThisThread();
            boolean faster = false;
            for (int i = 0; i < sizes.length && System.nanoTime() - start < nanosAllowed; i++) {
                final long sizeStart = System.nanoTime();
                int n = 0;
                do {
                    session.run(sizes[i], x, 0, y, 0);
                    session.classify(sizes[i], x, 0, classes, 0);
                    n++;
                } while (n < MOST_CALLS && System.nanoTime() - sizeStart < LONG_ENOUGH_NANOS);
                final double nanos = (System.nanoTime() - sizeStart) / (2.0 * n);
                faster |= nanos < FASTER * least[i];
                least[i] = Math.min(least[i], nanos);
                single = i == 0 ? nanos : single;
                calls += 2L * n;
            }
            for (int n = 0; n < MOST_CALLS && System.nanoTime() - start < nanosAllowed; n++) {
                session.topK(1, 1, x, 0, classes, 0, y, 0);
                session.logits(1, x, 0, y, 0);
                session.run(1, in, out);
                calls += 3;
            }
            allocated = before < 0 ? -1 : AllocatedBytes.ofThisThread() - before;
            if (faster || allocated > 0) {
                quietSince = System.nanoTime();
            }
        } while (System.nanoTime() - quietSince < QUIET_NANOS && System.nanoTime() - start < nanosAllowed);
        return new WarmUp(calls, Duration.ofNanos(System.nanoTime() - start), allocated, first, Math.round(single));
    }
}
