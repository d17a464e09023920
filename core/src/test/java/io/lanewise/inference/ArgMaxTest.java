package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ArgMaxTest {
    private static int of(final float... x) {
        return ArgMax.of(x.length, x, 0);
    }

    @Test
    void theLargest() {
        assertEquals(0, of(7));
        assertEquals(1, of(1, 3, 2));
        assertEquals(2, of(Float.NEGATIVE_INFINITY, -3, -2));
        assertEquals(1, ArgMax.of(2, new float[] {9, 1, 2, 9}, 1));
    }

    @Test
    void theFirstOfEqualOnes() {
        assertEquals(1, of(1, 3, 3));
        assertEquals(0, of(-0f, 0f));
        assertEquals(0, of(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY));
    }

    @Test
    void theFirstNaN() {
        final float n = Float.NaN;
        assertEquals(1, of(5, n, Float.POSITIVE_INFINITY));
        assertEquals(0, of(n, 9));
        assertEquals(1, of(1, n, n));
    }
}
