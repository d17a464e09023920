package io.lanewise.training;

import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;

/** Refuses data that a network cannot learn from, or be judged by. */
final class DataChecks {
    private static final double SUM_TOLERANCE = 1e-3; // of probabilities, rounded as they may be in a file

    private DataChecks() {}

    /**
     * Refuses rows of the wrong kind or size.
     *
     * @param what they are, as {@code training data}, for the message
     */
    static void sizes(
            final String what, final Mlp mlp, final int features, final int outputs, final boolean classification) {
        final boolean fits = switch (mlp.head()) {
            case SOFTMAX, LOG_SOFTMAX -> outputs == mlp.outputs();
            case LINEAR -> !classification && outputs == mlp.outputs();
            case SIGMOID -> classification ? outputs == 2 && mlp.outputs() == 1 : outputs == mlp.outputs();
        };
        if (!fits || features != mlp.inputs()) {
            throw new IllegalArgumentException("expected " + what + " for " + mlp + ", got " + features
                    + " features and " + outputs + (classification ? " classes" : " target values")
                    + ": each row needs " + mlp.inputs() + " features and " + truth(mlp));
        }
    }

    /** What a network learns of a row. */
    private static String truth(final Mlp mlp) {
        final int outputs = mlp.outputs();
        return switch (mlp.head()) {
            case SOFTMAX, LOG_SOFTMAX -> "one of " + outputs + " classes, or a probability for each";
            case LINEAR -> outputs + " target values";
            case SIGMOID ->
                outputs == 1 ? "a target from 0 to 1, or one of two classes" : outputs + " targets from 0 to 1";
        };
    }

    /** Refuses rows to look at whose values would make the loss NaN or infinite. */
    static void validation(final Mlp mlp, final Dataset data) {
        finite("feature", data.features(), data.x());
        if (mlp.head() == Head.LINEAR) {
            finite("output", data.outputs(), data.targets());
        } else if (!data.isClassification()) {
            targets(mlp.head(), 0, data.rows(), data.outputs(), data.targets(), 0);
        }
    }

    private static void finite(final String column, final int columns, final float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("expected finite values in the validation data, got " + values[i]
                        + " (row " + i / columns + ", " + column + " " + i % columns
                        + "): correct the row or leave it out");
            }
        }
    }

    /** Refuses rows to learn from, of those that count, whose targets are no answers, or no probabilities. */
    static void training(final Head head, final Dataset data) {
        if (data.isClassification()) {
            return;
        }
        final float[] weights = data.weights().orElse(null);
        for (int i = 0; i < data.rows(); i++) {
            if (weights == null || weights[i] > 0) {
                targets(head, i, 1, data.outputs(), data.targets(), i * data.outputs());
            }
        }
    }

    /**
     * Refuses targets that are no answers where a sigmoid head learns them, or no probabilities where a softmax does.
     *
     * @param firstRow the number of the first row, for the message
     * @param targets (rows, outputs) from {@code offset}
     */
    static void targets(
            final Head head,
            final long firstRow,
            final int rows,
            final int outputs,
            final float[] targets,
            final int offset) {
        switch (head) {
            case SOFTMAX, LOG_SOFTMAX -> probabilities(firstRow, rows, outputs, targets, offset);
            case SIGMOID -> Answers.check(firstRow, rows, outputs, targets, offset);
            case LINEAR -> {}
        }
    }

    private static void probabilities(
            final long firstRow, final int rows, final int classes, final float[] targets, final int offset) {
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < classes; j++) {
                final float target = targets[offset + i * classes + j];
                if (!(target >= 0 && target <= 1)) {
                    throw new IllegalArgumentException("expected probabilities from 0 to 1 as targets of a softmax"
                            + " head, got " + target + " (row " + (firstRow + i) + ", class " + j + ")");
                }
                sum += target;
            }
            if (Math.abs(sum - 1) > SUM_TOLERANCE) {
                throw new IllegalArgumentException("expected probabilities that add up to 1 as targets of a softmax"
                        + " head, got " + sum + " (row " + (firstRow + i) + ")");
            }
        }
    }
}
