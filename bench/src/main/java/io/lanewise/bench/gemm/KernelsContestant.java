package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Lanewise;
import io.lanewise.bench.contest.Role;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/** Lanewise's own kernels, the scalar reference among them; that one on one thread. */
final class KernelsContestant extends Lanewise implements Contestant {
    private KernelsContestant(final String name, final Role role) {
        super(name, role);
    }

    static KernelsContestant onTheFly() {
        return new KernelsContestant("Lanewise", Role.LANEWISE);
    }

    static KernelsContestant prepacked() {
        return new KernelsContestant("prepacked", Role.PREPACKED);
    }

    static KernelsContestant scalar() {
        return new KernelsContestant("scalar", Role.JAVA);
    }

    @Override
    public boolean skips(final Problem problem) {
        return tooMuch(problem.flops());
    }

    @Override
    public Job prepare(final Operands operands) {
        return role() == Role.PREPACKED
                ? new Prepacked(kernels(), operands, team())
                : new OnTheFly(kernels(), operands, team());
    }

    /** B is packed by each call. */
    private static final class OnTheFly implements Job {
        private final Kernels kernels;
        private final Problem problem;
        private final Gemm op;
        private final float[] a; // (m, k), or (k, m)
        private final float[] b; // (k, n), or (n, k)
        private final float[] c; // (m, n)
        private final Scratchpad scratchpad;

        OnTheFly(final Kernels kernels, final Operands operands, final @Nullable ThreadTeam team) {
            this.kernels = kernels;
            problem = operands.problem();
            op = new Gemm(problem.transposeA(), problem.transposeB(), Gemm.AB.start(), Gemm.AB.activation());
            a = operands.a();
            b = operands.b();
            c = new float[problem.m() * problem.n()];
            scratchpad = kernels.scratchpad(problem.m(), problem.n(), problem.k(), team);
        }

        @Override
        public void run(final int calls) {
            final int m = problem.m();
            final int n = problem.n();
            final int k = problem.k();
            final int lda = problem.lda();
            final int ldb = problem.ldb();
            for (int i = 0; i < calls; i++) {
                kernels.gemm(op, m, n, k, a, 0, lda, b, 0, ldb, null, 0, c, 0, n, scratchpad);
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

    /** B was packed beforehand, as a model's weights are. */
    private static final class Prepacked implements Job {
        private final Kernels kernels;
        private final Problem problem;
        private final Gemm op;
        private final float[] a; // (m, k), or (k, m)
        private final PackedMatrix b;
        private final float[] c; // (m, n)
        private final Scratchpad scratchpad;

        Prepacked(final Kernels kernels, final Operands operands, final @Nullable ThreadTeam team) {
            this.kernels = kernels;
            problem = operands.problem();
            op = problem.transposeA() ? Gemm.ATB : Gemm.AB;
            a = operands.a();
            b = kernels.pack(problem.k(), problem.n(), plain(operands), 0, problem.n());
            c = new float[problem.m() * problem.n()];
            scratchpad = kernels.scratchpad(problem.m(), 0, problem.k(), team);
        }

        /** B as {@code k × n}: {@code pack} takes no transpose. */
        private static float[] plain(final Operands operands) {
            final Problem problem = operands.problem();
            if (!problem.transposeB()) {
                return operands.b();
            }
            final int n = problem.n();
            final int k = problem.k();
            final float[] plain = new float[k * n];
            for (int p = 0; p < k; p++) {
                for (int j = 0; j < n; j++) {
                    plain[p * n + j] = operands.b()[j * k + p];
                }
            }
            return plain;
        }

        @Override
        public void run(final int calls) {
            final int m = problem.m();
            final int n = problem.n();
            final int lda = problem.lda();
            for (int i = 0; i < calls; i++) {
                kernels.gemm(op, m, a, 0, lda, b, null, 0, c, 0, n, scratchpad);
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
