package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FloatTextTest {
    private static float parse(final String text) {
        return FloatText.parse(("x" + text + "x").toCharArray(), 1, text.length());
    }

    private static void assertParsed(final String text) {
        assertEquals(Float.floatToRawIntBits(Float.parseFloat(text)), Float.floatToRawIntBits(parse(text)), text);
    }

    @Test
    void givesTheNearestFloat() {
        final Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            assertParsed(Integer.toString(random.nextInt(70_000) - 1000));
            assertParsed(Float.toString(random.nextFloat() * 100 - 50));
            assertParsed(Double.toString(random.nextGaussian()));
            assertParsed(String.format(Locale.ROOT, "%." + random.nextInt(14) + "f", random.nextDouble()));
            final float any = Float.intBitsToFloat(random.nextInt());
            if (Float.isFinite(any)) {
                assertParsed(Float.toString(any));
            }
        }
        for (final String text : List.of(
                "0",
                "-0",
                "-0.0",
                "+1",
                ".5",
                "5.",
                "00012",
                "16777216",
                "16777217",
                "16777216.0",
                "1.00000006",
                "1e5",
                "1E-3",
                "-1.5e+2",
                "3.4028235e38",
                "1e-45",
                "1e-60",
                "0.00000000001",
                "0.0000000000000000001")) {
            assertParsed(text);
        }
        assertEquals(4.5f, parse(" \t4.5 "));
    }

    @Test
    void refusesWhatIsNoNumberOrTooLarge() {
        for (final String text : List.of(
                "",
                " ",
                "-",
                "+",
                ".",
                "e5",
                "1e",
                "1e+",
                "1f",
                "1d",
                "1.5F",
                "2D",
                "0x10",
                "0x1p3",
                "NaN",
                "Infinity",
                "-inf",
                "1,5",
                "1 2",
                "1.2.3",
                "--1",
                "+-1",
                "1_000",
                "٣",
                "1e5.5",
                "4,x",
                "1e39",
                "-3.5e38",
                "9".repeat(50))) {
            assertTrue(Float.isNaN(parse(text)), text);
        }
    }

    @Test
    void saysWhy() {
        assertEquals("expected a number, got '4,x'", FloatText.problem("4,x"));
        assertEquals("expected a number, got '1f'", FloatText.problem("1f"));
        assertEquals(
                "expected a number, got 'a\\u0007" + "b".repeat(58) + "…'",
                FloatText.problem(" a\u0007" + "b".repeat(100)));
        assertEquals("expected a number, got '4,5': write a decimal point, not a comma", FloatText.problem("4,5"));
        assertEquals("expected a number up to ±3.4028235e38, got '1e39'", FloatText.problem("1e39"));
        assertEquals(
                "expected a finite number, got 'nan': fill in missing values, or remove such rows",
                FloatText.problem(" nan"));
        assertEquals(
                "expected a number, got an empty cell: fill in missing values, or remove such rows",
                FloatText.problem("  "));
    }
}
