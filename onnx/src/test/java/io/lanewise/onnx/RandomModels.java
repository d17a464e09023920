package io.lanewise.onnx;

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
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Models of all kinds of layers, the same in every run. */
final class RandomModels {
    private RandomModels() {}

    /** A model that has an activation in a dense layer and on its own, normalisations, an addition and dropout. */
    static Model of(final long seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int inputs = random.nextInt(1, 20);
        final int width = random.nextInt(2, 40);
        final List<Layer> layers = new ArrayList<>();
        layers.add(new Dense(inputs, width, activation(random)));
        final int count = random.nextInt(8);
        for (int i = 0; i < count; i++) {
            layers.add(
                    switch (random.nextInt(6)) {
                        case 0 -> new LayerNorm(width, 1e-2f); // large, lest few equal values blow errors up
                        case 1 -> new BatchNorm(width, 1e-3f);
                        case 2 -> new ActivationLayer(width, activation(random));
                        case 3 -> new Dropout(width, 0.25f);
                        case 4 -> new Add(width, random.nextInt(layers.size()));
                        default -> new Dense(width, width, activation(random));
                    });
        }
        if (inputs == width) {
            layers.add(new Add(width, Add.INPUT));
        }
        layers.add(new Dense(
                width, random.nextInt(2, 6), random.nextBoolean() ? activation(random) : Activation.IDENTITY));
        final Mlp mlp = new Mlp(layers, any(random, Head.values()));
        final Model model = Model.of(Parameters.of(mlp, values(mlp, random)));
        return random.nextBoolean()
                ? model
                : model.withStandardization(
                        Standardization.of(uniform(inputs, random, -1, 1), uniform(inputs, random, 0.5f, 2)));
    }

    private static Activation activation(final SplittableRandom random) {
        return any(random, Activation.values());
    }

    private static <T> T any(final SplittableRandom random, final T[] all) {
        return List.of(all).get(random.nextInt(all.length));
    }

    /** Random weights, and random ones for what starts with zeros and ones; variances are positive. */
    private static float[] values(final Mlp mlp, final SplittableRandom random) {
        final float[] values = Parameters.random(mlp, random.nextLong()).toArray();
        for (int i = 0; i < mlp.layers().size(); i++) {
            final Layer layer = mlp.layers().get(i);
            final int offset = mlp.parameterOffset(i);
            final int first = layer instanceof Dense dense ? (int) dense.weights() : 0; // those are random already
            final float[] others = uniform((int) layer.parameterCount() - first, random, 0.5f, 1.5f);
            System.arraycopy(others, 0, values, offset + first, others.length);
        }
        return values;
    }

    static float[] uniform(final int count, final SplittableRandom random, final float from, final float to) {
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(from, to);
        }
        return values;
    }
}
