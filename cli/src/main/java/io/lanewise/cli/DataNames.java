package io.lanewise.cli;

import io.lanewise.mlp.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What rows mean: the names that a model keeps.
 *
 * @param features one for each feature, or none
 * @param outputs the classes; of a regression what is predicted, or none
 * @param target what is predicted, or empty
 * @param images whether the features are pixels, which are standardised alike
 */
record DataNames(List<String> features, List<String> outputs, String target, boolean images) {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]*)?");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]+\\.[0-9]*[1-9][0-9]*");

    /** A label with more values than this is taken for a measurement, not for a class. */
    private static final int MOST_CLASSES = 1000;

    /** The names of the output of a regression. */
    static List<String> ofNumber(final String target) {
        return target.isEmpty() ? List.of() : List.of(target);
    }

    /** The model with these names. */
    Model on(final Model model) {
        return model.withNames(features, outputs, target);
    }

    /** The number of each class. */
    Map<String, Integer> classNumbers() {
        final Map<String, Integer> numbers = new HashMap<>();
        outputs.forEach(name -> numbers.put(name, numbers.size()));
        return numbers;
    }

    /** The column with the labels, or what else they are. */
    private String where() {
        return target.isEmpty() ? "the labels" : "column '" + target + "'";
    }

    /** Refuses labels that are hardly classes. */
    void checkClasses(final Path file) {
        if (outputs.size() < 2) {
            throw new UserException(file.getFileName() + ": expected at least 2 classes in " + where() + ", got "
                    + outputs.size() + (outputs.isEmpty() ? "" : ": '" + outputs.getFirst() + "'"));
        }
        if (outputs.size() > MOST_CLASSES) {
            throw new UserException(file.getFileName() + ": " + where() + " has " + Text.count(outputs.size())
                    + " different values, too many for classes; to predict a number use --task regression, and to"
                    + " choose another column --label");
        }
    }

    /** What looks like a mistake, but need not be one. */
    List<String> hints() {
        final List<String> hints = new ArrayList<>();
        if (features.stream().anyMatch(name -> DECIMAL.matcher(name).matches())) {
            hints.add("the first line, which is to name the columns, has numbers: " + String.join(", ", features)
                    + "; is a header missing?");
        }
        if (outputs.size() > 2
                && outputs.stream().allMatch(name -> NUMBER.matcher(name).matches())
                && outputs.stream().anyMatch(name -> DECIMAL.matcher(name).matches())) {
            hints.add(where() + " has " + outputs.size()
                    + " decimal numbers, each of which is now a class; to predict a number use --task regression");
        }
        return hints;
    }
}
