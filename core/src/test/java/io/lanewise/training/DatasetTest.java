package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatasetTest {
    private static final float[] X = {1, 2, 3, 4, 5, 6};
    private static final int[] LABELS = {0, 2, 1};
    private static final float[] TARGETS = {10, 11, 20, 21, 30, 31};

    private static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void classification() {
        final Dataset data = Dataset.classification(2, 3, X, LABELS);
        assertEquals(3, data.rows());
        assertEquals(2, data.features());
        assertEquals(3, data.outputs());
        assertTrue(data.isClassification());
        assertSame(X, data.x());
        assertSame(LABELS, data.labels());
        assertEquals(
                "a classification's rows have labels, not targets",
                assertThrows(IllegalStateException.class, data::targets).getMessage());
    }

    @Test
    void regression() {
        final Dataset data = Dataset.regression(2, 2, X, TARGETS);
        assertEquals(3, data.rows());
        assertEquals(2, data.features());
        assertEquals(2, data.outputs());
        assertFalse(data.isClassification());
        assertSame(TARGETS, data.targets());
        assertEquals(
                "a regression's rows have targets, not labels",
                assertThrows(IllegalStateException.class, data::labels).getMessage());
    }

    @Test
    void refusals() {
        refused("expected labels from 0 to 1, got 2 (row 1)", () -> Dataset.classification(2, 2, X, LABELS));
        refused("expected labels from 0 to 1, got -1 (row 0)", () -> Dataset.classification(6, 2, X, new int[] {-1}));
        refused(
                "expected 2 rows of 2 features for 2 labels, got 6 values",
                () -> Dataset.classification(2, 2, X, new int[2]));
        refused(
                "expected 2 rows of 2 features for 2 rows of targets, got 6 values",
                () -> Dataset.regression(2, 1, X, new float[2]));
        refused("expected at least 1 feature, got 0", () -> Dataset.classification(0, 2, new float[0], new int[1]));
        refused("expected 2 targets for each row, got 3 in all", () -> Dataset.regression(2, 2, X, new float[3]));
        refused("expected 0 targets for each row, got 3 in all", () -> Dataset.regression(2, 0, X, new float[3]));
    }

    @Test
    void selectCopiesRowsInTheirOrder() {
        final Dataset classes = Dataset.classification(2, 3, X, LABELS).select(new int[] {2, 0, 2});
        assertArrayEquals(new float[] {5, 6, 1, 2, 5, 6}, classes.x());
        assertArrayEquals(new int[] {1, 0, 1}, classes.labels());
        assertEquals(3, classes.outputs());
        final Dataset values = Dataset.regression(2, 2, X, TARGETS).select(new int[] {1});
        assertArrayEquals(new float[] {3, 4}, values.x());
        assertArrayEquals(new float[] {20, 21}, values.targets());
        assertEquals(0, Dataset.regression(2, 2, X, TARGETS).select(new int[0]).rows());
    }

    @ParameterizedTest
    @CsvSource({"10,0.3,3", "10,0,0", "10,0.25,3", "3,0.1,0", "1,0.9,1", "0,0.5,0"})
    void splitRoundsToWholeRows(final int rows, final double share, final int heldOut) {
        final float[] x = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = i;
        }
        final Dataset.Split split = Dataset.regression(1, 1, x, x.clone()).split(share, 5);
        assertEquals(heldOut, split.heldOut().rows());
        assertEquals(rows - heldOut, split.training().rows());
        final float[] all = Arrays.copyOf(split.training().x(), rows);
        System.arraycopy(split.heldOut().x(), 0, all, rows - heldOut, heldOut);
        assertArrayEquals(split.heldOut().x(), split.heldOut().targets());
        Arrays.sort(all);
        assertArrayEquals(x, all);
    }

    @Test
    void theSeedDecidesTheSplit() {
        final float[] x = new float[100];
        for (int i = 0; i < 100; i++) {
            x[i] = i;
        }
        final Dataset data = Dataset.regression(1, 1, x, x);
        final float[] heldOut = data.split(0.2, 1).heldOut().x();
        assertArrayEquals(heldOut, data.split(0.2, 1).heldOut().x());
        assertFalse(Arrays.equals(heldOut, data.split(0.2, 2).heldOut().x()));
        assertFalse(Arrays.equals(heldOut, Arrays.copyOfRange(x, 80, 100)));
    }

    @ParameterizedTest
    @CsvSource({"-0.1", "1", "NaN", "Infinity"})
    void splitRefusesOtherShares(final double share) {
        refused(
                "expected a share from 0 to below 1, got " + share,
                () -> Dataset.regression(2, 2, X, TARGETS).split(share, 0));
    }
}
