package io.lanewise.bench.training;

import static io.lanewise.bench.contest.Columns.micros;
import static io.lanewise.bench.contest.Columns.number;

import io.lanewise.bench.contest.Columns;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Timings;
import io.lanewise.bench.training.Summary.Row;
import java.util.ArrayList;
import java.util.List;

/** The tables: times, and what is left to the garbage collector. Headings first; a dash where there is no figure. */
final class TableText {
    private static final Figure NONE = new Figure(Double.NaN, Double.NaN);

    private TableText() {}

    /** A line for each case: µs, rows a second and GFLOP/s of each contestant, and the ratio. */
    static List<String> times(final List<Entrant> entrants, final Summary summary) {
        final List<Entrant> shown =
                entrants.stream().filter(entrant -> entrant.fault() == null).toList();
        final List<List<String>> cells = new ArrayList<>();
        final List<String> headings = new ArrayList<>(List.of("net", "batch", "by"));
        for (final Entrant entrant : shown) {
            headings.add(entrant.name() + " us");
            if (entrant.role() == Role.LANEWISE) {
                headings.add("(worst)");
            }
            headings.addAll(List.of("rows/s", "GFLOP/s"));
        }
        headings.addAll(List.of("/ libtorch", "(worst)"));
        cells.add(headings);
        summary.rows().forEach(row -> cells.add(cells(shown, row)));
        return Columns.aligned(cells);
    }

    private static List<String> cells(final List<Entrant> entrants, final Row row) {
        final Case problem = row.problem();
        final List<String> cells = new ArrayList<>(List.of(
                problem.net().toString(),
                Integer.toString(problem.batch()),
                problem.method().toString()));
        for (final Entrant entrant : entrants) {
            final Figure time = row.micros().getOrDefault(entrant.name(), NONE);
            cells.add(micros(time.median()));
            if (entrant.role() == Role.LANEWISE) {
                cells.add(micros(time.worst()));
            }
            cells.add(number("%.0f", problem.batch() * 1e6 / time.median()));
            cells.add(number("%.1f", row.flops() * 1e-3 / time.median()));
        }
        cells.add(number("%.2f", row.ratio().median()));
        cells.add(number("%.2f", row.ratio().worst()));
        return cells;
    }

    /** A line for each contestant. */
    static List<String> garbage(final Summary summary) {
        final List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("on the Java heap", "bytes per step, least", "most", "collections per million rows"));
        for (final Summary.Garbage garbage : summary.garbage()) {
            final Timings.Allocation allocation = garbage.allocation();
            cells.add(List.of(
                    allocation.contestant(),
                    Columns.bytes(allocation.least()),
                    Columns.bytes(allocation.greatest()),
                    collections(garbage)));
        }
        return Columns.aligned(cells);
    }

    /** For a million rows; an upper bound where all the rounds together filled no generation. */
    private static String collections(final Summary.Garbage garbage) {
        final boolean toCome =
                garbage.collections() == 0 && garbage.allocation().greatest() > 0;
        return (toCome ? "< " : "") + number("%.2f", 1e6 * (toCome ? 1 : garbage.collections()) / garbage.rows());
    }
}
