package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ParametersTest {
    private static final Mlp MLP =
            Mlp.inputs(2).dense(3, Activation.RELU).dense(2).softmax();

    private static float[] counted() {
        final float[] values = new float[MLP.parameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return values;
    }

    @Test
    void weightsAndBiasesByPosition() {
        final Parameters parameters = Parameters.of(MLP, counted());
        assertEquals(17, parameters.toArray().length);
        assertEquals(0, parameters.weight(0, 0, 0));
        assertEquals(5, parameters.weight(0, 1, 2));
        assertEquals(8, parameters.bias(0, 2));
        assertEquals(9, parameters.weight(1, 0, 0));
        assertEquals(12, parameters.weight(1, 1, 1));
        assertEquals(16, parameters.bias(1, 1));
        assertEquals(MLP, parameters.mlp());
        assertEquals("Parameters of 2 → 3 relu → 2 softmax", parameters.toString());
    }

    @Test
    void refusesAWrongNumber() {
        assertEquals(
                "expected 17 parameters for 2 → 3 relu → 2 softmax, got 16",
                assertThrows(IllegalArgumentException.class, () -> Parameters.of(MLP, new float[16]))
                        .getMessage());
    }

    @Test
    void changingArraysChangesNothing() {
        final float[] values = counted();
        final Parameters parameters = Parameters.of(MLP, values);
        values[3] = 99;
        assertArrayEquals(counted(), parameters.toArray());
        parameters.toArray()[3] = 99;
        assertArrayEquals(counted(), parameters.toArray());
        assertEquals(3, parameters.weight(0, 1, 0));
    }

    @Test
    void equalityIsBitForBit() {
        final float[] values = counted();
        values[1] = Float.NaN;
        final Parameters parameters = Parameters.of(MLP, values);
        final Parameters same = Parameters.of(MLP, values);
        assertEquals(parameters, same);
        assertEquals(parameters.hashCode(), same.hashCode());
        values[0] = -0f;
        assertNotEquals(parameters, Parameters.of(MLP, values));
        final Mlp other = Mlp.inputs(2).dense(3, Activation.TANH).dense(2).softmax();
        assertNotEquals(Parameters.of(MLP, counted()), Parameters.of(other, counted()));
    }

    @ParameterizedTest
    @EnumSource
    void randomWeightsFillTheirBounds(final Activation f) {
        final Mlp mlp = Mlp.inputs(60).dense(40, f).linear();
        final Parameters parameters = Parameters.random(mlp, 5);
        final double bound = switch (f) {
            case RELU, LEAKY_RELU, ELU, GELU, GELU_TANH, SILU, SOFTPLUS, HARD_SWISH, RELU6 ->
                Math.sqrt(6.0 / 60); // He et al.
            case SELU -> Math.sqrt(3.0 / 60); // LeCun et al.
            case IDENTITY, SIGMOID, TANH, HARD_SIGMOID -> Math.sqrt(6.0 / 100); // Glorot and Bengio
        };
        float least = 0;
        float most = 0;
        double squares = 0;
        for (int i = 0; i < 60; i++) {
            for (int j = 0; j < 40; j++) {
                final float weight = parameters.weight(0, i, j);
                least = Math.min(least, weight);
                most = Math.max(most, weight);
                squares += (double) weight * weight;
            }
        }
        assertTrue(least >= -(float) bound && most <= (float) bound);
        assertEquals(-bound, least, 0.01 * bound);
        assertEquals(bound, most, 0.01 * bound);
        assertEquals(bound * bound / 3, squares / 2400, 0.05 * bound * bound);
        for (int j = 0; j < 40; j++) {
            assertEquals(0f, parameters.bias(0, j));
        }
    }

    @Test
    void randomWeightsAreAddressedByLayerAndElement() {
        final Parameters parameters = Parameters.random(MLP, -3);
        final float bound = (float) Math.sqrt(6.0 / 5);
        assertEquals(
                Math.fma(2 * bound, Philox.uniform(-3, Purpose.WEIGHTS, 1, 5), -bound), parameters.weight(1, 2, 1));
    }

    @Test
    void theSeedDecides() {
        assertEquals(Parameters.random(MLP, 1), Parameters.random(MLP, 1));
        assertNotEquals(Parameters.random(MLP, 1), Parameters.random(MLP, 2));
        assertNotEquals(Parameters.random(MLP, 1), Parameters.random(MLP, 1 + (1L << 32)));
    }

    @Test
    void randomWeightsAreThoseThatModelsStartedFrom() {
        final Mlp mlp = Mlp.inputs(20)
                .dense(33, Activation.RELU)
                .dense(17, Activation.TANH)
                .dense(5)
                .softmax();
        assertEquals(-1579885205, Arrays.hashCode(Parameters.random(mlp, 2026).toArray()));
    }
}
