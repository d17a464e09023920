package io.lanewise.training;

import io.lanewise.inference.ArgMax;
import java.util.function.IntToDoubleFunction;

/**
 * What a network decided, against what is true: for classes, of which each row has one, or for answers, of which each
 * row has several. A row, or an answer, with NaN is wrong, and decides nothing.
 */
final class Decisions {
    private final boolean exclusive; // classes rather than answers
    private final int[] present; // (outputs): rows that are of the class
    private final int[] given; // (outputs): rows that were taken for it
    private final int[] found; // (outputs): both
    private final Confusion confusion; // of classes or of a single answer; of none else
    private final int[] ranks; // (classes): rows by the number of classes that came before the true one; or nothing
    private long decisions;
    private long right;

    private Decisions(final boolean exclusive, final int outputs, final Confusion confusion) {
        this.exclusive = exclusive;
        this.present = new int[outputs];
        this.given = new int[outputs];
        this.found = new int[outputs];
        this.confusion = confusion;
        this.ranks = new int[exclusive ? outputs : 0];
    }

    /** For classes that exclude each other, of so many rows at most. */
    static Decisions betweenClasses(final int classes, final int rows) {
        return new Decisions(true, classes, new Confusion(classes, rows));
    }

    /** For yes or no at each output, of so many rows at most. */
    static Decisions ofAnswers(final int outputs, final int rows) {
        return new Decisions(false, outputs, outputs == 1 ? new Confusion(2, rows) : new Confusion(0, 0));
    }

    /**
     * Adds a row.
     *
     * @param logits (classes) from {@code offset}
     */
    void addClass(final int truth, final float[] logits, final int offset) {
        final int classes = present.length;
        decisions++;
        present[truth]++;
        final int predicted = ArgMax.of(classes, logits, offset);
        if (Float.isNaN(logits[offset + predicted])) {
            return; // the argmax of a row with NaN is NaN
        }
        given[predicted]++;
        confusion.add(truth, predicted);
        if (predicted == truth) {
            found[truth]++;
            right++;
        }
        ranks[rank(classes, logits, offset, truth)]++;
    }

    /** How many classes have a greater logit, or an equal one and a lower number. */
    private static int rank(final int classes, final float[] logits, final int offset, final int truth) {
        final float own = logits[offset + truth];
        int rank = 0;
        for (int j = 0; j < classes; j++) {
            if (logits[offset + j] > own || (j < truth && logits[offset + j] == own)) {
                rank++;
            }
        }
        return rank;
    }

    /** Adds an answer: yes if the logit is above 0, so that the probability is above one half, before rounding. */
    void addAnswer(final int output, final boolean truth, final float logit) {
        decisions++;
        present[output] += truth ? 1 : 0;
        if (Float.isNaN(logit)) {
            return;
        }
        final boolean yes = logit > 0;
        given[output] += yes ? 1 : 0;
        found[output] += yes && truth ? 1 : 0;
        right += yes == truth ? 1 : 0;
        if (present.length == 1) {
            confusion.add(truth ? 1 : 0, yes ? 1 : 0);
        }
    }

    /** Whether rows have a class each, rather than answers. */
    boolean isExclusive() {
        return exclusive;
    }

    /** The number of classes or of answers. */
    int outputs() {
        return present.length;
    }

    double accuracy() {
        return (double) right / decisions;
    }

    /** Of classes: the share of rows whose true class is among the first k. */
    double topAccuracy(final int k) {
        long hits = 0;
        for (int rank = 0; rank < k; rank++) {
            hits += ranks[rank];
        }
        return (double) hits / decisions;
    }

    /** A new table {@code [truth][predicted]}; nothing for several answers. */
    int[][] confusion() {
        return confusion.table();
    }

    double precision(final int c) {
        return ratio(found[c], given[c]);
    }

    double recall(final int c) {
        return ratio(found[c], present[c]);
    }

    /** The harmonic mean of precision and recall. */
    double f1(final int c) {
        return ratio(2.0 * found[c], (double) given[c] + present[c]);
    }

    private static double ratio(final double part, final double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    double precision() {
        return mean(this::precision);
    }

    double recall() {
        return mean(this::recall);
    }

    double f1() {
        return mean(this::f1);
    }

    /** Over all answers; of classes over those that are there or were predicted. The others add 0. */
    private double mean(final IntToDoubleFunction measure) {
        double sum = 0;
        int averaged = 0;
        for (int c = 0; c < present.length; c++) {
            sum += measure.applyAsDouble(c);
            averaged += !exclusive || present[c] > 0 || given[c] > 0 ? 1 : 0;
        }
        return sum / averaged;
    }
}
