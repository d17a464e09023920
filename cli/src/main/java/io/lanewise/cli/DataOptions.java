package io.lanewise.cli;

import io.lanewise.formats.TableRows;
import io.lanewise.formats.TableSource;
import io.lanewise.mlp.Names;
import io.lanewise.training.Dataset;
import io.lanewise.training.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is learnt from which columns, and which rows it is judged by. */
final class DataOptions {
    /** What is learnt. */
    enum Task {
        CLASSIFICATION,
        REGRESSION;

        @Override
        public String toString() {
            return Names.of(this);
        }
    }

    private static final double HELD_OUT = 0.2;
    private static final int BUFFER = 1 << 16;

    @Option(
            names = "--task",
            defaultValue = "classification",
            paramLabel = "TASK",
            description = "What the label is: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Task task = Task.CLASSIFICATION;

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The column to predict. Default: the last one that is not named otherwise.")
    private @Nullable String label;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COLUMN",
            description = "The columns to learn from, in this order. Default: all others.")
    private @Nullable List<String> features;

    @Option(
            names = "--ignore",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that are not looked at, such as texts and numbers of rows.")
    private @Nullable List<String> ignored;

    @Option(
            names = "--sample-weight",
            paramLabel = "COLUMN",
            description = "The column that says how much each row counts when it is learnt from, at least 0. The model"
                    + " does not need it.")
    private @Nullable String weight;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "The labels of IDX images (an IDX file) or of an npy array (another one).")
    private @Nullable Path labels;

    @Option(
            names = "--arrays",
            split = ",",
            paramLabel = "NAME",
            description = "X,Y: the arrays of an npz file with features and labels. Default: usual names, such as"
                    + " x_train,y_train or X,y.")
    private @Nullable List<String> arrays;

    @Option(
            names = "--standardize",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Bring inputs to mean 0 and deviation 1 (of images: all pixels alike). Default: yes.")
    private boolean standardize;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            description = "Share of the rows to hold out and judge by; 0 for none. Default: 0.2, of a stream 0.")
    private @Nullable Double validation;

    @Option(
            names = "--validation-data",
            paramLabel = "FILE",
            description = "Judge by the rows of this file instead, and learn from all others.")
    private @Nullable Path validationData;

    @Option(
            names = "--validation-labels",
            paramLabel = "FILE",
            description = "Their labels, if they are images or an array.")
    private @Nullable Path validationLabels;

    @Option(
            names = "--validation-arrays",
            split = ",",
            paramLabel = "NAME",
            description = "X,Y: their arrays of an npz file, which may be that of DATA. Default: usual names, such as"
                    + " x_val,y_val or x_test,y_test.")
    private @Nullable List<String> validationArrays;

    @Option(
            names = "--stream",
            description = "Read the rows to learn from again in each epoch, rather than keep them in memory. There are"
                    + " rows to judge by only with --validation-data.")
    private boolean stream;

    @Option(
            names = "--shuffle-buffer",
            paramLabel = "ROWS",
            description = "How many rows --stream keeps in memory, to shuffle them. Default: 65536.")
    private @Nullable Integer buffer;

    boolean isClassification() {
        return task == Task.CLASSIFICATION;
    }

    /** All files that are read. */
    List<@Nullable Path> inputs(final Path file) {
        return Outputs.paths(file, labels, validationData, validationLabels);
    }

    /** Refuses what does not fit together. */
    void check() {
        columns().check();
        if (validation != null && !(validation >= 0 && validation < 1)) {
            throw new UserException("expected a share from 0 to below 1, got --validation " + validation);
        }
        if (validation != null && validationData != null) {
            throw new UserException("give either --validation or --validation-data, not both");
        }
        if (validationLabels != null && validationData == null) {
            throw new UserException("--validation-labels is for --validation-data FILE");
        }
        if (validationArrays != null && validationData == null) {
            throw new UserException("--validation-arrays is for --validation-data FILE");
        }
        checkStream();
    }

    private void checkStream() {
        if (!stream) {
            if (buffer != null) {
                throw new UserException("--shuffle-buffer is for --stream");
            }
            return;
        }
        if (buffer != null && buffer < 1) {
            throw new UserException("expected a buffer of at least 1 row, got " + buffer);
        }
        if (weight != null) {
            throw new UserException("--sample-weight is for rows in memory, not for --stream");
        }
        if (share() > 0) {
            throw new UserException("--stream holds no rows out: remove --validation " + validation
                    + ", or judge by the rows of another file with --validation-data FILE");
        }
    }

    /** Whether there are to be rows to judge by. */
    boolean hasValidation() {
        return validationData != null || share() > 0;
    }

    private double share() {
        if (validation != null) {
            return validation;
        }
        return stream || validationData != null ? 0 : HELD_OUT;
    }

    private Columns columns() {
        return new Columns(label, features, ignored == null ? List.of() : ignored, weight);
    }

    /** Reads the rows and parts them. */
    TrainingRows read(final Path file, final long seed) throws IOException {
        final DataFile data = DataFile.of(file, DataFile.Purpose.TRAINING, labels, arrays);
        if (stream) {
            return streamed(data);
        }
        final TrainingData all = TrainingData.load(data, columns(), isClassification());
        if (share() == 0) { // all rows in the order of the file, as in a stream
            return rows(all.names(), new TrainingRows.InMemory(all.data()));
        }
        final Dataset.Split split = all.data().split(share(), seed);
        if (split.training().rows() == 0) {
            throw new UserException("no rows are left to learn from: hold out fewer (--validation " + share() + ")");
        }
        if (split.heldOut().rows() == 0 && validation != null) {
            throw new UserException("--validation " + share() + " of "
                    + all.data().rows() + " rows is none: hold out more, or none by --validation 0");
        }
        return new TrainingRows(
                all.names(),
                new TrainingRows.InMemory(split.training()),
                split.heldOut().rows() == 0 ? null : split.heldOut());
    }

    private TrainingRows streamed(final DataFile data) throws IOException {
        final TableSource source = data.forTraining(columns());
        final TableRows rows = isClassification() ? TableRows.classification(source) : TableRows.regression(source);
        final DataNames names = new DataNames(
                rows.featureNames(),
                isClassification() ? rows.classes() : DataNames.ofNumber(rows.labelName()),
                rows.labelName(),
                data.hasPixels());
        if (isClassification()) {
            names.checkClasses(data.file());
        }
        return rows(names, new TrainingRows.Streamed(rows, buffer == null ? BUFFER : buffer));
    }

    /** All rows are learnt from; those of another file judge, if there is one. */
    private TrainingRows rows(final DataNames names, final TrainingRows.Learnt learnt) throws IOException {
        final Dataset judges = validationData == null
                ? null
                : TrainingData.judging(
                        DataFile.of(validationData, DataFile.Purpose.VALIDATION, validationLabels, validationArrays),
                        names,
                        learnt.features(),
                        isClassification());
        return new TrainingRows(names, learnt, judges);
    }

    Scaling scaling(final DataNames names) {
        if (!standardize) {
            return Scaling.NONE;
        }
        return names.images() ? Scaling.COMMON : Scaling.PER_FEATURE;
    }
}
