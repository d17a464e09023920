package io.lanewise.bench.peers;

import io.lanewise.bench.contest.Role;
import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Operands;
import io.lanewise.bench.gemm.Problem;
import org.ejml.EjmlVersion;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** EJML's dense row-major matrices of floats; plain Java. */
public final class Ejml implements Contestant {
    private int threads = 1;

    @Override
    public String name() {
        return "EJML";
    }

    @Override
    public Role role() {
        return Role.JAVA;
    }

    @Override
    public String open(final int maximum) {
        threads = maximum;
        EjmlConcurrency.setMaxThreads(maximum);
        return EjmlVersion.VERSION;
    }

    @Override
    public Job prepare(final Operands operands) {
        return new Products(operands, threads > 1);
    }

    private static final class Products implements Job {
        private final Problem problem;
        private final boolean concurrent;
        private final FMatrixRMaj a; // (m, k), or (k, m)
        private final FMatrixRMaj b; // (k, n), or (n, k)
        private final FMatrixRMaj c; // (m, n)

        Products(final Operands operands, final boolean concurrent) {
            problem = operands.problem();
            this.concurrent = concurrent;
            a = FMatrixRMaj.wrap(
                    problem.transposeA() ? problem.k() : problem.m(),
                    problem.transposeA() ? problem.m() : problem.k(),
                    operands.a());
            b = FMatrixRMaj.wrap(
                    problem.transposeB() ? problem.n() : problem.k(),
                    problem.transposeB() ? problem.k() : problem.n(),
                    operands.b());
            c = new FMatrixRMaj(problem.m(), problem.n());
        }

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                switch (problem.product()) {
                    case AB -> {
                        if (concurrent) {
                            CommonOps_MT_FDRM.mult(a, b, c);
                        } else {
                            CommonOps_FDRM.mult(a, b, c);
                        }
                    }
                    case ABT -> {
                        if (concurrent) {
                            CommonOps_MT_FDRM.multTransB(a, b, c);
                        } else {
                            CommonOps_FDRM.multTransB(a, b, c);
                        }
                    }
                    case ATB -> {
                        if (concurrent) {
                            CommonOps_MT_FDRM.multTransA(a, b, c);
                        } else {
                            CommonOps_FDRM.multTransA(a, b, c);
                        }
                    }
                }
            }
        }

        @Override
        public float[] result() {
            return c.data;
        }

        @Override
        public double flops() {
            return problem.flops();
        }
    }
}
