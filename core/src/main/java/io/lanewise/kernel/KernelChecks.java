package io.lanewise.kernel;

import org.jspecify.annotations.Nullable;

/** The argument checks that every backend makes before it writes anything. */
public final class KernelChecks {
    private KernelChecks() {}

    /** Checks that a size is not negative. */
    public static void size(final String name, final int size) {
        if (size < 0) {
            throw new IllegalArgumentException(name + " must not be negative, got " + size);
        }
    }

    /** Checks that {@code rows × columns} elements with a leading dimension lie inside an array. */
    public static void matrix(
            final String name, final int rows, final int columns, final int length, final int offset, final int ld) {
        if (rows < 0 || columns < 0) {
            // Only now: joining the names allocates.
            size(name + " rows", rows);
            size(name + " columns", columns);
        }
        if (ld < columns) {
            throw new IllegalArgumentException(
                    "leading dimension of " + name + " must be at least its " + columns + " columns, got " + ld);
        }
        final long end = rows == 0 || columns == 0 ? 0 : (long) offset + (long) (rows - 1) * ld + columns;
        if (offset < 0 || offset > length || end > length) {
            throw new IndexOutOfBoundsException(name + " (" + rows + " × " + columns + ", leading dimension " + ld
                    + ") at offset " + offset + " does not fit into an array of " + length);
        }
    }

    /** Checks that n elements lie inside an array. */
    public static void vector(final String name, final int n, final int length, final int offset) {
        size(name, n);
        if (offset < 0 || offset > length - n) {
            throw new IndexOutOfBoundsException(
                    name + " (" + n + " elements) at offset " + offset + " does not fit into an array of " + length);
        }
    }

    /** Checks the arguments of a product with B as a plain matrix. */
    public static void gemm(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float[] b,
            final int bOffset,
            final int ldb,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        matrix("B", op.transposeB() ? n : k, op.transposeB() ? k : n, b.length, bOffset, ldb);
        gemm(op, m, n, k, a, aOffset, lda, bias, biasOffset, c, cOffset, ldc);
    }

    /** Checks the arguments of a product but B. */
    public static void gemm(
            final Gemm op,
            final int m,
            final int n,
            final int k,
            final float[] a,
            final int aOffset,
            final int lda,
            final float @Nullable [] bias,
            final int biasOffset,
            final float[] c,
            final int cOffset,
            final int ldc) {
        matrix("A", op.transposeA() ? k : m, op.transposeA() ? m : k, a.length, aOffset, lda);
        matrix("C", m, n, c.length, cOffset, ldc);
        if (op.start() == Gemm.Start.BIAS) {
            if (bias == null) {
                throw new IllegalArgumentException("the product starts from a bias, but bias is null");
            }
            vector("bias", n, bias.length, biasOffset);
        }
    }

    /**
     * Checks that a team, if there is one, is not closed.
     *
     * @throws IllegalStateException if it is
     */
    public static void team(final @Nullable ThreadTeam team) {
        if (team != null) {
            team.requireOpen();
        }
    }

    /** Checks that a batch has rows, which its means are taken over. */
    public static void batch(final int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("expected a batch of at least 1 row, got " + rows);
        }
    }

    /** Checks the share of elements that a dropout leaves out, and the number of the first element. */
    public static void dropout(final float rate, final long element) {
        if (!(rate >= 0f && rate < 1f)) {
            throw new IllegalArgumentException("expected a dropout rate from 0 to below 1, got " + rate);
        }
        if (element < 0) {
            throw new IllegalArgumentException("element must not be negative, got " + element);
        }
    }

    /** Checks that every label is a column. */
    public static void labels(final int rows, final int columns, final int[] labels, final int offset) {
        vector("labels", rows, labels.length, offset);
        for (int i = 0; i < rows; i++) {
            final int label = labels[offset + i];
            if (label < 0 || label >= columns) {
                throw new IllegalArgumentException(
                        "expected a label from 0 to " + (columns - 1) + ", got " + label + " (row " + i + ")");
            }
        }
    }
}
