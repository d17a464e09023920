package io.lanewise.bench.inference;

import static io.lanewise.bench.contest.Columns.number;

import io.lanewise.bench.contest.Columns;
import io.lanewise.bench.contest.Entrant;
import io.lanewise.bench.contest.Figure;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Timings;
import io.lanewise.bench.inference.Summary.Row;
import java.util.ArrayList;
import java.util.List;

/** The tables: times, latencies, and what is allocated. Headings first; a dash where there is no figure. */
final class TableText {
    private static final Figure NONE = new Figure(Double.NaN, Double.NaN);

    private TableText() {}

    /** A line for each case: µs and rows a second of each contestant, and the ratio. */
    static List<String> times(final List<Entrant> entrants, final Summary summary) {
        final List<Entrant> shown =
                entrants.stream().filter(entrant -> entrant.fault() == null).toList();
        final List<List<String>> cells = new ArrayList<>();
        final List<String> headings = new ArrayList<>(List.of("net", "batch"));
        for (final Entrant entrant : shown) {
            headings.add(entrant.name() + " us");
            if (entrant.role() == Role.LANEWISE) {
                headings.add("(worst)");
            }
            headings.add("rows/s");
        }
        headings.addAll(List.of("/ ONNX Runtime", "(worst)"));
        cells.add(headings);
        summary.rows().forEach(row -> cells.add(cells(shown, row)));
        return Columns.aligned(cells);
    }

    private static List<String> cells(final List<Entrant> entrants, final Row row) {
        final int batch = row.inference().batch();
        final List<String> cells = new ArrayList<>(List.of(row.inference().net().toString(), Integer.toString(batch)));
        for (final Entrant entrant : entrants) {
            final Figure micros = row.micros().getOrDefault(entrant.name(), NONE);
            cells.add(Columns.micros(micros.median()));
            if (entrant.role() == Role.LANEWISE) {
                cells.add(Columns.micros(micros.worst()));
            }
            cells.add(number("%.0f", batch * 1e6 / micros.median()));
        }
        cells.add(number("%.2f", row.ratio().median()));
        cells.add(number("%.2f", row.ratio().worst()));
        return cells;
    }

    /** A line for each network and contestant: latencies in µs at the same rate. */
    static List<String> latencies(final Summary summary) {
        final List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("net, batch 1", "contestant", "requests/s", "p50 us", "p99", "p99.9", "max", "p99.9 / p50"));
        for (final Summary.Service service : summary.services()) {
            cells.add(List.of(
                    service.net(),
                    service.contestant(),
                    number("%.0f", service.perSecond()),
                    Columns.micros(service.median()),
                    Columns.micros(service.p99()),
                    Columns.micros(service.p999()),
                    Columns.micros(service.max()),
                    number("%.2f", service.tail())));
        }
        return Columns.aligned(cells);
    }

    /** A line for each contestant. */
    static List<String> allocations(final Summary summary) {
        final List<List<String>> cells = new ArrayList<>();
        cells.add(List.of("bytes allocated per call", "least", "most"));
        for (final Timings.Allocation allocation : summary.allocations()) {
            cells.add(List.of(
                    allocation.contestant(), Columns.bytes(allocation.least()), Columns.bytes(allocation.greatest())));
        }
        return Columns.aligned(cells);
    }
}
