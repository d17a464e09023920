package io.lanewise.bench.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lanewise.bench.contest.ContestCommand;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Timing;
import io.lanewise.bench.gemm.Summary.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SummaryTest {
    private static final List<Problem> PROBLEMS = Problem.parseList("8x8x8,64x64x64:abt");

    private static final List<Entrant> ENTRANTS = List.of(
            new Entrant("peak", Role.PEAK, "512 bits", null),
            new Entrant("Lanewise", Role.LANEWISE, "simd-512", null),
            new Entrant("prepacked", Role.PREPACKED, "simd-512", null),
            new Entrant("one", Role.NATIVE, "1.0", null),
            new Entrant("two", Role.NATIVE, "2.0", null),
            new Entrant("gone", Role.NATIVE, "", "not here"));

    /** The same figures of both problems, but for Lanewise. */
    private static Report fork(final double small, final double large) {
        return new Report(
                ENTRANTS,
                Stream.concat(timings("8x8x8", small), timings("64x64x64:abt", large))
                        .toList());
    }

    private static Stream<Timing> timings(final String problem, final double lanewise) {
        return Stream.of(
                timing(problem, "peak", 99, 100, 200),
                timing(problem, "Lanewise", lanewise, 1, 1000),
                timing(problem, "prepacked", 80),
                timing(problem, "one", 50),
                timing(problem, "two", 40));
    }

    private static Timing timing(final String problem, final String contestant, final double... gflops) {
        return new Timing(problem, contestant, 1, Arrays.stream(gflops).boxed().toList(), null);
    }

    private static final List<Report> FORKS = List.of(fork(25, 100), fork(30, 110), fork(20, 90));

    @Test
    void comparesWithTheBestNative() {
        final Summary summary = Summary.of(PROBLEMS, FORKS, Statistic.MEDIAN);
        final Summary.Row small = summary.rows().getFirst();
        assertEquals(new Figure(25, 20), small.gflops().get("Lanewise"));
        assertEquals(0.5, small.ratio().median());
        assertEquals(0.4, small.ratio().worst());
        assertEquals(1.6, small.ratioPrepacked().median());
        assertEquals(0.25, small.ofPeak().median());
        assertEquals(
                "bench gemm: geometric mean 1.00 of the best native, worst 0.50 at 8x8x8, peak 100.0 GFLOP/s",
                summary.line());
    }

    @Test
    void takesTheBestRoundIfAsked() {
        assertEquals(
                20,
                Summary.of(PROBLEMS, FORKS, Statistic.BEST)
                        .rows()
                        .getFirst()
                        .ratio()
                        .median());
    }

    @Test
    void doesWithoutNatives() {
        final Report alone =
                new Report(ENTRANTS.subList(0, 3), timings("8x8x8", 50).limit(3).toList());
        final Summary summary = Summary.of(PROBLEMS.subList(0, 1), List.of(alone), Statistic.MEDIAN);
        assertEquals("bench gemm: no native to compare with, peak 100.0 GFLOP/s", summary.line());
        assertEquals(
                "8x8x8          50.0     50.0       80.0         -        -             -      50%          80%",
                TableText.lines(ENTRANTS.subList(0, 3), summary).getLast());
    }

    @Test
    void printsATable() {
        final List<String> lines = TableText.lines(ENTRANTS, Summary.of(PROBLEMS, FORKS, Statistic.MEDIAN));
        assertEquals(
                List.of(
                        "m x n x k     Lanewise  (worst)  prepacked   one   two  / native  (worst)  pre / native  of"
                                + " peak  pre of peak",
                        "8x8x8             25.0     20.0       80.0  50.0  40.0      0.50     0.40          1.60     "
                                + " 25%          80%",
                        "64x64x64:abt     100.0     90.0       80.0  50.0  40.0      2.00     1.80          1.60    "
                                + " 100%          80%"),
                lines);
    }

    @Test
    void writesJson() {
        final JsonMapper mapper = JsonMapper.shared();
        final String json = ContestCommand.toJson(Summary.of(PROBLEMS, FORKS, Statistic.MEDIAN));
        final JsonNode tree = mapper.readTree(json);
        assertEquals("8x8x8", tree.get("worstProblem").asString());
        assertEquals(2, tree.get("rows").size());
        assertFalse(json.contains("gone\" : {\n        \"median\" : NaN"), "no such number in JSON");
        assertEquals(FORKS, List.of(mapper.readValue(mapper.writeValueAsString(FORKS), Report[].class)));
    }
}
