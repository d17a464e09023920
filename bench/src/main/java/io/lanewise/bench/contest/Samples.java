package io.lanewise.bench.contest;

import java.util.stream.IntStream;

/** Which rows of a result are compared with the scalar reference, which would need minutes for all of the largest. */
public final class Samples {
    private static final double AFFORDABLE_FLOPS = 1 << 26;

    private Samples() {}

    /** All rows where that is quick, else the first, the last and evenly spaced ones between. */
    public static int[] rows(final int rows, final double flopsOfRow) {
        final double affordable = AFFORDABLE_FLOPS / flopsOfRow;
        final int count = (int) Math.max(Math.min(2, rows), Math.min(rows, affordable));
        return IntStream.range(0, count)
                .map(r -> count == 1 ? 0 : (int) ((long) r * (rows - 1) / (count - 1)))
                .toArray();
    }
}
