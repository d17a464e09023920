package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Gemm.Start;
import org.jspecify.annotations.Nullable;

/**
 * One call as the loops see it: {@code C = activation(start + A · B)}, A (m, k) by rows or by columns, B (k, n) with
 * its columns along the lanes. A product whose n is small, or whose B is stored by columns, is often computed as
 * {@code Cᵀ = Bᵀ · Aᵀ}: then A and B have changed places, and C is written transposed. Kept in the scratchpad and
 * filled anew by each call.
 */
@SuppressWarnings("ReferenceEquality") // the same array is what is asked for: see Kept
final class Product {
    /** How B is stored. */
    enum Layout {
        /** Row-major: lanes side by side. */
        ROWS,
        /** {@code n × k}: has to be packed. */
        COLUMNS,
        /** As panels, by {@link Panels#of}. */
        PANELS
    }

    int m;
    int n;
    int k;
    Start start = Start.ZERO;
    Activation activation = Activation.IDENTITY;
    float[] a = Kept.NOTHING; // (m, k), or (k, m) if byColumns
    int aOffset;
    int lda;
    boolean byColumns;
    float[] b = Kept.NOTHING; // as layout says
    int bOffset;
    int ldb;
    Layout layout = Layout.ROWS;
    float @Nullable [] bias; // (n), or (m) if transposed
    int biasOffset;
    float[] c = Kept.NOTHING; // (m, n), or (n, m) if transposed
    int cOffset;
    int ldc;
    boolean transposed;

    /** What is computed, and how large it is. */
    void shape(final Gemm op, final int rows, final int columns, final int depth) {
        m = rows;
        n = columns;
        k = depth;
        byColumns = op.transposeA();
        transposed = false;
        if (start != op.start()) {
            start = op.start();
        }
        if (activation != op.activation()) {
            activation = op.activation();
        }
    }

    /** Where A is. */
    void left(final float[] array, final int offset, final int ld) {
        if (a != array) {
            a = array;
        }
        aOffset = offset;
        lda = ld;
    }

    /** Where B is. */
    void right(final float[] array, final int offset, final int ld, final Layout stored) {
        if (b != array) {
            b = array;
        }
        bOffset = offset;
        ldb = ld;
        if (layout != stored) {
            layout = stored;
        }
    }

    /** Where C is, and its bias. */
    void output(
            final float @Nullable [] row, final int rowOffset, final float[] array, final int offset, final int ld) {
        if (bias != row) {
            bias = row;
        }
        biasOffset = rowOffset;
        if (c != array) {
            c = array;
        }
        cOffset = offset;
        ldc = ld;
    }

    /** Lets go of large arrays. */
    void letGo() {
        if (Kept.isLarge(a)) {
            a = Kept.NOTHING;
        }
        if (Kept.isLarge(b)) {
            b = Kept.NOTHING;
        }
        if (bias != null && Kept.isLarge(bias)) {
            bias = null;
        }
        if (Kept.isLarge(c)) {
            c = Kept.NOTHING;
        }
    }

    /** {@code Cᵀ = Bᵀ · Aᵀ}; not for panels. */
    void swap() {
        final float[] array = a;
        final int offset = aOffset;
        final int ld = lda;
        final boolean columns = byColumns;
        final int rows = m;
        a = b;
        aOffset = bOffset;
        lda = ldb;
        byColumns = layout == Layout.ROWS;
        b = array;
        bOffset = offset;
        ldb = ld;
        layout = columns ? Layout.ROWS : Layout.COLUMNS;
        m = n;
        n = rows;
        transposed = !transposed;
    }
}
