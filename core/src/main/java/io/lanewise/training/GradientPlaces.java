package io.lanewise.training;

import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the gradients of the rows that layers give are kept during the backward pass. A place is used again as soon as
 * the layer that reads it is through. What no parameter depends on has no gradient.
 */
final class GradientPlaces {
    private static final int NONE = -1;

    private final Mlp mlp;
    private final int[] places; // of the gradient of what a layer gives
    private final int[] chain; // of the gradient of what a layer takes, or NONE
    private final boolean[] chainAdds;
    private final int[] other; // of an addition: of the gradient of the other rows, or NONE
    private final boolean[] otherAdds;
    private final List<Integer> widths = new ArrayList<>(); // of each place
    private final List<Integer> free = new ArrayList<>();
    private final float[][] memory; // of each place: (maxRows, width)

    GradientPlaces(final Mlp mlp, final int maxRows) {
        this.mlp = mlp;
        final int n = mlp.layers().size();
        places = new int[n];
        chain = new int[n];
        chainAdds = new boolean[n];
        other = new int[n];
        otherAdds = new boolean[n];
        Arrays.fill(places, NONE);
        Arrays.fill(chain, NONE);
        Arrays.fill(other, NONE);
        places[n - 1] = take(mlp.outputs());
        for (int i = n - 1; i >= 0; i--) {
            assign(i);
        }
        memory = widths.stream()
                .map(width -> new float[Math.multiplyExact(maxRows, width)])
                .toArray(float[][]::new);
    }

    /** The gradient of what a layer gives. */
    float[] of(final int layer) {
        // A layer before all parameters takes part in no backward pass.
        return places[layer] == NONE ? new float[0] : memory[places[layer]];
    }

    /** The gradient of what a layer takes, or null if there is none. */
    LayerPass.@Nullable Target chain(final int layer) {
        return chain[layer] == NONE ? null : new LayerPass.Target(memory[chain[layer]], chainAdds[layer]);
    }

    /** The gradient of the other rows that an addition takes, or null if there is none. */
    LayerPass.@Nullable Target other(final int layer) {
        return other[layer] == NONE ? null : new LayerPass.Target(memory[other[layer]], otherAdds[layer]);
    }

    /** Whether a layer takes part in the backward pass: it, or one before it, has parameters. */
    boolean isNeeded(final int layer) {
        for (int i = 0; i <= layer; i++) {
            if (mlp.layers().get(i).parameterCount() > 0) {
                return true;
            }
        }
        return false;
    }

    private void assign(final int i) {
        if (places[i] == NONE) {
            return;
        }
        final Layer layer = mlp.layers().get(i);
        if (layer instanceof Add add && isNeeded(add.from())) {
            otherAdds[i] = places[add.from()] != NONE;
            if (!otherAdds[i]) {
                places[add.from()] = take(add.width());
            }
            other[i] = places[add.from()];
        }
        boolean handedOn = false;
        if (isNeeded(i - 1)) {
            chainAdds[i] = places[i - 1] != NONE;
            if (!chainAdds[i]) {
                handedOn = isInPlace(layer);
                places[i - 1] = handedOn ? places[i] : take(layer.inputs());
            }
            chain[i] = places[i - 1];
        }
        if (!handedOn) {
            free.add(places[i]);
        }
    }

    /** Whether dX is computed where dY is. */
    private static boolean isInPlace(final Layer layer) {
        return switch (layer) {
            case Dense ignored -> false;
            case LayerNorm ignored -> true;
            case BatchNorm ignored -> true;
            case ActivationLayer ignored -> true;
            case Dropout ignored -> true;
            case Add ignored -> true;
        };
    }

    private int take(final int width) {
        if (free.isEmpty()) {
            widths.add(width);
            return widths.size() - 1;
        }
        final int place = free.removeLast();
        widths.set(place, Math.max(widths.get(place), width));
        return place;
    }
}
