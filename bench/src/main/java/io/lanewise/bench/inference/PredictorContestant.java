package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Role;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.reference.ReferenceKernels;
import org.jspecify.annotations.Nullable;

/** Lanewise's own sessions: on the best backend, or on the scalar reference, that one on one thread. */
final class PredictorContestant implements Contestant {
    private static final double SCALAR_FLOPS = 1 << 27;

    private final String name;
    private final Role role;
    private @Nullable ThreadTeam team;

    private PredictorContestant(final String name, final Role role) {
        this.name = name;
        this.role = role;
    }

    static PredictorContestant best() {
        return new PredictorContestant("Lanewise", Role.LANEWISE);
    }

    static PredictorContestant scalar() {
        return new PredictorContestant("scalar", Role.JAVA);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Role role() {
        return role;
    }

    private Kernels kernels() {
        return role == Role.JAVA ? ReferenceKernels.INSTANCE : Backends.best();
    }

    @Override
    public String open(final int threads) {
        if (threads > 1 && role != Role.JAVA) {
            team = ThreadTeam.of(threads);
        }
        return kernels().name() + (threads > 1 && role == Role.JAVA ? ", on one thread" : "");
    }

    /** Ends its threads. */
    void close() {
        if (team != null) {
            team.close();
        }
    }

    @Override
    public boolean skips(final Case inference) {
        return role == Role.JAVA && inference.batch() * inference.flopsOfRow() > SCALAR_FLOPS;
    }

    @Override
    public Job prepare(final Workload workload) {
        return new Session(workload, Predictor.of(workload.model(), kernels()), team);
    }

    private static final class Session implements Job {
        private final InferenceSession session;
        private final int batch;
        private final float[] x; // (batch, inputs)
        private final float[] y; // (batch, outputs)

        Session(final Workload workload, final Predictor predictor, final @Nullable ThreadTeam team) {
            batch = workload.inference().batch();
            session = predictor.session(batch, team);
            x = workload.x();
            y = new float[batch * workload.model().mlp().outputs()];
        }

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                session.run(batch, x, 0, y, 0);
            }
        }

        @Override
        public float[] result() {
            return y;
        }
    }
}
