package io.lanewise.cli;

import io.lanewise.mlp.Names;
import io.lanewise.training.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What training makes small. */
final class LossOptions {
    /** The losses: that of classes, then those of numbers. */
    enum Kind {
        CROSS_ENTROPY,
        SQUARED_ERROR,
        ABSOLUTE_ERROR,
        HUBER;

        @Override
        public String toString() {
            return Names.of(this);
        }
    }

    private static final String NONE = "none";
    private static final String BALANCED = "balanced";

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            description = "Of classes cross-entropy; of a regression squared-error, absolute-error or huber. Default:"
                    + " cross-entropy, or squared-error.")
    private @Nullable Kind kind;

    @Option(
            names = "--huber-delta",
            paramLabel = "DELTA",
            description =
                    "Where the loss huber goes on in a straight line, in standard deviations of the label. Default:"
                            + " 1.")
    private @Nullable Float delta;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description = "Share of the truth that is spread over all classes, from 0 to below 1. Default: 0.")
    private @Nullable Float smoothing;

    @Option(
            names = "--class-weights",
            defaultValue = NONE,
            paramLabel = "WEIGHTS",
            description = "How much the rows of each class count: balanced, all classes alike in total; none, all rows"
                    + " alike; or a number for each class, separated by commas, in the order in which inspect lists"
                    + " them. Default: ${DEFAULT-VALUE}.")
    private String weights = NONE;

    /** Refuses what does not fit together. */
    void check(final boolean classifier, final boolean binary) {
        if (binary) {
            checkBinary();
            return;
        }
        if (kind != null && classifier != (kind == Kind.CROSS_ENTROPY)) {
            throw new UserException(
                    classifier
                            ? "--loss " + kind + " is for numbers: add --task regression to predict one"
                            : "--loss " + kind + " is for classes, not for --task regression, whose losses are"
                                    + " squared-error, absolute-error and huber");
        }
        if (delta != null && kind != Kind.HUBER) {
            throw new UserException("--huber-delta is for --loss huber");
        }
        if (!classifier && smoothing != null) {
            throw new UserException("--label-smoothing is for classes, not for --task regression");
        }
        if (!classifier && !weights.equals(NONE)) {
            throw new UserException("--class-weights is for classes, not for --task regression");
        }
        if (classifier && !weights.equals(BALANCED) && !weights.equals(NONE)) {
            numbers();
        }
        Arguments.checked(() -> classifier ? new Loss.CrossEntropy(smoothing(), List.of()) : loss());
    }

    private void checkBinary() {
        if (kind != null || delta != null) {
            throw new UserException("--head sigmoid learns by binary cross-entropy: remove --loss and --huber-delta");
        }
        if (smoothing != null || !weights.equals(NONE)) {
            throw new UserException("--label-smoothing and --class-weights are for --head softmax; weights of rows"
                    + " (--sample-weight COLUMN) are for both");
        }
    }

    /** The loss of a regression. */
    Loss loss() {
        if (kind == Kind.HUBER) {
            return Arguments.checked(() -> new Loss.Huber(delta == null ? Loss.Huber.DEFAULT_DELTA : delta));
        }
        return kind == Kind.ABSOLUTE_ERROR ? new Loss.AbsoluteError() : new Loss.SquaredError();
    }

    /**
     * The loss of a classifier.
     *
     * @param rows how many rows to learn from are of each class
     */
    Loss loss(final List<String> classes, final long[] rows) {
        return Arguments.checked(() -> new Loss.CrossEntropy(
                smoothing(),
                switch (weights) {
                    case NONE -> List.of();
                    case BALANCED -> balanced(rows);
                    default -> ofClasses(classes);
                }));
    }

    /** Whether rows of some classes count more than others. */
    boolean hasClassWeights() {
        return !weights.equals(NONE);
    }

    private float smoothing() {
        return smoothing == null ? 0f : smoothing;
    }

    /**
     * As scikit-learn's {@code class_weight="balanced"}: rows / (classes · rows of the class). A class without rows
     * counts as it would without weights.
     */
    private static List<Float> balanced(final long[] rows) {
        final double all = Arrays.stream(rows).sum();
        final List<Float> balanced = new ArrayList<>();
        for (final long own : rows) {
            balanced.add(own == 0 ? 1f : (float) (all / ((double) rows.length * own)));
        }
        return balanced;
    }

    private List<Float> ofClasses(final List<String> classes) {
        final List<Float> numbers = numbers();
        if (numbers.size() != classes.size()) {
            throw new UserException("expected a weight for each of " + classes.size() + " classes in their order ("
                    + String.join(", ", classes) + "), got " + numbers.size() + ": --class-weights " + weights);
        }
        return numbers;
    }

    private List<Float> numbers() {
        final List<Float> numbers = new ArrayList<>();
        for (final String text : weights.split(",", -1)) {
            final float number = number(text);
            if (!(number > 0 && number < Float.POSITIVE_INFINITY)) {
                throw new UserException("expected balanced, none, or a number above 0 for each class, got '" + text
                        + "': --class-weights " + weights);
            }
            numbers.add(number);
        }
        return numbers;
    }

    private static float number(final String text) {
        try {
            return Float.parseFloat(text);
        } catch (final NumberFormatException e) {
            return Float.NaN;
        }
    }
}
