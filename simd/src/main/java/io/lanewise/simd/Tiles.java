package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import jdk.incubator.vector.FloatVector;

/** Copies between matrices of up to a few tiles. */
final class Tiles {
    private Tiles() {}

    /**
     * {@code to = from}, {@code rows × columns}. Without masks, which NEON has no instructions
     * for: instead, stores overlap inside the output.
     */
    static void copy(
            final int rows,
            final int columns,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd) {
        int i = 0;
        if (columns >= LANES) {
            for (; i < rows; i++) {
                copyRow(columns, from, fromOffset + i * fromLd, to, toOffset + i * toLd);
            }
        } else if (toLd == columns && (rows - 1) * fromLd <= from.length - LANES - fromOffset) {
            // Rows without a gap: what a vector writes behind its row, the next rows overwrite.
            for (; i * toLd + LANES <= rows * toLd; i++) {
                FloatVector.fromArray(FLOATS, from, fromOffset + i * fromLd).intoArray(to, toOffset + i * toLd);
            }
        }
        for (; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + i * toLd + j] = from[fromOffset + i * fromLd + j];
            }
        }
    }

    private static void copyRow(
            final int columns, final float[] from, final int fromOffset, final float[] to, final int toOffset) {
        for (int j = 0; j <= columns - LANES; j += LANES) {
            FloatVector.fromArray(FLOATS, from, fromOffset + j).intoArray(to, toOffset + j);
        }
        final int end = columns - LANES;
        FloatVector.fromArray(FLOATS, from, fromOffset + end).intoArray(to, toOffset + end);
    }

    /**
     * {@code to = fromᵀ}, from {@code rows × columns}.
     *
     * @param turned room for (LANES, LANES)
     */
    static void transpose(
            final int rows,
            final int columns,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd,
            final float[] turned) {
        for (int i = 0; i < rows; i += LANES) {
            final int r = Math.min(LANES, rows - i);
            for (int j = 0; j < columns; j += LANES) {
                final int c = Math.min(LANES, columns - j);
                final int source = fromOffset + i * fromLd + j;
                final int target = toOffset + j * toLd + i;
                if ((long) source + (long) (LANES - 1) * fromLd + LANES > from.length) {
                    transposeSlowly(r, c, from, source, fromLd, to, target, toLd);
                } else if (r == LANES && c == LANES) {
                    TransposeKernels.transpose(from, source, fromLd, to, target, toLd);
                } else {
                    TransposeKernels.transpose(from, source, fromLd, turned, 0, LANES);
                    copy(c, r, turned, 0, LANES, to, target, toLd);
                }
            }
        }
    }

    /** The same, element by element. */
    static void transposeSlowly(
            final int rows,
            final int columns,
            final float[] from,
            final int fromOffset,
            final int fromLd,
            final float[] to,
            final int toOffset,
            final int toLd) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + j * toLd + i] = from[fromOffset + i * fromLd + j];
            }
        }
    }
}
