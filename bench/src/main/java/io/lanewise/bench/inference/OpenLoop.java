package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Job;
import org.HdrHistogram.Histogram;

/**
 * Requests at a fixed rate, on one thread that waits for each without sleeping. A latency counts from when the request
 * was due: those that had to wait behind a slow one or a pause tell so too. (A loop that sends the next request when the
 * last is answered would leave them out, which is called coordinated omission.)
 */
final class OpenLoop {
    private static final long HIGHEST_NANOS = 60_000_000_000L;
    private static final int DIGITS = 3;

    /** Requests before the first that counts: the caches are full of the neighbour's data. */
    private static final int WARMUP_CALLS = 10;

    private static final long START_NANOS = 100_000;

    private OpenLoop() {}

    /** An empty histogram for latencies in ns. */
    static Histogram histogram() {
        return new Histogram(HIGHEST_NANOS, DIGITS);
    }

    /** Answers the requests of so many seconds, and records their latencies. */
    static void run(final Job job, final Schedule schedule, final double seconds, final Histogram latencies) {
        for (int i = 0; i < WARMUP_CALLS; i++) {
            job.run(1);
        }
        final long requests = schedule.requests(seconds);
        final long first = System.nanoTime() + START_NANOS;
        for (long request = 0; request < requests; request++) {
            final long due = first + schedule.due(request);
            // No Thread.onSpinWait: on some CPUs it lasts as long as a small request.
            while (System.nanoTime() - due < 0) {}
            job.run(1);
            latencies.recordValue(Math.min(System.nanoTime() - due, HIGHEST_NANOS));
        }
    }
}
