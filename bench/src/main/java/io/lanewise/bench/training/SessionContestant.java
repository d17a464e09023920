package io.lanewise.bench.training;

import io.lanewise.bench.contest.Lanewise;
import io.lanewise.bench.contest.Role;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.training.Optimizer;
import io.lanewise.training.TrainingSession;
import org.jspecify.annotations.Nullable;

/** Lanewise's own sessions: on the best backend, or on the scalar reference, that one on one thread. */
final class SessionContestant extends Lanewise implements Contestant {
    private SessionContestant(final String name, final Role role) {
        super(name, role);
    }

    static SessionContestant best() {
        return new SessionContestant("Lanewise", Role.LANEWISE);
    }

    static SessionContestant scalar() {
        return new SessionContestant("scalar", Role.JAVA);
    }

    @Override
    public boolean skips(final Case problem) {
        return tooMuch(problem.flops());
    }

    @Override
    public Training prepare(final Workload workload, final float learningRate) {
        return new Session(workload, learningRate, kernels(), team());
    }

    private static final class Session implements Training {
        private final TrainingSession session;
        private final int batch;
        private final float[] x; // (batch, inputs)
        private final int[] labels; // (batch)
        private double loss;

        Session(
                final Workload workload,
                final float learningRate,
                final Kernels kernels,
                final @Nullable ThreadTeam team) {
            final Optimizer optimizer = switch (workload.problem().method()) {
                case SGD -> Optimizer.sgd(learningRate, 0);
                case ADAM -> Optimizer.adam(learningRate);
            };
            batch = workload.problem().batch();
            session = new TrainingSession(workload.initial(), optimizer, batch, kernels, team);
            x = workload.x();
            labels = workload.labels();
        }

        @Override
        public void run(final int calls) {
            for (int i = 0; i < calls; i++) {
                loss = session.step(batch, x, 0, labels, 0);
            }
        }

        @Override
        public double loss() {
            return loss;
        }

        @Override
        public float[] result() {
            return session.parameters().toArray();
        }
    }
}
