package io.lanewise.inference;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Sessions for threads that do not want one of their own: at most so many as can run at a time. They are made when they
 * are needed, and belong to no thread, so thousands of virtual threads leave none behind. Safe for use by all threads.
 */
final class SessionPool {
    private final Supplier<InferenceSession> factory;
    private final Semaphore free;
    private final AtomicReferenceArray<InferenceSession> idle;

    SessionPool(final int size, final Supplier<InferenceSession> factory) {
        this.factory = factory;
        this.free = new Semaphore(size);
        this.idle = new AtomicReferenceArray<>(size);
    }

    /** A session that is nobody else's until it is given back; waits while all are in use. */
    InferenceSession borrow() {
        free.acquireUninterruptibly();
        try {
            for (int i = 0; i < idle.length(); i++) {
                if (idle.getPlain(i) != null) { // a look is cheaper than an exchange
                    final InferenceSession session = idle.getAndSet(i, null);
                    if (session != null) {
                        return session;
                    }
                }
            }
            return factory.get();
        } catch (final RuntimeException | Error e) {
            free.release();
            throw e;
        }
    }

    /** Gives a session back, also after an error inside it. */
    void giveBack(final InferenceSession session) {
        for (int i = 0; i < idle.length(); i++) {
            if (idle.compareAndSet(i, null, session)) {
                break;
            }
        }
        free.release();
    }
}
