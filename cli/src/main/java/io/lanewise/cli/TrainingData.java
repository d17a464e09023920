package io.lanewise.cli;

import io.lanewise.formats.Table;
import io.lanewise.training.Dataset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows in memory, and what they mean.
 *
 * @param data rows
 * @param names what they mean
 */
record TrainingData(Dataset data, DataNames names) {
    /** Reads a file with its labels. */
    static TrainingData load(final DataFile rows, final Columns columns, final boolean classifier) throws IOException {
        final Path file = rows.file();
        final Table table = rows.forTraining(columns).load();
        final boolean images = rows.hasPixels();
        final String weight = columns.weight();
        if (weight == null) {
            return of(file, table, table.featureNames(), table.x(), images, classifier);
        }
        final int features = table.features() - 1; // the last one is the weight
        final List<String> names = table.featureNames().subList(0, features);
        return of(file, table, names, columns(table, 0, features), images, classifier)
                .weighted(file, weight, columns(table, features, 1));
    }

    private static TrainingData of(
            final Path file,
            final Table table,
            final List<String> featureNames,
            final float[] x,
            final boolean images,
            final boolean classifier)
            throws IOException {
        final int features = x.length / table.rows();
        final List<String> outputs = classifier ? table.classes() : DataNames.ofNumber(table.labelName());
        final DataNames names = new DataNames(featureNames, outputs, table.labelName(), images);
        if (!classifier) {
            return new TrainingData(Dataset.regression(features, 1, x, table.targets()), names);
        }
        names.checkClasses(file);
        final Map<String, Integer> numbers = names.classNumbers();
        final int[] labels = table.labels().stream()
                .mapToInt(name -> numbers.getOrDefault(name, -1))
                .toArray();
        return new TrainingData(Dataset.classification(features, outputs.size(), x, labels), names);
    }

    /** Some of the columns (rows, count). */
    private static float[] columns(final Table table, final int first, final int count) {
        final float[] columns = new float[table.rows() * count];
        for (int i = 0; i < table.rows(); i++) {
            System.arraycopy(table.x(), i * table.features() + first, columns, i * count, count);
        }
        return columns;
    }

    /** Rows that count differently; those that do not count at all are left out. */
    private TrainingData weighted(final Path file, final String column, final float[] weights) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] < 0) {
                throw new UserException(file.getFileName() + ", row " + (i + 1) + ": column '" + column
                        + "': expected a weight of at least 0, got " + weights[i]);
            }
        }
        final int[] counting =
                IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();
        if (counting.length == 0) {
            throw new UserException(
                    file.getFileName() + ": column '" + column + "': expected at least one row with a weight above 0");
        }
        final Dataset all = data.withWeights(weights);
        return new TrainingData(counting.length == weights.length ? all : all.select(counting), names);
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
                return load(DataFile.of(copy, DataFile.Purpose.TRAINING, null, null), Columns.withLabel("digit"), true);
            } finally {
                Files.delete(copy);
            }
        }
    }

    /**
     * Reads rows to judge a model by, whose columns and classes have to be those that it learns.
     *
     * @param features how many features the model takes
     */
    static Dataset judging(final DataFile rows, final DataNames names, final int features, final boolean classifier)
            throws IOException {
        final Path file = rows.file();
        final Table table = rows.forValidation(names).load();
        if (table.features() != features) {
            throw new UserException("expected " + features + " features in each row, as there are to learn from, but "
                    + file.getFileName() + " has " + table.features());
        }
        if (!classifier) {
            return Dataset.regression(features, 1, table.x(), table.targets());
        }
        final Map<String, Integer> numbers = names.classNumbers();
        final int[] classes = new int[table.rows()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = numbers.getOrDefault(table.labels().get(i), -1);
            if (classes[i] < 0) {
                throw new UserException(file.getFileName() + ", row " + (i + 1) + ": expected one of the classes to"
                        + " learn from (" + String.join(", ", names.outputs()) + ") as label, got '"
                        + table.labels().get(i) + "'");
            }
        }
        return Dataset.classification(features, names.outputs().size(), table.x(), classes);
    }
}
