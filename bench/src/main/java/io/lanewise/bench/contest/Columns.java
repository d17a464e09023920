package io.lanewise.bench.contest;

import java.util.List;
import java.util.Locale;

/** Text in columns. */
public final class Columns {
    private Columns() {}

    /** One line of text for each line of cells, as many in each: the first column to the left, the others to the right. */
    public static List<String> aligned(final List<List<String>> cells) {
        final int[] widths = new int[cells.getFirst().size()];
        for (final List<String> line : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        return cells.stream().map(line -> aligned(line, widths)).toList();
    }

    /** A number, or a dash for NaN. */
    public static String number(final String format, final double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    /** A time in µs, with three digits or so. */
    public static String micros(final double value) {
        return number(value < 10 ? "%.2f" : value < 1000 ? "%.1f" : "%.0f", value);
    }

    /** A number of bytes, with a decimal where it is no whole number. */
    public static String bytes(final double bytes) {
        return String.format(Locale.ROOT, bytes == Math.rint(bytes) ? "%.0f" : "%.1f", bytes);
    }

    private static String aligned(final List<String> line, final int[] widths) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            final String gap = " ".repeat(widths[i] - line.get(i).length());
            text.append(i == 0 ? line.get(i) + gap : "  " + gap + line.get(i));
        }
        return text.toString();
    }
}
