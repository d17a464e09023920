package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Activation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MlpTest {
    private static final Mlp MLP = Mlp.inputs(3)
            .dense(4, Activation.LEAKY_RELU)
            .dense(5)
            .dense(2, Activation.TANH)
            .softmax();

    private static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void sizes() {
        assertEquals(3, MLP.inputs());
        assertEquals(2, MLP.outputs());
        assertEquals(5, MLP.widest());
        assertEquals(Head.SOFTMAX, MLP.head());
        assertEquals(new Dense(4, 5, Activation.IDENTITY), MLP.layers().get(1));
        assertEquals(20, MLP.layers().get(1).weights());
        assertEquals(7, Mlp.inputs(9).dense(7).dense(2).linear().widest());
    }

    @Test
    void parametersLieLayerByLayerWeightsFirst() {
        assertEquals(0, MLP.weightOffset(0));
        assertEquals(12, MLP.biasOffset(0));
        assertEquals(16, MLP.weightOffset(1));
        assertEquals(36, MLP.biasOffset(1));
        assertEquals(41, MLP.weightOffset(2));
        assertEquals(51, MLP.biasOffset(2));
        assertEquals(53, MLP.parameterCount());
    }

    @Test
    void isReadable() {
        assertEquals("3 → 4 leaky-relu → 5 → 2 tanh softmax", MLP.toString());
        assertEquals("1 → 1 linear", Mlp.inputs(1).dense(1).linear().toString());
    }

    @Test
    void equality() {
        final Mlp same = new Mlp(MLP.layers(), Head.SOFTMAX);
        assertEquals(MLP, same);
        assertEquals(MLP.hashCode(), same.hashCode());
        assertNotEquals(MLP, new Mlp(MLP.layers(), Head.LINEAR));
        assertNotEquals(MLP, new Mlp(MLP.layers().subList(0, 2), Head.SOFTMAX));
    }

    @Test
    void layersAreCopied() {
        final List<Dense> layers = new ArrayList<>(List.of(new Dense(2, 2, Activation.RELU)));
        final Mlp mlp = new Mlp(layers, Head.LINEAR);
        layers.add(new Dense(2, 7, Activation.RELU));
        assertEquals(2, mlp.outputs());
        assertThrows(UnsupportedOperationException.class, () -> mlp.layers().clear());
        final Mlp.Builder builder = Mlp.inputs(2).dense(3);
        final Mlp before = builder.linear();
        builder.dense(9);
        assertEquals(3, before.outputs());
    }

    @Test
    void refusals() {
        refused("a network needs at least one dense layer", () -> Mlp.inputs(3).linear());
        refused("expected 1 to 1048576 inputs, got 0", () -> Mlp.inputs(0).dense(1));
        refused("expected 1 to 1048576 inputs, got -3", () -> Mlp.inputs(-3).dense(1));
        refused("expected 1 to 1048576 outputs, got 0", () -> Mlp.inputs(1).dense(0));
        refused(
                "expected 1 to 1048576 outputs, got 1048577",
                () -> Mlp.inputs(1).dense(Dense.MAX_WIDTH + 1));
        refused(
                "softmax needs at least 2 outputs, got 1",
                () -> Mlp.inputs(3).dense(1).softmax());
        final List<Dense> gap = List.of(new Dense(2, 3, Activation.RELU), new Dense(4, 1, Activation.RELU));
        refused("layer 1 takes 4 inputs, but layer 0 gives 3", () -> new Mlp(gap, Head.LINEAR));
    }

    @Test
    void refusesMoreParametersThanAnArrayHolds() {
        refused(
                "expected at most 2147483631 parameters, got 1099512676352",
                () -> Mlp.inputs(1 << 20).dense(1 << 20).linear());
        // 2^31 weights fit into an int only by wrapping around.
        refused(
                "expected at most 2147483631 parameters, got 2147516416",
                () -> Mlp.inputs(1 << 16).dense(1 << 15).linear());
    }
}
