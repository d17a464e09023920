package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.DoubleNet;
import io.lanewise.DoubleTraining;
import io.lanewise.RandomArrays;
import io.lanewise.RandomNets;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gradients, tensor by tensor, against the textbook in {@code double}: its backward pass, which is compared with central
 * differences of its forward pass.
 */
final class GradientTest {
    private static final double H = 1e-6;
    private static final int INPUTS = 4;
    private static final int ROWS = 7;
    private static final int SKIPPED = 3; // elements before the first row
    private static final long SEED = 31;
    private static final double EXACT = 2e-6; // the error of a tensor, of its largest element
    private static final double NORMALIZED = 5e-5; // a division by a small deviation makes errors larger

    static Stream<Arguments> activations() {
        return Stream.of(Activation.values())
                .flatMap(hidden ->
                        Stream.of(Activation.IDENTITY, hidden).distinct().map(last -> Arguments.of(hidden, last)));
    }

    private static Mlp.Builder layers(final Activation hidden, final Activation last) {
        return Mlp.inputs(INPUTS).dense(6, hidden).dense(5, hidden).dense(3, last);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void dense(final Activation hidden, final Activation last) {
        check(layers(hidden, last).softmax(), EXACT);
        check(layers(hidden, last).linear(), EXACT);
    }

    @ParameterizedTest
    @MethodSource("activations")
    void activationsOnTheirOwn(final Activation hidden, final Activation last) {
        final Mlp.Builder layers = Mlp.inputs(INPUTS)
                .activation(hidden)
                .dense(6)
                .activation(hidden)
                .activation(last)
                .dense(5, last)
                .activation(hidden)
                .residual(block -> block.activation(hidden).activation(last))
                .dense(3)
                .activation(last);
        check(layers.linear(), EXACT);
    }

    private static Arguments net(final String name, final UnaryOperator<Mlp.Builder> layers) {
        return Arguments.of(Named.of(name, layers.apply(Mlp.inputs(INPUTS)).softmax()));
    }

    private static Arguments net(final String name, final Layer... layers) {
        return Arguments.of(Named.of(name, new Mlp(List.of(layers), Head.SOFTMAX)));
    }

    private static Dense dense(final int inputs, final int outputs) {
        return new Dense(inputs, outputs, Activation.TANH);
    }

    static Stream<Arguments> architectures() {
        final Activation gelu = Activation.GELU;
        final Activation tanh = Activation.TANH;
        return Stream.of(
                net("layer norm", n -> n.dense(6, tanh).layerNorm().dense(3)),
                net("layer norm first and last", n -> n.layerNorm().dense(3).layerNorm()),
                net("batch norm", n -> n.dense(6, tanh).batchNorm().dense(3)),
                net("batch norm first and last", n -> n.batchNorm().dense(3).batchNorm()),
                net(
                        "norms in a row",
                        n -> n.dense(6)
                                .layerNorm()
                                .batchNorm()
                                .activation(gelu)
                                .batchNorm()
                                .layerNorm()
                                .dense(3)),
                net("dropout", n -> n.dense(6, tanh).dropout(0.3f).dense(3)),
                net(
                        "dropout first",
                        n -> n.dropout(0.3f).activation(gelu).dense(6).dense(3)),
                net("dropout last", n -> n.dense(3, gelu).dropout(0.3f)),
                net(
                        "dropouts in a row",
                        n -> n.dense(6)
                                .dropout(0.5f)
                                .dropout(0.5f)
                                .activation(tanh)
                                .dropout(0.3f)
                                .dense(3)),
                net("dropout of nothing", n -> n.dense(6, tanh).dropout(0).dense(3)),
                net(
                        "addition of the input",
                        n -> n.residual(block -> block.dense(5, gelu).dense(INPUTS))
                                .dense(3)),
                net(
                        "nested blocks",
                        n -> n.dense(6, tanh)
                                .residual(outer -> outer.layerNorm()
                                        .residual(inner -> inner.dense(5, gelu).dense(6, tanh))
                                        .dense(6))
                                .dense(3)),
                net(
                        "blocks that start and end together",
                        n -> n.dense(6, tanh)
                                .residual(a -> a.residual(b -> b.residual(c -> c.dense(6, gelu))))
                                .dense(3)),
                net(
                        "around layers in place",
                        n -> n.dense(6, tanh)
                                .residual(block -> block.dropout(0.3f)
                                        .activation(tanh)
                                        .layerNorm()
                                        .dropout(0.2f)
                                        .activation(Activation.SIGMOID))
                                .dense(3)),
                net(
                        "around a norm",
                        n -> n.dense(6, gelu).residual(Mlp.Builder::batchNorm).dense(3)),
                net(
                        "around nothing",
                        n -> n.dense(6, gelu).residual(block -> {}).dense(3)),
                net(
                        "a block at the end",
                        n -> n.dense(3, tanh)
                                .residual(block -> block.dense(5, gelu).dense(3))),
                net(
                        "before all parameters",
                        n -> n.residual(block -> block.dropout(0.3f).activation(gelu))
                                .residual(block -> block.activation(tanh))
                                .dense(5, tanh)
                                .dense(3)),
                net("the input, added to itself", new Add(4, Add.INPUT), dense(4, 5), dense(5, 3)),
                net("a layer, added to itself", dense(4, 5), new Add(5, 0), new Add(5, 1), dense(5, 3)),
                net("the last layer, added to itself", dense(4, 3), new Add(3, 0)),
                net(
                        "two additions of one layer",
                        dense(4, 5),
                        dense(5, 5),
                        new Add(5, 0),
                        dense(5, 5),
                        new Add(5, 0),
                        dense(5, 3)),
                net(
                        "additions that cross",
                        dense(4, 5),
                        dense(5, 5),
                        dense(5, 5),
                        new Add(5, 0),
                        new ActivationLayer(5, Activation.SILU),
                        new Add(5, 1),
                        new Add(5, Add.INPUT + 1),
                        new Add(5, 4),
                        dense(5, 3)),
                net(
                        "additions of additions, and of what is computed in place",
                        dense(4, 5),
                        new BatchNorm(5, 1e-5f),
                        new ActivationLayer(5, Activation.TANH),
                        new Add(5, 1),
                        new Add(5, 2),
                        new Add(5, 3),
                        new ActivationLayer(5, Activation.SOFTPLUS),
                        new Add(5, 5),
                        dense(5, 4),
                        new Add(4, Add.INPUT),
                        dense(4, 3)));
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void architecture(final Mlp mlp) {
        check(mlp, NORMALIZED);
    }

    static Stream<Loss> losses() {
        final List<Float> classWeights = List.of(0.5f, 2f, 0.25f);
        return Stream.of(
                Loss.crossEntropy(),
                new Loss.CrossEntropy(0.2f, List.of()),
                new Loss.CrossEntropy(0f, classWeights),
                new Loss.CrossEntropy(0.2f, classWeights),
                new Loss.CrossEntropy(0f, List.of(1f, 0f, 1f)),
                new Loss.BinaryCrossEntropy(),
                new Loss.SquaredError(),
                new Loss.AbsoluteError(),
                new Loss.Huber(1f),
                new Loss.Huber(0.3f));
    }

    /** With and without weights of rows; cross-entropy of classes and of target values. */
    @ParameterizedTest
    @MethodSource("losses")
    void loss(final Loss loss) {
        final Mlp.Builder layers = layers(Activation.TANH, Activation.IDENTITY);
        final Mlp mlp = switch (loss) {
            case Loss.CrossEntropy ignored -> layers.softmax();
            case Loss.BinaryCrossEntropy ignored -> layers.sigmoid();
            case Loss.SquaredError ignored -> layers.linear();
            case Loss.AbsoluteError ignored -> layers.linear();
            case Loss.Huber ignored -> layers.linear();
        };
        for (final boolean weighted : new boolean[] {false, true}) {
            if (loss instanceof Loss.CrossEntropy) {
                check(mlp, loss, true, weighted, EXACT);
            }
            check(mlp, loss, false, weighted, EXACT);
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 80);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomNetwork(final int seed) {
        final Mlp mlp = RandomNets.of(seed);
        check(mlp, Loss.of(mlp.head()), seed % 2 == 0 && mlp.head().isClassifier(), seed % 3 == 0, 1e-4);
    }

    /** A batch of one row has a variance of 0: all that batch normalisation gives is its bias. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneRow(final boolean alone) {
        final Mlp mlp = Mlp.inputs(2).dense(3).batchNorm().dense(2).linear();
        final Parameters start = parameters(mlp);
        final TrainingSession session =
                new TrainingSession(start, Optimizer.sgd(1, 0), alone ? 1 : 4, ReferenceKernels.INSTANCE);
        session.backward(1, new float[] {1, 2}, 0, new float[] {0.5f, -1}, 0, null, 0);
        final float[] gradients = session.gradients();
        for (int i = 0; i < 12; i++) {
            assertEquals(0f, Math.abs(gradients[i]), "of the first layer, and of the weights");
        }
        assertTrue(gradients[12] != 0, "of the bias");
    }

    private static Parameters parameters(final Mlp mlp) {
        final float[] values = RandomArrays.floats(21, mlp.parameterCount(), 0.9);
        for (int l = 0; l < mlp.layers().size(); l++) {
            if (mlp.layers().get(l) instanceof BatchNorm norm) { // running statistics, which training must not read
                final int at = mlp.parameterOffset(l);
                Arrays.fill(values, at + 2 * norm.width(), at + 4 * norm.width(), Float.NaN);
            }
        }
        return Parameters.of(mlp, values);
    }

    private static void check(final Mlp mlp, final double tolerance) {
        final double largest = check(mlp, Loss.of(mlp.head()), mlp.head().isClassifier(), false, tolerance);
        assertTrue(largest > 1e-4, "the case has no gradient to speak of, only " + largest);
    }

    /** Gives the largest gradient. */
    private static double check(
            final Mlp mlp, final Loss loss, final boolean labelled, final boolean weighted, final double tolerance) {
        final int outputs = mlp.outputs();
        final Parameters parameters = parameters(mlp);
        final float[] x = RandomArrays.floats(22, SKIPPED + ROWS * mlp.inputs(), 1.5);
        final int[] labels = RandomArrays.ints(23, SKIPPED + ROWS, outputs);
        final float[] targets = RandomArrays.floats(24, SKIPPED + ROWS * outputs, 2);
        float[] weights = null;
        if (weighted) {
            weights = RandomArrays.floats(25, SKIPPED + ROWS, 1);
            for (int i = 0; i < weights.length; i++) {
                weights[i] = i % 4 == 0 ? 0 : weights[i] + 1.25f;
            }
        }
        // Room for more rows than there are, and memory that was used: neither must count.
        final TrainingSession session = TrainingSession.of(parameters)
                .loss(loss)
                .seed(SEED)
                .maxRows(ROWS + 2)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
        final float[] other = RandomArrays.floats(26, (ROWS + 2) * Math.max(mlp.inputs(), outputs), 3);
        session.backward(ROWS + 2, other, 0, other, 0, null, 0);
        final double mean = labelled
                ? session.backward(ROWS, x, SKIPPED, labels, SKIPPED, weights, SKIPPED)
                : session.backward(ROWS, x, SKIPPED, targets, SKIPPED, weights, SKIPPED);
        assertEquals(parameters, session.parameters());

        final float @Nullable [] ownWeights =
                weights == null ? null : Arrays.copyOfRange(weights, SKIPPED, weights.length);
        final DoubleLoss truth = labelled
                ? DoubleLoss.ofLabels(loss, outputs, Arrays.copyOfRange(labels, SKIPPED, labels.length), ownWeights)
                : new DoubleLoss(
                        loss,
                        DoubleNet.rows(Arrays.copyOfRange(targets, SKIPPED, targets.length), outputs),
                        false,
                        ownWeights);
        final DoubleTraining textbook = new DoubleTraining(mlp, ROWS, SEED, 0);
        final double[][] rows = DoubleNet.rows(Arrays.copyOfRange(x, SKIPPED, x.length), mlp.inputs());
        final double[] p = DoubleNet.widened(parameters.toArray());
        final double[][] logits = textbook.logits(p, rows);
        assertEquals(truth.mean(logits), mean, tolerance * Math.max(1, mean));
        final double[] expected = textbook.gradients(p, rows, truth.gradient(logits));
        compare(mlp, "the textbook", differences(textbook, truth, p, rows), expected, 1e-6);
        compare(mlp, "the session", expected, DoubleNet.widened(session.gradients()), tolerance);
        return Arrays.stream(expected).map(Math::abs).max().orElse(0);
    }

    private static double[] differences(
            final DoubleTraining textbook, final DoubleLoss loss, final double[] p, final double[][] rows) {
        final double[] differences = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            final double old = p[i];
            p[i] = old + H;
            final double above = loss.mean(textbook.logits(p, rows));
            p[i] = old - H;
            final double below = loss.mean(textbook.logits(p, rows));
            p[i] = old;
            differences[i] = (above - below) / (2 * H);
        }
        return differences;
    }

    private static void compare(
            final Mlp mlp, final String what, final double[] expected, final double[] actual, final double tolerance) {
        final double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        int at = 0;
        for (int l = 0; l < mlp.layers().size(); l++) {
            for (final Layer.Tensor tensor : mlp.layers().get(l).tensors()) {
                final int to = at + (int) tensor.size();
                compare(what + ", " + tensor.name() + " of layer " + l, expected, actual, at, to, tolerance, largest);
                at = to;
            }
        }
    }

    /** One tensor: the error counts against its largest element, or a tenth of the largest of all. */
    private static void compare(
            final String tensor,
            final double[] expected,
            final double[] actual,
            final int from,
            final int to,
            final double tolerance,
            final double largestOfAll) {
        double largest = largestOfAll / 10;
        double error = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(error <= tolerance * largest, tensor + ": largest error " + error + ", largest gradient " + largest);
    }

    /** All kinds of layers come up among the random networks. */
    @Test
    void randomNetworksHaveAllKindsOfLayers() {
        final List<Class<?>> kinds = new ArrayList<>();
        seeds().forEach(seed -> RandomNets.of(seed).layers().forEach(layer -> kinds.add(layer.getClass())));
        assertEquals(6, kinds.stream().distinct().count());
    }
}
