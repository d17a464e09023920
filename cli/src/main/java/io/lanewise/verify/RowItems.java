package io.lanewise.verify;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.mlp.Names;
import java.util.ArrayList;
import java.util.List;

/** What is computed row by row or element by element: activations, softmax, sums, and what else needs no product. */
final class RowItems {
    static final int[] ROWS = {1, 2, 5, 38};
    static final int[] COLUMNS = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 47, 64, 100, 129, 255, 257, 300};

    private static final int SAMPLES = 100_003;
    private static final float USUAL_RANGE = 16f;

    /** Computes on matrices of one size. */
    interface Sized {
        void run(Kernels kernels, Scratchpad pad, Numbers numbers, int rows, int n, BitHash hash);
    }

    private RowItems() {}

    static List<Item> all() {
        final List<Item> items = new ArrayList<>();
        for (final Activation f : Activation.values()) {
            items.add(new Item("activation/" + Names.of(f), (setting, hash) -> activate(f, setting, hash)));
            items.add(new Item("activation-backward/" + Names.of(f), (setting, hash) -> backward(f, setting, hash)));
        }
        items.add(sized("rows/softmax", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            kernels.softmax(rows, n, x.values(), x.offset(), x.ld(), y.values(), y.offset(), y.ld(), pad);
            final Matrix z = Matrix.special(numbers, rows, n);
            kernels.softmax(rows, n, z.values(), z.offset(), z.ld(), z.values(), z.offset(), z.ld(), pad);
            hash.add(y.values()).add(z.values());
        }));
        items.add(sized("rows/log-softmax", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            kernels.logSoftmax(rows, n, x.values(), x.offset(), x.ld(), y.values(), y.offset(), y.ld(), pad);
            final Matrix z = Matrix.special(numbers, rows, n);
            kernels.logSoftmax(rows, n, z.values(), z.offset(), z.ld(), z.values(), z.offset(), z.ld(), pad);
            hash.add(y.values()).add(z.values());
        }));
        items.add(sized("rows/standardize", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.special(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            kernels.standardize(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    numbers.plain(n),
                    numbers.plain(n),
                    y.values(),
                    y.offset(),
                    y.ld());
            hash.add(y.values());
        }));
        items.add(sized("rows/affine", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.special(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            kernels.affine(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    numbers.plain(n),
                    numbers.plain(n),
                    y.values(),
                    y.offset(),
                    y.ld());
            hash.add(y.values());
        }));
        items.add(sized("rows/add", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.special(numbers, rows, n);
            final Matrix y = Matrix.plain(numbers, rows, n);
            kernels.add(rows, n, x.values(), x.offset(), x.ld(), y.values(), y.offset(), y.ld());
            hash.add(y.values());
        }));
        items.add(sized("rows/multiply", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.special(numbers, rows, n);
            final Matrix y = Matrix.plain(numbers, rows, n);
            kernels.multiply(rows, n, x.values(), x.offset(), x.ld(), y.values(), y.offset(), y.ld());
            hash.add(y.values());
        }));
        items.add(sized("rows/column-sums", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix a = Matrix.plain(numbers, rows, n);
            final float[] sums = numbers.plain(n + 2);
            kernels.columnSums(rows, n, a.values(), a.offset(), a.ld(), sums, 1);
            hash.add(sums);
        }));
        items.add(sized("rows/sum-of-squares", (kernels, pad, numbers, rows, n, hash) -> {
            final int length = rows * n;
            hash.add(kernels.sumOfSquares(length, numbers.plain(length + 1), 1, pad));
        }));
        items.add(sized("rows/clip", (kernels, pad, numbers, rows, n, hash) -> {
            final float[] x = numbers.special(rows * n + 2);
            kernels.clip(rows * n, 0.3f, x, 1);
            hash.add(x);
        }));
        return items;
    }

    /** An item that does something on matrices of all sizes. */
    static Item sized(final String name, final Sized work) {
        return new Item(name, (setting, hash) -> {
            final Numbers numbers = new Numbers(3);
            final Scratchpad pad = setting.scratchpad();
            for (final int rows : ROWS) {
                for (final int columns : COLUMNS) {
                    work.run(setting.kernels(), pad, numbers, rows, columns, hash);
                }
            }
        });
    }

    /** Inputs of every magnitude, of the usual range, and matrices with gaps. */
    private static List<Matrix> inputs() {
        final Numbers numbers = new Numbers(4);
        return List.of(
                new Matrix(numbers.anything(SAMPLES), 0, SAMPLES),
                new Matrix(numbers.within(SAMPLES, USUAL_RANGE), 0, SAMPLES),
                Matrix.special(numbers, 5, 37),
                Matrix.special(numbers, 4, 3));
    }

    private static int rows(final Matrix x) {
        return x.values().length / x.ld();
    }

    /** As many columns as fit behind the offset. */
    private static int columns(final Matrix x) {
        return x.ld() - x.offset();
    }

    private static void activate(final Activation f, final Setting setting, final BitHash hash) {
        for (final Matrix x : inputs()) {
            setting.kernels().activate(f, rows(x), columns(x), x.values(), x.offset(), x.ld());
            hash.add(x.values());
        }
    }

    private static void backward(final Activation f, final Setting setting, final BitHash hash) {
        final Numbers numbers = new Numbers(5);
        final Kernels kernels = setting.kernels();
        for (final Matrix y : inputs()) {
            final int rows = rows(y);
            final int columns = columns(y);
            if (!f.derivativeFromInput()) {
                kernels.activate(f, rows, columns, y.values(), y.offset(), y.ld());
            }
            final Matrix dy = Matrix.special(numbers, rows, columns);
            kernels.activateBackward(
                    f, rows, columns, y.values(), y.offset(), y.ld(), dy.values(), dy.offset(), dy.ld());
            hash.add(dy.values());
        }
    }
}
