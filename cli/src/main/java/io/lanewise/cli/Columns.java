package io.lanewise.cli;

import io.lanewise.formats.CsvFile;
import io.lanewise.formats.RowReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table are meant.
 *
 * @param label the one with the labels; null for the last one that is not named otherwise
 * @param features those to learn from, or null for all others
 * @param ignored those that are not looked at
 * @param weight the one that says how much a row counts, or null
 */
record Columns(
        @Nullable String label,
        @Nullable List<String> features,
        List<String> ignored,
        @Nullable String weight) {
    /** All columns but this one are features. */
    static Columns withLabel(final String label) {
        return new Columns(label, null, List.of(), null);
    }

    /** Whether anything is said about columns. */
    boolean areChosen() {
        return label != null || features != null || !ignored.isEmpty() || weight != null;
    }

    /** Refuses names that contradict each other. */
    void check() {
        if (features != null && !ignored.isEmpty()) {
            throw new UserException("give either --features or --ignore, not both");
        }
        if (label != null && ignored.contains(label)) {
            throw new UserException("column '" + label + "' is the label: remove it from --ignore");
        }
        if (label != null && features != null && features.contains(label)) {
            throw new UserException("column '" + label + "' is the label: remove it from --features");
        }
        if (weight != null && weight.equals(label)) {
            throw new UserException("column '" + weight + "' is the label: it cannot be the weight of rows too");
        }
        if (weight != null && features != null && features.contains(weight)) {
            throw new UserException("column '" + weight + "' is the weight of rows: remove it from --features");
        }
    }

    /** The table with these columns; the weight, if there is one, is the last feature. */
    CsvFile of(final Path file) throws IOException {
        final List<String> others = new ArrayList<>(ignored);
        if (weight != null && !others.contains(weight)) {
            others.add(weight);
        }
        final CsvFile csv = CsvFile.of(file);
        final String truth = label != null ? label : last(csv.columns(), others);
        if (features != null && features.contains(truth)) {
            throw new UserException("the last column, '" + truth
                    + "', is taken for the label, but is among --features: name the label with --label COLUMN");
        }
        final CsvFile labelled = csv.withLabel(truth);
        final CsvFile chosen = Arguments.checked(
                () -> features != null ? labelled.withFeatures(features) : labelled.withoutFeatures(others));
        if (weight == null) {
            return chosen;
        }
        final List<String> names;
        try (RowReader rows = chosen.open()) {
            names = new ArrayList<>(rows.featureNames());
        }
        names.add(weight);
        return labelled.withFeatures(names);
    }

    private static String last(final List<String> columns, final List<String> others) {
        return columns.reversed().stream()
                .filter(name -> !others.contains(name))
                .findFirst()
                .orElse(columns.getLast());
    }
}
