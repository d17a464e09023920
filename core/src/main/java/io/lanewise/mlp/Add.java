package io.lanewise.mlp;

import java.util.List;

/**
 * Adds what an earlier layer gave, element by element: {@code y = x + other}. That is how residual connections are
 * made; {@link Mlp.Builder#residual} writes them.
 *
 * @param width of a row, at least 1
 * @param from the earlier layer, counted from 0, or {@link #INPUT}
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2015</a>
 */
public record Add(int width, int from) implements Layer {
    /** The input of the network. */
    public static final int INPUT = -1;

    /** Checks the width. */
    public Add {
        Widths.check("inputs", width);
        if (from < INPUT) {
            throw new IllegalArgumentException("expected an earlier layer or " + INPUT + ", got " + from);
        }
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
