package io.lanewise.inference;

import io.lanewise.inference.Plan.Node;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the layers of a model into as few operations as can be. Dropout goes; an activation behind a dense layer becomes
 * part of it, which changes no bit.
 *
 * <p>So does a batch normalisation, {@code y = x · scale + shift} with {@code scale = weight / √(running variance + ε)}
 * and {@code shift = bias − running mean · scale}: behind a dense layer without an activation, or else before a dense
 * layer. With W, b of the layer, in {@code double} and rounded once at the end, behind: {@code W[i,j] · scale[j]} and
 * {@code b[j] · scale[j] + shift[j]}; before: {@code scale[i] · W[i,j]} and b[j], to which shift[i] · W[i,j] is added for
 * ascending i. Nothing is folded whose result a residual connection reads.
 */
final class Planner {
    private final Mlp mlp;
    private final Kernels kernels;
    private final float[] parameters;
    private final boolean[] added; // whether a layer's output is added elsewhere
    private final List<Node> nodes = new ArrayList<>();
    private final int[] offsets; // of each layer's parameters
    private final boolean[] denseNext; // whether a layer's output goes to a dense layer, dropout aside
    private final int[] nodeOf; // the node that gives what a layer gives
    private @Nullable Folded dense; // the dense layer that the last node is to be
    private @Nullable Scaling before; // a batch normalisation that the next layer, a dense one, takes in

    private Planner(final Model model, final Kernels kernels) {
        this.mlp = model.mlp();
        this.kernels = kernels;
        this.parameters = model.parameters().toArray();
        this.added = new boolean[mlp.layers().size()];
        this.nodeOf = new int[mlp.layers().size()];
        final int count = mlp.layers().size();
        this.offsets = new int[count];
        this.denseNext = new boolean[count];
        int offset = 0;
        for (int i = 0; i < count; i++) {
            final Layer layer = mlp.layers().get(i);
            offsets[i] = offset;
            offset += (int) layer.parameterCount();
            if (layer instanceof Add add && add.from() != Add.INPUT) {
                added[add.from()] = true;
            }
        }
        for (int i = count - 2; i >= 0; i--) {
            final Layer next = mlp.layers().get(i + 1);
            denseNext[i] = next instanceof Dense || (next instanceof Dropout && !added[i + 1] && denseNext[i + 1]);
        }
    }

    static Plan plan(final Model model, final Kernels kernels) {
        return new Planner(model, kernels).all(model);
    }

    private Plan all(final Model model) {
        model.standardization()
                .ifPresent(s -> add(new Operation.Standardize(mlp.inputs(), s.mean(), s.scale()), Plan.INPUT));
        final int input = last();
        for (int i = 0; i < mlp.layers().size(); i++) {
            switch (mlp.layers().get(i)) {
                case Dense layer -> dense(i, layer);
                case BatchNorm norm -> batchNorm(i, norm);
                case ActivationLayer layer -> activation(layer);
                case LayerNorm norm ->
                    add(new Operation.Normalize(norm.width(), parameters, offsets[i], norm.epsilon()), last());
                case Dropout ignored -> {}
                case Add layer ->
                    add(
                            new Operation.Sum(layer.width()),
                            last(),
                            layer.from() == Add.INPUT ? input : nodeOf[layer.from()]);
            }
            if (added[i]) {
                finishDense();
            }
            nodeOf[i] = last();
        }
        finishDense();
        return Plan.of(nodes);
    }

    /** The node whose rows the next layer takes. */
    private int last() {
        return dense == null ? nodes.size() - 1 : nodes.size(); // that of the dense layer at hand is to come
    }

    private void add(final Operation operation, final int source) {
        add(operation, source, Plan.INPUT);
    }

    private void add(final Operation operation, final int source, final int other) {
        finishDense();
        nodes.add(new Node(operation, source, other));
    }

    private void dense(final int i, final Dense layer) {
        finishDense();
        dense = new Folded(layer, parameters, offsets[i]);
        if (before != null) {
            dense.foldBefore(before);
            before = null;
        }
    }

    private void batchNorm(final int i, final BatchNorm norm) {
        final Scaling scaling = Scaling.of(norm, parameters, offsets[i]);
        if (dense != null && dense.activation == Activation.IDENTITY) {
            dense.foldBehind(scaling);
        } else if (!added[i] && denseNext[i]) {
            before = scaling;
        } else {
            add(new Operation.Affine(norm.width(), scaling.scaleToFloat(), scaling.shiftToFloat()), last());
        }
    }

    private void activation(final ActivationLayer layer) {
        if (layer.activation() == Activation.IDENTITY) {
            return;
        }
        if (dense != null && dense.activation == Activation.IDENTITY) {
            dense.activation = layer.activation();
        } else {
            add(new Operation.Activate(layer.width(), layer.activation()), last());
        }
    }

    /** Packs the dense layer at hand: nothing more is folded into it. */
    private void finishDense() {
        final Folded layer = dense;
        if (layer != null) {
            dense = null;
            nodes.add(new Node(layer.pack(kernels), nodes.size() - 1, Plan.INPUT));
        }
    }

    /** What a batch normalisation does, in {@code double}. */
    private record Scaling(double[] scale, double[] shift) {
        static Scaling of(final BatchNorm norm, final float[] parameters, final int offset) {
            final int n = norm.width();
            final double[] scale = new double[n];
            final double[] shift = new double[n];
            for (int j = 0; j < n; j++) {
                final double deviation = StrictMath.sqrt((double) parameters[offset + 3 * n + j] + norm.epsilon());
                scale[j] = parameters[offset + j] / deviation;
                shift[j] = parameters[offset + n + j] - parameters[offset + 2 * n + j] * scale[j];
            }
            return new Scaling(scale, shift);
        }

        float[] scaleToFloat() {
            return toFloat(scale);
        }

        float[] shiftToFloat() {
            return toFloat(shift);
        }
    }

    private static float[] toFloat(final double[] values) {
        final float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }

    /** A dense layer and what was folded into it. Its parameters are copied to {@code double} only if something is. */
    private static final class Folded {
        private final int inputs;
        private final int outputs;
        private final float[] parameters;
        private final int offset;
        private double @Nullable [] weights; // (inputs, outputs)
        private double @Nullable [] bias; // (outputs)
        private Activation activation;

        Folded(final Dense layer, final float[] parameters, final int offset) {
            this.inputs = layer.inputs();
            this.outputs = layer.outputs();
            this.parameters = parameters;
            this.offset = offset;
            this.activation = layer.activation();
        }

        void foldBefore(final Scaling s) {
            final double[] w = weights();
            final double[] b = bias();
            for (int i = 0; i < inputs; i++) {
                for (int j = 0; j < outputs; j++) {
                    b[j] += s.shift[i] * w[i * outputs + j];
                    w[i * outputs + j] *= s.scale[i];
                }
            }
        }

        void foldBehind(final Scaling s) {
            final double[] w = weights();
            final double[] b = bias();
            for (int i = 0; i < w.length; i++) {
                w[i] *= s.scale[i % outputs];
            }
            for (int j = 0; j < outputs; j++) {
                b[j] = b[j] * s.scale[j] + s.shift[j];
            }
        }

        Operation.Product pack(final Kernels kernels) {
            final Gemm gemm = Gemm.AB.from(Gemm.Start.BIAS).then(activation);
            if (weights == null || bias == null) {
                return new Operation.Product(
                        gemm,
                        inputs,
                        outputs,
                        kernels.pack(inputs, outputs, parameters, offset, outputs),
                        parameters,
                        offset + inputs * outputs);
            }
            return new Operation.Product(
                    gemm,
                    inputs,
                    outputs,
                    kernels.pack(inputs, outputs, toFloat(weights), 0, outputs),
                    toFloat(bias),
                    0);
        }

        private double[] weights() {
            if (weights == null) {
                weights = toDouble(offset, inputs * outputs);
            }
            return weights;
        }

        private double[] bias() {
            if (bias == null) {
                bias = toDouble(offset + inputs * outputs, outputs);
            }
            return bias;
        }

        private double[] toDouble(final int from, final int n) {
            final double[] copy = new double[n];
            for (int i = 0; i < n; i++) {
                copy[i] = parameters[from + i];
            }
            return copy;
        }
    }
}
