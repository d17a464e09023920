package io.lanewise.cli;

import io.lanewise.formats.CsvFile;
import io.lanewise.formats.IdxFile;
import io.lanewise.formats.TableSource;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the kinds of data files apart, and which of their columns are meant. */
final class DataFiles {
    private DataFiles() {}

    /** Whether a file holds IDX images rather than a table. */
    static boolean isIdx(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UserException("expected a file to read, but " + file + " is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UserException("expected a file to read, but " + file
                    + " is a pipe or a device: save its content to a file first");
        }
        return IdxFile.isIdx(file);
    }

    /**
     * Data to learn from.
     *
     * @param labels the file with the labels of images
     * @param columns which columns of a table are meant
     */
    static TableSource forTraining(
            final Path file, final boolean idx, final @Nullable Path labels, final Columns columns) throws IOException {
        if (!idx) {
            refuseLabels(file, labels, "--labels");
            return columns.of(file);
        }
        if (labels == null) {
            throw new UserException(file.getFileName() + " holds images: add their labels with --labels FILE");
        }
        if (columns.areChosen()) {
            throw new UserException(file.getFileName() + " holds images, which have no columns: remove --label,"
                    + " --features, --ignore and --sample-weight");
        }
        return IdxFile.of(file).withLabels(labels);
    }

    /** Data to judge a model by while it learns from others: a file of the same kind with the same columns. */
    static TableSource forValidation(final Path file, final @Nullable Path labels, final DataNames names)
            throws IOException {
        final boolean idx = isIdx(file);
        if (idx != names.images()) {
            throw new UserException("expected a file of the same kind as the one to learn from, but "
                    + file.getFileName() + (idx ? " holds images, not a table" : " holds no IDX images"));
        }
        if (!idx) {
            refuseLabels(file, labels, "--validation-labels");
            return CsvFile.of(file).withFeatures(names.features()).withLabel(names.target());
        }
        if (labels == null) {
            throw new UserException(
                    file.getFileName() + " holds images: add their labels with --validation-labels FILE");
        }
        return IdxFile.of(file).withLabels(labels);
    }

    /** Data to score: the columns that the model learnt, and the label if it is there. */
    static TableSource forPrediction(final Path file, final Model model, final @Nullable Path labels)
            throws IOException {
        if (isIdx(file)) {
            final IdxFile idx = IdxFile.of(file);
            return labels == null ? idx : idx.withLabels(labels);
        }
        refuseLabels(file, labels, "--labels");
        final CsvFile csv = CsvFile.of(file);
        final List<String> columns = csv.columns();
        final boolean judged = !model.targetName().isEmpty() && columns.contains(model.targetName());
        final CsvFile named = model.featureNames().isEmpty() ? csv : csv.withFeatures(model.featureNames());
        return judged ? named.withOptionalLabel(model.targetName()) : named;
    }

    private static void refuseLabels(final Path file, final @Nullable Path labels, final String option) {
        if (labels != null) {
            throw new UserException(file.getFileName() + " is a table: " + option
                    + " is for images; of a table, the label is a column (--label COLUMN)");
        }
    }
}
