package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What docs/vector-math.md says of a function holds for a sample of all floats. */
final class VectorMathPageTest {
    private static final Path PAGE = Path.of("..", "docs", "vector-math.md");

    /** Odd, so that the samples have all low bits: a million of all floats. */
    private static final long STRIDE = 4099;

    @ParameterizedTest
    @EnumSource
    void pageIsRight(final MathFunction f) throws Exception {
        final List<String> page = cells(Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| " + f.text() + " | "))
                .findFirst()
                .orElseThrow());
        final ExhaustiveAccuracy.Result sample = ExhaustiveAccuracy.of(f, STRIDE);
        assertEquals(0, sample.wrong(), () -> "wrong at " + sample.wrongAt());
        final double stated = Double.parseDouble(page.get(1));
        assertTrue(sample.error() <= stated, () -> sample.error() + " ULP at " + sample.errorAt());
        if (page.get(3).equals("0")) {
            assertEquals(0, sample.reversals());
        }
        final List<String> line = cells(ExhaustiveAccuracy.line(f, sample));
        assertEquals(line.subList(4, 8), page.subList(4, 8), "values at −∞, −0, +0 and +∞");
        final float worst = Float.parseFloat(page.get(2).isEmpty() ? "0" : page.get(2));
        final double there = Accuracy.ulpsBetween(f.exact(worst), f.apply(worst));
        assertTrue(page.get(2).isEmpty() || Math.abs(there - stated) <= 0.001, () -> there + " ULP at " + worst);
    }

    private static List<String> cells(final String line) {
        return Arrays.stream(line.substring(2).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
