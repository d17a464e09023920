package io.lanewise.training;

import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows of features, each with a class or with target values. The arrays are used as they are, not copied: do not change
 * them afterwards.
 */
public final class Dataset {
    private final int rows;
    private final int features;
    private final int outputs;
    private final float[] x; // (rows, features)
    private final int @Nullable [] labels; // (rows)
    private final float @Nullable [] targets; // (rows, outputs)
    private final float @Nullable [] weights; // (rows)

    private Dataset(
            final int rows,
            final int features,
            final int outputs,
            final float[] x,
            final int @Nullable [] labels,
            final float @Nullable [] targets,
            final float @Nullable [] weights) {
        this.rows = rows;
        this.features = features;
        this.outputs = outputs;
        this.x = x;
        this.labels = labels;
        this.targets = targets;
        this.weights = weights;
    }

    /**
     * Rows with a class each.
     *
     * @param classes how many classes there are
     * @param x (rows, features), row-major
     * @param labels (rows), each from 0 to classes − 1
     * @throws IllegalArgumentException if there are less than 1 feature or class, x has not {@code rows × features}
     *     values, or a label is no class
     */
    public static Dataset classification(final int features, final int classes, final float[] x, final int[] labels) {
        if (classes < 1) {
            throw new IllegalArgumentException("expected at least 1 class, got " + classes);
        }
        final int rows = checkRows(features, x, labels.length, "labels");
        for (int i = 0; i < rows; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "expected labels from 0 to " + (classes - 1) + ", got " + labels[i] + " (row " + i + ")");
            }
        }
        return new Dataset(rows, features, classes, x, labels, null, null);
    }

    /**
     * Rows with values to predict; for a sigmoid head with targets from 0 to 1, for a softmax with a probability for
     * each class.
     *
     * @param outputs how many values belong to each row
     * @param x (rows, features), row-major
     * @param targets (rows, outputs), row-major
     * @throws IllegalArgumentException if there are less than 1 feature or output, targets are no whole rows, or x has
     *     not {@code rows × features} values
     */
    public static Dataset regression(final int features, final int outputs, final float[] x, final float[] targets) {
        if (outputs < 1 || targets.length % outputs != 0) {
            throw new IllegalArgumentException(
                    "expected " + outputs + " targets for each row, got " + targets.length + " in all");
        }
        final int rows = checkRows(features, x, targets.length / outputs, "rows of targets");
        return new Dataset(rows, features, outputs, x, null, targets, null);
    }

    /**
     * The same rows, some of which count more than others when a model learns from them. A {@link Trainer} leaves those
     * of weight 0 out, as if they were not there. An {@link Evaluation} counts all alike.
     *
     * @param newWeights (rows), each at least 0; used as they are, not copied
     * @throws IllegalArgumentException if there is not one for each row, or one is negative, infinite or NaN
     */
    public Dataset withWeights(final float[] newWeights) {
        if (newWeights.length != rows) {
            throw new IllegalArgumentException(
                    "expected a weight for each of " + rows + " rows, got " + newWeights.length);
        }
        for (int i = 0; i < rows; i++) {
            if (!(newWeights[i] >= 0 && newWeights[i] < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "expected weights of at least 0, got " + newWeights[i] + " (row " + i + ")");
            }
        }
        return new Dataset(rows, features, outputs, x, labels, targets, newWeights);
    }

    private static int checkRows(final int features, final float[] x, final int rows, final String what) {
        if (features < 1) {
            throw new IllegalArgumentException("expected at least 1 feature, got " + features);
        }
        if (x.length != (long) rows * features) {
            throw new IllegalArgumentException("expected " + rows + " rows of " + features + " features for " + rows
                    + " " + what + ", got " + x.length + " values");
        }
        return rows;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of features of each row. */
    public int features() {
        return features;
    }

    /** The number of classes, or of target values for each row. */
    public int outputs() {
        return outputs;
    }

    /** Whether each row has a class, rather than target values. */
    public boolean isClassification() {
        return labels != null;
    }

    /** The features (rows, features): the array itself. */
    public float[] x() {
        return x;
    }

    /**
     * The classes (rows): the array itself.
     *
     * @throws IllegalStateException if rows have target values instead
     */
    public int[] labels() {
        if (labels == null) {
            throw new IllegalStateException("a regression's rows have targets, not labels");
        }
        return labels;
    }

    /**
     * The target values (rows, outputs): the array itself.
     *
     * @throws IllegalStateException if rows have classes instead
     */
    public float[] targets() {
        if (targets == null) {
            throw new IllegalStateException("a classification's rows have labels, not targets");
        }
        return targets;
    }

    /** How much each row counts (rows): the array itself; nothing where all count alike. */
    public Optional<float[]> weights() {
        return Optional.ofNullable(weights);
    }

    /** The rows with these numbers, in their order, copied. */
    public Dataset select(final int[] numbers) {
        for (final int number : numbers) {
            Objects.checkIndex(number, rows);
        }
        final float[] newX = new float[Math.multiplyExact(numbers.length, features)];
        final int[] newLabels = labels == null ? null : new int[numbers.length];
        final float[] newTargets = targets == null ? null : new float[numbers.length * outputs];
        final float[] newWeights = weights == null ? null : new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(x, numbers[i] * features, newX, i * features, features);
            if (labels != null && newLabels != null) {
                newLabels[i] = labels[numbers[i]];
            }
            if (targets != null && newTargets != null) {
                System.arraycopy(targets, numbers[i] * outputs, newTargets, i * outputs, outputs);
            }
            if (weights != null && newWeights != null) {
                newWeights[i] = weights[numbers[i]];
            }
        }
        return new Dataset(numbers.length, features, outputs, newX, newLabels, newTargets, newWeights);
    }

    /** The rows whose weight is above 0. */
    Dataset counting() {
        final float[] given = weights;
        if (given == null) {
            return this;
        }
        final int[] numbers = IntStream.range(0, rows).filter(i -> given[i] > 0).toArray();
        return numbers.length == rows ? this : select(numbers);
    }

    /**
     * Divides the rows at random, the seed alone deciding how.
     *
     * @param share the part that is held out, from 0 to below 1; rounded to whole rows
     */
    public Split split(final double share, final long seed) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("expected a share from 0 to below 1, got " + share);
        }
        final int[] order = new int[rows];
        Philox.permutation(seed, Purpose.SPLIT, 0, order);
        final int held = (int) Math.round(rows * share);
        final int[] training = Arrays.copyOf(order, rows - held);
        final int[] heldOut = Arrays.copyOfRange(order, rows - held, rows);
        return new Split(select(training), select(heldOut));
    }

    /**
     * Two parts of a data set.
     *
     * @param training the rows to learn from
     * @param heldOut the rows to judge by
     */
    public record Split(Dataset training, Dataset heldOut) {}
}
