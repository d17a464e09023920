package io.lanewise.bench.peers;

import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Versions;
import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Operands;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** OpenBLAS by bytedeco's binding. Which code it chose for this CPU it prints itself, as {@code OPENBLAS_VERBOSE} asks. */
public final class OpenBlas implements Contestant {
    private static final int OPENBLAS = 2; // as the binding numbers vendors

    @Override
    public String name() {
        return "OpenBLAS";
    }

    @Override
    public Role role() {
        return Role.NATIVE;
    }

    @Override
    public String open(final int threads) {
        // Where it finds MKL, bytedeco's binding otherwise loads that in OpenBLAS's place.
        System.setProperty("org.bytedeco.openblas.load", "openblas");
        Loader.load(openblas_nolapack.class);
        org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(threads);
        final int vendor = org.bytedeco.openblas.presets.openblas_nolapack.blas_get_vendor();
        if (vendor != OPENBLAS) {
            throw new IllegalStateException("another BLAS was loaded in its place, of vendor " + vendor);
        }
        NativeJob.bind(this);
        return Versions.of("org.bytedeco", "openblas") + " of bytedeco";
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
            final int opA = problem.transposeA() ? TRANSPOSED : AS_STORED;
            final int opB = problem.transposeB() ? TRANSPOSED : AS_STORED;
            final int m = problem.m();
            final int n = problem.n();
            final int k = problem.k();
            final int lda = problem.lda();
            final int ldb = problem.ldb();
            for (int i = 0; i < calls; i++) {
                openblas_nolapack.cblas_sgemm(ROW_MAJOR, opA, opB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            }
        }
    }
}
