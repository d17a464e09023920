package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Timing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the command and the virtual machines that it starts tell each other, as JSON. */
final class Fork {
    private Fork() {}

    /**
     * What to measure.
     *
     * @param cases in the form that {@link Case#parse} reads; none, to be told only who takes part
     * @param model the file of the model that all cases are of; null for networks with random weights
     * @param threads for the contestants that have any
     * @param rounds how often each contestant gets its turn
     * @param millis the length of a turn, about
     * @param slices how often each contestant answers requests of one row at a fixed rate
     * @param seed of the order of cases, and of contestants in a round
     */
    record Task(
            List<String> cases,
            @Nullable String model,
            int threads,
            int rounds,
            double millis,
            int slices,
            long seed) {}

    /**
     * What was measured.
     *
     * @param entrants all contestants
     * @param timings one for each case and contestant
     * @param latencies one for each network and contestant that could keep up
     */
    record Report(List<Entrant> entrants, List<Timing> timings, List<Latency> latencies) {}

    /**
     * Latencies of one contestant at a fixed rate, in ns; NaN where it could not keep up.
     *
     * @param inference the case, of one row
     * @param contestant its name
     * @param perSecond requests a second
     * @param requests how many there were
     * @param median half of the requests were answered in this time
     * @param p99 99 % were
     * @param p999 99.9 % were
     * @param max all were
     */
    record Latency(
            String inference,
            String contestant,
            double perSecond,
            long requests,
            double median,
            double p99,
            double p999,
            double max) {
        /** Of a contestant that cannot keep up. */
        static Latency none(final Case inference, final String contestant, final Schedule schedule) {
            final double nan = Double.NaN;
            return new Latency(inference.toString(), contestant, schedule.perSecond(), 0, nan, nan, nan, nan);
        }
    }
}
