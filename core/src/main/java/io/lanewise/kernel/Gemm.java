package io.lanewise.kernel;

/**
 * Which matrix product a call of {@link Kernels#gemm} computes: {@code C = activation(start + op(A) · op(B))}, where
 * {@code op(A)} is {@code m × k}, {@code op(B)} is {@code k × n} and {@code C} is {@code m × n}, all row-major.
 *
 * <p>Each element is one chain of fused multiply-adds for ascending {@code k}: {@code c = start[i,j]}, then
 * {@code c = fma(op(A)[i,p], op(B)[p,j], c)} for {@code p = 0 … k-1}, then {@code C[i,j] = activation(c)}. With
 * {@code k = 0} that is {@code activation(start)}.
 *
 * @param transposeA whether A is stored as {@code k × m}
 * @param transposeB whether B is stored as {@code n × k}
 * @param start where each chain starts
 * @param activation what is applied to each finished element
 */
public record Gemm(boolean transposeA, boolean transposeB, Start start, Activation activation) {
    /** {@code C = A · B}. */
    public static final Gemm AB = new Gemm(false, false, Start.ZERO, Activation.IDENTITY);

    /** {@code C = A · Bᵀ}. */
    public static final Gemm ABT = new Gemm(false, true, Start.ZERO, Activation.IDENTITY);

    /** {@code C = Aᵀ · B}. */
    public static final Gemm ATB = new Gemm(true, false, Start.ZERO, Activation.IDENTITY);

    /** The initial value of an element's chain. */
    public enum Start {
        /** {@code +0}: C is overwritten and never read. */
        ZERO,
        /** {@code bias[j]}: C is overwritten and never read. */
        BIAS,
        /** The old {@code C[i,j]}. */
        ACCUMULATE
    }

    /** The same product, its chains starting at {@code newStart}. */
    public Gemm from(final Start newStart) {
        return new Gemm(transposeA, transposeB, newStart, activation);
    }

    /** The same product, {@code newActivation} applied to its elements. */
    public Gemm then(final Activation newActivation) {
        return new Gemm(transposeA, transposeB, start, newActivation);
    }
}
