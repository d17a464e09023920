package io.lanewise.cli;

import io.lanewise.formats.NpyFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which arrays of an npz file are meant.
 *
 * @param labels the one with the labels, or null
 */
record ArrayNames(String features, @Nullable String labels) {
    /** Names that arrays usually have, in published files and in examples of scikit-learn and Keras. */
    private static final List<ArrayNames> USUAL = List.of(
            new ArrayNames("X", "y"),
            new ArrayNames("x", "y"),
            new ArrayNames("features", "labels"),
            new ArrayNames("data", "target"),
            new ArrayNames("images", "labels"),
            new ArrayNames("arr_0", "arr_1"));

    /** Names that were given. */
    static ArrayNames of(final List<String> names, final String option) {
        if (names.isEmpty() || names.size() > 2 || names.contains("")) {
            throw new UserException(
                    "expected " + option + " X,Y (or X alone, without labels), got " + String.join(",", names));
        }
        return new ArrayNames(names.getFirst(), names.size() == 2 ? names.getLast() : null);
    }

    /** The arrays of a file that are called as such arrays usually are. */
    static ArrayNames usual(final Path file, final DataFile.Purpose purpose) throws IOException {
        final List<String> arrays = NpyFile.arrays(file);
        final boolean labelled = purpose != DataFile.Purpose.PREDICTION;
        return Stream.concat(parts(purpose).flatMap(ArrayNames::ofPart), USUAL.stream())
                .filter(names -> arrays.contains(names.features()) && (!labelled || arrays.contains(names.labels())))
                .map(names -> arrays.contains(names.labels()) ? names : new ArrayNames(names.features(), null))
                .findFirst()
                .orElseGet(() -> {
                    if (arrays.size() == 1) {
                        return new ArrayNames(arrays.getFirst(), null);
                    }
                    throw new UserException(file.getFileName() + ": name the arrays of features and labels: "
                            + (purpose == DataFile.Purpose.VALIDATION ? "--validation-arrays" : "--arrays")
                            + " X,Y; there are " + (arrays.isEmpty() ? "none" : String.join(", ", arrays)));
                });
    }

    private static Stream<String> parts(final DataFile.Purpose purpose) {
        return switch (purpose) {
            case TRAINING -> Stream.of("train");
            case VALIDATION -> Stream.of("val", "test");
            case PREDICTION -> Stream.of("test");
        };
    }

    private static Stream<ArrayNames> ofPart(final String part) {
        return Stream.of(
                new ArrayNames("x_" + part, "y_" + part),
                new ArrayNames("X_" + part, "y_" + part),
                new ArrayNames(part + "_images", part + "_labels"));
    }
}
