package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.DoubleNet;
import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients against central differences of the textbook network in {@code double}.
 *
 * <p>A gradient is read off one step of plain SGD: {@code p' = p − η g}. With η a large power of two the product is
 * exact and p hardly counts, so {@code (p − p') / η} is g to almost the last bit.
 */
final class GradientTest {
    private static final float LEARNING_RATE = 0x1p20f;
    private static final double H = 1e-6;
    private static final int INPUTS = 4;
    private static final int ROWS = 7;
    private static final int SKIPPED = 3; // elements before the first row

    static Stream<Arguments> activations() {
        return Stream.of(Activation.values())
                .flatMap(hidden ->
                        Stream.of(Activation.IDENTITY, hidden).distinct().map(last -> Arguments.of(hidden, last)));
    }

    private static Mlp.Builder layers(final Activation hidden, final Activation last) {
        return Mlp.inputs(INPUTS).dense(6, hidden).dense(5, hidden).dense(3, last);
    }

    private static Parameters parameters(final Mlp mlp) {
        return Parameters.of(mlp, RandomArrays.floats(21, mlp.parameterCount(), 0.9));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void crossEntropy(final Activation hidden, final Activation last) {
        final Mlp mlp = layers(hidden, last).softmax();
        final Parameters before = parameters(mlp);
        final float[] x = RandomArrays.floats(22, SKIPPED + ROWS * INPUTS, 1.5);
        final int[] labels = RandomArrays.ints(23, SKIPPED + ROWS, 3);
        final TrainingSession session = session(before);
        final double loss = session.step(ROWS, x, SKIPPED, labels, SKIPPED);
        final double[][] rows = DoubleNet.rows(Arrays.copyOfRange(x, SKIPPED, x.length), INPUTS);
        final int[] classes = Arrays.copyOfRange(labels, SKIPPED, labels.length);
        compare(before, session, loss, p -> DoubleNet.crossEntropy(mlp, p, rows, classes));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void squaredError(final Activation hidden, final Activation last) {
        final Mlp mlp = layers(hidden, last).linear();
        final Parameters before = parameters(mlp);
        final float[] x = RandomArrays.floats(22, SKIPPED + ROWS * INPUTS, 1.5);
        final float[] targets = RandomArrays.floats(24, SKIPPED + ROWS * 3, 2);
        final TrainingSession session = session(before);
        final double loss = session.step(ROWS, x, SKIPPED, targets, SKIPPED);
        final double[][] rows = DoubleNet.rows(Arrays.copyOfRange(x, SKIPPED, x.length), INPUTS);
        final double[][] truth = DoubleNet.rows(Arrays.copyOfRange(targets, SKIPPED, targets.length), 3);
        compare(before, session, loss, p -> DoubleNet.squaredError(mlp, p, rows, truth));
    }

    /** Room for more rows than there are: what lies behind them must not count. */
    private static TrainingSession session(final Parameters parameters) {
        return new TrainingSession(
                parameters, new Optimizer.Sgd(LEARNING_RATE, 0, 0), ROWS + 2, ReferenceKernels.INSTANCE);
    }

    private static void compare(
            final Parameters before,
            final TrainingSession session,
            final double loss,
            final ToDoubleFunction<double[]> expectedLoss) {
        final double[] p = DoubleNet.widened(before.toArray());
        final double[] after = DoubleNet.widened(session.parameters().toArray());
        assertEquals(expectedLoss.applyAsDouble(p), loss, 1e-6);
        final double[] expected = new double[p.length];
        final double[] actual = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            final double old = p[i];
            actual[i] = (old - after[i]) / LEARNING_RATE;
            p[i] = old + H;
            final double above = expectedLoss.applyAsDouble(p);
            p[i] = old - H;
            final double below = expectedLoss.applyAsDouble(p);
            p[i] = old;
            expected[i] = (above - below) / (2 * H);
        }
        final Mlp mlp = before.mlp();
        for (int layer = 0; layer < mlp.layers().size(); layer++) {
            final Dense dense = (Dense) mlp.layers().get(layer);
            final int weights = mlp.parameterOffset(layer);
            final int bias = mlp.biasOffset(layer);
            compare("weights of layer " + layer, expected, actual, weights, bias);
            compare("bias of layer " + layer, expected, actual, bias, bias + dense.outputs());
        }
    }

    /** One tensor: the error counts against its largest element. */
    private static void compare(
            final String tensor, final double[] expected, final double[] actual, final int from, final int to) {
        double largest = 0;
        double error = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            error = Math.max(error, Math.abs(expected[i] - actual[i]));
        }
        assertTrue(largest > 1e-4, tensor + ": the case has no gradient to speak of");
        assertTrue(error <= 2e-6 * largest, tensor + ": largest error " + error + ", largest gradient " + largest);
    }
}
