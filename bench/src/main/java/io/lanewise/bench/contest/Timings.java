package io.lanewise.bench.contest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a contest that measures times. A fork's figure is the median of its rounds; ratios are taken inside a
 * fork, where the rounds alternated; what is shown is the median of the forks, and the worst.
 *
 * @param entrants all contestants
 * @param forks what each of them reported
 */
public record Timings(List<Entrant> entrants, List<List<Timing>> forks) {
    /**
     * What the calls of a contestant allocate.
     *
     * @param contestant its name
     * @param least bytes of a call, at its best problem
     * @param greatest bytes of a call, at its worst problem
     */
    public record Allocation(String contestant, double least, double greatest) {}

    /** µs of a call of each contestant, by name; NaN where there is no figure. */
    public Map<String, Figure> micros(final String problem) {
        final Map<String, Figure> micros = new LinkedHashMap<>();
        for (final Entrant entrant : entrants) {
            micros.put(
                    entrant.name(),
                    Figure.ofTimes(medians(problem, entrant.name(), Timing::nanos).stream()
                            .map(nanos -> nanos * 1e-3)
                            .toList()));
        }
        return micros;
    }

    /** Speed of Lanewise to that of the native library: above 1 where Lanewise is faster. */
    public Figure ratio(final String problem) {
        final List<Double> ours = medians(problem, name(Role.LANEWISE), Timing::nanos);
        final List<Double> theirs = medians(problem, name(Role.NATIVE), Timing::nanos);
        final List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < forks.size(); i++) {
            ratios.add(theirs.get(i) / ours.get(i));
        }
        return Figure.ofSpeeds(ratios);
    }

    /** What each contestant that was measured allocates. */
    public List<Allocation> allocations(final List<String> problems) {
        return entrants.stream()
                .map(entrant -> {
                    final List<Double> bytes = problems.stream()
                            .map(problem -> Statistics.median(medians(problem, entrant.name(), Timing::bytes)))
                            .toList();
                    return new Allocation(entrant.name(), Statistics.least(bytes), Statistics.greatest(bytes));
                })
                .filter(allocation -> !Double.isNaN(allocation.least()))
                .toList();
    }

    /** What it all comes to. */
    public Verdict verdict(final List<String> problems) {
        final Map<String, Double> ratios = new LinkedHashMap<>();
        for (final String problem : problems) {
            ratios.put(problem, ratio(problem).median());
        }
        final String worst = ratios.entrySet().stream()
                .filter(ratio -> !Double.isNaN(ratio.getValue()))
                .min(Comparator.comparingDouble(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse("");
        return new Verdict(
                Statistics.geometricMean(ratios.values()),
                ratios.getOrDefault(worst, Double.NaN),
                worst,
                allocations(problems).stream()
                        .filter(allocation -> allocation.contestant().equals(name(Role.LANEWISE)))
                        .mapToDouble(Allocation::greatest)
                        .findFirst()
                        .orElse(Double.NaN));
    }

    /** Says who was left out of what. */
    public Set<String> faults() {
        final Set<String> faults = new LinkedHashSet<>();
        forks.stream()
                .flatMap(List::stream)
                .filter(timing -> timing.fault() != null)
                .forEach(timing -> faults.add(
                        "WRONG: " + timing.contestant() + " at " + timing.problem() + ", left out: " + timing.fault()));
        return faults;
    }

    /** What the forks reported of a contestant at a problem, each at most once. */
    public Stream<Timing> of(final String problem, final String contestant) {
        return forks.stream().flatMap(fork -> find(fork, problem, contestant).stream());
    }

    private static List<Timing> find(final List<Timing> fork, final String problem, final @Nullable String contestant) {
        return fork.stream()
                .filter(timing ->
                        timing.problem().equals(problem) && timing.contestant().equals(contestant))
                .limit(1)
                .toList();
    }

    /** The median of the rounds, in each fork. */
    private List<Double> medians(
            final String problem, final @Nullable String contestant, final Function<Timing, List<Double>> rounds) {
        return forks.stream()
                .map(fork -> find(fork, problem, contestant).stream()
                        .map(timing -> Statistics.median(rounds.apply(timing)))
                        .findFirst()
                        .orElse(Double.NaN))
                .toList();
    }

    private @Nullable String name(final Role role) {
        return entrants.stream()
                .filter(entrant -> entrant.role() == role)
                .map(Entrant::name)
                .findFirst()
                .orElse(null);
    }
}
