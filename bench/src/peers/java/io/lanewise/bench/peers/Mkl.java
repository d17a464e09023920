package io.lanewise.bench.peers;

import io.lanewise.bench.contest.Role;
import io.lanewise.bench.gemm.Contestant;
import io.lanewise.bench.gemm.Operands;
import java.nio.charset.StandardCharsets;
import org.bytedeco.mkl.global.mkl_rt;

/** Intel's MKL by bytedeco's binding. */
public final class Mkl implements Contestant {
    @Override
    public String name() {
        return "MKL";
    }

    @Override
    public Role role() {
        return Role.NATIVE;
    }

    @Override
    public String open(final int threads) {
        final byte[] version = new byte[256];
        mkl_rt.MKL_Get_Version_String(version, version.length);
        mkl_rt.MKL_Set_Dynamic(0);
        mkl_rt.MKL_Set_Num_Threads(threads);
        NativeJob.bind(this);
        return new String(version, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .replace("Intel(R) oneAPI Math Kernel Library Version ", "")
                .strip();
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
                mkl_rt.cblas_sgemm(ROW_MAJOR, opA, opB, m, n, k, 1f, a, lda, b, ldb, 0f, c, n);
            }
        }
    }
}
