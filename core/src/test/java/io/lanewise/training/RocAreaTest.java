package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The area under the ROC curve. */
final class RocAreaTest {
    private static double area(final int[] labels, final float... scores) {
        int positives = 0;
        for (final int label : labels) {
            positives += label;
        }
        final RocArea area = new RocArea(positives, labels.length - positives);
        for (int i = 0; i < labels.length; i++) {
            area.add(scores[i], labels[i] == 1);
        }
        return area.value();
    }

    /** The example of scikit-learn's roc_auc_score. */
    @Test
    void byHand() {
        assertEquals(0.75, area(new int[] {0, 0, 1, 1}, 0.1f, 0.4f, 0.35f, 0.8f));
        assertEquals(1, area(new int[] {1, 0, 0}, 3, 2, 1));
        assertEquals(0, area(new int[] {0, 1, 1}, 3, 2, 1));
        assertEquals(0.75, area(new int[] {0, 1, 1}, 2, 2, 3));
    }

    @Test
    void equalScoresCountHalf() {
        assertEquals(0.5, area(new int[] {0, 1, 1, 0, 1}, 7, 7, 7, 7, 7));
        assertEquals(0.5, area(new int[] {0, 1}, 0f, -0f));
        assertEquals(0.5, area(new int[] {1, 0}, 0f, -0f));
        final float infinity = Float.POSITIVE_INFINITY;
        assertEquals(0.5, area(new int[] {0, 1}, infinity, infinity));
        assertEquals(1, area(new int[] {0, 0, 1}, -infinity, 1, infinity));
    }

    @Test
    void withoutPairsItIsNotKnown() {
        assertEquals(Double.NaN, area(new int[0]));
        assertEquals(Double.NaN, area(new int[] {1}, 1));
        assertEquals(Double.NaN, area(new int[] {0, 0}, 1, 2));
    }

    @Test
    void aNaNMakesItNaN() {
        assertEquals(Double.NaN, area(new int[] {0, 1, 1}, 1, Float.NaN, 3));
        assertEquals(Double.NaN, area(new int[] {0, 1, 1}, Float.NaN, 2, 3));
    }

    /** Few values of scores make many ties. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 100, 1_000_000})
    void countsAllPairs(final int values) {
        final int[] labels = RandomArrays.ints(1, 400, 2);
        final int[] numbers = RandomArrays.ints(2, 400, values);
        final float[] scores = new float[400];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = numbers[i] - values / 2;
        }
        double won = 0;
        double pairs = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        assertEquals(won / pairs, area(labels, scores));
    }
}
