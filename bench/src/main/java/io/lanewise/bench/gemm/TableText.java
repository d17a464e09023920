package io.lanewise.bench.gemm;

import static io.lanewise.bench.contest.Columns.number;

import io.lanewise.bench.contest.Columns;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.gemm.Summary.Row;
import java.util.ArrayList;
import java.util.List;

/** The table: a line for each problem, GFLOP/s of each contestant, and what they come to. */
final class TableText {
    private TableText() {}

    /** The table's lines, headings first; a dash where there is no figure. */
    static List<String> lines(final List<Entrant> entrants, final Summary summary) {
        final List<List<String>> cells = new ArrayList<>();
        cells.add(headings(entrants));
        summary.rows().forEach(row -> cells.add(cells(entrants, row)));
        return Columns.aligned(cells);
    }

    private static List<String> headings(final List<Entrant> entrants) {
        final List<String> headings = new ArrayList<>();
        headings.add("m x n x k");
        for (final Entrant entrant : shown(entrants)) {
            headings.add(entrant.name());
            if (entrant.role() == Role.LANEWISE) {
                headings.add("(worst)");
            }
        }
        headings.addAll(List.of("/ native", "(worst)", "pre / native", "of peak", "pre of peak"));
        return headings;
    }

    private static List<String> cells(final List<Entrant> entrants, final Row row) {
        final List<String> cells = new ArrayList<>();
        cells.add(row.problem());
        for (final Entrant entrant : shown(entrants)) {
            final Figure figure = row.gflops().get(entrant.name());
            cells.add(number("%.1f", figure == null ? Double.NaN : figure.median()));
            if (entrant.role() == Role.LANEWISE) {
                cells.add(number("%.1f", figure == null ? Double.NaN : figure.worst()));
            }
        }
        cells.add(number("%.2f", row.ratio().median()));
        cells.add(number("%.2f", row.ratio().worst()));
        cells.add(number("%.2f", row.ratioPrepacked().median()));
        cells.add(number("%.0f%%", 100 * row.ofPeak().median()));
        cells.add(number("%.0f%%", 100 * row.ofPeakPrepacked().median()));
        return cells;
    }

    private static List<Entrant> shown(final List<Entrant> entrants) {
        return entrants.stream()
                .filter(entrant -> entrant.role() != Role.PEAK && entrant.fault() == null)
                .toList();
    }
}
