package io.lanewise.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The operations that networks are made of, as one backend implements them. Every backend gives the same bits.
 *
 * <p>Matrices are row-major {@code float[]}s given as array, offset of the first element and leading dimension (the
 * distance of two rows), all counted in elements. Sizes may be zero. Outputs are overwritten and never read, unless
 * said otherwise; outside the output nothing is touched; an output must not overlap an input, unless said otherwise.
 * Arguments are checked before anything is written, so a failed call changes nothing:
 * {@link IllegalArgumentException} for a size or leading dimension that makes no sense, and
 * {@link IndexOutOfBoundsException} for an array that is too short. NaN is compared as NaN: its sign and payload are
 * not promised.
 *
 * <p>Implementations are immutable and shared by all threads. No method allocates, but those that say they make
 * something.
 */
public interface Kernels {
    /** The number of virtual lanes of a row reduction, whatever the hardware has. */
    int REDUCTION_LANES = 16;

    /** A short name for people: {@code scalar}, {@code simd-512}. */
    String name();

    /**
     * Makes the memory that products of up to {@code m × n × k} need, for calls that stay on the thread of the caller.
     *
     * @throws IllegalArgumentException if a size is negative
     */
    default Scratchpad scratchpad(final int m, final int n, final int k) {
        return scratchpad(m, n, k, null);
    }

    /**
     * Makes the memory that products of up to {@code m × n × k} need, for calls that may use a team of threads. A
     * product is cut by rows and columns only, so the team changes no bit; a small one stays on the thread of the
     * caller. A backend may not use the team at all.
     *
     * @param n the most columns of B, or 0 when every B is packed beforehand
     * @param team the threads, or null for the calling thread alone; must not be closed while calls are made
     * @throws IllegalArgumentException if a size is negative
     */
    Scratchpad scratchpad(int m, int n, int k, @Nullable ThreadTeam team);

    /** Packs B ({@code k × n}) as the right operand of {@link #gemm}; changes to {@code b} afterwards have no effect. */
    PackedMatrix pack(int k, int n, float[] b, int bOffset, int ldb);

    /**
     * Computes the product that {@code op} describes.
     *
     * @param a A: {@code m × k}, or {@code k × m} when {@code op} transposes it
     * @param b B: {@code k × n}, or {@code n × k} when {@code op} transposes it
     * @param bias n elements; read only when {@code op} starts from {@link Gemm.Start#BIAS}
     * @param c C: {@code m × n}; read only when {@code op} starts from {@link Gemm.Start#ACCUMULATE}
     * @param scratchpad one of this backend's, made for at least m, n and k
     */
    void gemm(
            Gemm op,
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int lda,
            float[] b,
            int bOffset,
            int ldb,
            float @Nullable [] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int ldc,
            Scratchpad scratchpad);

    /**
     * Computes the product that {@code op} describes, with B packed beforehand; {@code op} must not transpose B. The
     * sizes n and k are those of {@code b}.
     */
    void gemm(
            Gemm op,
            int m,
            float[] a,
            int aOffset,
            int lda,
            PackedMatrix b,
            float @Nullable [] bias,
            int biasOffset,
            float[] c,
            int cOffset,
            int ldc,
            Scratchpad scratchpad);

    /** {@code Y = f(Y)} in place, {@code rows × columns}. */
    void activate(Activation f, int rows, int columns, float[] y, int yOffset, int ldy);

    /**
     * {@code dY = dY · f'} in place, {@code rows × columns}, where the derivative is computed from the activation's
     * output Y, or from its input if {@link Activation#derivativeFromInput} says so. Where a derivative is 0, the ReLUs
     * and {@link Activation#HARD_SIGMOID} give +0 whatever dY is; all else is a product.
     *
     * @param y Y: {@code rows × columns}, what {@link #activate} gave, or was given if {@code f.derivativeFromInput()}
     */
    void activateBackward(
            Activation f, int rows, int columns, float[] y, int yOffset, int ldy, float[] dy, int dyOffset, int lddy);

    /**
     * {@code Y[i,j] = (X[i,j] − mean[j]) · scale[j]}, {@code rows × columns}. X and Y may be the same matrix.
     */
    void standardize(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] mean,
            float[] scale,
            float[] y,
            int yOffset,
            int ldy);

    /**
     * Softmax of each row: {@code e[j] = exp(x[j] − max)}, {@code s} = row reduction of e, {@code r = 1 / s},
     * {@code y[j] = e[j] · r}. X and Y may be the same matrix.
     *
     * <p>A row reduction adds in {@value #REDUCTION_LANES} lanes: lane l starts at +0 and takes elements l, l+16, …;
     * then lane l += lane l+8, and so with 4, 2, 1. A row of no columns is left alone.
     */
    void softmax(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] y,
            int yOffset,
            int ldy,
            Scratchpad scratchpad);

    /**
     * The logarithm of the softmax of each row: with max and s as in {@link #softmax},
     * {@code y[j] = (x[j] − max) − log(s)}. X and Y may be the same matrix.
     */
    void logSoftmax(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] y,
            int yOffset,
            int ldy,
            Scratchpad scratchpad);

    /**
     * Layer normalisation of each row of n columns: {@code mean} = row reduction of x, divided by n;
     * {@code d[j] = x[j] − mean}; {@code variance} = row reduction of d², each lane by {@code fma(d, d, lane)}, divided
     * by n; {@code r = 1 / √(variance + ε)}; {@code y[j] = fma(d[j] · r, weight[j], bias[j])}. The row reduction is
     * that of {@link #softmax}. X and Y may be the same matrix.
     *
     * @param weight columns elements from {@code weightOffset}
     * @param bias columns elements from {@code biasOffset}
     * @param epsilon ε
     */
    void layerNorm(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] weight,
            int weightOffset,
            float[] bias,
            int biasOffset,
            float epsilon,
            float[] y,
            int yOffset,
            int ldy,
            Scratchpad scratchpad);

    /** {@code Y[i,j] = fma(X[i,j], scale[j], shift[j])}, {@code rows × columns}. X and Y may be the same matrix. */
    void affine(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] scale,
            float[] shift,
            float[] y,
            int yOffset,
            int ldy);

    /** {@code Y[i,j] = Y[i,j] + X[i,j]} in place, {@code rows × columns}. */
    void add(int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

    /**
     * Softmax cross-entropy of each row against a class, and its gradient: with e, s, r and max as in
     * {@link #softmax}, {@code loss[i] = log(s) − (x[label] − max)} and
     * {@code dX[i,j] = (e[j] · r − (j == label ? 1 : 0)) · scale}. X and dX may be the same matrix.
     *
     * @param labels rows elements, each from 0 to columns − 1
     * @param scale what the gradient is multiplied with, such as 1 / rows for the mean over the batch
     * @param losses rows elements, output
     */
    void softmaxCrossEntropy(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            int[] labels,
            int labelsOffset,
            float scale,
            float[] losses,
            int lossesOffset,
            float[] dx,
            int dxOffset,
            int lddx,
            Scratchpad scratchpad);

    /**
     * Softmax cross-entropy of each row against weights of all classes, and its gradient: with e, s, r and max as in
     * {@link #softmax}, q = row reduction of t, and a = row reduction of {@code t[j] · (x[j] − max)}, each lane by
     * {@code fma(t[j], x[j] − max, lane)}: {@code loss[i] = fma(q, log(s), −a)} and
     * {@code dX[i,j] = fma(e[j] · r, q, −t[j]) · scale}. X and dX may be the same matrix. Of finite logits, a target of
     * 1 for one class and +0 for the others gives the bits of a label.
     *
     * @param t targets, {@code rows × columns}: probabilities of classes, or those times weights
     * @param scale what the gradient is multiplied with, such as 1 / rows for the mean over the batch
     * @param losses rows elements, output
     */
    void softmaxCrossEntropy(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] t,
            int tOffset,
            int ldt,
            float scale,
            float[] losses,
            int lossesOffset,
            float[] dx,
            int dxOffset,
            int lddx,
            Scratchpad scratchpad);

    /**
     * A loss of each row that is the sum of a loss of each element, and its gradient: {@code loss[i]} = row reduction
     * of the losses of its elements, {@code dX[i,j]} = derivative · scale. {@link PointwiseLoss} has the formulas. X
     * and dX may be the same matrix.
     *
     * @param delta δ of {@link PointwiseLoss#HUBER}; no other reads it
     * @param t targets, {@code rows × columns}
     * @param scale what the gradient is multiplied with, such as 1 / (rows · columns) for the mean
     * @param losses rows elements, output
     */
    void pointwiseLoss(
            PointwiseLoss f,
            float delta,
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] t,
            int tOffset,
            int ldt,
            float scale,
            float[] losses,
            int lossesOffset,
            float[] dx,
            int dxOffset,
            int lddx,
            Scratchpad scratchpad);

    /**
     * The gradients of {@link #layerNorm}: with mean, d and r as there and {@code h[j] = d[j] · r},
     * {@code dWeight[j] = fma(dY[i,j], h[j], dWeight[j])} and {@code dBias[j] = dBias[j] + dY[i,j]}, both from +0 down
     * the rows; {@code g[j] = dY[i,j] · weight[j]}; a = row reduction of g, divided by n; b = row reduction of g · h,
     * each lane by {@code fma(g[j], h[j], lane)}, divided by n; {@code dX[i,j] = fma(−h[j], b, g[j] − a) · r}.
     *
     * @param x X: what {@link #layerNorm} was given
     * @param dy dY, overwritten by dX
     * @param dWeight columns elements from {@code dWeightOffset}, output
     * @param dBias columns elements from {@code dBiasOffset}, output; it may be the same array
     */
    void layerNormBackward(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] weight,
            int weightOffset,
            float epsilon,
            float[] dy,
            int dyOffset,
            int lddy,
            float[] dWeight,
            int dWeightOffset,
            float[] dBias,
            int dBiasOffset,
            Scratchpad scratchpad);

    /**
     * Batch normalisation as training does it, each column by its own mean and variance: {@code mean[j]} = one chain of
     * sums down the rows from +0, divided by rows; {@code d = X[i,j] − mean[j]}; {@code variance[j]} = one chain of
     * {@code fma(d, d, sum)} down the rows from +0, divided by rows; {@code r[j] = 1 / √(variance[j] + ε)};
     * {@code Y[i,j] = fma(d · r[j], weight[j], bias[j])}. X and Y may be the same matrix.
     *
     * @param rows at least 1
     * @param mean columns elements, output
     * @param variance columns elements, output
     */
    void batchNorm(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] weight,
            int weightOffset,
            float[] bias,
            int biasOffset,
            float epsilon,
            float[] mean,
            float[] variance,
            float[] y,
            int yOffset,
            int ldy);

    /**
     * The gradients of {@link #batchNorm}: with r as there and {@code h = (X[i,j] − mean[j]) · r[j]},
     * {@code dWeight[j] = fma(dY[i,j], h, dWeight[j])} and {@code dBias[j] = dBias[j] + dY[i,j]}, both from +0 down the
     * rows; then {@code dX[i,j] = fma(−h, dWeight[j] / rows, dY[i,j] − dBias[j] / rows) · (weight[j] · r[j])}.
     *
     * @param rows at least 1
     * @param x X: what {@link #batchNorm} was given
     * @param mean columns elements, as {@link #batchNorm} gave them
     * @param variance columns elements, as {@link #batchNorm} gave them
     * @param dy dY, overwritten by dX
     * @param dWeight columns elements from {@code dWeightOffset}, output
     * @param dBias columns elements from {@code dBiasOffset}, output; it may be the same array
     */
    void batchNormBackward(
            int rows,
            int columns,
            float[] x,
            int xOffset,
            int ldx,
            float[] weight,
            int weightOffset,
            float epsilon,
            float[] mean,
            float[] variance,
            float[] dy,
            int dyOffset,
            int lddy,
            float[] dWeight,
            int dWeightOffset,
            float[] dBias,
            int dBiasOffset);

    /**
     * The factors of a dropout: {@code mask[i]} is 0 where the random bits of element {@code element + i}, as an
     * unsigned number, are less than {@code ⌊rate · 2³²⌋}, and {@code 1 / (1 − rate)} elsewhere.
     *
     * @param rate the share of elements that are left out, from 0 to less than 1
     * @param seed of {@link io.lanewise.random.Philox}; the purpose is {@link io.lanewise.random.Purpose#DROPOUT}
     * @param step of the same
     * @param element of the same, for the first factor; at least 0
     * @param mask n elements from {@code maskOffset}, output
     */
    void dropoutMask(int n, float rate, long seed, int step, long element, float[] mask, int maskOffset);

    /** {@code Y[i,j] = Y[i,j] · X[i,j]} in place, {@code rows × columns}. */
    void multiply(int rows, int columns, float[] x, int xOffset, int ldx, float[] y, int yOffset, int ldy);

    /** {@code sums[j] = (…((+0 + A[0,j]) + A[1,j]) + …)}: one chain down the rows. */
    void columnSums(int rows, int columns, float[] a, int aOffset, int lda, float[] sums, int sumsOffset);

    /**
     * The row reduction of the squares of n elements, each lane by {@code fma(x, x, lane)}; see {@link #softmax}. The
     * norm of a long array is that of its parts.
     */
    float sumOfSquares(int n, float[] x, int xOffset, Scratchpad scratchpad);

    /** {@code x = x > limit ? limit : x < −limit ? −limit : x} for n elements, in place. */
    void clip(int n, float limit, float[] x, int xOffset);

    /**
     * One step of stochastic gradient descent over n parameters: {@code d = fma(weightDecay, p, scale · g)},
     * {@code v = fma(momentum, v, d)}, {@code p = fma(−learningRate, u, p)}, where u is v, or
     * {@code fma(momentum, v, d)} if {@code nesterov}. With a momentum of 0, u is d, and v is neither read nor written.
     *
     * @param scale what gradients are multiplied with, to clip them by their norm; usually 1
     * @param g gradient
     * @param v velocity, updated; may be empty if the momentum is 0
     * @param p parameters, updated
     * @param offset of the first element, in all arrays
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's SGD</a>
     */
    void sgd(
            int n,
            float scale,
            float learningRate,
            float momentum,
            boolean nesterov,
            float weightDecay,
            float[] g,
            float[] v,
            float[] p,
            int offset);

    /**
     * One step of Adam over n parameters: {@code d = fma(l2, p, scale · g)}, {@code m = fma(β1, m, (1 − β1) · d)},
     * {@code v = fma(β2, v, ((1 − β2) · d) · d)}, {@code p = fma(−stepSize, m / fma(√v, rootScale, ε), decay · p)}.
     *
     * @param scale what gradients are multiplied with, to clip them by their norm; usually 1
     * @param l2 weight decay that goes through the moments, as in Adam
     * @param stepSize learning rate / (1 − β1^t)
     * @param rootScale 1 / √(1 − β2^t)
     * @param decay 1 − learning rate · weight decay, as in AdamW
     * @param g gradient
     * @param m first moment, updated
     * @param v second moment, updated
     * @param p parameters, updated
     * @param offset of the first element, in all arrays
     * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014</a>
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2017</a>
     */
    void adam(
            int n,
            float scale,
            float l2,
            float beta1,
            float beta2,
            float epsilon,
            float stepSize,
            float rootScale,
            float decay,
            float[] g,
            float[] m,
            float[] v,
            float[] p,
            int offset);

    /**
     * One step of RMSProp over n parameters: {@code d = fma(weightDecay, p, scale · g)},
     * {@code v = fma(α, v, ((1 − α) · d) · d)}, {@code u = d / (√v + ε)}; with a momentum,
     * {@code m = fma(momentum, m, u)} and {@code p = fma(−learningRate, m, p)}; without one,
     * {@code p = fma(−learningRate, u, p)}, and m is neither read nor written.
     *
     * @param scale what gradients are multiplied with, to clip them by their norm; usually 1
     * @param g gradient
     * @param m velocity, updated; may be empty if the momentum is 0
     * @param v mean of squares, updated
     * @param p parameters, updated
     * @param offset of the first element, in all arrays
     * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">PyTorch's RMSprop</a>
     */
    void rmsProp(
            int n,
            float scale,
            float learningRate,
            float alpha,
            float epsilon,
            float momentum,
            float weightDecay,
            float[] g,
            float[] m,
            float[] v,
            float[] p,
            int offset);
}
