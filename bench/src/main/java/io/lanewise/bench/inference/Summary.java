package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.contest.Timings;
import io.lanewise.bench.contest.Verdict;
import io.lanewise.bench.inference.Fork.Latency;
import io.lanewise.bench.inference.Fork.Report;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The figures of a contest, computed from {@link Timings}.
 *
 * @param rows one for each case
 * @param allocations one for each contestant that was measured
 * @param services one for each network and contestant whose latencies were measured, or that could not keep up
 * @param verdict what it all comes to
 */
record Summary(List<Row> rows, List<Timings.Allocation> allocations, List<Service> services, Verdict verdict) {
    /**
     * A case.
     *
     * @param inference the case
     * @param micros µs of a call of each contestant, by name; NaN where there is no figure
     * @param ratio speed of Lanewise to ONNX Runtime's: above 1 where Lanewise is faster
     */
    record Row(Case inference, Map<String, Figure> micros, Figure ratio) {}

    /**
     * Latencies of a contestant, in µs; NaN where it could not keep up.
     *
     * @param net the network
     * @param contestant its name
     * @param perSecond requests a second
     * @param median half of the requests were answered in this time
     * @param p99 99 % were
     * @param p999 99.9 % were
     * @param max all of all forks were
     * @param tail p999 to median
     */
    record Service(
            String net,
            String contestant,
            double perSecond,
            double median,
            double p99,
            double p999,
            double max,
            double tail) {}

    /** Computes the figures of these cases, in this order. */
    static Summary of(final List<Case> cases, final List<Report> forks) {
        final List<Entrant> entrants = forks.getFirst().entrants();
        final Timings timings = timings(forks);
        final List<String> problems = cases.stream().map(Case::toString).toList();
        return new Summary(
                cases.stream()
                        .map(one -> new Row(one, timings.micros(one.toString()), timings.ratio(one.toString())))
                        .toList(),
                timings.allocations(problems),
                cases.stream()
                        .flatMap(one -> Stream.concat(entrants.stream().map(Entrant::name), Stream.of(Wait.NAME))
                                .flatMap(contestant -> service(one, contestant, forks)))
                        .toList(),
                timings.verdict(problems));
    }

    /** The timings in these reports. */
    static Timings timings(final List<Report> forks) {
        return new Timings(
                forks.getFirst().entrants(), forks.stream().map(Report::timings).toList());
    }

    /** The last line of the output. */
    String line() {
        return verdict.line("inference", "ONNX Runtime", "call");
    }

    private static Stream<Service> service(final Case inference, final String contestant, final List<Report> forks) {
        final List<Latency> latencies = forks.stream()
                .flatMap(fork -> fork.latencies().stream())
                .filter(latency -> latency.inference().equals(inference.toString())
                        && latency.contestant().equals(contestant))
                .toList();
        if (latencies.isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(new Service(
                inference.net().toString(),
                contestant,
                median(latencies, Latency::perSecond),
                median(latencies, latency -> latency.median() * 1e-3),
                median(latencies, latency -> latency.p99() * 1e-3),
                median(latencies, latency -> latency.p999() * 1e-3),
                Statistics.greatest(
                        latencies.stream().map(latency -> latency.max() * 1e-3).toList()),
                median(latencies, latency -> latency.p999() / latency.median())));
    }

    private static double median(final List<Latency> latencies, final ToDoubleFunction<Latency> figure) {
        return Statistics.median(latencies.stream().map(figure::applyAsDouble).toList());
    }
}
