package io.lanewise.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ThreadTeamTest {
    private static final ThreadTeam.Task NOTHING = (index, member) -> {};
    private static final long PAUSE_NANOS = 1_000_000; // many times as long as a worker spins
    private static final long STRESS_NANOS = 300_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void eachIndexIsRunOnceByAMemberThatNobodyElseIs(final int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            assertEquals(threads, team.threads());
            final Tally tally = new Tally(threads);
            for (final int tasks : new int[] {0, 1, 2, 5, 100, 1000}) {
                for (int round = 0; round < 20; round++) {
                    tally.runOn(team, tasks);
                    if (round % 5 == 0) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                }
            }
        }
    }

    /** Thousands of runs back to back, and after pauses around the time at which workers park. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void noRunLosesOrRepeatsAnIndex(final int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            final Tally tally = new Tally(threads);
            final long start = System.nanoTime();
            for (int round = 0; System.nanoTime() - start < STRESS_NANOS; round++) {
                tally.runOn(team, 1 + round % 9);
                if (round % 16 == 0) {
                    final long pause = System.nanoTime();
                    while (System.nanoTime() - pause < 40_000 + round % 37 * 1000) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    /** What a worker writes is seen after the run, and what was written before it is seen by the workers. */
    @Test
    void runsSeeEachOther() {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            final int[] values = new int[6];
            final ThreadTeam.Task rotate = (index, member) -> values[index]++;
            for (int round = 1; round <= 20_000; round++) {
                team.run(values.length, rotate);
                for (final int value : values) {
                    assertEquals(round, value);
                }
            }
        }
    }

    /** All members take part when all are needed: each task waits for the others, awake or woken. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void allMembersTakePart(final int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            for (int round = 0; round < 20; round++) {
                if (round % 2 == 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
                final CountDownLatch all = new CountDownLatch(threads);
                team.run(threads, (index, member) -> {
                    all.countDown();
                    await(all);
                });
            }
        }
    }

    @Test
    void aSingleTaskRunsOnTheCaller() {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            for (int round = 0; round < 1000; round++) {
                final Thread caller = Thread.currentThread();
                team.run(1, (index, member) -> {
                    assertSame(caller, Thread.currentThread());
                    assertEquals(0, member);
                });
            }
        }
    }

    /** A single question wakes nobody; questions that follow each other do. */
    @Test
    void questionsInCloseSuccessionWakeTheTeam() throws InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "members that outnumber processors never spin");
        try (ThreadTeam team = ThreadTeam.of(2)) {
            for (int round = 0; round < 20; round++) {
                do {
                    Thread.sleep(5);
                } while (team.awake(2));
                Thread.sleep(5);
                assertFalse(team.awake(2), "asked for the first time in a while");
                Thread.sleep(5);
                assertFalse(team.awake(2), "one question woke the team");
                final long start = System.nanoTime();
                while (!team.awake(2)) {
                    assertTrue(System.nanoTime() - start < 10_000_000_000L, "the team does not wake");
                }
                final int[] done = new int[2];
                team.run(2, (index, member) -> done[index]++);
                assertArrayEquals(new int[] {1, 1}, done);
            }
        }
    }

    @Test
    void aTeamThatOutnumbersTheProcessorsIsNeverAwake() {
        try (ThreadTeam team = ThreadTeam.of(Runtime.getRuntime().availableProcessors() + 1)) {
            for (int i = 0; i < 1000; i++) {
                assertFalse(team.awake(2));
            }
        }
    }

    @Test
    void aClosedTeamIsNotAwake() {
        final ThreadTeam team = ThreadTeam.of(1);
        assertTrue(team.awake(2));
        team.close();
        assertFalse(team.awake(2));
    }

    /** With two tasks no more than one worker is woken, and the first: the others have never run when it is done. */
    @Test
    void noMoreAreWokenThanNeeded() {
        try (ThreadTeam team = ThreadTeam.of(5)) {
            for (int round = 0; round < 1000; round++) {
                team.run(2, (index, member) -> assertTrue(member <= 1, "member " + member));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aThrowableEndsTheRunAndNotTheTeam(final int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            final Tally tally = new Tally(threads);
            for (int round = 0; round < 300; round++) {
                final Throwable thrown =
                        round % 2 == 0 ? new IllegalArgumentException("row") : new StackOverflowError();
                final int bad = round % 10;
                final AtomicInteger begun = new AtomicInteger();
                final AtomicInteger ended = new AtomicInteger();
                final Throwable caught = assertThrows(
                        Throwable.class,
                        () -> team.run(1_000_000_000, (index, member) -> {
                            if (index == bad) {
                                throwAny(thrown);
                            }
                            begun.incrementAndGet();
                            Thread.onSpinWait();
                            ended.incrementAndGet();
                        }));
                assertSame(thrown, caught);
                assertEquals(begun.get(), ended.get(), "begun and ended");
                tally.runOn(team, 10);
            }
        }
    }

    @Test
    void theThrowableOfAWorkerArrives() {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final CountDownLatch both = new CountDownLatch(2);
            final IllegalStateException e = assertThrows(
                    IllegalStateException.class,
                    () -> team.run(2, (index, member) -> {
                        both.countDown();
                        await(both);
                        if (member == 1) {
                            throw new IllegalStateException("worker");
                        }
                    }));
            assertEquals("worker", e.getMessage());
        }
    }

    @Test
    void aCheckedExceptionIsWrapped() {
        final Exception thrown = new Exception("sneaked past javac");
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final UndeclaredThrowableException e = assertThrows(
                    UndeclaredThrowableException.class, () -> team.run(5, (index, member) -> throwAny(thrown)));
            assertSame(thrown, e.getCause());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTaskCannotUseItsOwnTeam(final int threads) {
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            final AtomicInteger done = new AtomicInteger();
            for (int round = 0; round < 100; round++) {
                team.run(4, (index, member) -> {
                    final String message = refusal(() -> team.run(index, NOTHING));
                    assertTrue(message.contains("in progress"), message);
                    assertEquals(message, refusal(team::close));
                    done.incrementAndGet();
                });
            }
            assertEquals(400, done.get());
        }
    }

    @Test
    void aSecondCallerIsRefusedAndTheFirstIsNot() throws InterruptedException {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final CountDownLatch started = new CountDownLatch(1);
            final CountDownLatch refused = new CountDownLatch(1);
            final AtomicInteger done = new AtomicInteger();
            final Thread first = Thread.ofPlatform()
                    .start(() -> team.run(10, (index, member) -> {
                        started.countDown();
                        await(refused);
                        done.incrementAndGet();
                    }));
            await(started);
            final String message = refusal(() -> team.run(1, (index, member) -> done.addAndGet(1000)));
            assertTrue(message.contains("in progress") && message.contains("another team"), message);
            assertEquals(message, refusal(team::close));
            refused.countDown();
            first.join();
            assertEquals(10, done.get());
            new Tally(2).runOn(team, 10); // and any thread may be the next
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aClosedTeamRunsNothing(final int threads) {
        final ThreadTeam team = ThreadTeam.of(threads);
        team.run(10, NOTHING);
        team.close();
        team.close();
        final AtomicInteger done = new AtomicInteger();
        for (final int tasks : new int[] {0, 1, 10}) {
            final String message = refusal(() -> team.run(tasks, (index, member) -> done.incrementAndGet()));
            assertTrue(message.contains("ThreadTeam.of"), message);
        }
        assertEquals(0, done.get());
    }

    @Test
    void sizesAreChecked() {
        for (final int threads : new int[] {Integer.MIN_VALUE, -1, 0, 1025, Integer.MAX_VALUE}) {
            final IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> ThreadTeam.of(threads));
            assertEquals("expected 1 to 1024 threads, got " + threads, e.getMessage());
        }
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> team.run(-1, NOTHING));
            assertEquals("tasks must not be negative, got -1", e.getMessage());
            team.run(2, NOTHING);
        }
    }

    @Test
    void anInterruptDoesNotEndARunAndIsKept() {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            final Tally tally = new Tally(3);
            for (int round = 0; round < 200; round++) {
                Thread.currentThread().interrupt();
                tally.runOn(team, 5);
                assertTrue(Thread.interrupted(), "interrupted before");
            }
            // The caller finishes first and parks; the interrupt comes then, and often.
            final Thread caller = Thread.currentThread();
            final CountDownLatch both = new CountDownLatch(2);
            final AtomicBoolean ended = new AtomicBoolean();
            team.run(2, (index, member) -> {
                both.countDown();
                await(both);
                if (member == 1) {
                    for (int i = 0; i < 10; i++) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                        caller.interrupt();
                    }
                    ended.set(true);
                }
            });
            assertTrue(ended.get(), "the worker's task has ended");
            assertTrue(Thread.interrupted(), "interrupted meanwhile");
        }
    }

    @Test
    void workersIgnoreInterrupts() {
        final Workers workers = new Workers(Integer.MAX_VALUE);
        try (ThreadTeam team = new ThreadTeam(3, workers)) {
            final Tally tally = new Tally(3);
            for (int round = 0; round < 300; round++) {
                workers.made.forEach(Thread::interrupt);
                tally.runOn(team, 7);
                if (round % 10 == 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        workers.assertEnded(2);
    }

    @Test
    void closeKeepsAnInterrupt() {
        final Workers workers = new Workers(Integer.MAX_VALUE);
        final ThreadTeam team = new ThreadTeam(3, workers);
        Thread.currentThread().interrupt();
        team.close();
        assertTrue(Thread.interrupted(), "still interrupted");
        workers.assertEnded(2);
    }

    @Test
    void noWorkerIsLeft() {
        final Workers workers = new Workers(Integer.MAX_VALUE);
        for (int round = 0; round < 100; round++) {
            try (ThreadTeam team = new ThreadTeam(4, workers)) {
                if (round % 2 == 0) {
                    team.run(round % 5, NOTHING);
                }
                if (round % 10 == 0) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        workers.assertEnded(300);
    }

    @Test
    void noWorkerIsLeftWhenOneCannotBeStarted() {
        final Workers workers = new Workers(3);
        final OutOfMemoryError e = assertThrows(OutOfMemoryError.class, () -> new ThreadTeam(7, workers));
        assertEquals("unable to create native thread", e.getMessage());
        workers.assertEnded(3);
    }

    @Test
    void workersAreDaemonsWithAName() {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final CountDownLatch both = new CountDownLatch(2);
            team.run(2, (index, member) -> {
                both.countDown();
                await(both);
                if (member == 1) {
                    assertEquals("lanewise-team-1", Thread.currentThread().getName());
                    assertTrue(Thread.currentThread().isDaemon());
                }
            });
        }
    }

    @Test
    void anIdleTeamBurnsNoProcessorTime() throws Throwable {
        final MethodHandle cpuTime = threads("getThreadCpuTime", MethodType.methodType(long.class, long.class));
        final Workers workers = new Workers(Integer.MAX_VALUE);
        try (ThreadTeam team = new ThreadTeam(4, workers)) {
            team.run(100, NOTHING);
            workers.made.forEach(Thread::interrupt); // or a worker would park with it, and not park
            TimeUnit.MILLISECONDS.sleep(100);
            long nanos = 0;
            for (final Thread worker : workers.made) {
                nanos -= (long) cpuTime.invokeExact(worker.threadId());
            }
            TimeUnit.MILLISECONDS.sleep(300);
            for (final Thread worker : workers.made) {
                nanos += (long) cpuTime.invokeExact(worker.threadId());
            }
            assertTrue(nanos < 3_000_000, nanos + " ns in 300 ms");
        }
    }

    /** As the caller's thread counts it, less what the counting allocates; repeated until the code is compiled. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aRunAllocatesNothing(final int threads) throws Throwable {
        final MethodHandle allocated = threads("getCurrentThreadAllocatedBytes", MethodType.methodType(long.class));
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            final long start = System.nanoTime();
            long least = Long.MAX_VALUE;
            while (least > 0 && System.nanoTime() - start < 5_000_000_000L) {
                final long before = (long) allocated.invokeExact();
                final long between = (long) allocated.invokeExact();
                for (int i = 0; i < 20; i++) {
                    team.run(i, NOTHING);
                }
                final long after = (long) allocated.invokeExact();
                least = Math.min(least, after - between - (between - before));
            }
            assertEquals(0, Math.max(0, least), "bytes in 20 runs, at best");
        }
        final long before = (long) allocated.invokeExact();
        final float[] seen = new float[1000];
        final long bytes = (long) allocated.invokeExact() - before;
        assertTrue(bytes >= 4L * seen.length, "an allocation would show: " + bytes + " bytes");
    }

    /** A method of com.sun.management.ThreadMXBean, whose module core does not read. */
    private static MethodHandle threads(final String name, final MethodType type) throws ReflectiveOperationException {
        final Object bean = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return MethodHandles.publicLookup()
                .findVirtual(Class.forName("com.sun.management.ThreadMXBean"), name, type)
                .bindTo(bean);
    }

    private static String refusal(final Runnable call) {
        return String.valueOf(
                assertThrows(IllegalStateException.class, call::run).getMessage());
    }

    private static void await(final CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                assertTrue(latch.await(30, TimeUnit.SECONDS), "waited in vain");
                break;
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void throwAny(final Throwable e) throws E {
        throw (E) e;
    }

    /** Counts how often each index is run, and who does it. */
    private static final class Tally implements ThreadTeam.Task {
        private final AtomicIntegerArray counts = new AtomicIntegerArray(1001);
        private final AtomicIntegerArray busy; // by member
        private final AtomicInteger faults = new AtomicInteger();

        Tally(final int threads) {
            busy = new AtomicIntegerArray(threads);
        }

        void runOn(final ThreadTeam team, final int tasks) {
            for (int i = 0; i <= tasks; i++) {
                counts.set(i, 0);
            }
            team.run(tasks, this);
            for (int i = 0; i < tasks; i++) {
                assertEquals(1, counts.get(i), "runs of index " + i + " of " + tasks);
            }
            assertEquals(0, counts.get(tasks), "runs beyond the last index");
            assertEquals(0, faults.get(), "members that were two at once");
        }

        @Override
        public void run(final int index, final int member) {
            if (busy.getAndSet(member, 1) != 0) {
                faults.incrementAndGet();
            }
            counts.incrementAndGet(index);
            busy.set(member, 0);
        }
    }

    /** Makes threads, remembers them, and at some time has no memory for another. */
    private static final class Workers implements ThreadFactory {
        private final List<Thread> made = new ArrayList<>();
        private final int most;

        Workers(final int most) {
            this.most = most;
        }

        @Override
        public Thread newThread(final Runnable work) {
            if (made.size() == most) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            made.add(Thread.ofPlatform().daemon().unstarted(work));
            return made.getLast();
        }

        void assertEnded(final int threads) {
            assertEquals(threads, made.size());
            made.forEach(worker -> assertFalse(worker.isAlive(), worker + " has ended"));
        }
    }
}
