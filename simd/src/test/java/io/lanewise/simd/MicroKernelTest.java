package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The micro-kernels alone: small integers, whose sums are exact, and the identity. */
@Tag("vector")
final class MicroKernelTest {
    private static final int[] DEPTHS = {0, 1, 2, 3, 7, 8, 16, 255, 256};

    static List<Arguments> shapes() {
        final List<Arguments> shapes = new ArrayList<>();
        for (final int rows : MicroKernelGenerator.ROWS) {
            for (final int vectors : MicroKernelGenerator.VECTORS) {
                shapes.add(Arguments.of(rows, vectors));
            }
        }
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void integersAreExact(final int rows, final int vectors) {
        for (final int kc : DEPTHS) {
            final int width = vectors * Simd.LANES;
            final int bStride = width + 3;
            final int ldc = width + 5;
            final float[] a = numbers(rows * kc, 7);
            final float[] b = numbers(kc * bStride + 1, 5);
            final float[] expected = Bits.filled(rows * ldc, 1f);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < width; j++) {
                    for (int p = 0; p < kc; p++) {
                        expected[i * ldc + j] += a[i * kc + p] * b[1 + p * bStride + j];
                    }
                }
            }
            final float[] c = Bits.filled(rows * ldc, 1f);
            MicroKernels.run(rows, vectors, kc, a, 0, kc, 1, b, 1, bStride, c, 0, ldc);
            assertArrayEquals(expected, c);
            // A by columns
            final float[] transposed = new float[rows * kc];
            for (int i = 0; i < rows; i++) {
                for (int p = 0; p < kc; p++) {
                    transposed[p * rows + i] = a[i * kc + p];
                }
            }
            Arrays.fill(c, 1f);
            MicroKernels.run(rows, vectors, kc, transposed, 0, 1, rows, b, 1, bStride, c, 0, ldc);
            assertArrayEquals(expected, c);
        }
    }

    /** The wide kernels are the narrow ones side by side. */
    @Test
    void severalPanelsGiveWhatEachGives() {
        for (final int[] shape : MicroKernelGenerator.WIDE) {
            final int rows = shape[0];
            final int width = 2 * Simd.LANES;
            for (final int kc : DEPTHS) {
                final int panels = shape[1] / 2;
                final int panelStride = kc * width + 7;
                final float[] a = numbers(rows * kc, 7);
                final float[] b = numbers(panels * panelStride, 5);
                final float[] expected = Bits.filled(rows * panels * width, 1f);
                final float[] actual = expected.clone();
                for (int panel = 0; panel < panels; panel++) {
                    final int at = panel * width;
                    MicroKernels.run(
                            rows, 2, kc, a, 0, kc, 1, b, panel * panelStride, width, expected, at, panels * width);
                }
                MicroKernels.runWide(rows, kc, a, 0, kc, 1, b, 0, width, panelStride, actual, 0, panels * width);
                assertArrayEquals(expected, actual);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void identityGivesTheOtherOperand(final int rows, final int vectors) {
        final int width = vectors * Simd.LANES;
        final float[] identity = new float[rows * rows];
        for (int p = 0; p < rows; p++) {
            identity[p * rows + p] = 1f;
        }
        final float[] b = numbers(rows * width, 97);
        final float[] c = new float[rows * width];
        MicroKernels.run(rows, vectors, rows, identity, 0, rows, 1, b, 0, width, c, 0, width);
        assertArrayEquals(b, c);
    }

    private static float[] numbers(final int count, final int modulus) {
        final float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i % modulus - modulus / 2;
        }
        return numbers;
    }

    @Test
    void sourceIsWhatTheGeneratorWrites() throws IOException {
        assertEquals(
                MicroKernelGenerator.source().replaceAll("\\s", ""),
                Files.readString(MicroKernelGenerator.FILE).replaceAll("\\s", ""));
    }
}
