package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Lanewise;
import io.lanewise.bench.contest.Role;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.ThreadTeam;
import org.jspecify.annotations.Nullable;

/** Lanewise's own sessions: on the best backend, or on the scalar reference, that one on one thread. */
final class PredictorContestant extends Lanewise implements Contestant {
    private PredictorContestant(final String name, final Role role) {
        super(name, role);
    }

    static PredictorContestant best() {
        return new PredictorContestant("Lanewise", Role.LANEWISE);
    }

    static PredictorContestant scalar() {
        return new PredictorContestant("scalar", Role.JAVA);
    }

    @Override
    public boolean skips(final Case inference) {
        return tooMuch(inference.batch() * inference.flopsOfRow());
    }

    @Override
    public Job prepare(final Workload workload) {
        return new Session(workload, Predictor.of(workload.model(), kernels()), team(), role() == Role.LANEWISE);
    }

    private static final class Session implements Job {
        private final InferenceSession session;
        private final int batch;
        private final float[] x; // (batch, inputs)
        private final float[] y; // (batch, outputs)

        Session(
                final Workload workload,
                final Predictor predictor,
                final @Nullable ThreadTeam team,
                final boolean serves) {
            batch = workload.inference().batch();
            session = predictor.session(batch, team);
            if (serves && batch == 1) {
                session.warmUp(); // as a service does before its first request: latencies are measured
            }
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
