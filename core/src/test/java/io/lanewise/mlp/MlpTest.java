package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Activation;
import java.util.ArrayList;
import java.util.Collections;
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
        assertEquals(20, ((Dense) MLP.layers().get(1)).weights());
        assertEquals(25, MLP.layers().get(1).parameterCount());
        assertEquals(7, Mlp.inputs(9).dense(7).dense(2).linear().widest());
    }

    @Test
    void parametersLieLayerByLayerWeightsFirst() {
        assertEquals(0, MLP.parameterOffset(0));
        assertEquals(12, MLP.biasOffset(0));
        assertEquals(16, MLP.parameterOffset(1));
        assertEquals(36, MLP.biasOffset(1));
        assertEquals(41, MLP.parameterOffset(2));
        assertEquals(51, MLP.biasOffset(2));
        assertEquals(53, MLP.parameterCount());
    }

    @Test
    void isReadable() {
        assertEquals("3 → 4 leaky-relu → 5 → 2 tanh softmax", MLP.toString());
        assertEquals("1 → 1 linear", Mlp.inputs(1).dense(1).linear().toString());
        assertEquals("4 → 3, without a head yet", Mlp.inputs(4).dense(3).toString());
        assertEquals("4, without a head yet", Mlp.inputs(4).toString());
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
        final List<Layer> layers = new ArrayList<>(List.of(new Dense(2, 2, Activation.RELU)));
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
        final List<Layer> gap = List.of(new Dense(2, 3, Activation.RELU), new Dense(4, 1, Activation.RELU));
        refused("layer 1 takes 4 inputs, but layer 0 gives 3", () -> new Mlp(gap, Head.LINEAR));
    }

    @Test
    void otherLayers() {
        final Mlp mlp = Mlp.inputs(3)
                .dense(4)
                .batchNorm()
                .activation(Activation.RELU)
                .dropout(0.5f)
                .residual(block -> block.layerNorm().dense(8, Activation.TANH).dense(4))
                .dense(3)
                .logSoftmax();
        assertEquals(
                "3 → 4 batch-norm relu dropout 0.5 layer-norm → 8 tanh → 4 + layer 3 → 3 log-softmax", mlp.toString());
        assertEquals(new Add(4, 3), mlp.layers().get(7));
        assertEquals(12 + 4, mlp.parameterOffset(1));
        assertEquals(16 + 4 * 4, mlp.parameterOffset(4));
        assertEquals(32 + 4, mlp.biasOffset(4));
        assertEquals(40 + 32 + 8 + 32 + 4 + 12 + 3, mlp.parameterCount());
        for (final Layer layer : mlp.layers()) {
            assertEquals(
                    layer.parameterCount(),
                    layer.tensors().stream().mapToLong(Layer.Tensor::size).sum());
        }
        assertEquals(
                "2 → 2 + input sigmoid",
                Mlp.inputs(2).residual(block -> block.dense(2)).sigmoid().toString());
    }

    @Test
    void refusalsOfOtherLayers() {
        refused(
                "expected a residual block that gives the 4 values that it takes, got 5",
                () -> Mlp.inputs(3).dense(4).residual(block -> block.dense(5)));
        refused(
                "layer 1 adds 3 values to 4",
                () -> new Mlp(List.of(new Dense(3, 4, Activation.RELU), new Add(4, Add.INPUT)), Head.LINEAR));
        refused(
                "layer 1 adds what layer 1 gives, which is not an earlier one",
                () -> new Mlp(List.of(new Dense(3, 4, Activation.RELU), new Add(4, 1)), Head.LINEAR));
        refused("expected an earlier layer or -1, got -2", () -> new Add(4, -2));
        refused(
                "a network needs at least one dense layer",
                () -> Mlp.inputs(3).layerNorm().linear());
        refused(
                "softmax needs at least 2 outputs, got 1",
                () -> Mlp.inputs(3).dense(1).logSoftmax());
        refused("expected a dropout rate from 0 to less than 1, got 1.0", () -> new Dropout(3, 1f));
        refused("expected an epsilon from 0 on, got NaN", () -> new LayerNorm(3, Float.NaN));
        refused("expected an epsilon from 0 on, got -1.0", () -> new BatchNorm(3, -1f));
        refused(
                "layer 3 has no bias: Dropout[width=4, rate=0.1]",
                () -> Mlp.inputs(2)
                        .dense(4)
                        .dense(4)
                        .dense(4)
                        .dropout(0.1f)
                        .linear()
                        .biasOffset(3));
    }

    @Test
    void refusesMoreLayersThanAnyNetworkHas() {
        final List<Layer> layers =
                new ArrayList<>(Collections.nCopies(Mlp.MAX_LAYERS, new Dense(1, 1, Activation.RELU)));
        assertEquals(10_000, new Mlp(layers, Head.LINEAR).layers().size());
        layers.add(new Dropout(1, 0.1f));
        refused("expected at most 10000 layers, got 10001", () -> new Mlp(layers, Head.LINEAR));
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
