package io.lanewise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The yardstick itself, against values of 18 digits from mpmath. */
final class DoubleMathTest {
    @ParameterizedTest
    @CsvSource({
        "0.25, 0.276326390168236933",
        "0.5, 0.520499877813046538",
        "1, 0.842700792949714869",
        "1.75, 0.986671671219182444",
        "2, 0.995322265018952734",
        "2.5, 0.999593047982555041",
        "3.5, 0.999999256901627659",
    })
    void erf(final double x, final double expected) {
        assertEquals(expected, DoubleMath.erf(x), 1e-13 * expected);
        assertEquals(-expected, DoubleMath.erf(-x), 1e-13 * expected);
    }

    @ParameterizedTest
    @CsvSource({
        "-0.5, -0.154268769362993448",
        "-1, -0.158655253931457051",
        "-2, -0.0455002638963584144",
        "-3, -0.00404969409489028358",
        "-5, -1.43325785939596956e-6",
        "-10, -7.61985302416052607e-23",
        "-14, -1.09109515468699204e-43",
    })
    void gelu(final double x, final double expected) {
        assertEquals(expected, DoubleMath.gelu(x), -1e-13 * expected);
        assertEquals(expected - x, DoubleMath.gelu(-x), 1e-13 * -x);
    }
}
