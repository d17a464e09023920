package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Entrants;
import io.lanewise.bench.contest.Job;
import io.lanewise.bench.contest.Role;
import io.lanewise.bench.contest.Rounds;
import io.lanewise.bench.contest.Rounds.Turn;
import io.lanewise.bench.contest.Statistics;
import io.lanewise.bench.inference.Fork.Latency;
import io.lanewise.bench.inference.Fork.Report;
import io.lanewise.bench.inference.Fork.Task;
import io.lanewise.bench.inference.Fork.Timing;
import io.lanewise.mlp.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

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
    private static final int WARMUP_CALLS = 2000;
    private static final long WARMUP_NANOS = 1_000_000_000;
    private static final long LONGEST_WARMUP_NANOS = 10_000_000_000L;

    private final Task task;
    private final Random random;
    private final Rounds rounds;
    private final Map<String, Model> models = new HashMap<>(); // by network
    private final Map<String, Role> roles = new HashMap<>(); // by contestant
    private final List<Timing> timings = new ArrayList<>();
    private final List<Latency> latencies = new ArrayList<>();

    private InferenceFork(final Task task) {
        this.task = task;
        random = new Random(task.seed());
        rounds = new Rounds(task.rounds(), task.millis(), task.threads(), REST_MILLIS, random);
    }

    /** Reads the task from the first file and writes the report to the second. */
    public static void main(final String[] args) throws Exception {
        final JsonMapper json = JsonMapper.shared();
        final InferenceFork fork =
                new InferenceFork(json.readValue(Path.of(args[0]).toFile(), Task.class));
        json.writeValue(Path.of(args[1]).toFile(), fork.run());
        System.exit(0); // whatever threads a native library has left
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
                final long start = System.nanoTime();
                for (int i = 0; i < WARMUP_CALLS && System.nanoTime() - start < WARMUP_NANOS; i++) {
                    job.run(1);
                }
                untilCompiled(job);
            }
        }
        lanewise.close();
    }

    /**
     * Runs Lanewise until a call allocates nothing. Code on the Vector API that is not yet compiled takes up to a thousand
     * times as long as compiled code and puts each vector on the heap, and what runs a few times in a call, as softmax
     * does, needs a thousand calls until it is compiled.
     */
    private void untilCompiled(final Job job) {
        final long start = System.nanoTime();
        long bytes;
        do {
            final long before = rounds.allocated();
            job.run(1);
            bytes = rounds.allocated() - before;
        } while (bytes > 0 && System.nanoTime() - start < LONGEST_WARMUP_NANOS);
    }

    private Workload workload(final Case inference) {
        return new Workload(inference, models.computeIfAbsent(inference.net(), net -> Workload.model(inference.mlp())));
    }

    private void measure(final Case inference, final List<Contestant> contestants) throws InterruptedException {
        System.gc();
        final Workload workload = workload(inference);
        final List<Turn> turns = new ArrayList<>();
        for (final Contestant contestant : contestants) {
            final Job job = contestant.skips(inference) ? null : prepared(contestant, workload);
            if (job != null) {
                if (contestant.role() == Role.LANEWISE) {
                    untilCompiled(job);
                }
                turns.add(rounds.calibrated(contestant.name(), job));
            }
        }
        rounds.run(turns);
        if (inference.batch() == 1) {
            answer(inference, turns);
        }
        for (final Turn turn : turns) {
            timings.add(new Timing(
                    inference.toString(), turn.contestant(), turn.calls(), turn.nanos(), turn.bytes(), null));
            turn.job().close();
        }
    }

    /** A contestant's work, its output found right; null where it is wrong or there is none. */
    private @Nullable Job prepared(final Contestant contestant, final Workload workload) {
        String fault;
        try {
            final Job job = contestant.prepare(workload);
            job.run(1);
            final boolean ours = contestant.role() == Role.LANEWISE || contestant.role() == Role.JAVA;
            fault = workload.fault(job.result(), ours);
            if (fault == null) {
                return job;
            }
            job.close();
        } catch (final Exception e) {
            fault = e.toString();
        }
        timings.add(new Timing(workload.inference().toString(), contestant.name(), 0, List.of(), List.of(), fault));
        return null;
    }

    /** A contestant at a fixed rate. */
    private record Service(Turn turn, Histogram latencies) {}

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
                services.add(new Service(turn, OpenLoop.histogram()));
            }
        }
        for (final Service service : services) {
            OpenLoop.run(service.turn().job(), schedule, SLICE_SECONDS, OpenLoop.histogram()); // compiles the loop
        }
        final List<Service> order = new ArrayList<>(services);
        for (int slice = 0; slice < task.slices(); slice++) {
            Collections.shuffle(order, random);
            for (final Service service : order) {
                rounds.rest();
                OpenLoop.run(service.turn().job(), schedule, SLICE_SECONDS, service.latencies());
            }
        }
        for (final Service service : services) {
            latencies.add(latency(inference, service.turn(), schedule, service.latencies()));
        }
    }

    private static Latency latency(
            final Case inference, final Turn turn, final Schedule schedule, final Histogram latencies) {
        return new Latency(
                inference.toString(),
                turn.contestant(),
                schedule.perSecond(),
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99),
                latencies.getValueAtPercentile(99.9),
                latencies.getMaxValue());
    }
}
