package io.lanewise.bench.contest;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Rounds that alternate between contestants: in each, every contestant in random order runs the number of calls that
 * takes about the length of a turn. A slow minute of the machine so hurts all alike, and their ratio stays.
 *
 * <p>This is not a JMH benchmark because JMH gives each benchmark method whole forks and iterations of its own: the
 * contestants would be measured minutes apart.
 */
public final class Rounds {
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

    /** Calls of Lanewise, and their longest time, before all else. */
    private static final int FIRST_CALLS = 2000;

    private static final long FIRST_NANOS = 1_000_000_000;

    /** With several threads, calls before each turn until all are awake. */
    private static final long WAKING_NANOS = 5_000_000;

    private static final long LONGEST_COMPILATION_NANOS = 10_000_000_000L;

    private static final ThreadMXBean METER = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final List<GarbageCollectorMXBean> COLLECTORS = ManagementFactory.getGarbageCollectorMXBeans();

    private final int rounds;
    private final double millis;
    private final int threads;
    private final boolean allThreads;
    private final long restMillis;
    private final Random random;

    /**
     * Prepares rounds.
     *
     * @param rounds how often each contestant gets its turn
     * @param millis the length of a turn, about
     * @param threads of each contestant that has any
     * @param allThreads whether what other threads allocate counts too
     * @param restMillis with several threads, how long to wait before each turn, until the neighbours' idle ones no longer
     *     spin
     * @param random decides the order in each round
     */
    public Rounds(
            final int rounds,
            final double millis,
            final int threads,
            final boolean allThreads,
            final long restMillis,
            final Random random) {
        this.rounds = rounds;
        this.millis = millis;
        this.threads = threads;
        this.allThreads = allThreads;
        this.restMillis = restMillis;
        this.random = random;
    }

    /**
     * A contestant at the case in hand.
     *
     * @param contestant its name
     * @param job its work
     * @param calls how many calls a turn has
     * @param seconds the time of a call in the end of its warm-up
     * @param nanos of a call, in each round
     * @param bytes allocated by a call, in each round
     * @param collections of garbage, in each round
     */
    public record Turn(
            String contestant,
            Job job,
            int calls,
            double seconds,
            List<Double> nanos,
            List<Double> bytes,
            List<Long> collections) {}

    /** Runs Lanewise at a case before any is measured. */
    public void warmUp(final Job job) {
        final long start = System.nanoTime();
        for (int i = 0; i < FIRST_CALLS && System.nanoTime() - start < FIRST_NANOS; i++) {
            job.run(1);
        }
        untilCompiled(job);
    }

    /**
     * Runs Lanewise until a call allocates nothing. Code on the Vector API that is not yet compiled takes up to a thousand
     * times as long as compiled code and puts each vector on the heap, and what runs a few times in a call, as softmax
     * does, needs a thousand calls until it is compiled.
     */
    public void untilCompiled(final Job job) {
        final long start = System.nanoTime();
        long bytes;
        do {
            final long before = allocated();
            job.run(1);
            bytes = allocated() - before;
        } while (bytes > 0 && System.nanoTime() - start < LONGEST_COMPILATION_NANOS);
    }

    /** Runs until the compiler is done with it, and finds how many calls fill a turn. */
    public Turn calibrated(final String contestant, final Job job) {
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
            if (elapsed * 1e3 < millis) {
                calls *= 2;
            }
            compiled = compiler.getTotalCompilationTime() > compilation;
            turns = (System.nanoTime() - begin) * 1e-6 / millis;
        } while (turns < WARMUP
                || (done < WARMUP_CALLS && turns < ENOUGH_WARMUP)
                || (compiled && turns < LONGEST_WARMUP));
        final int fitting = (int) Math.clamp(Math.round(millis * 1e-3 / seconds), 1, 1 << 24);
        return new Turn(contestant, job, fitting, seconds, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Runs the rounds, and adds what they took to the turns. */
    public void run(final List<Turn> turns) throws InterruptedException {
        final List<Turn> order = new ArrayList<>(turns);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (final Turn turn : order) {
                if (round < ROUNDS_OF_SLOW || turn.seconds() * 1e3 < SLOW * millis) {
                    take(turn);
                }
            }
        }
    }

    /** Waits until the neighbours' idle threads no longer spin, if there are any. */
    public void rest() throws InterruptedException {
        if (threads > 1) {
            Thread.sleep(restMillis);
        }
    }

    /** Bytes that were allocated so far. */
    private long allocated() {
        return allThreads ? METER.getTotalThreadAllocatedBytes() : METER.getCurrentThreadAllocatedBytes();
    }

    private void take(final Turn turn) throws InterruptedException {
        rest();
        final Job job = turn.job();
        final int calls = turn.calls();
        if (calls > 1) {
            job.run(1); // the caches are full of the neighbour's data
        }
        // A virtual machine's core that was idle may take milliseconds to come back. Libraries that wait for all their
        // threads have them by now; Lanewise's caller does the work alone until they are there.
        final long waking = System.nanoTime();
        while (threads > 1 && System.nanoTime() - waking < WAKING_NANOS) {
            job.run(1);
        }
        final long collections = collections();
        final long bytes = allocated();
        final long start = System.nanoTime();
        job.run(calls);
        final long nanos = System.nanoTime() - start;
        turn.bytes().add((double) (allocated() - bytes) / calls);
        turn.nanos().add((double) nanos / calls);
        turn.collections().add(collections() - collections);
    }

    private static long collections() {
        long count = 0;
        for (final GarbageCollectorMXBean collector : COLLECTORS) {
            count += collector.getCollectionCount();
        }
        return count;
    }
}
