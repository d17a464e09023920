package io.lanewise.kernel;

/**
 * A loss of a row that is the sum of a loss of each element. With x what the network gives, t what it should give and
 * {@code d = x − t}; evaluated as written, in {@code float}. "lane" is that of the row reduction of
 * {@link Kernels#softmax}.
 */
public enum PointwiseLoss {
    /** {@code d²}: {@code lane = fma(d, d, lane)}; the derivative is taken as {@code d}: half of it. */
    SQUARED,

    /** {@code |d|}: {@code lane = lane + |d|}; the derivative is {@code d > 0 ? 1 : d < 0 ? −1 : d}. */
    ABSOLUTE,

    /**
     * {@code d² / 2} up to δ, {@code δ (|d| − δ / 2)} beyond: with {@code c = d > δ ? δ : d < −δ ? −δ : d},
     * {@code lane = fma(c, fma(−0.5, c, d), lane)}; the derivative is c.
     *
     * @see <a href="https://doi.org/10.1214/aoms/1177703732">Huber 1964</a>
     */
    HUBER,

    /**
     * Binary cross-entropy of the sigmoid of x, stable for all finite x: {@code max(x, 0) − x t + log(1 + exp(−|x|))}, by
     * {@code lane = lane + (softplus(−|x|) + fma(−x, t, x < 0 ? 0 : x))}; the derivative is {@code sigmoid(x) − t}.
     * {@code softplus} and {@code sigmoid} are those of {@link Activation}.
     */
    BINARY_CROSS_ENTROPY
}
