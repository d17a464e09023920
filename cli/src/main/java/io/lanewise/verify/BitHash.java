package io.lanewise.verify;

import java.nio.charset.StandardCharsets;

/**
 * The 64-bit FNV-1a hash of numbers: of the four little-endian bytes of {@link Float#floatToIntBits}, so that all NaN
 * are one; of the bytes of an {@code int} or {@code long} likewise, and of {@link Double#doubleToLongBits}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9923">RFC 9923: The FNV Non-Cryptographic Hash Algorithm</a>
 */
final class BitHash {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private long hash = BASIS;

    BitHash add(final float value) {
        return add(Float.floatToIntBits(value));
    }

    BitHash add(final float[] values) {
        for (final float value : values) {
            add(value);
        }
        return this;
    }

    BitHash add(final double value) {
        return add(Double.doubleToLongBits(value));
    }

    BitHash add(final int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            addByte(value >>> shift);
        }
        return this;
    }

    BitHash add(final int[] values) {
        for (final int value : values) {
            add(value);
        }
        return this;
    }

    BitHash add(final long value) {
        return add((int) value).add((int) (value >>> Integer.SIZE));
    }

    /** Adds the bytes of a text in UTF-8. */
    BitHash add(final String text) {
        for (final byte value : text.getBytes(StandardCharsets.UTF_8)) {
            addByte(value);
        }
        return this;
    }

    private void addByte(final int value) {
        hash = (hash ^ (value & 0xff)) * PRIME;
    }

    /** 16 hexadecimal digits. */
    @Override
    public String toString() {
        return "%016x".formatted(hash);
    }
}
