package io.lanewise.verify;

import io.lanewise.kernel.Kernels;
import java.util.List;

/** Optimisers: several updates in a row of arrays of many lengths. */
final class UpdateItems {
    private static final int[] LENGTHS = {0, 1, 2, 3, 5, 7, 11, 13, 15, 16, 31, 33, 47, 95, 1000, 4095};
    private static final int UPDATES = 5;
    private static final int OFFSET = 1;

    /** One update of n parameters. */
    private interface Update {
        void run(Kernels kernels, int n, float[] g, float[] m, float[] v, float[] p);
    }

    private UpdateItems() {}

    static List<Item> all() {
        return List.of(
                item("sgd", (k, n, g, m, v, p) -> k.sgd(n, 0.7f, 0.1f, 0f, false, 0.01f, g, v, p, OFFSET)),
                item("sgd-momentum", (k, n, g, m, v, p) -> k.sgd(n, 1f, 0.1f, 0.9f, false, 0.01f, g, v, p, OFFSET)),
                item("sgd-nesterov", (k, n, g, m, v, p) -> k.sgd(n, 1f, 0.1f, 0.9f, true, 0f, g, v, p, OFFSET)),
                item(
                        "adam",
                        (k, n, g, m, v, p) ->
                                k.adam(n, 0.7f, 0.01f, 0.9f, 0.999f, 1e-8f, 0.01f, 3f, 1f, g, m, v, p, OFFSET)),
                item(
                        "adamw",
                        (k, n, g, m, v, p) ->
                                k.adam(n, 1f, 0f, 0.9f, 0.99f, 1e-8f, 0.01f, 1.5f, 0.99f, g, m, v, p, OFFSET)),
                item(
                        "rms-prop",
                        (k, n, g, m, v, p) -> k.rmsProp(n, 0.7f, 0.01f, 0.99f, 1e-8f, 0f, 0.01f, g, m, v, p, OFFSET)),
                item(
                        "rms-prop-momentum",
                        (k, n, g, m, v, p) -> k.rmsProp(n, 1f, 0.01f, 0.9f, 1e-8f, 0.5f, 0f, g, m, v, p, OFFSET)));
    }

    private static Item item(final String name, final Update update) {
        return new Item("optimizer/" + name, (setting, hash) -> {
            final Numbers numbers = new Numbers(6);
            for (final int n : LENGTHS) {
                final int length = OFFSET + n + 1;
                final float[] m = numbers.plain(length);
                final float[] v = numbers.positive(length);
                final float[] p = numbers.plain(length);
                for (int i = 0; i < UPDATES; i++) {
                    update.run(setting.kernels(), n, numbers.plain(length), m, v, p);
                }
                hash.add(m).add(v).add(p);
            }
        });
    }
}
