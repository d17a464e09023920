package io.lanewise.training;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import java.util.ArrayList;
import java.util.List;

/** All layers of a network while it is trained, and the rows between them. */
final class NetworkPass {
    private static final float[] NO_ROWS = {};

    private final Mlp mlp;
    private final Compute c;
    private final long seed;
    private final int maxRows;
    private final GradientPlaces gradients;
    private final LayerPass.Rows input = new LayerPass.Rows(NO_ROWS); // (rows, inputs)
    private final List<LayerPass.Rows> given = new ArrayList<>(); // by layer: (maxRows, outputs)
    private final LayerPass[] layers;
    private final int first; // the first layer that takes part in the backward pass

    NetworkPass(final Mlp mlp, final Compute c, final int maxRows, final long seed) {
        this.mlp = mlp;
        this.c = c;
        this.seed = seed;
        this.maxRows = maxRows;
        this.gradients = new GradientPlaces(mlp, maxRows);
        this.layers = new LayerPass[mlp.layers().size()];
        int needed = 0;
        for (int i = layers.length - 1; i >= 0; i--) {
            needed = gradients.isNeeded(i) ? i : needed;
        }
        this.first = needed;
        for (int i = 0; i < layers.length; i++) {
            given.add(isInPlace(i) ? given.get(i - 1) : rows(mlp.layers().get(i)));
            layers[i] = pass(i);
        }
    }

    private LayerPass.Rows rows(final Layer layer) {
        return new LayerPass.Rows(new float[Math.multiplyExact(maxRows, layer.outputs())]);
    }

    private LayerPass.Rows source(final int layer) {
        return layer == Add.INPUT ? input : given.get(layer);
    }

    private LayerPass pass(final int i) {
        final LayerPass.Rows x = source(i - 1);
        final float[] y = given.get(i).values;
        final float[] dy = gradients.of(i);
        final LayerPass.Target dx = gradients.chain(i);
        final int parameters = mlp.parameterOffset(i);
        return switch (mlp.layers().get(i)) {
            case Dense layer -> new DensePass(c, layer, parameters, x, y, dy, dx);
            case LayerNorm layer -> new LayerNormPass(c, layer, parameters, x, y, dy, dx);
            case BatchNorm layer -> new BatchNormPass(c, layer, parameters, x, y, dy, dx);
            case ActivationLayer layer -> new ActivationPass(c, layer, x, y, isInPlace(i), dy, dx);
            case Dropout layer -> new DropoutPass(c, layer, i, seed, x, y, isInPlace(i), dy, dx);
            case Add layer -> new AddPass(c, layer.width(), x, source(layer.from()), y, dy, dx, gradients.other(i));
        };
    }

    /** Whether a layer may overwrite the rows that it takes: no other layer and no derivative reads them. */
    private boolean isInPlace(final int i) {
        if (i == 0 || mlp.layers().stream().anyMatch(layer -> layer instanceof Add add && add.from() == i - 1)) {
            return false;
        }
        final boolean needsNoInput = switch (mlp.layers().get(i)) {
            case ActivationLayer f -> !f.activation().derivativeFromInput();
            case Dropout ignored -> true;
            case Dense ignored -> false;
            case LayerNorm ignored -> false;
            case BatchNorm ignored -> false;
            case Add ignored -> false;
        };
        final boolean isNotKept = switch (mlp.layers().get(i - 1)) {
            case Dense dense ->
                dense.activation() == Activation.IDENTITY || dense.activation().derivativeFromInput();
            case ActivationLayer f -> f.activation().derivativeFromInput();
            case Dropout ignored -> true;
            case LayerNorm ignored -> true;
            case BatchNorm ignored -> true;
            case Add ignored -> true;
        };
        return needsNoInput && isNotKept;
    }

    /** What the last layer gives: (maxRows, outputs). */
    float[] logits() {
        return given.getLast().values;
    }

    /** Where the gradient of what the last layer gives is expected: (maxRows, outputs). */
    float[] logitsGradient() {
        return gradients.of(layers.length - 1);
    }

    void forward(final int rows, final float[] x, final int xOffset, final long step) {
        input.values = x;
        input.offset = xOffset;
        for (final LayerPass layer : layers) {
            layer.forward(rows, step);
        }
    }

    void backward(final int rows) {
        for (int i = layers.length - 1; i >= first; i--) {
            layers[i].backward(rows);
        }
    }

    /** What layers learn without gradients. */
    void update(final int rows) {
        for (final LayerPass layer : layers) {
            layer.update(rows);
        }
    }

    /** Forgets the caller's rows. */
    void release() {
        input.values = NO_ROWS;
    }
}
