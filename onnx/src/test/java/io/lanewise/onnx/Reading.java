package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lanewise.formats.FormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads files that may hold anything, and checks that it ends soon, costs little, and throws what it should. */
final class Reading {
    /**
     * What reading any file may allocate, most of it for a moment: by {@link Budget}, 65,000 runs of nodes on samples, to
     * recognise activations, of about a kilobyte each, and constants of four million elements that nodes fill.
     */
    private static final long FIXED_BYTES = 128 << 20;

    /**
     * What it may allocate for each byte of the file. An empty message takes two bytes in a file, in which protobuf makes
     * a builder and a message of them and a place in a list that grows by copying: measured, up to 139 bytes for each
     * byte (of a node with nothing but empty attributes). Weights take less: 32-bit floats become doubles, pass through
     * a few operators, and become floats again.
     */
    private static final int MULTIPLE = 160;

    /** Of processor time, so that a machine that does something else changes nothing. */
    private static final double SECONDS = 1;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Reading() {}

    /** Why a content is refused, or nothing if it is a model. */
    static Optional<String> refusal(final Path file, final byte[] content) throws IOException {
        overwrite(file, content);
        return refusal(file, content.length);
    }

    private static Optional<String> refusal(final Path file, final int length) throws IOException {
        final long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();
        final long timeBefore = THREADS.getCurrentThreadCpuTime();
        String refusal = null;
        try {
            assertTrue(Onnx.read(file).mlp().outputs() > 0);
        } catch (final FormatException e) {
            refusal = String.valueOf(e.getMessage());
            assertEquals(0, refusal.indexOf(file.getFileName() + ": "), refusal);
        }
        final double seconds = (THREADS.getCurrentThreadCpuTime() - timeBefore) / 1e9;
        final long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
        final String end = refusal == null ? "a model" : refusal;
        assertTrue(seconds <= SECONDS, () -> seconds + " s for " + end);
        assertTrue(
                allocated <= FIXED_BYTES + (long) MULTIPLE * length,
                () -> allocated + " bytes for a file of " + length + ": " + end);
        return Optional.ofNullable(refusal);
    }

    /** Without emptying the file first, after which ext4 waits for the disk each time. */
    private static void overwrite(final Path file, final byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            final ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.truncate(content.length);
        }
    }
}
