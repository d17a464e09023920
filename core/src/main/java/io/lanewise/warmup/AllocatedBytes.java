package io.lanewise.warmup;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/** What a thread has allocated so far, where the virtual machine counts it. */
final class AllocatedBytes {
    private AllocatedBytes() {}

    /** Bytes, or −1 if they are not known: another virtual machine, or an image without {@code jdk.management}. */
    static long ofThisThread() {
        try {
            return Counter.THREADS == null ? -1 : Counter.THREADS.getCurrentThreadAllocatedBytes();
        } catch (final LinkageError | UnsupportedOperationException e) {
            return -1;
        }
    }

    /** Loaded only when it is asked for, since the module may be missing. */
    private static final class Counter {
        static final @Nullable ThreadMXBean THREADS =
                ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads ? threads : null;
    }
}
