package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.inference.WarmUp;
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
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks give the bits of the scalar reference, in any batch, at any position, on any number of threads. */
@Tag("vector")
final class InferenceBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int INPUTS = 29;
    private static final int ROWS = 300;

    static List<Mlp> nets() {
        return List.of(
                Mlp.inputs(INPUTS)
                        .dense(64, Activation.RELU)
                        .dense(33, Activation.TANH)
                        .dense(10)
                        .softmax(),
                Mlp.inputs(INPUTS)
                        .dense(47)
                        .batchNorm()
                        .activation(Activation.RELU)
                        .dense(17)
                        .logSoftmax(),
                Mlp.inputs(INPUTS)
                        .layerNorm()
                        .dense(48, Activation.SIGMOID)
                        .layerNorm()
                        .dense(1)
                        .sigmoid(),
                Mlp.inputs(INPUTS)
                        .dense(40)
                        .residual(block ->
                                block.layerNorm().dense(70, Activation.RELU).dense(40))
                        .residual(block -> block.dense(40, Activation.RELU).batchNorm())
                        .activation(Activation.TANH)
                        .dense(3)
                        .linear(),
                Mlp.inputs(INPUTS)
                        .dense(700, Activation.RELU)
                        .dense(300, Activation.RELU)
                        .dense(2)
                        .softmax());
    }

    /** Parameters of which none is a constant: biases, means and weights of normalisations too; variances positive. */
    private static Model model(final Mlp mlp) {
        final float[] values = Parameters.random(mlp, 5).toArray();
        final SplittableRandom random = new SplittableRandom(6);
        for (int i = 0; i < mlp.layers().size(); i++) {
            final int at = mlp.parameterOffset(i);
            final int n = mlp.layers().get(i).outputs();
            switch (mlp.layers().get(i)) {
                case Dense dense -> fill(random, values, at + (int) dense.weights(), n, -0.5);
                case LayerNorm ignored -> fill(random, values, at, 2 * n, -0.5);
                case BatchNorm ignored -> {
                    fill(random, values, at, 3 * n, -0.5);
                    fill(random, values, at + 3 * n, n, 0.1);
                }
                default -> {}
            }
        }
        return Model.of(Parameters.of(mlp, values));
    }

    private static void fill(
            final SplittableRandom random, final float[] values, final int from, final int n, final double least) {
        for (int i = from; i < from + n; i++) {
            values[i] = (float) (least + random.nextDouble());
        }
    }

    /** Networks at random: any kinds of layers in any order, odd widths, additions from any layer before. */
    static Stream<Mlp> randomNets() {
        return IntStream.range(0, 60).mapToObj(InferenceBitsTest::randomNet);
    }

    private static Mlp randomNet(final int seed) {
        final SplittableRandom random = new SplittableRandom(seed);
        final int[] widths = {1, 2, 7, 10, 16, 33, 37, 70, 129};
        final List<Layer> layers = new ArrayList<>();
        int width = INPUTS;
        for (int i = 0; i < 2 + seed % 9; i++) {
            final Activation f = List.of(Activation.values()).get(random.nextInt(Activation.values().length));
            switch (random.nextInt(8)) {
                case 0 -> layers.add(new LayerNorm(width, 1e-5f));
                case 1 -> layers.add(new BatchNorm(width, 1e-5f));
                case 2 -> layers.add(new ActivationLayer(width, f));
                case 3 -> layers.add(new Dropout(width, 0.5f));
                case 4 -> layers.add(new Add(width, sameWidth(layers, width, random)));
                default -> {
                    final int outputs = widths[random.nextInt(widths.length)];
                    layers.add(new Dense(width, outputs, random.nextBoolean() ? f : Activation.IDENTITY));
                    width = outputs;
                }
            }
        }
        layers.add(new Dense(width, 1 + seed % 12, Activation.IDENTITY));
        final Head head = List.of(Head.values()).get(random.nextInt(Head.values().length));
        return new Mlp(layers, head.isClassifier() && seed % 12 == 0 ? Head.LINEAR : head);
    }

    /** The last layer, or an earlier one of the same width. */
    private static int sameWidth(final List<Layer> layers, final int width, final SplittableRandom random) {
        for (int tries = 0; tries < 5 && !layers.isEmpty(); tries++) {
            final int from = random.nextInt(layers.size() + 1) - 1;
            if ((from == Add.INPUT ? INPUTS : layers.get(from).outputs()) == width) {
                return from;
            }
        }
        return layers.size() - 1;
    }

    @ParameterizedTest
    @MethodSource("randomNets")
    void randomNetworksAgree(final Mlp mlp) {
        final SplittableRandom random = new SplittableRandom(mlp.hashCode());
        final float[] x = random.nextBoolean() ? Bits.random(random, 70 * INPUTS) : Bits.special(random, 70 * INPUTS);
        final Model model = model(mlp)
                .withStandardization(Standardization.of(Bits.random(random, INPUTS), Bits.random(random, INPUTS)));
        final float[] expected = new float[70 * mlp.outputs()];
        Predictor.of(model, SCALAR).session(70).run(70, x, 0, expected, 0);
        final Predictor predictor = Predictor.of(model, SIMD);
        for (final int batch : new int[] {1, 7, 70}) {
            final InferenceSession session = predictor.session(batch);
            final float[] actual = Bits.filled(expected.length, Float.NaN);
            for (int row = 0; row < 70; row += batch) {
                session.run(batch, x, row * INPUTS, actual, row * mlp.outputs());
            }
            Bits.assertSame(expected, actual, mlp + ", batches of " + batch);
        }
    }

    @ParameterizedTest
    @MethodSource("nets")
    void bitsAreThoseOfTheReference(final Mlp mlp) {
        final float[] x = Bits.random(new SplittableRandom(7), ROWS * INPUTS);
        final float[] expected = new float[ROWS * mlp.outputs()];
        Predictor.of(model(mlp), SCALAR).session(ROWS).run(ROWS, x, 0, expected, 0);
        final Predictor predictor = Predictor.of(model(mlp), SIMD);
        for (final int batch : new int[] {1, 2, 3, 5, 8, 12, 13, 31, 64, 150, ROWS}) {
            final InferenceSession session = predictor.session(batch);
            final float[] actual = Bits.filled(expected.length, Float.NaN);
            for (int row = 0; row < ROWS; row += batch) {
                session.run(Math.min(batch, ROWS - row), x, row * INPUTS, actual, row * mlp.outputs());
            }
            Bits.assertSame(expected, actual, mlp + ", batches of " + batch);
        }
        for (final int threads : new int[] {2, 3, 7}) {
            try (ThreadTeam team = ThreadTeam.of(threads)) {
                final float[] actual = Bits.filled(expected.length, Float.NaN);
                predictor.session(ROWS, team).run(ROWS, x, 0, actual, 0);
                Bits.assertSame(expected, actual, mlp + ", " + threads + " threads");
            }
        }
    }

    @Test
    void aNaNStaysInItsRow() {
        final Mlp mlp = nets().getFirst();
        final float[] x = Bits.random(new SplittableRandom(9), ROWS * INPUTS);
        final InferenceSession session = Predictor.of(model(mlp), SIMD).session(ROWS);
        final float[] clean = new float[ROWS * 10];
        session.run(ROWS, x, 0, clean, 0);
        x[17 * INPUTS + 3] = Float.NaN;
        final float[] y = new float[ROWS * 10];
        session.run(ROWS, x, 0, y, 0);
        for (int j = 0; j < 10; j++) {
            assertTrue(Float.isNaN(y[170 + j]), "the row itself");
        }
        Arrays.fill(y, 170, 180, 0f);
        Arrays.fill(clean, 170, 180, 0f);
        Bits.assertSame(clean, y, "the other rows");
    }

    @Test
    void warmUpEndsInCompiledCode() {
        final InferenceSession session =
                Predictor.of(model(nets().getFirst()), SIMD).session(16);
        final WarmUp warmUp = session.warmUp();
        assertTrue(warmUp.isCompiled(), warmUp.toString());
        assertTrue(warmUp.lastNanos() < warmUp.firstNanos(), warmUp.toString());
    }
}
