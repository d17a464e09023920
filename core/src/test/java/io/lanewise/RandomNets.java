package io.lanewise;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Networks of all kinds of layers in any order, the same in every run. */
public final class RandomNets {
    private static final int USUAL = 4; // the width that most layers have, so that additions find another
    private static final float EPSILON = 1e-2f; // large, lest the variance of a few equal values blow errors up

    private RandomNets() {}

    /** A network of 2 to 14 layers. */
    public static Mlp of(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int inputs = width(random);
        final List<Layer> layers = new ArrayList<>();
        final int count = random.nextInt(1, 13);
        int width = inputs;
        for (int i = 0; i < count; i++) {
            layers.add(layer(random, layers, inputs, width));
            width = layers.getLast().outputs();
        }
        if (width < 2 || layers.stream().noneMatch(Dense.class::isInstance) || random.nextBoolean()) {
            layers.add(new Dense(width, 3, activation(random)));
        }
        return new Mlp(layers, List.of(Head.values()).get(random.nextInt(Head.values().length)));
    }

    private static int width(final SplittableRandom random) {
        return random.nextBoolean() ? USUAL : random.nextInt(1, 8);
    }

    private static Activation activation(final SplittableRandom random) {
        return List.of(Activation.values()).get(random.nextInt(Activation.values().length));
    }

    private static Layer layer(
            final SplittableRandom random, final List<Layer> layers, final int inputs, final int width) {
        return switch (random.nextInt(9)) {
            case 0 -> new LayerNorm(width, EPSILON);
            case 1 -> new BatchNorm(width, EPSILON);
            case 2 -> new ActivationLayer(width, activation(random));
            case 3 -> new Dropout(width, random.nextInt(4) * 0.2f);
            case 4, 5, 6 -> addition(random, layers, inputs, width);
            default -> new Dense(width, width(random), activation(random));
        };
    }

    /** Of any earlier layer that fits, or else a dense layer. */
    private static Layer addition(
            final SplittableRandom random, final List<Layer> layers, final int inputs, final int width) {
        final List<Integer> fitting = new ArrayList<>();
        for (int from = Add.INPUT; from < layers.size(); from++) {
            if ((from == Add.INPUT ? inputs : layers.get(from).outputs()) == width) {
                fitting.add(from);
            }
        }
        return fitting.isEmpty()
                ? new Dense(width, width(random), activation(random))
                : new Add(width, fitting.get(random.nextInt(fitting.size())));
    }
}
