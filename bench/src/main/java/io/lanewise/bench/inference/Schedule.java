package io.lanewise.bench.inference;

/**
 * When requests come in: one after the other at a fixed rate, whether or not the one before has been answered.
 *
 * @param perSecond requests a second
 */
record Schedule(double perSecond) {
    private static final double BUSY = 0.5;
    private static final double OVERLOADED = 0.95;
    private static final double NANOS = 1e9;

    /**
     * The rate that keeps one busy half the time.
     *
     * @param nanos of a request
     */
    static Schedule half(final double nanos) {
        return new Schedule(BUSY * NANOS / nanos);
    }

    /**
     * When a request is due, in ns from the first. It is computed anew for each: a sum of rounded periods would drift.
     *
     * @param request its number, from 0
     */
    long due(final long request) {
        return Math.round(request * NANOS / perSecond);
    }

    /** How many requests come in so many seconds: at least one. */
    long requests(final double seconds) {
        return Math.max(1, Math.round(seconds * perSecond));
    }

    /**
     * Whether one who needs so long cannot keep up: its queue would grow, and the latencies tell only for how long.
     *
     * @param nanos of a request
     */
    boolean overloads(final double nanos) {
        return nanos * perSecond > OVERLOADED * NANOS;
    }
}
