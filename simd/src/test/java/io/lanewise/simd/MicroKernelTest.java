package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernel.Activation;
import io.lanewise.reference.ScalarActivations;
import io.lanewise.simd.MicroKernelGenerator.Family;
import io.lanewise.simd.MicroKernelGenerator.Left;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The micro-kernels alone: small integers, whose sums are exact, and the identity. */
@Tag("vector")
final class MicroKernelTest {
    private static final int[] DEPTHS = {0, 1, 2, 3, 7, 8, 16, 255, 256};

    static List<Arguments> shapes() {
        final List<Arguments> shapes = new ArrayList<>();
        for (final Family family : Family.values()) {
            for (final int vectors : family.vectors()) {
                for (int rows = 1; rows <= family.rows(vectors); rows++) {
                    shapes.add(Arguments.of(family, 1, rows, vectors));
                }
            }
            for (final int[] shape : family.wide()) {
                shapes.add(Arguments.of(family, 1, shape[0], shape[1]));
            }
            for (final int[] shape : family.several()) {
                shapes.add(Arguments.of(family, 3, shape[0], shape[1]));
            }
        }
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void integersAreExact(final Family family, final int tiles, final int tileRows, final int vectors) {
        final int rows = tiles * tileRows;
        for (final int kc : DEPTHS) {
            final int width = width(family, vectors);
            final float[] a = numbers(rows * kc, 7);
            final float[] b = numbers(kc * width, 5);
            final float[] s = numbers(rows * width, 11);
            final float[] expected = s.clone();
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < width; j++) {
                    for (int p = 0; p < kc; p++) {
                        expected[i * width + j] += a[i * kc + p] * b[p * width + j];
                    }
                }
            }
            assertArrayEquals(expected, run(family, tiles, rows, vectors, kc, a, b, s, width));
        }
    }

    /** With a stride of 0, all rows start from one. */
    @ParameterizedTest
    @MethodSource("shapes")
    void identityGivesTheOtherOperandAndTheBias(
            final Family family, final int tiles, final int tileRows, final int vectors) {
        final int rows = tiles * tileRows;
        final int width = width(family, vectors);
        final float[] identity = new float[rows * rows];
        for (int p = 0; p < rows; p++) {
            identity[p * rows + p] = 1f;
        }
        final float[] b = numbers(rows * width, 97);
        final float[] bias = numbers(width, 13);
        final float[] expected = b.clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] += bias[i % width];
        }
        assertArrayEquals(expected, run(family, tiles, rows, vectors, rows, identity, b, bias, 0));
    }

    /** The sum is complete before it is cut: the elements that stay are those of the plain kernel. */
    @ParameterizedTest
    @MethodSource("shapes")
    void reluKeepsWhatIsNotNegative(final Family family, final int tiles, final int tileRows, final int vectors) {
        final int rows = tiles * tileRows;
        final int width = width(family, vectors);
        final float[] a = numbers(rows * 3, 7);
        final float[] b = numbers(3 * width, 5);
        final float[] s = numbers(rows * width, 11);
        s[0] = Float.NaN;
        a[0] = 0f;
        final float[] plain = run(family, tiles, rows, vectors, 3, a, b, s, width);
        final float[] expected = plain.clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = ScalarActivations.activate(Activation.RELU, plain[i]);
        }
        relu = true;
        Bits.assertSame(expected, run(family, tiles, rows, vectors, 3, a, b, s, width), "ReLU");
    }

    /** The columns of a tile; at an edge the last vector overlaps the one before. */
    private static int width(final Family family, final int vectors) {
        return vectors * Simd.LANES - (family.edge ? 3 : 0);
    }

    private boolean relu;

    /** Lays the operands out as the family wants them, with gaps of NaN between rows, and returns C without its gaps. */
    private float[] run(
            final Family family,
            final int tiles,
            final int rows,
            final int vectors,
            final int kc,
            final float[] a,
            final float[] b,
            final float[] s,
            final int sStride) {
        final int width = width(family, vectors);
        final TileOperands t = new TileOperands();
        t.tiles = tiles;
        t.kc = kc;
        t.relu = relu;
        t.last = width - Simd.LANES;
        t.aOffset = 2;
        t.aStride = switch (family.left) {
            case ROW -> kc + 3;
            case COLUMN -> rows + 3;
        };
        final int down = family.left == Left.COLUMN ? 1 : t.aStride;
        final int across = family.left == Left.COLUMN ? t.aStride : 1;
        t.a = Bits.filled(2 + rows * down + kc * across, Float.NaN);
        for (int i = 0; i < rows; i++) {
            for (int p = 0; p < kc; p++) {
                t.a[2 + i * down + p * across] = a[i * kc + p];
            }
        }
        // Wide tiles find two vectors in each panel, or all side by side.
        final int perPanel = family.strided ? width : Math.min(2, vectors) * Simd.LANES;
        final int bStride = family.strided ? width + 3 : Blocking.NR;
        t.panelStride = kc * bStride + 7;
        final float[] panels = Bits.filled(1 + (width / perPanel) * t.panelStride, Float.NaN);
        for (int p = 0; p < kc; p++) {
            for (int j = 0; j < width; j++) {
                panels[1 + j / perPanel * t.panelStride + p * bStride + j % perPanel] = b[p * width + j];
            }
        }
        t.panel(panels, 1, bStride);
        t.start(s, 0, sStride);
        final int ldc = width + 5;
        final float[] c = Bits.filled(4 + rows * ldc, Float.NaN);
        t.end(c, 4, ldc);
        kernel(family, vectors).run(rows / tiles, t);
        final float[] result = new float[rows * width];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(c, 4 + i * ldc, result, i * width, width);
            for (int j = width; j < ldc; j++) {
                assertEquals(Float.NaN, c[4 + i * ldc + j], "written behind row " + i);
            }
        }
        return result;
    }

    /** Runs the kernel of so many rows. */
    private interface Shapes {
        void run(int rows, TileOperands t);
    }

    private static Shapes kernel(final Family family, final int vectors) {
        return switch (family) {
            case ROW ->
                vectors > 2
                        ? (rows, t) -> RowMicroKernels.runWide(rows, vectors, t)
                        : vectors == 2 ? RowMicroKernels::run2 : RowMicroKernels::run1;
            case ROW_STRIDED ->
                vectors > 2
                        ? (rows, t) -> RowStridedMicroKernels.runWide(rows, vectors, t)
                        : vectors == 2 ? RowStridedMicroKernels::run2 : RowStridedMicroKernels::run1;
            case ROW_EDGE -> (rows, t) -> RowEdgeMicroKernels.run(rows, vectors, t);
            case COLUMN ->
                vectors > 2
                        ? (rows, t) -> ColumnMicroKernels.runWide(rows, vectors, t)
                        : vectors == 2 ? ColumnMicroKernels::run2 : ColumnMicroKernels::run1;
            case COLUMN_STRIDED ->
                vectors > 2
                        ? (rows, t) -> ColumnStridedMicroKernels.runWide(rows, vectors, t)
                        : vectors == 2 ? ColumnStridedMicroKernels::run2 : ColumnStridedMicroKernels::run1;
        };
    }

    @ParameterizedTest
    @MethodSource("vectorsOfARow")
    void tilesOfOneRowAreExact(final int vectors) {
        for (final int overlap : new int[] {0, 1, 3}) {
            final int width = vectors * Simd.LANES - (vectors == 1 ? 0 : overlap);
            for (final int kc : DEPTHS) {
                final int bStride = width + 2;
                final float[] a = numbers(3 + kc, 7);
                final float[] b = numbers(1 + kc * bStride, 5);
                final float[] s = numbers(width, 11);
                final float[] c = Bits.filled(width + 2, Float.NaN);
                final TileOperands t = new TileOperands();
                t.kc = kc;
                t.a = a;
                t.aOffset = 3;
                t.panel(b, 1, bStride);
                t.start(s, 0, 0);
                t.end(c, 1, 0);
                t.last = width - Simd.LANES;
                OneRowKernels.run(vectors, t);
                final float[] expected = c.clone();
                for (int j = 0; j < width; j++) {
                    expected[1 + j] = s[j];
                    for (int p = 0; p < kc; p++) {
                        expected[1 + j] += a[3 + p] * b[1 + p * bStride + j];
                    }
                }
                expected[0] = Float.NaN;
                expected[width + 1] = Float.NaN;
                assertArrayEquals(expected, c);
            }
        }
    }

    static IntStream vectorsOfARow() {
        return IntStream.rangeClosed(1, OneRowGenerator.MOST);
    }

    @Test
    void squaresAreTransposed() {
        final int lanes = Simd.LANES;
        final int ld = lanes + 3;
        final float[] from = numbers(lanes * ld, 1009);
        final float[] to = new float[lanes * (lanes + 1)];
        TransposeKernels.transpose(from, 0, ld, to, 0, lanes + 1);
        for (int i = 0; i < lanes; i++) {
            for (int j = 0; j < lanes; j++) {
                assertEquals(from[i * ld + j], to[j * (lanes + 1) + i], i + ", " + j);
            }
        }
        // No element but those of the square is needed.
        final float[] tight = numbers(lanes * lanes, 1009);
        TransposeKernels.transpose(tight, 0, lanes, to, 0, lanes);
        assertEquals(tight[lanes - 1], to[(lanes - 1) * lanes]);
    }

    @Test
    void stripsAreTransposedIntoPanels() {
        final int lanes = Simd.LANES;
        final int k = 3 * lanes;
        final int ld = k + 5;
        final float[] from = numbers(lanes * ld, 1009);
        final float[] to = new float[lanes + k * Blocking.NR];
        Arrays.fill(to, -7f);
        TransposeKernels.strip(k, from, 2, ld, to, lanes);
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < Blocking.NR; j++) {
                final float expected = j < lanes ? from[2 + j * ld + p] : -7f;
                assertEquals(expected, to[lanes + p * Blocking.NR + j], p + ", " + j);
            }
        }
        assertEquals(-7f, to[lanes - 1]);
    }

    /** Of fewer rows than a call has, the last one is read in place of the others. */
    @Test
    void dotsAreChains() {
        final SplittableRandom random = new SplittableRandom(5);
        final int k = 3 * Simd.LANES;
        for (int rows = DotKernels.LEAST; rows <= DotKernels.ROWS; rows++) {
            final float[] a = Bits.random(random, rows * k);
            final float[] y = Bits.random(random, k);
            final float[] c = Bits.random(random, DotKernels.ROWS);
            final float[] expected = Arrays.copyOf(c, rows);
            for (int i = 0; i < rows; i++) {
                for (int p = 0; p < k; p++) {
                    expected[i] = Math.fma(a[i * k + p], y[p], expected[i]);
                }
            }
            DotKernels.run(k, a, 0, k, rows - 1, y, 0, c, 0);
            Bits.assertSame(expected, Arrays.copyOf(c, rows), rows + " dots");
        }
    }

    private static float[] numbers(final int count, final int modulus) {
        final float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i % modulus - modulus / 2;
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource
    void sourceIsWhatTheGeneratorWrites(final Family family) throws IOException {
        assertGenerated(MicroKernelGenerator.source(family), family.file());
    }

    @Test
    void tilesOfOneRowAreWhatTheGeneratorWrites() throws IOException {
        assertGenerated(OneRowGenerator.source(), OneRowGenerator.FILE);
    }

    @Test
    void transpositionIsWhatTheGeneratorWrites() throws IOException {
        assertGenerated(TransposeGenerator.squares(), TransposeGenerator.SQUARES);
    }

    @Test
    void sumsOfRowsAreWhatTheGeneratorWrites() throws IOException {
        assertGenerated(TransposeGenerator.dots(), TransposeGenerator.DOTS);
    }

    /** But for the layout, which is the formatter's: it also breaks lines of comments. */
    private static void assertGenerated(final String source, final Path file) throws IOException {
        assertEquals(source.replaceAll("[\\s*]", ""), Files.readString(file).replaceAll("[\\s*]", ""));
    }
}
