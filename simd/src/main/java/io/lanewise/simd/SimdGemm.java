package io.lanewise.simd;

import static io.lanewise.simd.Blocking.NR;
import static io.lanewise.simd.Simd.LANES;

/** Decides how a product is computed: which operand lies along the lanes, and on how many threads. */
final class SimdGemm {
    private SimdGemm() {}

    /** Computes the scratchpad's product. Arguments were checked. */
    static void multiply(final SimdScratchpad scratchpad) {
        final Product x = scratchpad.product;
        if (x.m == 0 || x.n == 0) {
            return; // rows without elements may lie outside the array
        }
        if (x.k == 1 && x.layout == Product.Layout.COLUMNS && x.ldb == 1) {
            x.layout = Product.Layout.ROWS; // a column without gaps is a row
            x.ldb = x.n;
        }
        if (betterSwapped(x)) {
            x.swap();
        }
        try {
            scratchpad.run();
        } finally {
            x.letGo();
        }
    }

    /**
     * Whether {@code Cᵀ = Bᵀ · Aᵀ} is less work. What is along the lanes is packed where it is not row-major already,
     * and the lanes behind its last column are wasted; a transposed C costs about what packing as many elements costs.
     */
    private static boolean betterSwapped(final Product x) {
        return switch (x.layout) {
            case PANELS -> false;
            // Aᵀ · B: both are row-major along the lanes.
            case ROWS -> x.byColumns && x.n < LANES && x.m > x.n;
            // Aᵀ · Bᵀ = (B · A)ᵀ needs no packing; of A · Bᵀ the smaller one is packed.
            case COLUMNS ->
                x.byColumns
                        || x.m == 1
                        || FewColumns.worthTurning(x.m, x.n, x.k)
                        || (x.n > 1
                                && Blocking.worthTransposingC(x.m, x.n, x.k)
                                && (long) x.m * x.k + 2L * x.m * x.n < (long) Math.max(x.n, NR) * x.k);
        };
    }
}
