package io.lanewise.warmup;

import java.time.Duration;
import java.util.Arrays;

/**
 * Tells when rounds of the same calls have settled: until for half a second no round has allocated anything (a vector that
 * is not in compiled code costs memory) nor had a call that was faster than before. A round that the end of the time cuts
 * off proves nothing unless it allocated. Of one thread.
 *
 * <pre>{@code
 * while (settling.goesOn()) {
 *     settling.startRound();
 *     for (…) { … settling.took(call, nanos); }
 *     settling.endRound();
 * }
 * }</pre>
 */
public final class Settling {
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long QUIET_NANOS = 500_000_000; // the compiler may take as long
    private static final double FASTER = 0.9;

    private final long start = System.nanoTime();
    private final long nanosAllowed;
    private final double[] least; // nanoseconds for each of the calls
    private long quietSince = start;
    private long allocatedBefore;
    private long allocated = -1;
    private boolean faster;
    private boolean cutOff;
    private boolean anyRound;

    /**
     * Starts now.
     *
     * @param calls how many different calls a round has
     * @param longest how long it may take
     */
    public Settling(final int calls, final Duration longest) {
        nanosAllowed = longest.compareTo(LONGEST) < 0 ? longest.toNanos() : LONGEST.toNanos();
        least = new double[calls];
        Arrays.fill(least, Double.MAX_VALUE);
    }

    /** Whether another round is worth it, and the first one always is. */
    public boolean goesOn() {
        return !anyRound || (System.nanoTime() - quietSince < QUIET_NANOS && elapsedNanos() < nanosAllowed);
    }

    /** Whether there is time for the next call of a round; if not, the round is cut off. */
    public boolean hasTime() {
        cutOff |= elapsedNanos() >= nanosAllowed;
        return !cutOff;
    }

    /** The time since it was made. */
    public long elapsedNanos() {
        return System.nanoTime() - start;
    }

    /** Before the first call of a round. */
    public void startRound() {
        anyRound = true;
        faster = false;
        cutOff = false;
        allocatedBefore = AllocatedBytes.ofThisThread();
    }

    /** How long a call took. */
    public void took(final int call, final double nanos) {
        faster |= nanos < FASTER * least[call];
        least[call] = Math.min(least[call], nanos);
    }

    /** After the last call of a round. */
    public void endRound() {
        final long bytes = allocatedBefore < 0 ? -1 : AllocatedBytes.ofThisThread() - allocatedBefore;
        if (!cutOff || bytes > 0) {
            allocated = bytes;
        }
        if (faster || bytes > 0) {
            quietSince = System.nanoTime();
        }
    }

    /**
     * The bytes that this thread allocated in the last round that was whole, or allocated any; −1 if there was none, or
     * the virtual machine does not tell.
     */
    public long allocatedBytes() {
        return allocated;
    }
}
