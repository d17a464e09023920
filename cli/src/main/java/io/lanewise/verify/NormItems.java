package io.lanewise.verify;

import java.util.List;

/** Layer and batch normalisation, forward and backward. */
final class NormItems {
    private static final float EPSILON = 0x1p-17f;

    private NormItems() {}

    static List<Item> all() {
        return List.of(layerNorm(), layerNormBackward(), batchNorm(), batchNormBackward());
    }

    private static Item layerNorm() {
        return RowItems.sized("norm/layer", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            final float[] weight = numbers.plain(n + 1);
            final float[] bias = numbers.plain(n + 2);
            kernels.layerNorm(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    weight,
                    1,
                    bias,
                    2,
                    EPSILON,
                    y.values(),
                    y.offset(),
                    y.ld(),
                    pad);
            hash.add(y.values());
        });
    }

    private static Item layerNormBackward() {
        return RowItems.sized("norm/layer-backward", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix dy = Matrix.plain(numbers, rows, n);
            final float[] weight = numbers.plain(n + 1);
            final float[] dWeight = numbers.plain(n + 2);
            final float[] dBias = numbers.plain(n + 2);
            kernels.layerNormBackward(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    weight,
                    1,
                    EPSILON,
                    dy.values(),
                    dy.offset(),
                    dy.ld(),
                    dWeight,
                    1,
                    dBias,
                    0,
                    pad);
            hash.add(dy.values()).add(dWeight).add(dBias);
        });
    }

    private static Item batchNorm() {
        return RowItems.sized("norm/batch", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix y = Matrix.output(rows, n);
            final float[] weight = numbers.plain(n + 1);
            final float[] bias = numbers.plain(n + 2);
            final float[] mean = new float[n];
            final float[] variance = new float[n];
            kernels.batchNorm(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    weight,
                    1,
                    bias,
                    2,
                    EPSILON,
                    mean,
                    variance,
                    y.values(),
                    y.offset(),
                    y.ld());
            hash.add(y.values()).add(mean).add(variance);
        });
    }

    private static Item batchNormBackward() {
        return RowItems.sized("norm/batch-backward", (kernels, pad, numbers, rows, n, hash) -> {
            final Matrix x = Matrix.plain(numbers, rows, n);
            final Matrix dy = Matrix.plain(numbers, rows, n);
            final float[] weight = numbers.plain(n + 1);
            final float[] dWeight = numbers.plain(n + 2);
            final float[] dBias = numbers.plain(n + 2);
            kernels.batchNormBackward(
                    rows,
                    n,
                    x.values(),
                    x.offset(),
                    x.ld(),
                    weight,
                    1,
                    EPSILON,
                    numbers.plain(n),
                    numbers.positive(n),
                    dy.values(),
                    dy.offset(),
                    dy.ld(),
                    dWeight,
                    1,
                    dBias,
                    0);
            hash.add(dy.values()).add(dWeight).add(dBias);
        });
    }
}
