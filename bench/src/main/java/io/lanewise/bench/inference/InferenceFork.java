package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Child;
import io.lanewise.bench.contest.Entrants;
import io.lanewise.bench.contest.Heat;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Net;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Rounds;
import io.lanewise.bench.contest.Rounds.Turn;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.contest.Timing;
import io.lanewise.bench.contest.WrongResult;
import io.lanewise.bench.inference.Fork.Latency;
import io.lanewise.bench.inference.Fork.Report;
import io.lanewise.bench.inference.Fork.Task;
import io.lanewise.mlp.Model;
import io.lanewise.onnx.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;

/**
 * One virtual machine of the contest. For each case every contestant's output is checked, then {@link Rounds} alternate.
 * Where the batch is one row, each contestant also answers requests at a fixed rate, in slices that alternate too.
 *
 * <p>{@link io.lanewise.bench.NetworkBenchmark} is the JMH benchmark of Lanewise alone, for profilers.
 */
final class InferenceFork {
    /** Longer than idle threads of ONNX Runtime, of OpenMP and of a team spin, as they are set. */
    private static final long REST_MILLIS = 4;

    private static final double SLICE_SECONDS = 0.5;
    private static final double SHORT_SLICE_SECONDS = 0.01;

    /** In so many turns of short slices, nothing was compiled: then the compiler is done. */
    private static final int QUIET_SLICES = 50;

    private static final long LONGEST_COMPILATION_NANOS = 20_000_000_000L;

    private final Task task;
    private final Random random;
    private final Rounds rounds;
    private final Map<Net, Model> models = new HashMap<>(); // by network
    private final Map<String, Role> roles = new HashMap<>(); // by contestant
    private final List<Timing> timings = new ArrayList<>();
    private final List<Latency> latencies = new ArrayList<>();

    private InferenceFork(final Task task) {
        this.task = task;
        random = new Random(task.seed());
        rounds = new Rounds(task.rounds(), task.millis(), task.threads(), task.threads() > 1, REST_MILLIS, random);
    }

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        Child.main(args, Task.class, task -> new InferenceFork(task).run());
    }

    private Report run() throws InterruptedException {
        final Entrants<Contestant> entrants = Entrants.open(
                List.of(PredictorContestant.best(), PredictorContestant.scalar()), Contestant.class, task.threads());
        entrants.opened().forEach(contestant -> roles.put(contestant.name(), contestant.role()));
        final List<Case> cases =
                new ArrayList<>(task.cases().stream().map(Case::parse).toList());
        warmUp(cases);
        Collections.shuffle(cases, random);
        for (final Case inference : cases) {
            measure(inference, entrants.opened());
        }
        return new Report(entrants.entrants(), timings, latencies);
    }

    /**
     * Runs Lanewise at all cases before the first is measured, those of little work first: a new shape makes the compiler
     * take back what it assumed of those before.
     */
    private void warmUp(final List<Case> cases) {
        final List<Case> ascending = new ArrayList<>(cases);
        ascending.sort(Comparator.comparingDouble(one -> one.batch() * one.flopsOfRow()));
        final PredictorContestant lanewise = PredictorContestant.best();
        lanewise.open(task.threads());
        for (final Case inference : ascending) {
            try (Job job = lanewise.prepare(workload(inference))) {
                rounds.warmUp(job);
            }
        }
        lanewise.close();
    }

    private Workload workload(final Case inference) {
        return new Workload(inference, models.computeIfAbsent(inference.net(), net -> model(inference)));
    }

    private Model model(final Case inference) {
        final String file = task.model();
        if (file == null) {
            return Workload.model(inference.mlp());
        }
        try {
            return ModelFiles.read(Path.of(file));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Others than ONNX Runtime compute only what the widths of a case describe. */
    private boolean skips(final Contestant contestant, final Case inference) {
        return contestant.skips(inference) || (task.model() != null && contestant.role() == Role.OTHER);
    }

    private void measure(final Case inference, final List<Contestant> contestants) throws InterruptedException {
        System.gc();
        final Workload workload = workload(inference);
        final Heat heat = new Heat(rounds, inference.toString());
        for (final Contestant contestant : contestants) {
            if (!skips(contestant, inference)) {
                heat.enter(contestant, () -> checked(contestant, workload));
            }
        }
        final List<Turn> turns = heat.run();
        if (inference.batch() == 1) {
            answer(inference, turns);
        }
        timings.addAll(heat.close());
    }

    /** A contestant's work, its output found right. */
    private static Job checked(final Contestant contestant, final Workload workload) throws Exception {
        final Job job = contestant.prepare(workload);
        job.run(1);
        final boolean ours = contestant.role() == Role.LANEWISE || contestant.role() == Role.JAVA;
        final String fault = workload.fault(job.result(), ours);
        if (fault != null) {
            job.close();
            throw new WrongResult(fault);
        }
        return job;
    }

    /** A contestant at a fixed rate. */
    private record Service(String contestant, Job job, Histogram latencies) {
        Service(final String contestant, final Job job) {
            this(contestant, job, OpenLoop.histogram());
        }
    }

    private void answer(final Case inference, final List<Turn> turns) throws InterruptedException {
        // The rate is one for all: it keeps the slower of Lanewise and the native library busy half the time.
        final double slower = Statistics.greatest(turns.stream()
                .filter(turn ->
                        roles.get(turn.contestant()) == Role.LANEWISE || roles.get(turn.contestant()) == Role.NATIVE)
                .map(turn -> Statistics.median(turn.nanos()))
                .toList());
        if (Double.isNaN(slower)) {
            return;
        }
        final Schedule schedule = Schedule.half(slower);
        final List<Service> services = new ArrayList<>();
        for (final Turn turn : turns) {
            if (roles.get(turn.contestant()) == Role.JAVA) {
                continue; // nobody would serve requests by the reference
            }
            if (schedule.overloads(Statistics.median(turn.nanos()))) {
                latencies.add(Latency.none(inference, turn.contestant(), schedule));
            } else {
                services.add(new Service(turn.contestant(), turn.job()));
                if (roles.get(turn.contestant()) == Role.LANEWISE) {
                    services.add(new Service(Wait.NAME, new Wait(Statistics.median(turn.nanos()))));
                }
            }
        }
        compileLoop(services, schedule);
        final List<Service> order = new ArrayList<>(services);
        for (int slice = 0; slice < task.slices(); slice++) {
            Collections.shuffle(order, random);
            for (final Service service : order) {
                rounds.rest();
                OpenLoop.run(service.job(), schedule, SLICE_SECONDS, service.latencies());
            }
        }
        for (final Service service : services) {
            latencies.add(latency(inference, service, schedule));
        }
    }

    /**
     * Answers short slices in turn until the compiler is done. The fork may have one core and waits for its compiler, so a
     * loop that is compiled while it is timed stops for 20 ms, and hundreds of requests wait for it.
     */
    private static void compileLoop(final List<Service> services, final Schedule schedule) {
        final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        if (compiler == null) {
            return; // nothing is ever compiled
        }
        final long start = System.nanoTime();
        long compilation = compiler.getTotalCompilationTime();
        int quiet = 0;
        while (quiet < QUIET_SLICES && System.nanoTime() - start < LONGEST_COMPILATION_NANOS) {
            for (final Service service : services) {
                OpenLoop.run(service.job(), schedule, SHORT_SLICE_SECONDS, OpenLoop.histogram());
            }
            final long now = compiler.getTotalCompilationTime();
            quiet = now == compilation ? quiet + 1 : 0;
            compilation = now;
        }
        if (quiet < QUIET_SLICES) {
            System.err.println("the compiler is still at work: latencies may have its pauses");
        }
    }

    private static Latency latency(final Case inference, final Service service, final Schedule schedule) {
        final Histogram latencies = service.latencies();
        return new Latency(
                inference.toString(),
                service.contestant(),
                schedule.perSecond(),
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9),
                latencies.getMaxValue());
    }
}
