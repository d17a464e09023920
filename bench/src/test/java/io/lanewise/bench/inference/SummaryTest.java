package io.lanewise.bench.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Timing;
import io.lanewise.bench.inference.Fork.Latency;
import io.lanewise.bench.inference.Fork.Report;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SummaryTest {
    private static final Case SMALL = Case.parse("13-128-64-2:1");
    private static final Case LARGE = Case.parse("784-512-256-10:32");
    private static final List<Case> CASES = List.of(SMALL, LARGE);

    private static final List<Entrant> ENTRANTS = List.of(
            new Entrant("Lanewise", Role.LANEWISE, "simd-512", null),
            new Entrant("ONNX Runtime", Role.NATIVE, "1.0", null),
            new Entrant("PyTorch", Role.OTHER, "2.0", null),
            new Entrant("gone", Role.OTHER, "", "not here"));

    private static Report fork(final double small, final double large, final double p99) {
        return new Report(
                ENTRANTS,
                List.of(
                        timing(SMALL, "Lanewise", 0, small, 1, 1e9),
                        timing(SMALL, "ONNX Runtime", 544, 2000),
                        timing(SMALL, "PyTorch", 3000, 8000),
                        timing(LARGE, "Lanewise", 0.5, large),
                        timing(LARGE, "ONNX Runtime", 544, 100_000),
                        new Timing(LARGE.toString(), "PyTorch", 0, List.of(), List.of(), List.of(), "wrong")),
                List.of(
                        new Latency(SMALL.toString(), "Lanewise", 250_000, 9, 1000, p99, 4000, 5000),
                        Latency.none(SMALL, "PyTorch", new Schedule(250_000))));
    }

    private static Timing timing(
            final Case inference, final String contestant, final double bytes, final double... nanos) {
        final List<Double> rounds = Arrays.stream(nanos).boxed().toList();
        return new Timing(inference.toString(), contestant, 1, rounds, List.of(bytes, bytes), List.of(0L, 1L), null);
    }

    private static final List<Report> FORKS =
            List.of(fork(1000, 125_000, 2000), fork(1250, 200_000, 2500), fork(500, 50_000, 9000));

    @Test
    void comparesWithOnnxRuntime() {
        final Summary summary = Summary.of(CASES, FORKS);
        final Summary.Row small = summary.rows().getFirst();
        assertEquals(new Figure(1, 1.25), small.micros().get("Lanewise"));
        assertEquals(new Figure(2, 1.6), small.ratio());
        assertEquals(
                "bench inference: geometric mean 1.26 of ONNX Runtime, worst 0.80 at 784-512-256-10:32, allocated 0.5"
                        + " bytes per call",
                summary.line());
    }

    @Test
    void doesWithoutPeers() {
        final List<Report> alone = FORKS.stream()
                .map(fork -> new Report(ENTRANTS.subList(0, 1), fork.timings(), fork.latencies()))
                .toList();
        assertEquals(
                "bench inference: no ONNX Runtime to compare with, allocated 0 bytes per call",
                Summary.of(List.of(SMALL), alone).line());
    }

    @Test
    void printsTables() {
        final Summary summary = Summary.of(CASES, FORKS);
        assertEquals(
                List.of(
                        "net             batch  Lanewise us  (worst)   rows/s  ONNX Runtime us  rows/s  PyTorch us"
                                + "  rows/s  / ONNX Runtime  (worst)",
                        "13-128-64-2         1         1.00     1.25  1000000             2.00  500000        8.00"
                                + "  125000            2.00     1.60",
                        "784-512-256-10     32        125.0    200.0   256000            100.0  320000           -"
                                + "       -            0.80     0.50"),
                TableText.times(ENTRANTS, summary));
        assertEquals(
                List.of(
                        "net, batch 1  contestant  requests/s  p50 us   p99  p99.9   max  p99.9 / p50",
                        "13-128-64-2     Lanewise      250000    1.00  2.50   4.00  5.00         4.00",
                        "13-128-64-2      PyTorch      250000       -     -      -     -            -"),
                TableText.latencies(summary));
        assertEquals(
                List.of(
                        "bytes allocated per call  least  most",
                        "Lanewise                      0   0.5",
                        "ONNX Runtime                544   544",
                        "PyTorch                    3000  3000"),
                TableText.allocations(summary));
    }

    @Test
    void travelsAsJson() {
        final JsonMapper mapper = JsonMapper.shared();
        assertEquals(FORKS, List.of(mapper.readValue(mapper.writeValueAsString(FORKS), Report[].class)));
        assertEquals(
                "784-512-256-10:32",
                mapper.readTree(ContestCommand.toJson(Summary.of(CASES, FORKS)))
                        .get("verdict")
                        .get("worstCase")
                        .asString());
    }
}
