package io.lanewise.cli;

import io.lanewise.formats.CsvFile;
import io.lanewise.formats.IdxFile;
import io.lanewise.formats.NpyFile;
import io.lanewise.formats.TableSource;
import io.lanewise.mlp.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file with rows, of whatever kind, and what was said about it.
 *
 * @param labels the file with the labels of images or of an array
 * @param arrays which arrays of an npz file are meant
 */
record DataFile(
        Path file,
        Kind kind,
        Purpose purpose,
        @Nullable Path labels,
        @Nullable List<String> arrays) {
    /** What a file may be. */
    enum Kind {
        TABLE(" is a table"),
        IDX(" holds images"),
        NPY(" holds an array"),
        NPZ(" holds arrays");

        private final String holds;

        Kind(final String holds) {
            this.holds = holds;
        }
    }

    /** What rows are for. */
    enum Purpose {
        TRAINING(""),
        VALIDATION("validation-"),
        PREDICTION("");

        private final String prefix; // of options

        Purpose(final String prefix) {
            this.prefix = prefix;
        }

        private String option(final String name) {
            return "--" + prefix + name;
        }
    }

    /** Looks at what a file is, and refuses what does not go with it. */
    static DataFile of(
            final Path file, final Purpose purpose, final @Nullable Path labels, final @Nullable List<String> arrays)
            throws IOException {
        final Kind kind = kind(file);
        if (arrays != null && kind != Kind.NPZ) {
            throw new UserException(
                    file.getFileName() + kind.holds + ": " + purpose.option("arrays") + " is for npz files");
        }
        if (labels != null && kind == Kind.TABLE) {
            throw new UserException(file.getFileName() + " is a table: " + purpose.option("labels")
                    + " is for images and arrays; of a table, the label is a column (--label COLUMN)");
        }
        if (labels != null && kind == Kind.NPZ) {
            throw new UserException(file.getFileName() + " holds arrays: name that of the labels with "
                    + purpose.option("arrays") + " X,Y rather than a file with " + purpose.option("labels"));
        }
        return new DataFile(file, kind, purpose, labels, arrays);
    }

    private static Kind kind(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new UserException("expected a file to read, but " + file + " is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UserException("expected a file to read, but " + file
                    + " is a pipe or a device: save its content to a file first");
        }
        if (IdxFile.isIdx(file)) {
            return Kind.IDX;
        }
        if (NpyFile.isNpy(file)) {
            return Kind.NPY;
        }
        return NpyFile.isNpz(file) ? Kind.NPZ : Kind.TABLE;
    }

    /** Whether all features are of one kind, as pixels are: those of images, and of arrays of 3 dimensions or more. */
    boolean hasPixels() throws IOException {
        return switch (kind) {
            case TABLE -> false;
            case IDX -> true;
            case NPY, NPZ -> features().shape().length > 2;
        };
    }

    /** Data to learn from; {@code columns} are those that are meant of a table. */
    TableSource forTraining(final Columns columns) throws IOException {
        if (kind == Kind.TABLE) {
            return columns.of(file);
        }
        if (columns.areChosen()) {
            throw new UserException(file.getFileName() + kind.holds + ", not named columns: remove --label,"
                    + " --features, --ignore and --sample-weight");
        }
        return labelled();
    }

    /** Data to judge a model by while it learns from others: a file of the same kind with the same columns. */
    TableSource forValidation(final DataNames names) throws IOException {
        final boolean named = !names.features().isEmpty();
        if (named != (kind == Kind.TABLE)) {
            throw new UserException("expected a file of the same kind as the one to learn from, which is "
                    + (named ? "a table" : "not a table") + ", but " + file.getFileName()
                    + (named ? kind.holds : " is one"));
        }
        return named ? CsvFile.of(file).withFeatures(names.features()).withLabel(names.target()) : labelled();
    }

    /** Data to score: the columns that the model learnt, and the label if it is there. */
    TableSource forPrediction(final Model model) throws IOException {
        return switch (kind) {
            case TABLE -> tableFor(model);
            case IDX -> labels == null ? IdxFile.of(file) : IdxFile.of(file).withLabels(labels);
            case NPY, NPZ -> {
                final NpyFile truth = labelArray();
                yield truth == null ? features() : features().withLabels(truth);
            }
        };
    }

    private TableSource tableFor(final Model model) throws IOException {
        final CsvFile csv = CsvFile.of(file);
        final List<String> columns = csv.columns();
        final boolean judged = !model.targetName().isEmpty() && columns.contains(model.targetName());
        final CsvFile named = model.featureNames().isEmpty() ? csv : csv.withFeatures(model.featureNames());
        return judged ? named.withOptionalLabel(model.targetName()) : named;
    }

    /** Images or an array with their labels. */
    private TableSource labelled() throws IOException {
        if (kind == Kind.NPZ) {
            final NpyFile truth = labelArray();
            if (truth == null) {
                throw new UserException("expected " + purpose.option("arrays")
                        + " X,Y with the array of the labels too, got " + names().features() + " alone");
            }
            return features().withLabels(truth);
        }
        if (labels == null) {
            throw new UserException(
                    file.getFileName() + kind.holds + ": add the labels with " + purpose.option("labels") + " FILE");
        }
        return kind == Kind.IDX
                ? IdxFile.of(file).withLabels(labels)
                : features().withLabels(NpyFile.of(labels));
    }

    private NpyFile features() throws IOException {
        return kind == Kind.NPZ ? NpyFile.of(file, names().features()) : NpyFile.of(file);
    }

    private @Nullable NpyFile labelArray() throws IOException {
        if (kind != Kind.NPZ) {
            return labels == null ? null : NpyFile.of(labels);
        }
        final String name = names().labels();
        return name == null ? null : NpyFile.of(file, name);
    }

    private ArrayNames names() throws IOException {
        return arrays == null ? ArrayNames.usual(file, purpose) : ArrayNames.of(arrays, purpose.option("arrays"));
    }
}
