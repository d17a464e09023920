package io.lanewise.simd;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.Clipping;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.SessionState;
import io.lanewise.training.TrainingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network, its data and all that its training is told, chosen at random; the same for a seed in every run. */
final class TrainingCase {
    private final Mlp mlp;
    private final Loss loss;
    private final Optimizer optimizer;
    private final Clipping clipping;
    private final int rows;
    private final int batch; // leaves a last batch that is smaller
    private final float[] x; // (rows, inputs)
    private final int[] labels; // (rows)
    private final float[] targets; // (rows, outputs)
    private final float @Nullable [] weights; // (rows)
    private final boolean labelled;

    /**
     * Chooses all.
     *
     * @param width the most outputs of a layer; most have two thirds of it
     * @param batch rows in a step
     */
    TrainingCase(final long seed, final int width, final int batch) {
        final SplittableRandom random = new SplittableRandom(seed);
        mlp = net(random, width);
        loss = loss(random);
        optimizer = optimizer(random);
        clipping = switch (random.nextInt(3)) {
            case 0 -> Clipping.none();
            case 1 -> new Clipping.Norm(0.5f);
            default -> new Clipping.Value(0.01f);
        };
        this.batch = batch;
        rows = 2 * batch + batch / 3;
        x = Bits.random(random, rows * mlp.inputs());
        labels = random.ints(rows, 0, mlp.outputs()).toArray();
        targets = Bits.random(random, rows * mlp.outputs());
        weights = random.nextInt(3) == 0 ? Bits.random(random, rows) : null;
        for (int i = 0; weights != null && i < rows; i++) {
            weights[i] = i % 7 == 0 ? 0 : Math.abs(weights[i]) + 0.1f;
        }
        labelled = loss instanceof Loss.CrossEntropy && random.nextBoolean();
    }

    /** What a run gives: the state after it, then the losses and the norms of gradients of its steps. */
    record Outcome(SessionState state, List<Double> numbers) {}

    Outcome run(final int epochs, final Kernels kernels, final @Nullable ThreadTeam team) {
        final TrainingSession session = TrainingSession.of(Parameters.random(mlp, 7))
                .loss(loss)
                .optimizer(optimizer)
                .clipping(clipping)
                .seed(99)
                .maxRows(batch)
                .kernels(kernels)
                .team(team)
                .build();
        final List<Double> numbers = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int row = 0; row < rows; row += batch) {
                final int n = Math.min(batch, rows - row);
                numbers.add(
                        labelled
                                ? session.step(n, x, row * mlp.inputs(), labels, row, weights, row)
                                : session.step(n, x, row * mlp.inputs(), targets, row * mlp.outputs(), weights, row));
                numbers.add(session.gradientNorm());
            }
        }
        return new Outcome(session.state(), numbers);
    }

    @Override
    public String toString() {
        return mlp + ", " + loss + ", " + optimizer + ", " + clipping + ", " + rows + " rows in batches of " + batch
                + (weights == null ? "" : ", weighted") + (labelled ? ", labels" : ", targets");
    }

    private static Activation activation(final SplittableRandom random) {
        return List.of(Activation.values()).get(random.nextInt(Activation.values().length));
    }

    private static Mlp net(final SplittableRandom random, final int width) {
        final int inputs = width(random, width);
        final List<Layer> layers = new ArrayList<>();
        final int count = random.nextInt(4, 12);
        int now = inputs;
        for (int i = 0; i < count; i++) {
            final List<Integer> fitting = fitting(layers, inputs, now);
            layers.add(
                    switch (random.nextInt(8)) {
                        case 0 -> new LayerNorm(now, LayerNorm.DEFAULT_EPSILON);
                        case 1 -> new BatchNorm(now, BatchNorm.DEFAULT_EPSILON);
                        case 2 -> new ActivationLayer(now, activation(random));
                        case 3 -> new Dropout(now, 0.25f);
                        case 4, 5 ->
                            fitting.isEmpty()
                                    ? new Dropout(now, 0.1f)
                                    : new Add(now, fitting.get(random.nextInt(fitting.size())));
                        default -> new Dense(now, width(random, width), activation(random));
                    });
            now = layers.getLast().outputs();
        }
        layers.add(new Dense(now, random.nextInt(2, 40), Activation.IDENTITY));
        return new Mlp(layers, List.of(Head.values()).get(random.nextInt(Head.values().length)));
    }

    private static int width(final SplittableRandom random, final int width) {
        return random.nextInt(4) > 0 ? width * 2 / 3 : random.nextInt(1, width + 1);
    }

    private static List<Integer> fitting(final List<Layer> layers, final int inputs, final int width) {
        return IntStream.range(Add.INPUT, layers.size())
                .filter(from -> (from == Add.INPUT ? inputs : layers.get(from).outputs()) == width)
                .boxed()
                .toList();
    }

    private Loss loss(final SplittableRandom random) {
        return switch (mlp.head()) {
            case SOFTMAX, LOG_SOFTMAX ->
                new Loss.CrossEntropy(
                        random.nextBoolean() ? 0 : 0.1f,
                        random.nextBoolean()
                                ? List.of()
                                : Stream.generate(() -> random.nextInt(1, 5) * 0.5f)
                                        .limit(mlp.outputs())
                                        .toList());
            case SIGMOID -> new Loss.BinaryCrossEntropy();
            case LINEAR ->
                switch (random.nextInt(3)) {
                    case 0 -> new Loss.SquaredError();
                    case 1 -> new Loss.AbsoluteError();
                    default -> new Loss.Huber(0.7f);
                };
        };
    }

    private static Optimizer optimizer(final SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> new Optimizer.Sgd(0.01f, 0, 0.01f, false);
            case 1 -> new Optimizer.Sgd(0.01f, 0.9f, 0.01f, false);
            case 2 -> new Optimizer.Sgd(0.01f, 0.9f, 0, true);
            case 3 -> new Optimizer.Adam(1e-3f, 0.9f, 0.99f, 1e-8f, 0.1f);
            case 4 -> Optimizer.adam(1e-3f);
            case 5 -> Optimizer.adamW(1e-3f);
            case 6 -> Optimizer.rmsProp(1e-3f);
            default -> new Optimizer.RmsProp(1e-3f, 0.9f, 1e-6f, 0.01f, 0.5f);
        };
    }
}
