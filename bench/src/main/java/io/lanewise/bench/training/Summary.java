package io.lanewise.bench.training;

import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Timing;
import io.lanewise.bench.contest.Timings;
import io.lanewise.bench.contest.Verdict;
import io.lanewise.bench.training.Fork.Report;
import java.util.List;
import java.util.Map;

/**
 * The figures of a contest, computed from {@link Timings}.
 *
 * @param rows one for each case
 * @param garbage one for each contestant that was measured
 * @param verdict what it all comes to
 */
record Summary(List<Row> rows, List<Garbage> garbage, Verdict verdict) {
    /**
     * A case.
     *
     * @param problem the case
     * @param flops of a step
     * @param micros µs of a step of each contestant, by name; NaN where there is no figure
     * @param ratio speed of Lanewise to libtorch's: above 1 where Lanewise is faster
     */
    record Row(Case problem, double flops, Map<String, Figure> micros, Figure ratio) {}

    /**
     * What a contestant leaves to the garbage collector.
     *
     * @param allocation by its steps, on all threads
     * @param collections in the rounds of all cases and forks
     * @param rows in those rounds
     */
    record Garbage(Timings.Allocation allocation, long collections, long rows) {}

    /** Computes the figures of these cases, in this order. */
    static Summary of(final List<Case> cases, final List<Report> forks) {
        final Timings timings = timings(forks);
        final List<String> problems = cases.stream().map(Case::toString).toList();
        return new Summary(
                cases.stream()
                        .map(one -> new Row(
                                one, one.flops(), timings.micros(one.toString()), timings.ratio(one.toString())))
                        .toList(),
                timings.allocations(problems).stream()
                        .map(allocation -> garbage(allocation, cases, timings))
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
        return verdict.line("training", "libtorch", "step");
    }

    private static Garbage garbage(final Timings.Allocation allocation, final List<Case> cases, final Timings timings) {
        long collections = 0;
        long rows = 0;
        for (final Case one : cases) {
            for (final Timing timing :
                    timings.of(one.toString(), allocation.contestant()).toList()) {
                for (final long inRound : timing.collections()) {
                    collections += inRound;
                    rows += (long) timing.calls() * one.batch();
                }
            }
        }
        return new Garbage(allocation, collections, rows);
    }
}
