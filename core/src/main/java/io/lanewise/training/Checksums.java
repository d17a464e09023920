package io.lanewise.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/** Adds arrays to a checksum, the same on every machine. */
final class Checksums {
    private static final int BLOCK = 1 << 14; // elements

    private Checksums() {}

    static void add(final Checksum sum, final float[] values) {
        final ByteBuffer bytes = bytes();
        for (int at = 0; at < values.length; at += BLOCK) {
            final int n = Math.min(BLOCK, values.length - at);
            bytes.asFloatBuffer().put(values, at, n);
            sum.update(bytes.slice(0, n * Float.BYTES));
        }
    }

    static void add(final Checksum sum, final int[] values) {
        final ByteBuffer bytes = bytes();
        for (int at = 0; at < values.length; at += BLOCK) {
            final int n = Math.min(BLOCK, values.length - at);
            bytes.asIntBuffer().put(values, at, n);
            sum.update(bytes.slice(0, n * Integer.BYTES));
        }
    }

    private static ByteBuffer bytes() {
        return ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
