package io.lanewise.bench.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Timing;
import io.lanewise.bench.training.Fork.Report;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SummaryTest {
    private static final Case SMALL = Case.parse("10-50-10:100:sgd"); // half a million operations
    private static final Case LARGE = Case.parse("784-512-256-10:32:adam");
    private static final List<Case> CASES = List.of(SMALL, LARGE);

    private static final List<Entrant> ENTRANTS = List.of(
            new Entrant("Lanewise", Role.LANEWISE, "simd-512", null),
            new Entrant("libtorch", Role.NATIVE, "2.0", null),
            new Entrant("DL4J", Role.OTHER, "1.0", null),
            new Entrant("gone", Role.OTHER, "", "not here"));

    private static Report fork(final double small, final double large) {
        return new Report(
                ENTRANTS,
                List.of(
                        timing(SMALL, "Lanewise", 0, 0, small, 1, 1e9),
                        timing(SMALL, "libtorch", 900, 0, 10_000),
                        timing(SMALL, "DL4J", 300_000, 2, 4e6, 4e6),
                        timing(LARGE, "Lanewise", 0.5, 0, large),
                        timing(LARGE, "libtorch", 1000, 0, 1e6),
                        new Timing(LARGE.toString(), "DL4J", 0, List.of(), List.of(), List.of(), "no good")));
    }

    private static Timing timing(
            final Case problem,
            final String contestant,
            final double bytes,
            final long collections,
            final double... nanos) {
        final List<Double> rounds = Arrays.stream(nanos).boxed().toList();
        return new Timing(
                problem.toString(),
                contestant,
                5,
                rounds,
                List.of(bytes, bytes),
                Collections.nCopies(rounds.size(), collections),
                null);
    }

    private static final List<Report> FORKS = List.of(fork(5000, 1.25e6), fork(8000, 2e6), fork(4000, 1e6));

    @Test
    void comparesWithLibtorch() {
        final Summary summary = Summary.of(CASES, FORKS);
        final Summary.Row small = summary.rows().getFirst();
        assertEquals(new Figure(5, 8), small.micros().get("Lanewise"));
        assertEquals(new Figure(2, 1.25), small.ratio());
        assertEquals(
                "bench training: geometric mean 1.26 of libtorch, worst 0.80 at 784-512-256-10:32:adam, allocated 0.5"
                        + " bytes per step",
                summary.line());
        assertEquals(
                Set.of("WRONG: DL4J at 784-512-256-10:32:adam, left out: no good"),
                Summary.timings(FORKS).faults());
    }

    @Test
    void doesWithoutPeers() {
        final List<Report> alone = FORKS.stream()
                .map(fork -> new Report(ENTRANTS.subList(0, 1), fork.timings()))
                .toList();
        assertEquals(
                "bench training: no libtorch to compare with, allocated 0 bytes per step",
                Summary.of(List.of(SMALL), alone).line());
    }

    @Test
    void printsTables() {
        final Summary summary = Summary.of(CASES, FORKS);
        assertEquals(
                List.of(
                        "net             batch    by  Lanewise us  (worst)    rows/s  GFLOP/s  libtorch us    rows/s"
                                + "  GFLOP/s  DL4J us  rows/s  GFLOP/s  / libtorch  (worst)",
                        "10-50-10          100   sgd         5.00     8.00  20000000    100.0         10.0  10000000"
                                + "     50.0     4000   25000      0.1        2.00     1.25",
                        "784-512-256-10     32  adam         1250     2000     25600     61.6         1000     32000"
                                + "     77.0        -       -        -        0.80     0.50"),
                TableText.times(ENTRANTS, summary));
        assertEquals(
                List.of(
                        "on the Java heap  bytes per step, least    most  collections per million rows",
                        "Lanewise                              0     0.5                      < 200.80",
                        "libtorch                            900    1000                      < 505.05",
                        "DL4J                             300000  300000                       4000.00"),
                TableText.garbage(summary));
    }

    @Test
    void travelsAsJson() {
        final JsonMapper mapper = JsonMapper.shared();
        assertEquals(FORKS, List.of(mapper.readValue(mapper.writeValueAsString(FORKS), Report[].class)));
        assertEquals(
                "784-512-256-10:32:adam",
                mapper.readTree(ContestCommand.toJson(Summary.of(CASES, FORKS)))
                        .get("verdict")
                        .get("worstCase")
                        .asString());
    }
}
