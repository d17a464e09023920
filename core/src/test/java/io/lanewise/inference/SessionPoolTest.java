package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SessionPoolTest {
    private final Predictor predictor = Predictor.of(Nets.classifier(Activation.RELU), ReferenceKernels.INSTANCE);
    private final AtomicInteger made = new AtomicInteger();

    private SessionPool pool(final int size) {
        return new SessionPool(size, () -> {
            made.incrementAndGet();
            return predictor.session(4);
        });
    }

    @Test
    void sessionsAreMadeOnDemandAndUsedAgain() {
        final SessionPool pool = pool(3);
        final InferenceSession first = pool.borrow();
        pool.giveBack(first);
        assertSame(first, pool.borrow());
        final InferenceSession second = pool.borrow();
        assertNotSame(first, second);
        assertEquals(2, made.get());
    }

    @Test
    void whoFindsNoneWaits() throws Exception {
        final SessionPool pool = pool(1);
        final InferenceSession only = pool.borrow();
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            final Future<InferenceSession> waiting = other.submit(pool::borrow);
            Thread.sleep(50);
            assertTrue(!waiting.isDone(), "a second session was given out");
            pool.giveBack(only);
            assertSame(only, waiting.get());
        }
        assertEquals(1, made.get());
    }

    @Test
    void aSessionThatCannotBeMadeIsNotMissed() {
        final SessionPool pool = new SessionPool(1, () -> {
            if (made.getAndIncrement() == 0) {
                throw new OutOfMemoryError("for the test");
            }
            return predictor.session(1);
        });
        assertThrows(OutOfMemoryError.class, pool::borrow);
        pool.giveBack(pool.borrow());
    }

    /** Thousands of virtual threads leave at most as many sessions behind as the pool holds. */
    @Test
    void virtualThreadsShareFewSessions() throws Exception {
        final SessionPool pool = pool(4);
        final float[] x = Nets.rows(4);
        final float[] expected = predictor.predict(x);
        final List<Future<?>> futures = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 2000; t++) {
                futures.add(threads.submit(() -> {
                    final InferenceSession session = pool.borrow();
                    try {
                        final float[] y = new float[expected.length];
                        session.run(4, x, 0, y, 0);
                        assertArrayEquals(expected, y);
                    } finally {
                        pool.giveBack(session);
                    }
                }));
            }
        }
        for (final Future<?> future : futures) {
            future.get();
        }
        assertTrue(made.get() <= 8, made + " sessions were made"); // 4, and some that were missed in a race
    }
}
