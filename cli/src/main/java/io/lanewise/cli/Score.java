package io.lanewise.cli;

import io.lanewise.formats.FormatException;
import io.lanewise.formats.RowReader;
import io.lanewise.mlp.Model;
import java.util.HashSet;
import java.util.Set;

/** Counts how well predictions fit the labels that their rows have, if they have any. */
final class Score {
    private final Model model;
    private final boolean classifier;
    private final Set<String> classes = new HashSet<>();
    private long rows;
    private long judged;
    private long right;
    private double squares;
    private long unknown;
    private String example = "";

    Score(final Model model) {
        this.model = model;
        this.classifier = model.classes() > 0;
        for (int j = 0; j < model.classes(); j++) {
            classes.add(model.className(j));
        }
    }

    /** Adds the rows that a reader read last. */
    void add(final RowReader reader, final int count, final Predictions predictions) throws FormatException {
        rows += count;
        if (!reader.hasLabels()) {
            return;
        }
        for (int i = 0; i < count; i++) {
            final String label = reader.labels().get(i);
            if (label.isEmpty()) {
                continue; // not known
            }
            if (classifier && !classes.contains(label)) {
                unknown++;
                example = label;
                continue;
            }
            judged++;
            if (classifier) {
                right += label.equals(model.className(predictions.classOf(i))) ? 1 : 0;
            } else {
                final double error = predictions.value(i, 0) - number(label);
                squares += error * error;
            }
        }
    }

    /** A sentence. */
    String summary() {
        final String scored = Text.count(rows) + " rows scored"
                + (unknown == 0
                        ? ""
                        : "; " + Text.count(unknown) + " have a label that the model does not know, such as '" + example
                                + "', and are not judged");
        if (judged == 0) {
            return scored;
        }
        return scored + "; "
                + (classifier
                        ? Text.format("accuracy %s", Text.percent((double) right / judged))
                        : Text.format("root mean squared error %.4g", Math.sqrt(squares / judged)))
                + (judged == rows ? "" : " on the other " + Text.count(judged) + " rows");
    }

    private static double number(final String label) {
        try {
            return Double.parseDouble(label);
        } catch (final NumberFormatException e) {
            throw new UserException("expected a number as label, got '" + label + "'");
        }
    }
}
