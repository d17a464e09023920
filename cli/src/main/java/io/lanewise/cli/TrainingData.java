package io.lanewise.cli;

import io.lanewise.formats.Table;
import io.lanewise.training.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model learns from, with the names that it keeps.
 *
 * @param data rows
 * @param featureNames one for each feature, or none
 * @param outputNames the classes; none for a regression
 * @param targetName what is predicted, or empty
 * @param images whether the features are pixels
 */
record TrainingData(
        Dataset data, List<String> featureNames, List<String> outputNames, String targetName, boolean images) {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]*)?");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+\\.[0-9]*[1-9][0-9]*");

    /** A label with more values than this is taken for a measurement, not for a class. */
    private static final int MOST_CLASSES = 1000;

    /** Reads a table or images with their labels. */
    static TrainingData load(
            final Path file, final @Nullable Path labels, final @Nullable String label, final boolean classifier)
            throws IOException {
        final boolean images = DataFiles.isIdx(file);
        final Table table = DataFiles.forTraining(file, images, labels, label).load();
        return classifier ? classification(file, table, images) : regression(table, images);
    }

    /** What looks like a mistake, but need not be one. */
    List<String> hints() {
        final List<String> hints = new ArrayList<>();
        if (featureNames.stream().anyMatch(name -> DECIMAL.matcher(name).matches())) {
            hints.add("the first line, which is to name the columns, has numbers: " + String.join(", ", featureNames)
                    + "; is a header missing?");
        }
        if (outputNames.size() > 2
                && outputNames.stream().allMatch(name -> NUMBER.matcher(name).matches())
                && outputNames.stream().anyMatch(name -> DECIMAL.matcher(name).matches())) {
            hints.add("column '" + targetName + "' has " + outputNames.size()
                    + " decimal numbers, each of which is now a class; to predict a number use --task regression");
        }
        return hints;
    }

    /** The digits that come with the command. */
    static TrainingData digits() throws IOException {
        try (InputStream resource = TrainingData.class.getResourceAsStream("digits.csv.gz")) {
            if (resource == null) {
                throw new IllegalStateException("digits.csv.gz is missing from the jar");
            }
            final Path copy = Files.createTempFile("lanewise-digits", ".csv.gz");
            try {
                Files.copy(resource, copy, StandardCopyOption.REPLACE_EXISTING);
                return load(copy, null, "digit", true);
            } finally {
                Files.delete(copy);
            }
        }
    }

    private static TrainingData regression(final Table table, final boolean images) throws IOException {
        final Dataset data = Dataset.regression(table.features(), 1, table.x(), table.targets());
        final List<String> outputs = table.labelName().isEmpty() ? List.of() : List.of(table.labelName());
        return new TrainingData(data, table.featureNames(), outputs, table.labelName(), images);
    }

    private static TrainingData classification(final Path file, final Table table, final boolean images) {
        final List<String> classes = classes(table.labels());
        final String what = table.labelName().isEmpty() ? "the labels" : "column '" + table.labelName() + "'";
        if (classes.size() < 2) {
            throw new UserException(file.getFileName() + ": expected at least 2 classes in " + what + ", got "
                    + classes.size() + (classes.isEmpty() ? "" : ": '" + classes.getFirst() + "'"));
        }
        if (classes.size() > MOST_CLASSES) {
            throw new UserException(file.getFileName() + ": " + what + " has " + Text.count(classes.size())
                    + " different values, too many for classes; to predict a number use --task regression, and to"
                    + " choose another column --label");
        }
        final Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(name -> numbers.put(name, numbers.size()));
        final int[] labels = table.labels().stream()
                .mapToInt(name -> numbers.getOrDefault(name, -1))
                .toArray();
        final Dataset data = Dataset.classification(table.features(), classes.size(), table.x(), labels);
        return new TrainingData(data, table.featureNames(), classes, table.labelName(), images);
    }

    /** All labels, each once: as numbers where all are whole numbers, as text otherwise. */
    private static List<String> classes(final List<String> labels) {
        final List<String> distinct = labels.stream().distinct().toList();
        final boolean numbers = distinct.stream().allMatch(name -> name.matches("-?[0-9]{1,9}"));
        final Comparator<String> order = Comparator.naturalOrder();
        return distinct.stream()
                .sorted(
                        numbers
                                ? Comparator.<String>comparingInt(Integer::parseInt)
                                        .thenComparing(order)
                                : order)
                .toList();
    }
}
