package io.lanewise.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Takes the rows of an array that {@link NpyFile#write} writes. */
public final class NpyWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel channel;
    private final Path file;
    private final int columns;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long rows;

    /**
     * Writes to a channel.
     *
     * @param file what is written, for errors
     */
    NpyWriter(final FileChannel channel, final Path file, final int columns) throws IOException {
        this.channel = channel;
        this.file = file;
        this.columns = columns;
        buffer.put(NpyHeader.of(0, columns));
    }

    /**
     * Adds rows.
     *
     * @param count how many
     * @param values the rows, one after the other
     * @param offset where in {@code values} the first one is
     */
    public void write(final int count, final float[] values, final int offset) throws IOException {
        for (int i = 0; i < Math.multiplyExact(count, columns); i++) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            buffer.putFloat(values[offset + i]);
        }
        rows += count;
    }

    /** Writes what is left, and how many rows there are. */
    void finish() throws IOException {
        flush();
        channel.position(0);
        buffer.put(NpyHeader.of(rows, columns));
        flush();
    }

    private void flush() throws IOException {
        buffer.flip();
        NamedOutputStream.named(file, () -> {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
        buffer.clear();
    }
}
