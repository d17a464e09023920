package io.lanewise.bench.peers;

import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Contestant.Job;
import io.lanewise.bench.gemm.Operands;
import io.lanewise.bench.gemm.Problem;
import org.bytedeco.javacpp.FloatPointer;

/**
 * A problem in memory outside the Java heap, each matrix at a multiple of 64 bytes: the best case for a native library,
 * since nothing is copied or locked in a call.
 */
abstract class NativeJob implements Job {
    /** CBLAS's constants. */
    static final int ROW_MAJOR = 101;

    /** CBLAS's constants: as stored. */
    static final int AS_STORED = 111;

    /** CBLAS's constants: transposed. */
    static final int TRANSPOSED = 112;

    private static final int ALIGNMENT = 64; // bytes

    /** The problem. */
    final Problem problem;

    /** A: {@code (m, k)}, or {@code (k, m)}. */
    final FloatPointer a;

    /** B: {@code (k, n)}, or {@code (n, k)}. */
    final FloatPointer b;

    /** C: {@code (m, n)}. */
    final FloatPointer c;

    NativeJob(final Operands operands) {
        problem = operands.problem();
        a = aligned((long) problem.m() * problem.k()).put(operands.a());
        b = aligned((long) problem.k() * problem.n()).put(operands.b());
        c = aligned((long) problem.m() * problem.n());
    }

    private static FloatPointer aligned(final long count) {
        final FloatPointer pointer = new FloatPointer(count + ALIGNMENT / Float.BYTES);
        final long misaligned = pointer.address() % ALIGNMENT;
        return misaligned == 0 ? pointer : pointer.position((ALIGNMENT - misaligned) / Float.BYTES);
    }

    /**
     * Makes a first call, which binds the library's name to code. OpenBLAS and MKL both export {@code cblas_sgemm}, and
     * the dynamic linker would give a binding that makes its first call later the code that was loaded globally first:
     * MKL's, in OpenBLAS's place.
     */
    static void bind(final Contestant contestant) {
        try (Job job = contestant.prepare(new Operands(Problem.parse("1x1x1")))) {
            job.run(1);
        }
    }

    @Override
    public final float[] result() {
        final float[] result = new float[problem.m() * problem.n()];
        c.get(result);
        return result;
    }

    @Override
    public final double flops() {
        return problem.flops();
    }

    @Override
    public void close() {
        a.deallocate();
        b.deallocate();
        c.deallocate();
    }
}
