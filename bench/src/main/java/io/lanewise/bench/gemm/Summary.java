package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Timing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The figures of a contest. A fork's figure is the median of its rounds (or the best of them, where that was asked for);
 * ratios are taken inside a fork, where the rounds alternated; what is shown is the median of the forks, and the worst.
 *
 * @param rows one for each problem
 * @param geometricMean of the rows' ratios; NaN without a native
 * @param worst the least of the rows' ratios; NaN without a native
 * @param worstProblem where that was
 * @param peak GFLOP/s of one thread: each fork's best problem, the median of the forks
 */
record Summary(List<Row> rows, double geometricMean, double worst, String worstProblem, double peak) {
    /** What stands for the rounds of a fork. */
    enum Statistic {
        /** The median: what a caller gets. */
        MEDIAN,
        /** The best: what the code could do, for machines that are busy otherwise. */
        BEST
    }

    /**
     * A problem; NaN where there is no figure.
     *
     * @param problem the shape
     * @param gflops GFLOP/s of each contestant, by name
     * @param ratio Lanewise to the best native
     * @param ratioPrepacked the same with B packed beforehand
     * @param ofPeak Lanewise's part of the peak measured in the same rounds
     * @param ofPeakPrepacked the same with B packed beforehand
     */
    record Row(
            String problem,
            Map<String, Figure> gflops,
            Figure ratio,
            Figure ratioPrepacked,
            Figure ofPeak,
            Figure ofPeakPrepacked) {}

    /** Computes the figures of these problems, in this order. */
    static Summary of(final List<Problem> problems, final List<Report> forks, final Statistic statistic) {
        final List<Row> rows = problems.stream()
                .map(problem -> row(problem.toString(), forks, statistic))
                .toList();
        final List<Double> ratios =
                rows.stream().map(row -> row.ratio().median()).toList();
        final Row worst = rows.stream()
                .filter(row -> !Double.isNaN(row.ratio().median()))
                .min(Comparator.comparingDouble(row -> row.ratio().median()))
                .orElse(null);
        final List<Double> peaks = forks.stream()
                .map(fork -> Statistics.greatest(problems.stream()
                        .map(problem -> best(fork, problem.toString(), statistic, role -> role == Role.PEAK))
                        .toList()))
                .toList();
        return new Summary(
                rows,
                Statistics.geometricMean(ratios),
                worst == null ? Double.NaN : worst.ratio().median(),
                worst == null ? "" : worst.problem(),
                Statistics.median(peaks));
    }

    /** The last line of the output. */
    String line() {
        if (Double.isNaN(geometricMean)) {
            return String.format(Locale.ROOT, "bench gemm: no native to compare with, peak %.1f GFLOP/s", peak);
        }
        return String.format(
                Locale.ROOT,
                "bench gemm: geometric mean %.2f of the best native, worst %.2f at %s, peak %.1f GFLOP/s",
                geometricMean,
                worst,
                worstProblem,
                peak);
    }

    private static Row row(final String problem, final List<Report> forks, final Statistic statistic) {
        final Map<String, Figure> gflops = new LinkedHashMap<>();
        for (final Entrant entrant : forks.getFirst().entrants()) {
            gflops.put(
                    entrant.name(),
                    Figure.ofSpeeds(forks.stream()
                            .map(fork -> value(fork, problem, entrant.name(), statistic))
                            .toList()));
        }
        return new Row(
                problem,
                gflops,
                ratio(problem, forks, statistic, Role.LANEWISE, Role.NATIVE),
                ratio(problem, forks, statistic, Role.PREPACKED, Role.NATIVE),
                ratio(problem, forks, statistic, Role.LANEWISE, Role.PEAK),
                ratio(problem, forks, statistic, Role.PREPACKED, Role.PEAK));
    }

    private static Figure ratio(
            final String problem,
            final List<Report> forks,
            final Statistic statistic,
            final Role numerator,
            final Role denominator) {
        final List<Double> ratios = new ArrayList<>();
        for (final Report fork : forks) {
            ratios.add(best(fork, problem, statistic, role -> role == numerator)
                    / best(fork, problem, statistic, role -> role == denominator));
        }
        return Figure.ofSpeeds(ratios);
    }

    /** The best of the contestants with such a role in a fork. */
    private static double best(
            final Report fork, final String problem, final Statistic statistic, final Predicate<Role> role) {
        return Statistics.greatest(fork.entrants().stream()
                .filter(entrant -> role.test(entrant.role()))
                .map(entrant -> value(fork, problem, entrant.name(), statistic))
                .toList());
    }

    private static double value(
            final Report fork, final String problem, final String contestant, final Statistic statistic) {
        return fork.timings().stream()
                .filter(timing ->
                        timing.problem().equals(problem) && timing.contestant().equals(contestant))
                .map(Timing::gflops)
                .map(rounds -> statistic == Statistic.BEST ? Statistics.greatest(rounds) : Statistics.median(rounds))
                .findFirst()
                .orElse(Double.NaN);
    }
}
