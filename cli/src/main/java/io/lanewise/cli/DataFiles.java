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
     * @param label the column with the labels of a table; null for the last one
     */
    static TableSource forTraining(
            final Path file, final boolean idx, final @Nullable Path labels, final @Nullable String label)
            throws IOException {
        if (idx) {
            if (labels == null) {
                throw new UserException(file.getFileName() + " holds images: add their labels with --labels FILE");
            }
            if (label != null) {
                throw new UserException(file.getFileName() + " holds images, which have no columns: remove --label");
            }
            return IdxFile.of(file).withLabels(labels);
        }
        refuseLabels(file, labels);
        final CsvFile csv = CsvFile.of(file);
        return csv.withLabel(label == null ? csv.columns().getLast() : label);
    }

    /** Data to score: the columns that the model learnt, and the label if it is there. */
    static TableSource forPrediction(final Path file, final Model model, final @Nullable Path labels)
            throws IOException {
        if (isIdx(file)) {
            final IdxFile idx = IdxFile.of(file);
            return labels == null ? idx : idx.withLabels(labels);
        }
        refuseLabels(file, labels);
        final CsvFile csv = CsvFile.of(file);
        final List<String> columns = csv.columns();
        final boolean judged = !model.targetName().isEmpty() && columns.contains(model.targetName());
        final CsvFile named = model.featureNames().isEmpty() ? csv : csv.withFeatures(model.featureNames());
        return judged ? named.withOptionalLabel(model.targetName()) : named;
    }

    private static void refuseLabels(final Path file, final @Nullable Path labels) {
        if (labels != null) {
            throw new UserException(file.getFileName()
                    + " is a table: --labels is for images; of a table, the label is a column (--label COLUMN)");
        }
    }
}
