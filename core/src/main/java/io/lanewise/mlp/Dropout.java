package io.lanewise.mlp;

import java.util.List;

/**
 * Leaves out elements at random while training; when scoring it does nothing.
 *
 * @param width of a row, at least 1
 * @param rate the share of elements that are left out, from 0 to less than 1
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014</a>
 */
public record Dropout(int width, float rate) implements Layer {
    /** Checks width and rate. */
    public Dropout {
        Widths.check("inputs", width);
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("expected a dropout rate from 0 to less than 1, got " + rate);
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
