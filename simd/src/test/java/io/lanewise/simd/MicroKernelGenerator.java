package io.lanewise.simd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes the micro-kernels: every shape from one template, so that they cannot drift apart. {@link MicroKernelTest}
 * fails when a file is not what this writes. After a change here, run it from the module's folder, with the test
 * classes on the class path, then the formatter.
 */
final class MicroKernelGenerator {
    /** Rows of the tiles of two vectors; machines with 16 registers use fewer. */
    static final int ROWS = 6;

    /** Rows of the tiles of one vector: what keeps two units busy whose latency is 4 cycles. */
    static final int ROWS_OF_ONE = 8;

    /** Rows of the tiles of three vectors, as of those of four of a B in place. */
    private static final int ROWS_OF_THREE = 5;

    /** Rows of the largest tile that reads A by columns: what fits into 32 registers with two vectors of C for each. */
    static final int ROWS_BY_COLUMNS = 12;

    /** Vectors of the tiles. */
    private static final int[] VECTORS = {2, 1};

    private static final int[] VECTORS_AT_EDGE = {3, 2};

    /** Few rows leave registers for more columns: rows and vectors of the tiles that span several panels. */
    private static final int[][] WIDE = {{1, 4}, {1, 8}, {2, 4}, {2, 8}, {3, 4}, {4, 4}, {5, 4}, {6, 4}};

    /** Six rows of A and the stride of B are more indices than there are registers for, and C2 keeps a vector of B on the stack. */
    private static final int[][] WIDE_STRIDED = {{1, 4}, {1, 8}, {2, 4}, {2, 8}, {3, 4}, {4, 4}, {5, 4}};

    private static final int[][] WIDE_BY_COLUMNS = {{1, 4}, {2, 4}, {3, 4}, {4, 4}, {5, 4}, {6, 4}};

    /** How a kernel reads A. */
    enum Left {
        /** Row-major with any stride: each row has an index of its own. */
        ROW("row {@code r} of the tile starts at {@code aOffset + r · aStride}, its elements side by side"),
        /** Column-major: the rows of a tile side by side. */
        COLUMN("column {@code p} of the tile starts at {@code aOffset + p · aStride}, its elements side by side");

        private final String layout;

        Left(final String layout) {
            this.layout = layout;
        }

        /** The most rows of a tile of so many vectors. */
        int rows(final int vectors) {
            return this == COLUMN ? ROWS_BY_COLUMNS : vectors == 1 ? ROWS_OF_ONE : ROWS;
        }

        private String index(final int row) {
            return switch (this) {
                case ROW -> "a" + row + "At + p";
                case COLUMN -> "aAt" + (row == 0 ? "" : " + " + row);
            };
        }
    }

    /**
     * How a family reads A, whether B is in panels, whose stride the compiler knows, or has any stride, and whether the last
     * vector of a tile ends where the row ends, and so may overlap the one before.
     */
    enum Family {
        ROW(Left.ROW, false, false),
        ROW_STRIDED(Left.ROW, true, false),
        ROW_EDGE(Left.ROW, true, true),
        COLUMN(Left.COLUMN, false, false),
        COLUMN_STRIDED(Left.COLUMN, true, false);

        final Left left;
        final boolean strided;
        final boolean edge;

        Family(final Left left, final boolean strided, final boolean edge) {
            this.left = left;
            this.strided = strided;
            this.edge = edge;
        }

        String className() {
            final String name = left.name();
            return name.charAt(0)
                    + name.substring(1).toLowerCase(Locale.ROOT)
                    + (edge ? "Edge" : strided ? "Strided" : "")
                    + "MicroKernels";
        }

        Path file() {
            return Path.of("src", "main", "java", "io", "lanewise", "simd", className() + ".java");
        }

        int[] vectors() {
            return edge ? VECTORS_AT_EDGE : VECTORS;
        }

        int rows(final int vectors) {
            return vectors == 3 ? ROWS_OF_THREE : left.rows(vectors);
        }

        /**
         * Rows and vectors of the tiles for which there is a kernel of several, too. On Zen 4, with one and several: 512 × 64 ×
         * 13, B packed, 89 and 103 GFLOP/s, 512 × 256 × 10:abt 81 and 89. With 32 registers and A by columns they win 2 to 8 %,
         * and take long to compile. Tiles of two vectors are for 16 registers.
         */
        int[][] several() {
            return switch (this) {
                case ROW -> new int[][] {{6, 4}, {5, 4}};
                case ROW_STRIDED -> new int[][] {{5, 4}, {4, 4}, {5, 2}};
                case COLUMN_STRIDED -> new int[][] {{5, 2}};
                default -> new int[0][];
            };
        }

        /** Rows and vectors of the tiles that span several panels. */
        int[][] wide() {
            return edge ? new int[0][] : left == Left.COLUMN ? WIDE_BY_COLUMNS : strided ? WIDE_STRIDED : WIDE;
        }
    }

    private MicroKernelGenerator() {}

    public static void main(final String[] args) throws IOException {
        for (final Family family : Family.values()) {
            Files.writeString(family.file(), source(family));
        }
        Files.writeString(OneRowGenerator.FILE, OneRowGenerator.source());
        Files.writeString(TransposeGenerator.SQUARES, TransposeGenerator.squares());
        Files.writeString(TransposeGenerator.DOTS, TransposeGenerator.dots());
    }

    static String source(final Family family) {
        final StringBuilder text = new StringBuilder();
        text.append("package io.lanewise.simd;\n\n");
        if (!family.strided) {
            text.append("import static io.lanewise.simd.Blocking.NR;\n");
        }
        text.append("import static io.lanewise.simd.Simd.FLOATS;\nimport static io.lanewise.simd.Simd.LANES;\n\n");
        text.append("import jdk.incubator.vector.FloatVector;\nimport jdk.incubator.vector.VectorOperators;\n\n");
        text.append("""
            /**
             * The innermost loops of products, {@code C = S + A · B}, one method for each shape of tile: C (rows, vectors ·
             * LANES) stays in registers from its start S to its end. Of A (rows, kc),
             * %s.
             * Row {@code p} of B (kc, vectors · LANES) starts at {@code bOffset + p · %s}. Row {@code r} of S starts at
             * {@code sOffset + r · sStride}, so that a stride of 0 starts all rows from one bias. S may be C. Each element is a
             * chain of fused multiply-adds in the order of p; then ReLU, if {@code relu} says so.%s
             *
             * <p>Generated by MicroKernelGenerator (in the tests): do not edit. docs/gemm.md says why the source is as it is.
             */
            """.formatted(
                        family.left.layout,
                        family.strided ? "bStride" : "NR",
                        family.edge
                                ? "\n"
                                      + " * The last vector of a row starts {@code last} elements behind the first and"
                                      + " may overlap the one\n"
                                      + " * before: both compute the same."
                                : ""));
        text.append("final class ").append(family.className()).append(" {\n");
        text.append("private ").append(family.className()).append("() {}\n\n");
        for (final int vectors : family.vectors()) {
            text.append("/** Calls the kernel of 1 to %d rows and %s. */\n"
                    .formatted(family.rows(vectors), vectors == 1 ? "one vector" : vectors + " vectors"));
            text.append("%sstatic void run%d(final int rows, final TileOperands t) {\nswitch (rows) {\n"
                    .formatted(family.edge ? "private " : "", vectors));
            for (int rows = family.rows(vectors); rows > 0; rows--) {
                text.append("case %d -> %s\n".formatted(rows, call(family, rows, vectors)));
            }
            text.append("default -> throw new AssertionError(rows);\n}\n}\n\n");
        }
        if (family.edge) {
            text.append("""
                /** Calls the kernel of a shape. */
                static void run(final int rows, final int vectors, final TileOperands t) {
                if (vectors == 3) {
                run3(rows, t);
                } else {
                run2(rows, t);
                }
                }
                """);
        }
        if (family.several().length > 0) {
            text.append("""
                /** Whether the kernel of a shape computes {@code t.tiles} tiles, one below the other, instead of one. */
                static boolean takesSeveral(final int rows, final int vectors) {
                return switch (rows * 100 + vectors) {
                case %s -> true;
                default -> false;
                };
                }

                """.formatted(Arrays.stream(family.several())
                    .map(shape -> Integer.toString(shape[0] * 100 + shape[1]))
                    .collect(Collectors.joining(", "))));
        }
        if (family.wide().length > 0) {
            text.append("""
                /** Calls the kernel of a wide shape, over several panels of B. */
                static void runWide(final int rows, final int vectors, final TileOperands t) {
                switch (rows * 100 + vectors) {
                """);
            for (final int[] shape : family.wide()) {
                text.append("case %d -> %s\n".formatted(shape[0] * 100 + shape[1], call(family, shape[0], shape[1])));
            }
            text.append("default -> throw new AssertionError(rows + \" x \" + vectors);\n}\n}\n");
        }
        for (final int vectors : family.vectors()) {
            for (int rows = family.rows(vectors); rows > 0; rows--) {
                text.append(kernel(family, rows, vectors));
            }
        }
        for (final int[] shape : family.wide()) {
            text.append(kernel(family, shape[0], shape[1]));
        }
        for (final int[] shape : family.several()) {
            text.append(tiles(family, shape[0], shape[1]));
        }
        return text.append("}\n").toString();
    }

    private static String call(final Family family, final int rows, final int vectors) {
        for (final int[] shape : family.several()) {
            if (shape[0] == rows && shape[1] == vectors) {
                return """
                    {
                    if (t.tiles == 1) {
                    kernel%dx%d(t);
                    } else {
                    tiles%dx%d(t);
                    }
                    }\
                    """.formatted(rows, vectors, rows, vectors);
            }
        }
        return "kernel%dx%d(t);".formatted(rows, vectors);
    }

    private static String kernel(final Family family, final int rows, final int vectors) {
        final StringBuilder text = new StringBuilder();
        text.append("\nstatic void kernel%dx%d(final TileOperands t) {\n".formatted(rows, vectors));
        if (family.edge) {
            text.append("final int last = t.last;\n");
        }
        addFields(text, "s", rows > 1 ? "sStride" : "", true);
        addStarts(text, family, rows, vectors);
        addOperands(text, family, rows, vectors, true);
        addSums(text, family, rows, vectors);
        addFields(text, "c", rows > 1 ? "ldc" : "", true);
        addEnds(text, family, rows, vectors);
        return text.append("}\n").toString();
    }

    /**
     * The same for several tiles, one below the other. Less stands between two of them, but more before the first: so it is for
     * those of many.
     */
    private static String tiles(final Family family, final int rows, final int vectors) {
        final StringBuilder text = new StringBuilder();
        text.append("\nprivate static void tiles%dx%d(final TileOperands t) {\n".formatted(rows, vectors));
        addFields(text, "s", "sStride", false);
        addOperands(text, family, rows, vectors, false);
        addFields(text, "c", "ldc", false);
        text.append("for (int tiles = t.tiles; tiles > 0; tiles--) {\n");
        addStarts(text, family, rows, vectors);
        addSums(text, family, rows, vectors);
        addEnds(text, family, rows, vectors);
        text.append("sOffset += %d * sStride;\n".formatted(rows));
        text.append("aOffset += %d%s;\n".formatted(rows, family.left == Left.COLUMN ? "" : " * aStride"));
        return text.append("cOffset += %d * ldc;\n}\n}\n".formatted(rows)).toString();
    }

    /** Where an array of the tile is: its offset may be one that a loop counts up. */
    private static void addFields(
            final StringBuilder text, final String array, final String stride, final boolean fixed) {
        text.append("final float[] %s = t.%s;\n%sint %sOffset = t.%sOffset;\n"
                .formatted(array, array, fixed ? "final " : "", array, array));
        if (!stride.isEmpty()) {
            text.append("final int %s = t.%s;\n".formatted(stride, stride));
        }
    }

    /** Loads where the chains start. Rows that start alike are loaded once. */
    private static void addStarts(final StringBuilder text, final Family family, final int rows, final int vectors) {
        for (int v = 0; v < vectors; v++) {
            text.append("FloatVector c0%s = FloatVector.fromArray(FLOATS, s, sOffset%s);\n"
                    .formatted(letter(v), vector(family, v, vectors)));
        }
        if (rows == 1) {
            return;
        }
        for (int r = 1; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                text.append("FloatVector c%d%s = c0%s;\n".formatted(r, letter(v), letter(v)));
            }
        }
        text.append("if (sStride != 0) {\n");
        for (int r = 1; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                text.append("c%d%s = FloatVector.fromArray(FLOATS, s, %s);\n"
                        .formatted(r, letter(v), at("sOffset", r, "sStride") + vector(family, v, vectors)));
            }
        }
        text.append("}\n");
    }

    /** Where A and B are, and how long the sums. */
    private static void addOperands(
            final StringBuilder text, final Family family, final int rows, final int vectors, final boolean fixed) {
        text.append("final int kc = t.kc;\n");
        addFields(text, "a", family.left == Left.COLUMN || rows > 1 ? "aStride" : "", fixed);
        addFields(text, "b", family.strided ? "bStride" : "", true);
        if (vectors > 2 && !family.strided) {
            text.append("final int panelStride = t.panelStride;\n");
        }
    }

    /** The loop along the sums, and ReLU. */
    private static void addSums(final StringBuilder text, final Family family, final int rows, final int vectors) {
        if (family.left == Left.ROW) {
            for (int r = 0; r < rows; r++) {
                text.append("final int a%dAt = %s;\n".formatted(r, at("aOffset", r, "aStride")));
            }
        } else {
            text.append("int aAt = aOffset;\n");
        }
        text.append(family.strided ? "int bAt = bOffset - bStride;\n" : "");
        text.append("for (int p = 0; p < kc; p++) {\n");
        text.append(family.strided ? "bAt += bStride;\n" : "");
        for (int v = 0; v < vectors; v++) {
            text.append("final FloatVector b%s = FloatVector.fromArray(FLOATS, b, %s);\n"
                    .formatted(letter(v), inPanel(family, v, vectors)));
        }
        for (int r = 0; r < rows; r++) {
            text.append("final FloatVector a%d = FloatVector.broadcast(FLOATS, a[%s]);\n"
                    .formatted(r, family.left.index(r)));
            for (int v = 0; v < vectors; v++) {
                text.append("c%d%s = a%d.fma(b%s, c%d%s);\n".formatted(r, letter(v), r, letter(v), r, letter(v)));
            }
        }
        text.append(family.left == Left.COLUMN ? "aAt += aStride;\n}\n" : "}\n");
        text.append("if (t.relu) {\n");
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                final String c = "c" + r + letter(v);
                text.append("%s = %s.blend(0f, %s.compare(VectorOperators.LT, 0f));\n".formatted(c, c, c));
            }
        }
        text.append("}\n");
    }

    private static void addEnds(final StringBuilder text, final Family family, final int rows, final int vectors) {
        for (int r = 0; r < rows; r++) {
            for (int v = 0; v < vectors; v++) {
                text.append("c%d%s.intoArray(c, %s);\n"
                        .formatted(r, letter(v), at("cOffset", r, "ldc") + vector(family, v, vectors)));
            }
        }
    }

    private static String letter(final int vector) {
        return "abcdefghijklmnop".substring(vector, vector + 1);
    }

    static String at(final String offset, final int row, final String stride) {
        return offset + times(row, stride);
    }

    private static String vector(final Family family, final int vector, final int vectors) {
        return family.edge && vector == vectors - 1 ? " + last" : times(vector, "LANES");
    }

    /** Where a vector of a row of B is: side by side, or two in each panel. */
    private static String inPanel(final Family family, final int vector, final int vectors) {
        return family.strided
                ? "bAt" + vector(family, vector, vectors)
                : "bOffset" + times(vector / 2, "panelStride") + " + p * NR" + times(vector % 2, "LANES");
    }

    private static String times(final int count, final String what) {
        return count == 0 ? "" : count == 1 ? " + " + what : " + " + count + " * " + what;
    }
}
