package io.lanewise.bench.gemm;

import io.lanewise.bench.gemm.Contestant.Job;
import io.lanewise.bench.gemm.Contestant.Role;
import io.lanewise.bench.gemm.Fork.Entrant;
import io.lanewise.bench.gemm.Fork.Report;
import io.lanewise.bench.gemm.Fork.Task;
import io.lanewise.bench.gemm.Fork.Timing;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import tools.jackson.databind.json.JsonMapper;

/**
 * One virtual machine of the contest. For each problem every contestant's result is checked, then rounds alternate: in
 * each, every contestant in random order runs the number of calls that takes about the length of a turn. A slow minute
 * of the machine so hurts all alike, and their ratio stays. One virtual machine measures all problems, in an order of
 * its own: the compiler sees a mixture of shapes, as in a program that has more than one layer.
 *
 * <p>This is not a JMH benchmark because JMH gives each benchmark method whole forks and iterations of its own: the
 * contestants would be measured minutes apart. {@link io.lanewise.bench.GemmBenchmark} is the JMH benchmark of a single
 * shape, for profilers and for numbers free of the neighbours' cache traffic.
 */
final class GemmFork {
    /** A contestant whose one call takes so many turns takes part in the first rounds only. */
    private static final double SLOW = 10;

    private static final int ROUNDS_OF_SLOW = 3;

    /** Turns before the first that counts. */
    private static final double WARMUP = 20;

    /**
     * Calls before the first that counts: an interpreted kernel on the Vector API takes a thousand times as long as a
     * compiled one, and a few calls of it fill all the turns.
     */
    private static final int WARMUP_CALLS = 100;

    /** Turns after which the warm-up ends even if the compiler is still at work. */
    private static final double LONGEST_WARMUP = 1000;

    /** Turns after which it ends even if those calls were not made: they are long, and compiled long since. */
    private static final double ENOUGH_WARMUP = 250;

    /** With several threads: longer than the natives' idle threads spin, as their environment is set. */
    private static final long REST_MILLIS = 4;

    private final Task task;
    private final Random random;
    private final List<Contestant> contestants = new ArrayList<>();
    private final List<Entrant> entrants = new ArrayList<>();
    private final List<Timing> timings = new ArrayList<>();

    private GemmFork(final Task task) {
        this.task = task;
        random = new Random(task.seed());
    }

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        final JsonMapper json = JsonMapper.shared();
        final GemmFork fork = new GemmFork(json.readValue(Path.of(args[0]).toFile(), Task.class));
        json.writeValue(Path.of(args[1]).toFile(), fork.run());
        System.exit(0); // whatever threads a native library has left
    }

    private Report run() throws InterruptedException {
        for (final Contestant contestant : found()) {
            open(contestant);
        }
        final List<Problem> problems =
                new ArrayList<>(task.problems().stream().map(Problem::parse).toList());
        Collections.shuffle(problems, random);
        for (final Problem problem : problems) {
            measure(problem);
        }
        return new Report(entrants, timings);
    }

    private static List<Contestant> found() {
        final List<Contestant> found = new ArrayList<>(List.of(
                new PeakContestant(),
                KernelsContestant.onTheFly(),
                KernelsContestant.prepacked(),
                KernelsContestant.scalar()));
        final Iterator<Contestant> peers = ServiceLoader.load(Contestant.class).iterator();
        while (peers.hasNext()) {
            try {
                found.add(peers.next());
            } catch (final ServiceConfigurationError e) {
                System.err.println("a peer is missing: " + e.getMessage());
            }
        }
        return found;
    }

    private void open(final Contestant contestant) {
        try {
            final String about = contestant.open(task.threads());
            contestants.add(contestant);
            entrants.add(new Entrant(contestant.name(), contestant.role(), about, null));
        } catch (final Exception | LinkageError e) {
            entrants.add(new Entrant(contestant.name(), contestant.role(), "", reason(e)));
        }
    }

    /** The first cause: a class that failed to initialise says nothing by itself. */
    private static String reason(final Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /** A contestant at the problem in hand. */
    private record Turn(Contestant contestant, Job job, int calls, double seconds, List<Double> gflops) {}

    private void measure(final Problem problem) throws InterruptedException {
        System.gc();
        final Operands operands = new Operands(problem);
        final List<Turn> turns = new ArrayList<>();
        for (final Contestant contestant : contestants) {
            if (!contestant.skips(problem)) {
                final Job job = contestant.prepare(operands);
                job.run(1);
                final String fault = contestant.role() == Role.PEAK ? null : operands.fault(job.result());
                if (fault == null) {
                    turns.add(calibrated(contestant, job));
                } else {
                    timings.add(new Timing(problem.toString(), contestant.name(), 0, List.of(), fault));
                    job.close();
                }
            }
        }
        final List<Turn> order = new ArrayList<>(turns);
        for (int round = 0; round < task.rounds(); round++) {
            Collections.shuffle(order, random);
            for (final Turn turn : order) {
                if (round < ROUNDS_OF_SLOW || turn.seconds() * 1e3 < SLOW * task.millis()) {
                    turn.gflops().add(take(turn));
                }
            }
        }
        for (final Turn turn : turns) {
            timings.add(new Timing(problem.toString(), turn.contestant().name(), turn.calls(), turn.gflops(), null));
            turn.job().close();
        }
    }

    /** Runs until the compiler is done with it, and finds how many calls fill a turn. */
    private Turn calibrated(final Contestant contestant, final Job job) {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        final long begin = System.nanoTime();
        double seconds;
        double turns;
        boolean compiled;
        int calls = 1;
        long done = 0;
        do {
            final long compilation = compiler.getTotalCompilationTime();
            final long start = System.nanoTime();
            job.run(calls);
            final double elapsed = (System.nanoTime() - start) * 1e-9;
            seconds = elapsed / calls;
            done += calls;
            if (elapsed * 1e3 < task.millis()) {
                calls *= 2;
            }
            compiled = compiler.getTotalCompilationTime() > compilation;
            turns = (System.nanoTime() - begin) * 1e-6 / task.millis();
        } while (turns < WARMUP
                || (done < WARMUP_CALLS && turns < ENOUGH_WARMUP)
                || (compiled && turns < LONGEST_WARMUP));
        final int fitting = (int) Math.clamp(Math.round(task.millis() * 1e-3 / seconds), 1, 1 << 24);
        return new Turn(contestant, job, fitting, seconds, new ArrayList<>());
    }

    /** GFLOP/s of one turn. */
    private double take(final Turn turn) throws InterruptedException {
        if (task.threads() > 1) {
            Thread.sleep(REST_MILLIS);
        }
        final Job job = turn.job();
        final int calls = turn.calls();
        if (calls > 1) {
            job.run(1); // the caches are full of the neighbour's data
        }
        final long start = System.nanoTime();
        job.run(calls);
        return calls * job.flops() / (System.nanoTime() - start);
    }
}
