package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Samples;
import io.lanewise.kernel.Gemm;
import io.lanewise.reference.ReferenceKernels;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The operands of a problem, from −1 to 1 and the same in every fork, and what {@linkplain Samples some rows} of C have
 * to be.
 */
public final class Operands {
    private static final double TOLERANCE = 16 * 0x1p-24; // of k

    private final Problem problem;
    private final float[] a; // (m, k), or (k, m)
    private final float[] b; // (k, n), or (n, k)
    private final int[] rows; // the rows of C that are known
    private final float[] expected; // (rows.length, n)

    /** Fills the operands and computes the expected rows. */
    public Operands(final Problem problem) {
        this.problem = problem;
        final SplittableRandom random = new SplittableRandom(problem.hashCode());
        a = numbers(problem.m() * problem.k(), random);
        b = numbers(problem.k() * problem.n(), random);
        rows = Samples.rows(problem.m(), problem.flops() / problem.m());
        expected = new float[rows.length * problem.n()];
        final Gemm op = new Gemm(problem.transposeA(), problem.transposeB(), Gemm.AB.start(), Gemm.AB.activation());
        for (int r = 0; r < rows.length; r++) {
            final int row = problem.transposeA() ? rows[r] : rows[r] * problem.k();
            ReferenceKernels.INSTANCE.gemm(
                    op,
                    1,
                    problem.n(),
                    problem.k(),
                    a,
                    row,
                    problem.lda(),
                    b,
                    0,
                    problem.ldb(),
                    null,
                    0,
                    expected,
                    r * problem.n(),
                    problem.n(),
                    ReferenceKernels.INSTANCE.scratchpad(0, 0, 0));
        }
    }

    private static float[] numbers(final int count, final SplittableRandom random) {
        final float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }

    /** The problem that these are the operands of. */
    public Problem problem() {
        return problem;
    }

    /** A, {@code m × k}, or {@code k × m} where the problem transposes it; not to be changed. */
    public float[] a() {
        return a;
    }

    /** B, {@code k × n}, or {@code n × k} where the problem transposes it; not to be changed. */
    public float[] b() {
        return b;
    }

    /** Compares a result with the reference; returns what is wrong, or null. */
    @Nullable
    String fault(final float[] c) {
        final int n = problem.n();
        if (c.length != problem.m() * n) {
            return "C has " + c.length + " elements, expected " + problem.m() * n;
        }
        final double tolerance = TOLERANCE * problem.k();
        for (int r = 0; r < rows.length; r++) {
            for (int j = 0; j < n; j++) {
                final float got = c[rows[r] * n + j];
                final float want = expected[r * n + j];
                if (!(Math.abs((double) got - want) <= tolerance)) {
                    return "C[" + rows[r] + "," + j + "] is " + got + ", expected " + want;
                }
            }
        }
        return null;
    }
}
