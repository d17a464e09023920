package io.lanewise.training;

import java.util.Arrays;

/**
 * The area under the ROC curve: the share of pairs of a positive and a negative in which the positive has the greater
 * score, equal scores counting half. It is the statistic U of Mann and Whitney (1947) over the number of pairs; see
 * Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology
 * 143 (1982). The pairs are counted in whole numbers, so the order of the rows does not matter.
 */
final class RocArea {
    private final float[] positives; // their scores
    private final float[] negatives; // their scores
    private int knownPositives;
    private int knownNegatives;

    /** How many scores of each kind there will be. */
    RocArea(final int positives, final int negatives) {
        this.positives = new float[positives];
        this.negatives = new float[negatives];
    }

    /** Adds the score of a row; any scale does, only the order counts. */
    void add(final float score, final boolean positive) {
        if (positive) {
            positives[knownPositives++] = score;
        } else {
            negatives[knownNegatives++] = score;
        }
    }

    /** From 0 to 1, when all scores are known; NaN if there are no positives, no negatives, or a score is NaN. */
    double value() {
        assert knownPositives == positives.length && knownNegatives == negatives.length;
        if (positives.length == 0 || negatives.length == 0) {
            return Double.NaN;
        }
        Arrays.sort(positives); // NaN last
        Arrays.sort(negatives);
        if (Float.isNaN(positives[positives.length - 1]) || Float.isNaN(negatives[negatives.length - 1])) {
            return Double.NaN;
        }
        int below = 0; // the negatives with a smaller score
        int upTo = 0; // those with a smaller or an equal one
        long twice = 0; // U is this half: at most 2 · 2^30 · 2^30
        for (final float score : positives) {
            while (below < negatives.length && negatives[below] < score) {
                below++;
            }
            while (upTo < negatives.length && negatives[upTo] <= score) {
                upTo++;
            }
            twice += (long) below + upTo;
        }
        return twice / (2.0 * positives.length * negatives.length);
    }
}
