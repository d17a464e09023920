package io.lanewise.bench.gemm;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One product to measure, written {@code MxNxK} for A·B, {@code MxNxK:abt} for A·Bᵀ and {@code MxNxK:atb} for Aᵀ·B.
 *
 * @param product which operand is stored transposed
 * @param m rows of C
 * @param n columns of C
 * @param k length of each sum
 */
public record Problem(Product product, int m, int n, int k) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})x(\\d{1,9})x(\\d{1,9})(?::(ab|abt|atb))?");

    /** Largest number of elements of an operand: a quarter of what an array can hold. */
    private static final long LARGEST = 1L << 29;

    /** Which operand is stored transposed. */
    public enum Product {
        /** {@code C = A · B}. */
        AB,
        /** {@code C = A · Bᵀ}: B is stored as {@code n × k}. */
        ABT,
        /** {@code C = Aᵀ · B}: A is stored as {@code k × m}. */
        ATB
    }

    /**
     * Reads one problem.
     *
     * @throws IllegalArgumentException if the text is not of the form {@code MxNxK[:abt|:atb]}, a size is 0, or an
     *     operand is too large
     */
    public static Problem parse(final String text) {
        final Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a shape such as 512x256x784 (m, n, k), or with :abt or :atb"
                    + " behind it, got '" + text + "'");
        }
        final int m = Integer.parseInt(matcher.group(1));
        final int n = Integer.parseInt(matcher.group(2));
        final int k = Integer.parseInt(matcher.group(3));
        if (m == 0 || n == 0 || k == 0) {
            throw new IllegalArgumentException("expected sizes of at least 1, got '" + text + "'");
        }
        if (Math.max(Math.max((long) m * n, (long) m * k), (long) n * k) > LARGEST) {
            throw new IllegalArgumentException(
                    "expected matrices of at most " + LARGEST + " elements, got '" + text + "'");
        }
        final String product = matcher.group(4);
        return new Problem(product == null ? Product.AB : Product.valueOf(product.toUpperCase(Locale.ROOT)), m, n, k);
    }

    /** Reads several problems, separated by commas. */
    public static List<Problem> parseList(final String text) {
        return Arrays.stream(text.split(",", -1)).map(Problem::parse).distinct().toList();
    }

    /** Floating-point operations: a multiplication and an addition for each step of each sum. */
    public double flops() {
        return 2.0 * m * n * k;
    }

    /** Whether A is stored as {@code k × m}. */
    public boolean transposeA() {
        return product == Product.ATB;
    }

    /** Whether B is stored as {@code n × k}. */
    public boolean transposeB() {
        return product == Product.ABT;
    }

    /** Leading dimension of A as stored. */
    public int lda() {
        return transposeA() ? m : k;
    }

    /** Leading dimension of B as stored. */
    public int ldb() {
        return transposeB() ? k : n;
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        final String sizes = m + "x" + n + "x" + k;
        return product == Product.AB ? sizes : sizes + ":" + product.name().toLowerCase(Locale.ROOT);
    }
}
