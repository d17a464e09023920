package io.lanewise.bench.contest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void takesMedians() {
        assertEquals(2, Statistics.median(List.of(3.0, 1.0, 2.0)));
        assertEquals(2.5, Statistics.median(List.of(4.0, 1.0, 2.0, 3.0)));
        assertTrue(Double.isNaN(Statistics.median(List.of())));
        assertEquals(1, Statistics.least(List.of(Double.NaN, 1.0)));
    }

    @Test
    void takesGeometricMeans() {
        assertEquals(1, Statistics.geometricMean(List.of(0.5, 2.0)), 1e-12);
        assertEquals(2, Statistics.geometricMean(List.of(2.0, Double.NaN)), 1e-12);
        assertTrue(Double.isNaN(Statistics.geometricMean(List.of())));
    }

    @Test
    void knowsWhichForkIsWorst() {
        assertEquals(new Figure(2, 1), Figure.ofSpeeds(List.of(3.0, 1.0, 2.0)));
        assertEquals(new Figure(2, 3), Figure.ofTimes(List.of(3.0, 1.0, 2.0)));
    }

    @Test
    void alignsColumns() {
        assertEquals(
                List.of("net   us", "a    1.5", "b-c    -"),
                Columns.aligned(List.of(
                        List.of("net", "us"),
                        List.of("a", Columns.number("%.1f", 1.5)),
                        List.of("b-c", Columns.number("%.1f", Double.NaN)))));
    }
}
