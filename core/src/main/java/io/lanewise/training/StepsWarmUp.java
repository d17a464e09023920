package io.lanewise.training;

import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.warmup.Settling;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;

/**
 * Steps on made-up rows until the kernels are compiled: of a network with the layers of the real one, but none wider than
 * a limit. First of a narrow one: what is not compiled is thousands of times slower, so that one step of a large network
 * takes seconds, in which the compiler learns little. Then of a wide one, since products of large matrices take other
 * ways: where compiled code was not prepared for those, it is thrown away at once. With 640 as the second limit the
 * first step of 1024 → 2048 → 2048 → 1000 still took 5 s in one run of two.
 */
final class StepsWarmUp {
    private static final int[] WIDTHS = {48, 2048};
    private static final int MOST_ROWS = 512;
    private static final long LONG_ENOUGH_NANOS = 2_000_000; // for the calls of one size, in a round

    private StepsWarmUp() {}

    static Duration run(final TrainingSessionBuilder settings, final Duration longest) {
        final long start = System.nanoTime();
        final Mlp mlp = settings.initial.mlp();
        for (final int width : WIDTHS) {
            final Duration left = longest.minusNanos(System.nanoTime() - start);
            if (width == WIDTHS[0] || (mlp.widest() > WIDTHS[0] && left.isPositive())) {
                run(settings, mlp, width, left);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void run(
            final TrainingSessionBuilder settings, final Mlp mlp, final int width, final Duration longest) {
        final Mlp small = narrowed(mlp, width);
        final int[] sizes = {Math.min(settings.maxRows, MOST_ROWS), (Math.min(settings.maxRows, MOST_ROWS) + 1) / 2};
        final Steps steps = new Steps(settings.forWarmUp(Parameters.random(small, 0), sizes[0]));
        steps.learningRate(0f); // nothing diverges
        final boolean labelled = mlp.head().isClassifier();
        final float[] x = new float[sizes[0] * small.inputs()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i % 17 - 8) * 0.125f;
        }
        final int[] labels = new int[sizes[0]];
        final float[] targets = new float[labelled ? 0 : sizes[0] * small.outputs()];
        Arrays.fill(targets, 0.5f);
        final Settling settling = new Settling(sizes.length, longest);
        while (settling.goesOn()) {
            settling.startRound();
            for (int i = 0; i < sizes.length && settling.hasTime(); i++) {
                final long sizeStart = System.nanoTime();
                int n = 0;
                do {
                    final double loss = labelled
                            ? steps.gradients(sizes[i], x, 0, labels, 0, null, 0)
                            : steps.gradients(sizes[i], x, 0, targets, 0, null, 0);
                    steps.stepped(sizes[i], loss);
                    n++;
                } while (System.nanoTime() - sizeStart < LONG_ENOUGH_NANOS);
                settling.took(i, (System.nanoTime() - sizeStart) / (double) n);
            }
            settling.endRound();
        }
    }

    /** The same layers, none wider than so much. */
    private static Mlp narrowed(final Mlp mlp, final int width) {
        return new Mlp(
                mlp.layers().stream().map(layer -> narrowed(layer, width)).toList(), mlp.head());
    }

    private static Layer narrowed(final Layer layer, final int width) {
        final int inputs = Math.min(width, layer.inputs());
        return switch (layer) {
            case Dense dense -> new Dense(inputs, Math.min(width, dense.outputs()), dense.activation());
            case LayerNorm norm -> new LayerNorm(inputs, norm.epsilon());
            case BatchNorm norm -> new BatchNorm(inputs, norm.epsilon());
            case ActivationLayer f -> new ActivationLayer(inputs, f.activation());
            case Dropout dropout -> new Dropout(inputs, dropout.rate());
            case Add add -> new Add(inputs, add.from());
        };
    }

    /** The same loss for a network with fewer outputs: classes count differently in both, or alike in both. */
    static Loss narrowed(final Loss loss, final int outputs) {
        return loss instanceof Loss.CrossEntropy entropy
                        && !entropy.classWeights().isEmpty()
                ? new Loss.CrossEntropy(entropy.labelSmoothing(), Collections.nCopies(outputs, 1f))
                : loss;
    }
}
