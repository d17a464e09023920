package io.lanewise.formats;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a {@link CsvFile}. */
final class CsvRows implements RowReader {
    private static final int MAX_CELL_CHARS = 1 << 20;
    private static final int MAX_PEEK_CHARS = 1 << 20;
    private static final char[] SEPARATORS = {',', ';', '\t'};

    private final Path file;
    private final CsvHandler handler = new CsvHandler();
    private final CsvReader<CsvHandler> reader;
    private final Iterator<CsvHandler> records;
    private final List<String> columns;
    private final Map<String, Integer> columnByName = new HashMap<>();
    private final long headerLine;

    private List<String> featureNames = List.of();
    private @Nullable String labelName;
    private final List<String> labels = new ArrayList<>();
    private long[] lines = {}; // (rows read last)
    private long row; // the number of rows read

    /** Opens a file and reads its header. */
    CsvRows(final Path file) throws IOException {
        this.file = file;
        final Utf8Reader text = new Utf8Reader(file, Inputs.open(file));
        try {
            this.reader = CsvReader.builder()
                    .fieldSeparator(separator(text.peekLine(MAX_PEEK_CHARS)))
                    .skipEmptyLines(true)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false)
                    .maxBufferSize(MAX_CELL_CHARS)
                    .build(handler, text);
            this.records = reader.iterator();
            if (!next()) {
                throw new FormatException(file, "expected a header line of column names, got an empty file");
            }
            this.headerLine = handler.line();
            this.columns = List.copyOf(handler.names());
            checkHeader();
        } catch (final Throwable e) {
            text.close();
            throw e;
        }
    }

    /** The one that is in a line most often, quoted cells left aside. */
    private static char separator(final String line) {
        final int[] counts = new int[SEPARATORS.length];
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            for (int s = 0; s < SEPARATORS.length; s++) {
                if (!quoted && line.charAt(i) == SEPARATORS[s]) {
                    counts[s]++;
                }
            }
        }
        int best = 0;
        for (int s = 1; s < SEPARATORS.length; s++) {
            best = counts[s] > counts[best] ? s : best;
        }
        return SEPARATORS[best];
    }

    private void checkHeader() throws FormatException {
        for (int i = 0; i < columns.size(); i++) {
            final Integer first = columnByName.putIfAbsent(columns.get(i), i);
            if (first != null) {
                final boolean isNumber = !Float.isNaN(parse(columns.get(i)));
                throw FormatException.inLine(
                        file,
                        headerLine,
                        "expected column names that differ, got " + Quoted.of(columns.get(i)) + " for columns "
                                + (first + 1) + " and " + (i + 1)
                                + (isNumber ? "; the first line must be a header of names" : ""));
            }
        }
    }

    private static float parse(final String text) {
        return FloatText.parse(text.toCharArray(), 0, text.length());
    }

    /** The names of all columns. */
    List<String> columns() {
        return columns;
    }

    /** Says which columns are read: these features, or all but the label and those that are ignored. */
    void choose(
            final @Nullable List<String> features,
            final List<String> ignored,
            final @Nullable String label,
            final boolean labelOptional)
            throws FormatException {
        final int labelColumn = label == null ? -1 : column(label);
        final Set<String> others = new HashSet<>(ignored);
        for (final String name : ignored) {
            column(name);
        }
        featureNames = features == null
                ? columns.stream()
                        .filter(name -> !name.equals(label) && !others.contains(name))
                        .toList()
                : features;
        if (featureNames.isEmpty()) {
            throw FormatException.inLine(
                    file,
                    headerLine,
                    "expected feature columns besides the label"
                            + (ignored.isEmpty() ? "" : " and those that are ignored") + ", got "
                            + Quoted.list(columns));
        }
        final int[] featureColumns = new int[featureNames.size()];
        for (int i = 0; i < featureColumns.length; i++) {
            featureColumns[i] = column(featureNames.get(i));
        }
        labelName = label;
        handler.expectRows(columns.size(), featureColumns, labelColumn, labelOptional);
    }

    private int column(final String name) throws FormatException {
        final Integer column = columnByName.get(name);
        if (column == null) {
            final String closest = Closest.to(name, columns);
            throw FormatException.inLine(
                    file,
                    headerLine,
                    "expected a column " + Quoted.of(name)
                            + (closest == null ? "" : " (did you mean " + Quoted.of(closest) + "?)") + ", got "
                            + Quoted.list(columns));
        }
        return column;
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public int features() {
        return featureNames.size();
    }

    @Override
    public List<String> featureNames() {
        return featureNames;
    }

    @Override
    public boolean hasLabels() {
        return labelName != null;
    }

    @Override
    public String labelName() {
        return labelName == null ? "" : labelName;
    }

    @Override
    public OptionalInt rows() {
        return OptionalInt.empty();
    }

    @Override
    public int read(final float[] x, final int offset, final int maxRows) throws IOException {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected to read at least 1 row, got " + maxRows);
        }
        Objects.checkFromIndexSize(offset, (long) maxRows * features(), (long) x.length);
        labels.clear();
        if (lines.length < maxRows) {
            lines = new long[maxRows];
        }
        int count = 0;
        while (count < maxRows) {
            handler.target(x, offset + count * features());
            if (!next()) {
                break;
            }
            row++;
            checkRow();
            lines[count++] = handler.line();
            final String label = handler.label();
            if (label != null) {
                labels.add(label);
            }
        }
        if (row == 0) {
            throw new FormatException(file, "expected rows after the header line, got none");
        }
        return count;
    }

    private void checkRow() throws FormatException {
        if (handler.cells() != columns.size()) {
            throw wrongRow("expected " + columns.size() + " columns, got " + handler.cells());
        }
        if (columns.size() == 1 && handler.blankLine() > headerLine) {
            // Only at the end of the file is a blank line no missing value.
            throw FormatException.inRow(
                    file,
                    handler.blankLine(),
                    row,
                    "column " + Quoted.of(columns.get(0)) + ": " + FloatText.problem(""));
        }
        final int bad = handler.badColumn();
        if (bad >= 0) {
            throw wrongRow("column " + Quoted.of(columns.get(bad)) + ": "
                    + (handler.isLabel(bad)
                            ? "expected a label, got an empty cell"
                            : FloatText.problem(handler.badText())));
        }
    }

    private FormatException wrongRow(final String problem) {
        return FormatException.inRow(file, handler.line(), row, problem);
    }

    /** Parses a record; false at the end. */
    private boolean next() throws IOException {
        try {
            if (!records.hasNext()) {
                return false;
            }
            records.next();
            return true;
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        } catch (final CsvParseException e) {
            final Throwable cause = e.getCause() == null ? e : e.getCause();
            throw FormatException.inLine(
                    file, Math.max(1, handler.line()), Quoted.plain(String.valueOf(cause.getMessage()), 200));
        }
    }

    @Override
    public List<String> labels() {
        return Collections.unmodifiableList(labels);
    }

    @Override
    public long line(final int i) {
        return lines[i];
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
