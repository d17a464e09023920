package io.lanewise.bench.peers;

import io.lanewise.bench.contest.Role;
import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Operands;
import java.util.Locale;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * oneDNN's {@code dnnl_sgemm} by bytedeco's binding. It has no call for the number of threads: OpenMP's variable,
 * which the fork's environment sets, fixes it.
 */
public final class OneDnn implements Contestant {
    @Override
    public String name() {
        return "oneDNN";
    }

    @Override
    public Role role() {
        return Role.NATIVE;
    }

    @Override
    public String open(final int threads) {
        final dnnl_version_t version = dnnl.dnnl_version();
        return version.major() + "." + version.minor() + "." + version.patch() + ", code for "
                + dnnl.get_effective_cpu_isa().intern().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public Job prepare(final Operands operands) {
        return new Products(operands);
    }

    private static final class Products extends NativeJob {
        Products(final Operands operands) {
            super(operands);
        }

        @Override
        public void run(final int calls) {
            final byte opA = (byte) (problem.transposeA() ? 'T' : 'N');
            final byte opB = (byte) (problem.transposeB() ? 'T' : 'N');
            final int m = problem.m();
            final int n = problem.n();
            final int k = problem.k();
            final int lda = problem.lda();
            final int ldb = problem.ldb();
            for (int i = 0; i < calls; i++) {
                dnnl.dnnl_sgemm(opA, opB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            }
        }
    }
}
