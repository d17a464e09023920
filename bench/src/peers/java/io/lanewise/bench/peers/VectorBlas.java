package io.lanewise.bench.peers;

import dev.ludovic.netlib.blas.JavaBLAS;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Versions;
import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Operands;
import io.lanewise.bench.gemm.Problem;
import java.util.logging.Level;
import java.util.logging.Logger;

/** netlib's {@code VectorBLAS}: Java on the Vector API, one thread. */
public final class VectorBlas implements Contestant {
    /** Kept, or its level would be forgotten. netlib warns that it finds no native library: it is not asked to. */
    private static final Logger LOG = Logger.getLogger("dev.ludovic.netlib.blas.InstanceBuilder");

    @Override
    public String name() {
        return "VectorBLAS";
    }

    @Override
    public Role role() {
        return Role.JAVA;
    }

    @Override
    public String open(final int threads) {
        LOG.setLevel(Level.SEVERE);
        final JavaBLAS blas = JavaBLAS.getInstance();
        final String found = blas.getClass().getSimpleName();
        if (!found.equals("VectorBLAS")) {
            throw new IllegalStateException("netlib chose " + found + " instead of VectorBLAS");
        }
        return "netlib " + Versions.of("dev.ludovic.netlib", "blas") + (threads > 1 ? ", on one thread" : "");
    }

    @Override
    public Job prepare(final Operands operands) {
        return new Products(operands);
    }

    /** BLAS counts by columns: {@code Cᵀ = op(B)ᵀ · op(A)ᵀ}. */
    private static final class Products implements Job {
        private final JavaBLAS blas = JavaBLAS.getInstance();
        private final Problem problem;
        private final float[] a; // (m, k), or (k, m)
        private final float[] b; // (k, n), or (n, k)
        private final float[] c; // (m, n)

        Products(final Operands operands) {
            problem = operands.problem();
            a = operands.a();
            b = operands.b();
            c = new float[problem.m() * problem.n()];
        }

        @Override
        public void run(final int calls) {
            final String opA = problem.transposeA() ? "T" : "N";
            final String opB = problem.transposeB() ? "T" : "N";
            final int m = problem.m();
            final int n = problem.n();
            final int k = problem.k();
            final int lda = problem.lda();
            final int ldb = problem.ldb();
            for (int i = 0; i < calls; i++) {
                blas.sgemm(opB, opA, n, m, k, 1f, b, ldb, a, lda, 0f, c, n);
            }
        }

        @Override
        public float[] result() {
            return c;
        }

        @Override
        public double flops() {
            return problem.flops();
        }
    }
}
