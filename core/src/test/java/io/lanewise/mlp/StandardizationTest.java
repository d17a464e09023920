package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class StandardizationTest {
    @Test
    void perFeature() {
        // Columns (1, 3, 5, 7), (10, 10, 10, 10) and (-1, 1, -1, 1): deviations √5, 0 and 1.
        final float[] x = {1, 10, -1, 3, 10, 1, 5, 10, -1, 7, 10, 1};
        final Standardization standardization = Standardization.perFeature(4, 3, x);
        assertEquals(3, standardization.features());
        assertArrayEquals(new float[] {4, 10, 0}, standardization.mean());
        assertArrayEquals(new float[] {(float) (1 / Math.sqrt(5)), 1, 1}, standardization.scale());
    }

    @Test
    void common() {
        final Standardization standardization = Standardization.common(2, 2, new float[] {1, 3, 5, 7});
        assertArrayEquals(new float[] {4, 4}, standardization.mean());
        final float scale = (float) (1 / Math.sqrt(5));
        assertArrayEquals(new float[] {scale, scale}, standardization.scale());
    }

    @Test
    void sumsKeepWhatAFloatWouldLose() {
        final int rows = 1000;
        final float[] x = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = 1e8f + (i % 2 == 0 ? 64 : -64);
        }
        final Standardization standardization = Standardization.perFeature(rows, 1, x);
        assertArrayEquals(new float[] {1e8f}, standardization.mean());
        assertArrayEquals(new float[] {1f / 64}, standardization.scale());
    }

    @Test
    void constantFeaturesAreNotBlownUp() {
        // 0.1f has no exact mean: what is left of its deviation is rounding.
        final float[] x = new float[999];
        java.util.Arrays.fill(x, 0.1f);
        assertArrayEquals(new float[] {1}, Standardization.perFeature(999, 1, x).scale());
        final float[] tiny = {Float.MIN_VALUE, 0};
        assertArrayEquals(
                new float[] {1}, Standardization.perFeature(2, 1, tiny).scale());
        assertArrayEquals(
                new float[] {1, 1},
                Standardization.common(1, 2, new float[] {5, 5}).scale());
    }

    @Test
    void noRowsChangeNothing() {
        final Standardization standardization = Standardization.perFeature(0, 2, new float[0]);
        assertArrayEquals(new float[] {0, 0}, standardization.mean());
        assertArrayEquals(new float[] {1, 1}, standardization.scale());
    }

    @Test
    void changingArraysChangesNothing() {
        final float[] mean = {1, 2};
        final float[] scale = {3, 4};
        final Standardization standardization = Standardization.of(mean, scale);
        mean[0] = 9;
        scale[0] = 9;
        standardization.mean()[1] = 9;
        standardization.scale()[1] = 9;
        assertArrayEquals(new float[] {1, 2}, standardization.mean());
        assertArrayEquals(new float[] {3, 4}, standardization.scale());
    }

    @Test
    void equality() {
        final Standardization base = Standardization.of(new float[] {1}, new float[] {2});
        final Standardization same = Standardization.of(new float[] {1}, new float[] {2});
        assertEquals(base, same);
        assertEquals(base.hashCode(), same.hashCode());
        assertNotEquals(base, Standardization.of(new float[] {2}, new float[] {2}));
        assertNotEquals(base, Standardization.of(new float[] {1}, new float[] {1}));
        assertEquals("Standardization of 1 features", base.toString());
    }

    @Test
    void refusesUnequalLengths() {
        assertEquals(
                "expected as many scales as means, got 2 and 1",
                assertThrows(IllegalArgumentException.class, () -> Standardization.of(new float[1], new float[2]))
                        .getMessage());
    }
}
