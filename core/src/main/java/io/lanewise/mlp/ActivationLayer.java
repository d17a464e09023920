package io.lanewise.mlp;

import io.lanewise.kernel.Activation;
import java.util.List;

/**
 * An activation on its own, for where none can be part of a dense layer: behind a normalisation or an addition.
 *
 * @param width of a row, at least 1
 * @param activation what is applied to each element
 */
public record ActivationLayer(int width, Activation activation) implements Layer {
    /** Checks the width. */
    public ActivationLayer {
        Widths.check("inputs", width);
    }

    @Override
    public int inputs() {
        return width;
    }

    @Override
    public int outputs() {
        return width;
    }

    /** None. */
    @Override
    public List<Tensor> tensors() {
        return List.of();
    }

    @Override
    public long parameterCount() {
        return 0;
    }
}
