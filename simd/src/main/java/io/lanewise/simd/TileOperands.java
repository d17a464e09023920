package io.lanewise.simd;

/**
 * What a micro-kernel computes with, {@code C = S + A · B}, or the ReLU of it, for one tile of C. An object, since a
 * dozen arguments through three calls cost a small product more time than its sums.
 */
@SuppressWarnings("ReferenceEquality") // the same array is what is asked for: see Kept
final class TileOperands {
    int tiles = 1; // so many, one below the other
    int kc; // the length of the sums
    float[] a = Kept.NOTHING; // (rows, kc), or (kc, rows) by columns
    int aOffset;
    int aStride; // between rows, or columns
    float[] b = Kept.NOTHING; // (kc, vectors · LANES)
    int bOffset;
    int bStride; // between rows; where it is not NR, the panels of a wide tile lie side by side
    int panelStride; // between panels, two vectors each
    int last; // from the first vector to the last one, of a tile that ends where a row ends
    float[] s = Kept.NOTHING; // where the chains start: (rows, vectors · LANES)
    int sOffset;
    int sStride; // between rows; 0 starts all rows alike
    float[] c = Kept.NOTHING; // (rows, vectors · LANES)
    int cOffset;
    int ldc; // between rows
    boolean relu; // whether negative elements of C become 0: C is complete, and its activation is ReLU

    /** Where A is. */
    void left(final float[] array, final int offset, final int stride) {
        if (a != array) {
            a = array;
        }
        aOffset = offset;
        aStride = stride;
    }

    /** Where the chains start. */
    void start(final float[] array, final int offset, final int stride) {
        if (s != array) {
            s = array;
        }
        sOffset = offset;
        sStride = stride;
    }

    /** Where C is. */
    void end(final float[] array, final int offset, final int stride) {
        if (c != array) {
            c = array;
        }
        cOffset = offset;
        ldc = stride;
    }

    /** Where B is. */
    void panel(final float[] array, final int offset, final int stride) {
        if (b != array) {
            b = array;
        }
        bOffset = offset;
        bStride = stride;
    }

    /** Lets go of large arrays. */
    void letGo() {
        if (Kept.isLarge(a)) {
            a = Kept.NOTHING;
        }
        if (Kept.isLarge(b)) {
            b = Kept.NOTHING;
        }
        if (Kept.isLarge(s)) {
            s = Kept.NOTHING;
        }
        if (Kept.isLarge(c)) {
            c = Kept.NOTHING;
        }
    }
}
