package io.lanewise.verify;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Initialization;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Names;
import io.lanewise.mlp.Parameters;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.ArrayList;
import java.util.List;

/** The random stream and what is made of it: permutations, initial weights, dropout masks. */
final class RandomItems {
    private static final long SEED = 0x0123_4567_89ab_cdefL;
    private static final int COUNT = 1001;
    private static final long[] ELEMENTS = {0, 1, 6, (1L << 32) - 5, 3L << 40};

    private RandomItems() {}

    static List<Item> all() {
        final List<Item> items = new ArrayList<>();
        items.add(new Item("random/bits", (setting, hash) -> {
            for (final Purpose purpose : Purpose.values()) {
                for (final long first : ELEMENTS) {
                    for (int i = 0; i < COUNT; i++) {
                        hash.add(Philox.bits(SEED, purpose, i % 3, first + i));
                    }
                }
            }
        }));
        items.add(new Item("random/uniform", (setting, hash) -> {
            for (int i = 0; i < COUNT; i++) {
                hash.add(Philox.uniform(SEED, Purpose.WEIGHTS, 1, i));
            }
        }));
        items.add(new Item("random/normal", (setting, hash) -> {
            for (int i = 0; i < COUNT; i++) {
                hash.add(Philox.normal(SEED, Purpose.WEIGHTS, 2, i));
            }
        }));
        items.add(new Item("random/permutation", (setting, hash) -> {
            for (final int n : new int[] {0, 1, 2, 17, COUNT}) {
                final int[] permutation = new int[n];
                Philox.permutation(SEED, Purpose.SHUFFLE, 3, permutation);
                hash.add(permutation);
            }
        }));
        for (final Initialization initialization : Initialization.values()) {
            items.add(new Item("random/initial-weights/" + Names.of(initialization), (setting, hash) -> {
                final Mlp mlp = Mlp.inputs(11)
                        .dense(23, Activation.RELU)
                        .dense(9, Activation.TANH)
                        .dense(3)
                        .softmax();
                hash.add(Parameters.random(mlp, SEED, initialization).toArray());
            }));
        }
        items.add(new Item("random/dropout-mask", (setting, hash) -> {
            for (final float rate : new float[] {0f, 0.1f, 0.5f, 0.999f}) {
                for (final long first : ELEMENTS) {
                    for (final int n : new int[] {0, 1, 5, 31, 64, 333}) {
                        final float[] mask = new float[n + 3];
                        setting.kernels().dropoutMask(n, rate, SEED, 7, first, mask, 2);
                        hash.add(mask);
                    }
                }
            }
        }));
        return items;
    }
}
