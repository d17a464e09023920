package io.lanewise.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file: UTF-8 text, compressed with gzip or not, with a header line of column names; its cells are separated by
 * commas, semicolons or tabs, as the header line shows. All columns but the label are features unless some are chosen or
 * left out.
 * Features must be finite numbers. Blank lines are skipped. Immutable, and safe to share.
 *
 * <pre>{@code
 * Table table = CsvFile.of(Path.of("iris.csv")).withLabel("species").load();
 * }</pre>
 */
public final class CsvFile implements TableSource {
    private final Path file;
    private final @Nullable List<String> features;
    private final List<String> ignored;
    private final @Nullable String label;
    private final boolean labelOptional;

    private CsvFile(
            final Path file,
            final @Nullable List<String> features,
            final List<String> ignored,
            final @Nullable String label,
            final boolean labelOptional) {
        this.labelOptional = labelOptional;
        this.file = file;
        this.features = features;
        this.ignored = ignored;
        this.label = label;
        if (features != null && label != null && features.contains(label)) {
            throw new IllegalArgumentException(
                    "expected a label that is none of the features, got " + Quoted.of(label));
        }
        if (label != null && ignored.contains(label)) {
            throw new IllegalArgumentException("expected a label that is not ignored, got " + Quoted.of(label));
        }
    }

    /** All columns of a file are features, and there is no label. */
    public static CsvFile of(final Path file) {
        return new CsvFile(file, null, List.of(), null, false);
    }

    /**
     * The same file with these columns as features, in this order. Other columns are not looked at.
     *
     * @param names at least one, none of them twice, and not the label
     */
    public CsvFile withFeatures(final List<String> names) {
        if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException(
                    "expected at least one feature and none of them twice, got " + Quoted.list(names));
        }
        return new CsvFile(file, List.copyOf(names), List.of(), label, labelOptional);
    }

    /**
     * The same file with all columns as features but these and the label. These are not looked at, so that they may hold
     * text.
     *
     * @param names columns that there are, and not the label
     */
    public CsvFile withoutFeatures(final List<String> names) {
        return new CsvFile(file, null, List.copyOf(names), label, labelOptional);
    }

    /** The same file with this column as the label. */
    public CsvFile withLabel(final String name) {
        return new CsvFile(file, features, ignored, name, false);
    }

    /** The same file with this column as the label, which may be empty in some rows. */
    public CsvFile withOptionalLabel(final String name) {
        return new CsvFile(file, features, ignored, name, true);
    }

    /**
     * The names of all columns, in the order of the file.
     *
     * @throws FormatException if the header is wrong
     * @throws IOException if the file cannot be read
     */
    public List<String> columns() throws IOException {
        try (CsvRows rows = new CsvRows(file)) {
            return rows.columns();
        }
    }

    @Override
    public RowReader open() throws IOException {
        final CsvRows rows = new CsvRows(file);
        try {
            rows.choose(features, ignored, label, labelOptional);
            return rows;
        } catch (final Throwable e) {
            rows.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return "CSV file " + file;
    }
}
