package io.lanewise.simd;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/** Memory for one call: a product's description, what each member of the team needs for its part, and lanes. */
final class SimdScratchpad implements Scratchpad, ThreadTeam.Task {
    /** The product of the call at hand. */
    final Product product = new Product();

    /** For a product of one row. */
    final PackedRow row = new PackedRow();

    /** The virtual lanes of a row reduction, before that the tail of a row. */
    final float[] lanes = new float[Kernels.REDUCTION_LANES];

    /** Exponentials of a part of a row. */
    final float[] chunk = new float[RowNorms.CHUNK];

    /**
     * Multiplications that are worth a thread. In µs on Zen 4, 2 cores, on one thread and on two, for calls that follow each
     * other within the time that a team spins, and for calls each of which has to wake it: 8 × 512 × 784 58 and 31, 59 and
     * 55; 128³ 39 and 21, 39 and 44; 128 × 64 × 128 19 and 11, 19 and 28. Of twice as many, parts are halved, so that a
     * thread that the system delays has less to do.
     */
    private static final long WORTH_A_THREAD = 3 << 19;

    /**
     * As {@link #WORTH_A_THREAD}, for threads that are awake. In µs on Zen 4, on one thread and on two, back to back and with
     * 20 µs in between: 64³ 5.0, 3.3 and 5.3; 128 × 64 × 64 9.8, 5.6 and 6.9; 96³ 17, 9 and 10.6; 128³ 38, 20 and 21. With
     * 100 µs in between, such calls leave the team asleep.
     */
    private static final long WORTH_ONE_AWAKE = 3 << 16;

    /** One row takes as long as so many: its time is that of fetching B, which two threads do faster than one. */
    private static final int FETCHING = 8;

    /**
     * One column takes as long as so many, if its rows are transposed, which takes the time. In µs on Zen 4, on one thread and on two that are
     * awake: 2048 × 1 × 256 68 and 34, 1000 × 1 × 64 9.5 and 5.3.
     */
    private static final int TRANSPOSING = 8;

    /**
     * Few columns, two to ten with 32 registers, take as long as so many, if rows are transposed for them. In µs on Zen 4, on one thread and on two that are awake:
     * 128 × 10 × 256 10.9 and 5.7, 512 × 4 × 64 8.9 and 5.0, 256 × 2 × 256 13 and 8.
     */
    private static final int TRANSPOSING_FEW = 16;

    /** Multiplications that take as long as packing one element, about. */
    private static final long PACKING = 8;

    private final @Nullable ThreadTeam team;
    private final GemmLoops[] members;

    // The parts that C is cut into, each so high and so wide.
    private int partRows;
    private int partColumns;
    private int partsAcross;

    SimdScratchpad(final int m, final int n, final int k, final @Nullable ThreadTeam team) {
        this.team = team;
        members = new GemmLoops[team == null ? 1 : team.threads()];
        for (int i = 0; i < members.length; i++) {
            members[i] = new GemmLoops(product, m, n, k);
        }
    }

    /** Whether it is large enough for a product. */
    boolean holds(final int m, final int n, final int k) {
        return members[0].holds(m, n, k);
    }

    /** Computes the product, on the team where it is worth the while. */
    void run() {
        if (team == null) {
            members[0].run(0, product.m, 0, product.n);
        } else {
            run(team);
        }
    }

    private void run(final ThreadTeam threadTeam) {
        final long work = (long) Math.max(product.m, FETCHING) * columns() * product.k;
        final int most =
                Math.min(members.length, Math.ceilDiv(product.m, tile()) * Math.ceilDiv(product.n, Blocking.NR));
        int threads = (int) Math.min(most, work / WORTH_A_THREAD);
        final int awake = (int) Math.min(most, work / WORTH_ONE_AWAKE);
        if (awake > threads && awake > 1 && threadTeam.awake(awake)) {
            threads = awake;
        }
        if (threads < 2) {
            members[0].run(0, product.m, 0, product.n);
        } else {
            threadTeam.run(cut(work / threads > 2 * WORTH_A_THREAD ? 2 * threads : threads), this);
        }
    }

    /** The columns, of a product of many, that take as long. */
    private int columns() {
        if (isColumn()) {
            return product.m >= 2 * DotKernels.ROWS ? TRANSPOSING : 1;
        }
        return isFewColumns() ? Math.max(product.n, TRANSPOSING_FEW) : product.n;
    }

    /**
     * Cuts C into up to so many parts, in whole tiles: never k, so no bit changes. Of all ways to do so, that with the
     * least work for one part: its tiles, and packing its rows of A and columns of B. Returns the number of parts.
     */
    private int cut(final int parts) {
        long least = Long.MAX_VALUE;
        for (int down = 1; down <= parts; down++) {
            final int rows = Blocking.wholeTiles(Math.ceilDiv(product.m, down), tile(), product.m);
            final int columns = Blocking.wholeTiles(Math.ceilDiv(product.n, parts / down), Blocking.NR, product.n);
            final long work = (long) rows * columns + PACKING * ((long) rows + columns);
            if (work < least) {
                least = work;
                partRows = rows;
                partColumns = columns;
            }
        }
        partsAcross = Math.ceilDiv(product.n, partColumns);
        return partsAcross * Math.ceilDiv(product.m, partRows);
    }

    /** The rows of a tile, or of those whose chains for one column, or few, are computed side by side. */
    private int tile() {
        return isColumn() ? DotKernels.ROWS : isFewColumns() ? Blocking.NR : Blocking.MR;
    }

    private boolean isFewColumns() {
        return product.m >= 2 * Blocking.NR && FewColumns.is(product, product.m);
    }

    private boolean isColumn() {
        return product.n == 1 && !product.byColumns;
    }

    @Override
    public void run(final int index, final int member) {
        final int i = index / partsAcross * partRows;
        final int j = index % partsAcross * partColumns;
        members[member].run(i, Math.min(product.m, i + partRows), j, Math.min(product.n, j + partColumns));
    }

    static SimdScratchpad of(final Scratchpad scratchpad) {
        if (!(scratchpad instanceof SimdScratchpad own)) {
            throw new IllegalArgumentException("the scratchpad was made by another backend: " + scratchpad.getClass());
        }
        return own;
    }
}
