package io.lanewise.cli;

import io.lanewise.formats.FormatException;
import io.lanewise.formats.RowReader;
import io.lanewise.inference.ArgMax;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Model;

/** Counts how well predictions fit the labels that their rows have, if they have any. */
final class Score {
    private final Model model;
    private final boolean classifier;
    private long rows;
    private long judged;
    private long right;
    private double squares;

    Score(final Model model) {
        this.model = model;
        this.classifier = model.mlp().head() == Head.SOFTMAX;
    }

    /** Adds the rows that a reader read last. */
    void add(final RowReader reader, final int count, final float[] y) throws FormatException {
        rows += count;
        if (!reader.hasLabels()) {
            return;
        }
        final int outputs = model.mlp().outputs();
        for (int i = 0; i < count; i++) {
            final String label = reader.labels().get(i);
            if (label.isEmpty()) {
                continue; // not known
            }
            judged++;
            if (classifier) {
                right += label.equals(model.outputName(ArgMax.of(outputs, y, i * outputs))) ? 1 : 0;
            } else {
                final double error = y[i * outputs] - number(label);
                squares += error * error;
            }
        }
    }

    /** A sentence. */
    String summary() {
        final String scored = Text.count(rows) + " rows scored";
        if (judged == 0) {
            return scored;
        }
        return scored + "; "
                + (classifier
                        ? Text.format("accuracy %s", Text.percent((double) right / judged))
                        : Text.format("root mean squared error %.4g", Math.sqrt(squares / judged)))
                + (judged == rows ? "" : " on the " + Text.count(judged) + " rows that have a label");
    }

    private static double number(final String label) {
        try {
            return Double.parseDouble(label);
        } catch (final NumberFormatException e) {
            throw new UserException("expected a number as label, got '" + label + "'");
        }
    }
}
