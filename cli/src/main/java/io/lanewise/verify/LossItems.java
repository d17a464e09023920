package io.lanewise.verify;

import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.mlp.Names;
import java.util.ArrayList;
import java.util.List;

/** Losses and their gradients. */
final class LossItems {
    private static final float SCALE = 0.3f;

    private LossItems() {}

    static List<Item> all() {
        final List<Item> items = new ArrayList<>();
        items.add(RowItems.sized("loss/cross-entropy-of-labels", LossItems::labels));
        items.add(RowItems.sized("loss/cross-entropy-of-targets", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix t = Matrix.plain(numbers, rows, n);
            final Matrix dx = Matrix.output(rows, n);
            final float[] losses = new float[rows + 1];
            kernels.softmaxCrossEntropy(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    t.values(),
                    t.offset(),
                    t.ld(),
                    SCALE,
                    losses,
                    1,
                    dx.values(),
                    dx.offset(),
                    dx.ld(),
                    pad);
            hash.add(losses).add(dx.values());
        }));
        for (final PointwiseLoss f : PointwiseLoss.values()) {
            items.add(RowItems.sized("loss/" + Names.of(f), (kernels, pad, numbers, rows, n, hash) -> {
                final Matrix x = Matrix.special(numbers, rows, n);
                final Matrix t = Matrix.plain(numbers, rows, n);
                final Matrix dx = Matrix.output(rows, n);
                final float[] losses = new float[rows + 1];
                kernels.pointwiseLoss(
                        f,
                        0.4f,
                        rows,
                        n,
                        x.values(),
                        x.offset(),
                        x.ld(),
                        t.values(),
                        t.offset(),
                        t.ld(),
                        SCALE,
                        losses,
                        1,
                        dx.values(),
                        dx.offset(),
                        dx.ld(),
                        pad);
                hash.add(losses).add(dx.values());
            }));
        }
        return items;
    }

    private static void labels(
            final Kernels kernels,
            final Scratchpad pad,
            final Numbers numbers,
            final int rows,
            final int n,
            final BitHash hash) {
        if (n == 0) {
            return; // there is no class to be the label
        }
        final Matrix x = Matrix.plain(numbers, rows, n);
        final Matrix dx = Matrix.output(rows, n);
        final float[] losses = new float[rows + 1];
        kernels.softmaxCrossEntropy(
                rows,
                n,
                x.values(),
                x.offset(),
                x.ld(),
                numbers.integers(rows, n),
                0,
                SCALE,
                losses,
                1,
                dx.values(),
                dx.offset(),
                dx.ld(),
                pad);
        hash.add(losses).add(dx.values());
    }
}
