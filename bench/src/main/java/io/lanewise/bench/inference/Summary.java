package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.inference.Fork.Latency;
import io.lanewise.bench.inference.Fork.Report;
import io.lanewise.bench.inference.Fork.Timing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a contest. A fork's figure is the median of its rounds; ratios are taken inside a fork, where the rounds
 * alternated; what is shown is the median of the forks, and the worst.
 *
 * @param rows one for each case
 * @param allocations one for each contestant that was measured
 * @param services one for each network and contestant whose latencies were measured, or that could not keep up
 * @param geometricMean of the rows' ratios; NaN without ONNX Runtime
 * @param worst the least of the rows' ratios; NaN without ONNX Runtime
 * @param worstCase where that was
 * @param allocated bytes by one call of Lanewise, at its worst case
 */
record Summary(
        List<Row> rows,
        List<Allocation> allocations,
        List<Service> services,
        double geometricMean,
        double worst,
        String worstCase,
        double allocated) {
    /**
     * A case.
     *
     * @param inference the case
     * @param micros µs of a call of each contestant, by name; NaN where there is no figure
     * @param ratio speed of Lanewise to ONNX Runtime's: above 1 where Lanewise is faster
     */
    record Row(Case inference, Map<String, Figure> micros, Figure ratio) {}

    /**
     * What the calls of a contestant allocate.
     *
     * @param contestant its name
     * @param least bytes of a call, at its best case
     * @param greatest bytes of a call, at its worst case
     */
    record Allocation(String contestant, double least, double greatest) {}

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
        final List<Row> rows = cases.stream().map(one -> row(one, forks)).toList();
        final Row worst = rows.stream()
                .filter(row -> !Double.isNaN(row.ratio().median()))
                .min(Comparator.comparingDouble(row -> row.ratio().median()))
                .orElse(null);
        final List<Allocation> allocations = entrants.stream()
                .map(entrant -> allocation(entrant.name(), cases, forks))
                .filter(allocation -> !Double.isNaN(allocation.least()))
                .toList();
        return new Summary(
                rows,
                allocations,
                cases.stream()
                        .flatMap(one -> entrants.stream().flatMap(entrant -> service(one, entrant.name(), forks)))
                        .toList(),
                Statistics.geometricMean(
                        rows.stream().map(row -> row.ratio().median()).toList()),
                worst == null ? Double.NaN : worst.ratio().median(),
                worst == null ? "" : worst.inference().toString(),
                allocations.stream()
                        .filter(allocation -> allocation.contestant().equals(name(entrants, Role.LANEWISE)))
                        .mapToDouble(Allocation::greatest)
                        .findFirst()
                        .orElse(Double.NaN));
    }

    /** The last line of the output. */
    String line() {
        if (Double.isNaN(geometricMean)) {
            return "bench inference: no ONNX Runtime to compare with, allocated " + bytes(allocated)
                    + " bytes per call";
        }
        return String.format(
                Locale.ROOT,
                "bench inference: geometric mean %.2f of ONNX Runtime, worst %.2f at %s, allocated %s bytes per call",
                geometricMean,
                worst,
                worstCase,
                bytes(allocated));
    }

    /** A number of bytes, with a decimal where it is no whole number. */
    static String bytes(final double bytes) {
        return String.format(Locale.ROOT, bytes == Math.rint(bytes) ? "%.0f" : "%.1f", bytes);
    }

    private static Row row(final Case inference, final List<Report> forks) {
        final List<Entrant> entrants = forks.getFirst().entrants();
        final Map<String, Figure> micros = new LinkedHashMap<>();
        for (final Entrant entrant : entrants) {
            micros.put(
                    entrant.name(),
                    Figure.ofTimes(medians(inference, entrant.name(), forks, Timing::nanos).stream()
                            .map(nanos -> nanos * 1e-3)
                            .toList()));
        }
        final List<Double> ours = medians(inference, name(entrants, Role.LANEWISE), forks, Timing::nanos);
        final List<Double> theirs = medians(inference, name(entrants, Role.NATIVE), forks, Timing::nanos);
        final List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < forks.size(); i++) {
            ratios.add(theirs.get(i) / ours.get(i));
        }
        return new Row(inference, micros, Figure.ofSpeeds(ratios));
    }

    private static Allocation allocation(final String contestant, final List<Case> cases, final List<Report> forks) {
        final List<Double> bytes = cases.stream()
                .map(one -> Statistics.median(medians(one, contestant, forks, Timing::bytes)))
                .toList();
        return new Allocation(contestant, Statistics.least(bytes), Statistics.greatest(bytes));
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
                inference.net(),
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

    /** The median of the rounds, in each fork. */
    private static List<Double> medians(
            final Case inference,
            final @Nullable String contestant,
            final List<Report> forks,
            final Function<Timing, List<Double>> rounds) {
        return forks.stream()
                .map(fork -> fork.timings().stream()
                        .filter(timing -> timing.inference().equals(inference.toString())
                                && timing.contestant().equals(contestant))
                        .map(timing -> Statistics.median(rounds.apply(timing)))
                        .findFirst()
                        .orElse(Double.NaN))
                .toList();
    }

    private static @Nullable String name(final List<Entrant> entrants, final Role role) {
        return entrants.stream()
                .filter(entrant -> entrant.role() == role)
                .map(Entrant::name)
                .findFirst()
                .orElse(null);
    }
}
