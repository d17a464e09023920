package io.lanewise.kernel;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that share the tasks of one kernel: the rows or columns of a product, never its k, so that
 * each element is computed as by a single thread and has the same bits. The thread that calls {@link #run} is one of
 * the members; the others are daemon threads that live until {@link #close}. Between runs they spin for some
 * microseconds, then sleep.
 *
 * <p>A team serves one run at a time. Any thread may start it; a second one that tries meanwhile, and a task that tries
 * from within, get an {@link IllegalStateException}. Threads that compute in parallel have a team each.
 */
public final class ThreadTeam implements AutoCloseable {
    /** The largest number of members. */
    public static final int MAX_THREADS = 1024;

    /** A part of the work; called by several threads at once. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does one part.
         *
         * @param index which part
         * @param member who does it: at least 0, less than {@link ThreadTeam#threads}, and never the same for two calls
         *     at the same time, so that it may choose the memory to work in
         */
        void run(int index, int member);
    }

    // How a run works. Each worker has one word, its state, and every step is one atomic change of it:
    //   IDLE    -> PARKED   by the worker, before it parks
    //   IDLE    -> CALLED   by the caller; from PARKED likewise, and then the caller unparks the worker
    //   PARKED  -> WAKING   by awake(), which then unparks the worker
    //   WAKING  -> IDLE     by the worker, which then spins once more; -> CALLED by the caller, as from IDLE
    //   CALLED  -> RUNNING  by the worker: only now may it read the task and claim indices
    //   CALLED  -> IDLE     by the caller, when no index is left: it does not wait for one that is only waking up
    //   RUNNING -> AWAITED  by the caller, before it parks
    //   RUNNING -> IDLE     by the worker; from AWAITED likewise, and then the worker unparks the caller
    //   IDLE    -> CLOSED   by close(); from PARKED likewise, and then it unparks the worker
    // No wake-up is lost: one who wants to park first says so by compare-and-set, which fails if the other was faster,
    // and parks only while the word says so. An unpark before the park makes it return at once; one that comes late
    // makes some later park return early, which the loop around it expects.
    // There are no stragglers: run() returns when all workers it called are IDLE again, and one that was called off
    // fails at CALLED -> RUNNING. So task, tasks, caller and the counter change only when nobody reads them.
    // What the caller wrote before the run is visible to a worker by way of CALLED, and the reverse by way of IDLE.
    private static final long IDLE = 0; // what a new word has
    private static final long PARKED = 1;
    private static final long CALLED = 2;
    private static final long RUNNING = 3;
    private static final long AWAITED = 4;
    private static final long CLOSED = 5;
    private static final long WAKING = 6;

    // How long one who waits spins before it parks. Waking a parked thread takes about as long, so this costs at most
    // twice the better of the two, and the work on one thread between two products of a layer fits in.
    private static final long SPIN_NANOS = 50_000;
    private static final int STRIDE = 16; // of the words: two cache lines, as processors fetch them in pairs
    private static final int COUNTER = STRIDE;
    private static final int ASKED = 0; // when awake() was last asked; 0 for never
    private static final int TEAM = 2 * STRIDE; // IDLE, RUNNING or CLOSED; the state of member i is i strides behind it
    private static final Task NOTHING = (index, member) -> {};
    private static final String WHEN_CLOSED = "the team is closed: make another with ThreadTeam.of";
    private static final String WHEN_RUNNING =
            "a run of this team is in progress: wait for its end, or make another team; a task cannot use its own";

    private final List<Thread> workers; // members 1, 2, …
    // When awake() was last asked, the next index to claim, the state of the team, and that of each worker.
    private final AtomicLongArray words;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final long spinNanos;
    private Task task = NOTHING;
    private int tasks;
    private @Nullable Thread caller;

    /** As {@link #of}, with threads that a test makes. */
    ThreadTeam(final int threads, final ThreadFactory factory) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("expected 1 to " + MAX_THREADS + " threads, got " + threads);
        }
        workers = new ArrayList<>(threads - 1);
        words = new AtomicLongArray((threads + 3) * STRIDE);
        // With more members than processors, who spins keeps another from working.
        spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
        try {
            for (int i = 1; i < threads; i++) {
                final int member = i;
                final Thread worker = factory.newThread(() -> serve(member));
                workers.add(worker);
                worker.start();
            }
        } catch (final Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * Makes a team and starts its threads. With more members than processors the team works, but nobody in it spins.
     *
     * @param threads the number of members, the thread that calls {@link #run} included
     * @throws IllegalArgumentException if that is less than 1 or more than {@link #MAX_THREADS}
     * @throws OutOfMemoryError if a thread cannot be started; the others have ended
     */
    public static ThreadTeam of(final int threads) {
        final Thread.Builder builder = Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false);
        return new ThreadTeam(threads, builder.name("lanewise-team-", 1).factory());
    }

    /** The number of members, the thread that calls {@link #run} included. */
    public int threads() {
        return workers.size() + 1;
    }

    /**
     * Runs the task once for each index from 0 to {@code tasks - 1}, in no particular order, and returns when all are
     * finished. The calling thread is member 0; a single task runs there, and no other thread is woken. The tasks see
     * what the caller did before, and the caller sees what they did. Nothing is allocated.
     *
     * <p>If a task throws, those already begun are finished, the others are not begun, and the first throwable is
     * thrown here; the team can be used again. An interrupt does not end a run: it is there afterwards.
     *
     * @throws IllegalArgumentException if {@code tasks} is negative
     * @throws IllegalStateException if a run is in progress, or the team is closed; nothing is run
     * @throws UndeclaredThrowableException if a task throws a checked exception, which it could not declare
     */
    public void run(final int tasks, final Task task) {
        KernelChecks.size("tasks", tasks);
        Objects.requireNonNull(task, "task");
        final long state = words.compareAndExchange(TEAM, IDLE, RUNNING);
        if (state != IDLE) {
            throw new IllegalStateException(state == CLOSED ? WHEN_CLOSED : WHEN_RUNNING);
        }
        final int called = Math.min(workers.size(), tasks - 1);
        this.task = task;
        this.tasks = tasks;
        caller = Thread.currentThread();
        words.set(COUNTER, 0);
        for (int member = 1; member <= called; member++) {
            if (words.getAndSet(word(member), CALLED) == PARKED) {
                LockSupport.unpark(workers.get(member - 1));
            }
        }
        work(0);
        boolean interrupted = false;
        final long deadline = System.nanoTime() + spinNanos;
        for (int member = 1; member <= called; member++) {
            // A look first: a compare-and-set that fails would still take the cache line away from the worker.
            if (words.get(word(member)) != CALLED || !words.compareAndSet(word(member), CALLED, IDLE)) {
                interrupted |= await(word(member), RUNNING, AWAITED, deadline);
            }
        }
        final Throwable thrown = failure.get();
        failure.set(null);
        this.task = NOTHING;
        caller = null;
        words.set(TEAM, IDLE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (thrown) {
            case null -> {}
            case final RuntimeException e -> throw e;
            case final Error e -> throw e;
            default -> throw new UndeclaredThrowableException(thrown);
        }
    }

    /**
     * Whether a run on so many members would be under way within a microsecond, so that small work is worth it: the team is
     * open and idle, and none of those workers sleeps. If some do, and this was asked before within the time for which they
     * spin, they are woken: calls come so closely that one of the next ones will find them awake. With more members than
     * processors, never. For those who choose between a run and doing the work alone; any thread may ask.
     *
     * @param members of the run, the calling thread included
     */
    public boolean awake(final int members) {
        final long now = System.nanoTime();
        final long before = words.getPlain(ASKED);
        words.setPlain(ASKED, now);
        if (spinNanos == 0 || words.get(TEAM) != IDLE) {
            return false;
        }
        boolean awake = true;
        for (int member = 1; member < Math.min(members, threads()); member++) {
            final long state = words.get(word(member));
            if (state == PARKED || state == WAKING) {
                awake = false;
                if (before != 0 && now - before < spinNanos && words.compareAndSet(word(member), PARKED, WAKING)) {
                    LockSupport.unpark(workers.get(member - 1));
                }
            }
        }
        return awake;
    }

    /** Refuses a team that is closed. */
    void requireOpen() {
        if (words.get(TEAM) == CLOSED) {
            throw new IllegalStateException(WHEN_CLOSED);
        }
    }

    /**
     * Ends the threads and waits until they have ended. A second call has no effect.
     *
     * @throws IllegalStateException if a run is in progress
     */
    @Override
    public void close() {
        if (words.compareAndExchange(TEAM, IDLE, CLOSED) == RUNNING) {
            throw new IllegalStateException(WHEN_RUNNING);
        }
        for (int i = 0; i < workers.size(); i++) {
            words.set(word(i + 1), CLOSED);
            LockSupport.unpark(workers.get(i));
        }
        boolean interrupted = false;
        for (final Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (final InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a worker does all its life. */
    private void serve(final int member) {
        final int word = word(member);
        while (words.get(word) != CLOSED) {
            if (words.compareAndSet(word, CALLED, RUNNING)) {
                final Thread waiting = caller; // once this worker is idle, the next run may change it
                work(member);
                if (words.getAndSet(word, IDLE) == AWAITED) {
                    LockSupport.unpark(waiting);
                }
            }
            await(word, IDLE, PARKED, System.nanoTime() + spinNanos);
            Thread.interrupted(); // a task shall not meet an interrupt that was not meant for it
        }
    }

    /** Claims indices and runs the task on them, until none is left. */
    private void work(final int member) {
        final Task work = task;
        final int end = tasks;
        try {
            // A long: each member counts once beyond the end, which may be the largest int.
            for (long i = words.getAndIncrement(COUNTER); i < end; i = words.getAndIncrement(COUNTER)) {
                work.run((int) i, member);
            }
        } catch (final Throwable e) {
            failure.compareAndSet(null, e);
            words.set(COUNTER, end);
        }
    }

    /** Waits while a word has this state: spins until the deadline, then parks. Tells and clears an interrupt. */
    private boolean await(final int word, final long state, final long parked, final long deadline) {
        while (words.get(word) == state && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        boolean interrupted = false;
        words.compareAndSet(word, state, parked);
        while (words.get(word) == parked) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // or no further park would wait
        }
        if (parked == PARKED) {
            words.compareAndSet(word, WAKING, IDLE);
        }
        return interrupted;
    }

    private static int word(final int member) {
        return TEAM + member * STRIDE;
    }
}
