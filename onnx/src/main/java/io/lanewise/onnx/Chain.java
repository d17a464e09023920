package io.lanewise.onnx;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts steps in a row, each of which takes what the one before gives, and rounds their parameters, once. */
final class Chain {
    private final Deque<Step.Layer> steps = new ArrayDeque<>();
    private final Set<Integer> added = new HashSet<>(); // numbers of steps that additions see
    private final Map<Integer, Integer> places = new HashMap<>(); // of layers, by numbers of steps
    private final List<Layer> layers = new ArrayList<>();
    private final Head head;

    private Chain(final Rows last) {
        Step step = last.step();
        final Head given = last.head();
        if (given == null && step instanceof Step.Activate activate && activate.activation() == Activation.SIGMOID) {
            step = activate.x();
            head = Head.SIGMOID;
        } else {
            head = given == null ? Head.LINEAR : given;
        }
        while (step instanceof Step.Layer layer) {
            steps.addFirst(layer);
            if (layer instanceof Step.Add add) {
                added.add(add.other().number());
            }
            step = layer.x();
        }
        places.put(step.number(), Add.INPUT);
    }

    /** The model of an output, whose last rows are known. */
    static Model model(final Symbol output, final Rows last) {
        final Chain chain = new Chain(last);
        final List<Step.Layer> all = List.copyOf(chain.steps);
        final List<Step.Layer> kept = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            final boolean fused = chain.add(all.get(i), i + 1 < all.size() ? all.get(i + 1) : null);
            kept.add(all.get(i));
            i += fused ? 1 : 0;
        }
        final Mlp mlp;
        try {
            mlp = new Mlp(chain.layers, chain.head);
        } catch (final IllegalArgumentException e) {
            throw output.refusal("expected a multi-layer perceptron: " + e.getMessage());
        }
        return Model.of(parameters(mlp, kept));
    }

    /** Adds a layer; returns whether the next step became part of it. */
    private boolean add(final Step.Layer step, final Step.@Nullable Layer next) {
        final int place = layers.size();
        places.put(step.number(), place);
        switch (step) {
            case Step.Dense dense -> {
                final Step.@Nullable Activate fused =
                        next instanceof Step.Activate f && !added.contains(dense.number()) ? f : null;
                final Activation activation = fused == null ? Activation.IDENTITY : fused.activation();
                layers.add(layer(() -> new Dense(dense.x().width(), dense.width(), activation)));
                if (fused != null) {
                    places.put(fused.number(), place);
                }
                return fused != null;
            }
            case Step.Activate f -> layers.add(new ActivationLayer(f.width(), f.activation()));
            case Step.LayerNorm norm -> layers.add(layer(() -> new LayerNorm(norm.width(), (float) norm.epsilon())));
            case Step.BatchNorm norm -> layers.add(layer(() -> new BatchNorm(norm.width(), (float) norm.epsilon())));
            case Step.Add add -> layers.add(new Add(add.width(), from(add)));
        }
        return false;
    }

    private int from(final Step.Add add) {
        final Integer from = places.get(add.other().number());
        if (from == null) {
            final String reason = "expected a residual addition, of what a layer gives and what is computed from that,"
                    + " got a sum of two branches";
            throw add.symbol() == null ? new Refusal(reason) : add.symbol().refusal(reason);
        }
        return from;
    }

    /** Makes a layer that checks its sizes. */
    private interface Maker {
        Layer make();
    }

    private static Layer layer(final Maker maker) {
        try {
            return maker.make();
        } catch (final IllegalArgumentException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
    }

    private static Parameters parameters(final Mlp mlp, final List<Step.Layer> steps) {
        final float[] values = new float[mlp.parameterCount()];
        int offset = 0;
        for (final Step.Layer step : steps) {
            for (final double[] tensor : tensors(step)) {
                for (final double value : tensor) {
                    values[offset++] = (float) value;
                }
            }
        }
        return Parameters.of(mlp, values);
    }

    private static List<double[]> tensors(final Step.Layer step) {
        return switch (step) {
            case Step.Dense dense -> List.of(dense.weight(), dense.bias());
            case Step.LayerNorm norm -> List.of(norm.weight(), norm.bias());
            case Step.BatchNorm norm -> List.of(norm.weight(), norm.bias(), norm.mean(), norm.variance());
            case Step.Activate ignored -> List.of();
            case Step.Add ignored -> List.of();
        };
    }
}
