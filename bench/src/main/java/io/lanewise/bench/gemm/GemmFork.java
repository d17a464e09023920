package io.lanewise.bench.gemm;

import io.lanewise.bench.contest.Child;
import io.lanewise.bench.contest.Entrants;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Rounds;
import io.lanewise.bench.contest.Rounds.Turn;
import io.lanewise.bench.gemm.Contestant.Job;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Task;
import io.lanewise.bench.gemm.Fork.Timing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * One virtual machine of the contest. For each problem every contestant's result is checked, then {@link Rounds}
 * alternate. One virtual machine measures all problems, in an order of its own: the compiler sees a mixture of shapes, as
 * in a program that has more than one layer.
 *
 * <p>{@link io.lanewise.bench.GemmBenchmark} is the JMH benchmark of a single shape, for profilers and for numbers free
 * of the neighbours' cache traffic.
 */
final class GemmFork {
    /** Longer than the natives' idle threads spin, as their environment is set. */
    private static final long REST_MILLIS = 4;

    private final Task task;
    private final Random random;
    private final Rounds rounds;
    private final List<Timing> timings = new ArrayList<>();

    private GemmFork(final Task task) {
        this.task = task;
        random = new Random(task.seed());
        rounds = new Rounds(task.rounds(), task.millis(), task.threads(), task.threads() > 1, REST_MILLIS, random);
    }

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        Child.main(args, Task.class, task -> new GemmFork(task).run());
    }

    private Report run() throws InterruptedException {
        final Entrants<Contestant> entrants = Entrants.open(
                List.of(
                        new PeakContestant(),
                        KernelsContestant.onTheFly(),
                        KernelsContestant.prepacked(),
                        KernelsContestant.scalar()),
                Contestant.class,
                task.threads());
        final List<Problem> problems =
                new ArrayList<>(task.problems().stream().map(Problem::parse).toList());
        Collections.shuffle(problems, random);
        for (final Problem problem : problems) {
            measure(problem, entrants.opened());
        }
        return new Report(entrants.entrants(), timings);
    }

    private void measure(final Problem problem, final List<Contestant> contestants) throws InterruptedException {
        System.gc();
        final Operands operands = new Operands(problem);
        final List<Turn> turns = new ArrayList<>();
        for (final Contestant contestant : contestants) {
            if (!contestant.skips(problem)) {
                final Job job = contestant.prepare(operands);
                job.run(1);
                final String fault = contestant.role() == Role.PEAK ? null : operands.fault(job.result());
                if (fault == null) {
                    if (contestant.role() == Role.LANEWISE || contestant.role() == Role.PREPACKED) {
                        rounds.untilCompiled(
                                job); // a kernel that runs twice in a call needs hundreds of calls for that
                    }
                    turns.add(rounds.calibrated(contestant.name(), job));
                } else {
                    timings.add(new Timing(problem.toString(), contestant.name(), 0, List.of(), fault));
                    job.close();
                }
            }
        }
        rounds.run(turns);
        for (final Turn turn : turns) {
            final Job job = (Job) turn.job();
            final List<Double> gflops =
                    turn.nanos().stream().map(nanos -> job.flops() / nanos).toList();
            timings.add(new Timing(problem.toString(), turn.contestant(), turn.calls(), gflops, null));
            job.close();
        }
    }
}
