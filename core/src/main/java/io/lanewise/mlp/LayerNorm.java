package io.lanewise.mlp;

import java.util.List;

/**
 * Normalises each row: {@code y = (x − mean) / √(variance + ε) · weight + bias}, mean and variance (over n, not n − 1)
 * of the row. {@link io.lanewise.kernel.Kernels#layerNorm} gives the exact arithmetic.
 *
 * @param width of a row, at least 1
 * @param epsilon ε, at least 0
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton 2016</a>
 */
public record LayerNorm(int width, float epsilon) implements Layer {
    /** PyTorch's default. */
    public static final float DEFAULT_EPSILON = 1e-5f;

    /** Checks width and ε. */
    public LayerNorm {
        Widths.check("inputs", width);
        Widths.checkEpsilon(epsilon);
    }

    @Override
    public int inputs() {
        return width;
    }

    @Override
    public int outputs() {
        return width;
    }

    /** {@code weight} (width) and {@code bias} (width). */
    @Override
    public List<Tensor> tensors() {
        return List.of(new Tensor("weight", List.of(width)), new Tensor("bias", List.of(width)));
    }

    @Override
    public long parameterCount() {
        return 2L * width;
    }
}
