package io.lanewise.verify;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Products: all forms over odd shapes, packed and not, and large ones, which teams of threads share. */
final class GemmItems {
    private static final List<Shape> SMALL = List.of(
            new Shape(1, 1, 1),
            new Shape(10, 1, 30),
            new Shape(1, 20, 30),
            new Shape(2, 47, 30),
            new Shape(5, 3, 0),
            new Shape(0, 3, 5),
            new Shape(9, 9, 9),
            new Shape(13, 64, 13),
            new Shape(5, 33, 257),
            new Shape(7, 65, 513),
            new Shape(1, 1000, 64),
            new Shape(33, 1, 70),
            new Shape(100, 3, 64),
            new Shape(17, 2, 129),
            new Shape(29, 31, 37));

    /** Many rows, many columns, or both; more steps than one block of k has; one column. */
    private static final List<Shape> LARGE = List.of(
            new Shape(129, 257, 513),
            new Shape(13, 2000, 100),
            new Shape(2000, 13, 100),
            new Shape(40, 70, 1100),
            new Shape(1500, 1, 700),
            new Shape(1, 1500, 700));

    /** A last layer's columns, with short sums and with more than a block of k has. */
    private static final List<Shape> FEW_COLUMNS = IntStream.rangeClosed(2, 10)
            .boxed()
            .flatMap(n -> Stream.of(new Shape(70, n, 40), new Shape(70, n, 1100)))
            .toList();

    /** So that sums reach all pieces of the activations. */
    private static final float EPILOGUE_RANGE = 8f;

    private record Shape(int m, int n, int k) {}

    /** How B is given. */
    private enum Operand {
        PLAIN,
        PACKED
    }

    private GemmItems() {}

    static List<Item> all() {
        final List<Item> items = new ArrayList<>();
        for (final boolean transposeA : new boolean[] {false, true}) {
            for (final boolean transposeB : new boolean[] {false, true}) {
                final String form = (transposeA ? "atb" : "ab") + (transposeB ? "t" : "");
                for (final Gemm.Start start : Gemm.Start.values()) {
                    final Gemm op = new Gemm(transposeA, transposeB, start, Activation.IDENTITY);
                    items.add(item("gemm/" + form + "/" + Names.of(start), op, SMALL, Operand.PLAIN));
                    if (!transposeB) {
                        items.add(item("gemm/" + form + "-packed/" + Names.of(start), op, SMALL, Operand.PACKED));
                    }
                }
            }
        }
        for (final Gemm.Start start : Gemm.Start.values()) {
            final Gemm op = Gemm.AB.from(start).then(Activation.RELU);
            items.add(item("gemm/few-columns/" + Names.of(start), op, FEW_COLUMNS, Operand.PLAIN));
            items.add(item("gemm/few-columns-packed/" + Names.of(start), op, FEW_COLUMNS, Operand.PACKED));
        }
        for (final Activation f : Activation.values()) {
            final Gemm op = Gemm.AB.from(Gemm.Start.BIAS).then(f);
            final List<Shape> shapes = List.of(new Shape(7, 37, 19), new Shape(1, 21, 40), new Shape(30, 5, 8));
            items.add(item("gemm/epilogue/" + Names.of(f), op, shapes, Operand.PLAIN, EPILOGUE_RANGE));
            items.add(item("gemm/epilogue-packed/" + Names.of(f), op, shapes, Operand.PACKED, EPILOGUE_RANGE));
        }
        items.add(new Item("gemm/special-values", GemmItems::specialValues));
        final Gemm large = Gemm.AB.from(Gemm.Start.BIAS).then(Activation.RELU);
        items.add(item("gemm/large/ab", large, LARGE, Operand.PLAIN));
        items.add(item("gemm/large/ab-packed", large, LARGE, Operand.PACKED));
        items.add(item("gemm/large/abt", Gemm.ABT, LARGE, Operand.PLAIN));
        items.add(item("gemm/large/atb", Gemm.ATB.from(Gemm.Start.ACCUMULATE), LARGE, Operand.PLAIN));
        return items;
    }

    private static Item item(final String name, final Gemm op, final List<Shape> shapes, final Operand operand) {
        return item(name, op, shapes, operand, 1f);
    }

    /** A product of matrices, the elements of A from −range to range. */
    private static Item item(
            final String name, final Gemm op, final List<Shape> shapes, final Operand operand, final float range) {
        return new Item(name, (setting, hash) -> {
            final Numbers numbers = new Numbers(1);
            for (final Shape x : shapes) {
                final Matrix a =
                        Matrix.within(numbers, op.transposeA() ? x.k : x.m, op.transposeA() ? x.m : x.k, range);
                multiply(setting, hash, op, x, a, numbers, operand);
            }
        });
    }

    private static void specialValues(final Setting setting, final BitHash hash) {
        final Numbers numbers = new Numbers(2);
        for (final Shape x : List.of(new Shape(40, 33, 21), new Shape(3, 70, 12), new Shape(50, 1, 9))) {
            final Matrix a = Matrix.special(numbers, x.m, x.k);
            multiply(setting, hash, Gemm.AB.from(Gemm.Start.BIAS), x, a, numbers, Operand.PLAIN);
        }
    }

    private static void multiply(
            final Setting setting,
            final BitHash hash,
            final Gemm op,
            final Shape x,
            final Matrix a,
            final Numbers numbers,
            final Operand operand) {
        final Kernels kernels = setting.kernels();
        final Matrix b = Matrix.plain(numbers, op.transposeB() ? x.n : x.k, op.transposeB() ? x.k : x.n);
        final float[] bias = numbers.plain(x.n + 1);
        final Matrix c =
                op.start() == Gemm.Start.ACCUMULATE ? Matrix.plain(numbers, x.m, x.n) : Matrix.output(x.m, x.n);
        if (operand == Operand.PACKED) {
            kernels.gemm(
                    op,
                    x.m,
                    a.values(),
                    a.offset(),
                    a.ld(),
                    kernels.pack(x.k, x.n, b.values(), b.offset(), b.ld()),
                    bias,
                    1,
                    c.values(),
                    c.offset(),
                    c.ld(),
                    setting.scratchpad(x.m, 0, x.k));
        } else {
            kernels.gemm(
                    op,
                    x.m,
                    x.n,
                    x.k,
                    a.values(),
                    a.offset(),
                    a.ld(),
                    b.values(),
                    b.offset(),
                    b.ld(),
                    bias,
                    1,
                    c.values(),
                    c.offset(),
                    c.ld(),
                    setting.scratchpad(x.m, x.n, x.k));
        }
        hash.add(c.values());
    }
}
