package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class InitializationTest {
    private static final int INPUTS = 300;
    private static final int OUTPUTS = 500;

    /** Of a layer of 300 inputs and 500 outputs, without an activation. */
    private static double variance(final Initialization initialization) {
        return switch (initialization) {
            case HE_UNIFORM, HE_NORMAL -> 1 / 150.0;
            case AUTO, GLOROT_UNIFORM, GLOROT_NORMAL -> 1 / 400.0;
            case LECUN_UNIFORM, LECUN_NORMAL -> 1 / 300.0;
        };
    }

    private static boolean isNormal(final Initialization initialization) {
        return Names.of(initialization).endsWith("-normal");
    }

    @ParameterizedTest
    @EnumSource
    void meanVarianceAndRange(final Initialization initialization) {
        final Mlp mlp = Mlp.inputs(INPUTS).dense(OUTPUTS).linear();
        final int n = INPUTS * OUTPUTS;
        final float[] values = Parameters.random(mlp, 11, initialization).toArray();
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        double largest = 0;
        for (int e = 0; e < n; e++) {
            final double square = (double) values[e] * values[e];
            sum += values[e];
            squares += square;
            fourths += square * square;
            largest = Math.max(largest, Math.abs(values[e]));
        }
        final double variance = variance(initialization);
        final double deviation = Math.sqrt(variance);
        assertEquals(0, sum / n, 4 * deviation / Math.sqrt(n));
        // The variance of a square is 2 σ⁴ of normal numbers, 0.8 σ⁴ of uniform ones.
        final double ofSquare = isNormal(initialization) ? 2 : 0.8;
        assertEquals(variance, squares / n, 4 * variance * Math.sqrt(ofSquare / n));
        final double kurtosis = fourths / n / (variance * variance);
        if (isNormal(initialization)) {
            assertEquals(3, kurtosis, 0.1);
            assertTrue(largest > 4 * deviation && largest < 6.7 * deviation, "not cut off: " + largest / deviation);
        } else {
            assertEquals(1.8, kurtosis, 0.02);
            assertEquals(Math.sqrt(3) * deviation, largest, 1e-3 * deviation);
            assertTrue(largest <= (float) (Math.sqrt(3) * deviation));
        }
        for (int j = 0; j < OUTPUTS; j++) {
            assertEquals(0f, values[n + j]);
        }
    }

    /** Two-sided: how many of the weights are within one and two standard deviations. */
    @Test
    void normalWeightsAreDistributedSo() {
        final Mlp mlp = Mlp.inputs(INPUTS).dense(OUTPUTS).linear();
        final float[] values =
                Parameters.random(mlp, 12, Initialization.LECUN_NORMAL).toArray();
        final int n = INPUTS * OUTPUTS;
        int one = 0;
        int two = 0;
        int positive = 0;
        for (int e = 0; e < n; e++) {
            final double z = values[e] * Math.sqrt(INPUTS);
            one += Math.abs(z) < 1 ? 1 : 0;
            two += Math.abs(z) < 2 ? 1 : 0;
            positive += z > 0 ? 1 : 0;
        }
        assertEquals(0.682689, (double) one / n, 0.005);
        assertEquals(0.954500, (double) two / n, 0.0025);
        assertEquals(0.5, (double) positive / n, 0.005);
    }

    @ParameterizedTest
    @EnumSource
    void otherLayersChangeNothing(final Initialization initialization) {
        final Mlp narrow = Mlp.inputs(3).dense(7).dense(5, Activation.RELU).linear();
        final Mlp other = Mlp.inputs(90)
                .dense(7, Activation.SELU)
                .dense(5, Activation.RELU)
                .layerNorm()
                .dense(8)
                .softmax();
        final Parameters expected = Parameters.random(narrow, 4, initialization);
        final Parameters actual = Parameters.random(other, 4, initialization);
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 5; j++) {
                assertEquals(expected.weight(1, i, j), actual.weight(1, i, j));
            }
        }
        assertNotEquals(
                expected.weight(1, 0, 0),
                Parameters.random(narrow, 5, initialization).weight(1, 0, 0));
        assertNotEquals(actual.weight(0, 0, 0), actual.weight(1, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void autoIsWhatTheActivationAsksFor(final Activation f) {
        final Initialization expected = switch (f) {
            case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SWISH, RELU6 -> Initialization.HE_UNIFORM;
            case SELU -> Initialization.LECUN_UNIFORM;
            case IDENTITY, SIGMOID, TANH, HARD_SIGMOID -> Initialization.GLOROT_UNIFORM;
        };
        final Mlp mlp = Mlp.inputs(9).dense(6, f).linear();
        assertEquals(Parameters.random(mlp, 3, expected), Parameters.random(mlp, 3, Initialization.AUTO));
        assertEquals(Parameters.random(mlp, 3, expected), Parameters.random(mlp, 3));
    }

    @Test
    void normalWeightsAreAddressedByLayerAndElement() {
        final Mlp mlp = Mlp.inputs(2).layerNorm().dense(3).linear();
        final Parameters parameters = Parameters.random(mlp, -3, Initialization.GLOROT_NORMAL);
        final double z = Philox.normal(-3, Purpose.WEIGHTS, 1, 5);
        assertEquals((float) (Math.sqrt(0.4) * z), parameters.weight(1, 1, 2));
    }

    @Test
    void weightsAreThoseThatModelsStartedFrom() {
        final Mlp mlp = Mlp.inputs(20)
                .dense(33, Activation.RELU)
                .dense(17, Activation.TANH)
                .dense(5)
                .softmax();
        final Map<Initialization, Integer> hashes = new EnumMap<>(Initialization.class);
        for (final Initialization initialization : Initialization.values()) {
            hashes.put(
                    initialization,
                    Arrays.hashCode(Parameters.random(mlp, 2026, initialization).toArray()));
        }
        assertEquals(
                Map.of(
                        Initialization.AUTO, -1579885205,
                        Initialization.HE_UNIFORM, -1603538206,
                        Initialization.HE_NORMAL, -1848743944,
                        Initialization.GLOROT_UNIFORM, -123461094,
                        Initialization.GLOROT_NORMAL, 1150084549,
                        Initialization.LECUN_UNIFORM, -1562015920,
                        Initialization.LECUN_NORMAL, 551278761),
                hashes);
    }

    @Test
    void writtenForms() {
        assertEquals(
                List.of(
                        "auto",
                        "he-uniform",
                        "he-normal",
                        "glorot-uniform",
                        "glorot-normal",
                        "lecun-uniform",
                        "lecun-normal"),
                Names.all(Initialization.class));
        assertEquals(Initialization.HE_NORMAL, Names.parse(Initialization.class, "he-normal"));
    }
}
