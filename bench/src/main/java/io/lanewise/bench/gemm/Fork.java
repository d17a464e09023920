package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Entrant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command and the virtual machines that it starts tell each other, as JSON. */
final class Fork {
    private Fork() {}

    /**
     * What to measure.
     *
     * @param problems in the form that {@link Problem#parse} reads; none, to be told only who takes part
     * @param threads for the contestants that have any
     * @param rounds how often each contestant gets its turn
     * @param millis the length of a turn, about
     * @param seed of the order of problems, and of contestants in a round
     */
    record Task(List<String> problems, int threads, int rounds, double millis, long seed) {}

    /**
     * What was measured.
     *
     * @param entrants all contestants
     * @param timings one for each problem and contestant
     */
    record Report(List<Entrant> entrants, List<Timing> timings) {}

    /**
     * The rounds of one contestant at one problem.
     *
     * @param problem in the form that {@link Problem#parse} reads
     * @param contestant its name
     * @param calls how many calls a turn has
     * @param gflops GFLOP/s of each round
     * @param fault why it was left out, or null
     */
    record Timing(
            String problem,
            String contestant,
            int calls,
            List<Double> gflops,
            @Nullable String fault) {}
}
