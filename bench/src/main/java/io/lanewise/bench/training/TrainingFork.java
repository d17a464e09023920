package io.lanewise.bench.training;

import io.lanewise.bench.contest.Child;
import io.lanewise.bench.contest.Entrants;
import io.lanewise.bench.contest.Heat;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Rounds;
import io.lanewise.bench.contest.Timing;
import io.lanewise.bench.training.Fork.Report;
import io.lanewise.bench.training.Fork.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** One virtual machine of the contest. For each case every contestant's steps are checked, then {@link Rounds} alternate. */
final class TrainingFork {
    /** Longer than idle threads of OpenMP and of a team spin, as they are set. */
    private static final long REST_MILLIS = 4;

    /**
     * Of the steps that are measured: the parameters hardly move. With a usual rate thousands of steps on one batch would
     * learn it by heart, and gradients that small are denormal numbers, which the CPU multiplies slowly: each contestant
     * would be measured in another state of the network.
     */
    private static final float LEARNING_RATE = 1e-9f;

    private final Task task;
    private final Random random;
    private final Rounds rounds;
    private final List<Timing> timings = new ArrayList<>();

    private TrainingFork(final Task task) {
        this.task = task;
        random = new Random(task.seed());
        rounds = new Rounds(task.rounds(), task.millis(), task.threads(), true, REST_MILLIS, random);
    }

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        Child.main(args, Task.class, task -> new TrainingFork(task).run());
    }

    private Report run() throws InterruptedException {
        final Entrants<Contestant> entrants = Entrants.open(
                List.of(SessionContestant.best(), SessionContestant.scalar()), Contestant.class, task.threads());
        final List<Case> cases =
                new ArrayList<>(task.cases().stream().map(Case::parse).toList());
        warmUp(cases);
        Collections.shuffle(cases, random);
        for (final Case problem : cases) {
            measure(problem, entrants.opened());
        }
        return new Report(entrants.entrants(), timings);
    }

    /**
     * Runs Lanewise at all cases before the first is measured, those of little work first: a new shape makes the compiler
     * take back what it assumed of those before.
     */
    private void warmUp(final List<Case> cases) {
        final List<Case> ascending = new ArrayList<>(cases);
        ascending.sort(Comparator.comparingDouble(Case::flops));
        final SessionContestant lanewise = SessionContestant.best();
        lanewise.open(task.threads());
        for (final Case problem : ascending) {
            try (Job job = lanewise.prepare(new Workload(problem), LEARNING_RATE)) {
                rounds.warmUp(job);
            }
        }
        lanewise.close();
    }

    private void measure(final Case problem, final List<Contestant> contestants) throws InterruptedException {
        System.gc();
        final Workload workload = new Workload(problem);
        final Check check = new Check(workload);
        final Heat heat = new Heat(rounds, problem.toString());
        for (final Contestant contestant : contestants) {
            if (!contestant.skips(problem)) {
                heat.enter(contestant, () -> checked(contestant, workload, check));
            }
        }
        heat.run();
        timings.addAll(heat.close());
    }

    /** A contestant's work, after other steps of it were found right. */
    private static Job checked(final Contestant contestant, final Workload workload, final Check check)
            throws Exception {
        try (Training training = contestant.prepare(workload, check.learningRate())) {
            check.run(training, contestant.role() == Role.LANEWISE || contestant.role() == Role.JAVA);
        }
        return contestant.prepare(workload, LEARNING_RATE);
    }
}
