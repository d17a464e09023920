package io.lanewise.bench.training;

import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Timing;
import java.util.List;

/** What the command and the virtual machines that it starts tell each other, as JSON. */
final class Fork {
    private Fork() {}

    /**
     * What to measure.
     *
     * @param cases in the form that {@link Case#parse} reads; none, to be told only who takes part
     * @param threads for the contestants that have any
     * @param rounds how often each contestant gets its turn
     * @param millis the length of a turn, about
     * @param seed of the order of cases, and of contestants in a round
     */
    record Task(List<String> cases, int threads, int rounds, double millis, long seed) {}

    /**
     * What was measured.
     *
     * @param entrants all contestants
     * @param timings one for each case and contestant
     */
    record Report(List<Entrant> entrants, List<Timing> timings) {}
}
