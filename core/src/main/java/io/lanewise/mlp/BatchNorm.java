package io.lanewise.mlp;

import java.util.List;

/**
 * Normalises each column by the mean and variance that training saw:
 * {@code y = (x − running mean) / √(running variance + ε) · weight + bias}. When a model is made ready to score, that
 * is folded into the dense layer before it, or the one behind it, where there is one; see
 * {@link io.lanewise.inference.Predictor}.
 *
 * @param width of a row, at least 1
 * @param epsilon ε, at least 0
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015</a>
 */
public record BatchNorm(int width, float epsilon) implements Layer {
    /** PyTorch's default. */
    public static final float DEFAULT_EPSILON = 1e-5f;

    /** How far running mean and variance move towards those of a batch in each step: PyTorch's default. */
    public static final float MOMENTUM = 0.1f;

    /** Checks width and ε. */
    public BatchNorm {
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

    /** {@code weight}, {@code bias}, {@code running_mean} and {@code running_var}, (width) each. */
    @Override
    public List<Tensor> tensors() {
        final List<Integer> shape = List.of(width);
        return List.of(
                new Tensor("weight", shape),
                new Tensor("bias", shape),
                new Tensor("running_mean", shape),
                new Tensor("running_var", shape));
    }

    @Override
    public long parameterCount() {
        return 4L * width;
    }
}
