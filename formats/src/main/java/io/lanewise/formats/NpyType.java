package io.lanewise.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of an array's elements, written as {@code <f4}: byte order, kind, size.
 *
 * @param size of an element, in bytes
 */
record NpyType(Kind kind, int size, ByteOrder order) {
    /** What elements are. */
    enum Kind {
        /** Truth values; all but 0 are true. */
        BOOL,
        SIGNED,
        UNSIGNED,
        /** IEEE floats. */
        FLOAT,
        /** Texts of one length in UTF-32, shorter ones padded with zeros. */
        TEXT
    }

    private static final Pattern DESCRIPTION = Pattern.compile("([<>|]?)([a-zA-Z])([0-9]{1,9})");
    private static final int MAX_TEXT = 1 << 12; // characters
    private static final long MAX_WHOLE = 1_000_000_000; // floats up to it are written as whole numbers

    /** The type that is so written; null if it is none of these. */
    static @Nullable NpyType of(final String description) {
        final Matcher parts = DESCRIPTION.matcher(description);
        if (!parts.matches()) {
            return null;
        }
        final int size = Integer.parseInt(parts.group(3));
        final boolean ordered = parts.group(1).equals("<") || parts.group(1).equals(">");
        final ByteOrder order = parts.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return switch (parts.group(2)) {
            case "b" -> size == 1 ? new NpyType(Kind.BOOL, 1, order) : null;
            case "i" -> isIntegerSize(size, ordered) ? new NpyType(Kind.SIGNED, size, order) : null;
            case "u" -> isIntegerSize(size, ordered) ? new NpyType(Kind.UNSIGNED, size, order) : null;
            case "f" -> ordered && (size == 2 || size == 4 || size == 8) ? new NpyType(Kind.FLOAT, size, order) : null;
            case "U" ->
                ordered && size >= 1 && size <= MAX_TEXT ? new NpyType(Kind.TEXT, Integer.BYTES * size, order) : null;
            default -> null;
        };
    }

    private static boolean isIntegerSize(final int size, final boolean ordered) {
        return size == 1 || (ordered && (size == 2 || size == 4 || size == 8));
    }

    boolean isNumber() {
        return kind != Kind.TEXT;
    }

    /**
     * Numbers as floats, rounded to the nearest; one beyond their range gives an infinity.
     *
     * @param bytes the elements, from its start
     */
    void decode(final ByteBuffer bytes, final int count, final float[] target, final int offset) {
        bytes.order(order);
        if (kind == Kind.FLOAT && size == Float.BYTES) {
            bytes.asFloatBuffer().get(target, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[offset + i] = switch (kind) {
                case FLOAT -> (float) real(bytes, i);
                case UNSIGNED -> unsigned(integer(bytes, i));
                case SIGNED, BOOL -> integer(bytes, i);
                case TEXT -> throw new IllegalStateException("expected numbers, got texts");
            };
        }
    }

    private static float unsigned(final long value) {
        // Half of it, with the bit that is lost kept for rounding.
        return value >= 0 ? value : 2 * (float) (value >>> 1 | (value & 1));
    }

    private double real(final ByteBuffer bytes, final int i) {
        return switch (size) {
            case Short.BYTES -> Float.float16ToFloat(bytes.getShort(i * Short.BYTES));
            case Float.BYTES -> bytes.getFloat(i * Float.BYTES);
            default -> bytes.getDouble(i * Double.BYTES);
        };
    }

    /** An integer; one that is unsigned and has 64 bits keeps its bits. */
    private long integer(final ByteBuffer bytes, final int i) {
        final boolean signed = kind == Kind.SIGNED;
        return switch (size) {
            case Byte.BYTES -> {
                final byte value = bytes.get(i);
                yield kind == Kind.BOOL && value != 0 ? 1 : signed ? value : Byte.toUnsignedInt(value);
            }
            case Short.BYTES -> {
                final short value = bytes.getShort(i * Short.BYTES);
                yield signed ? value : Short.toUnsignedInt(value);
            }
            case Integer.BYTES -> {
                final int value = bytes.getInt(i * Integer.BYTES);
                yield signed ? value : Integer.toUnsignedLong(value);
            }
            default -> bytes.getLong(i * Long.BYTES);
        };
    }

    /**
     * An element as a text: whole numbers without a fraction, truth values as 0 and 1.
     *
     * @param bytes the elements, from its start
     * @return null if it is a text, but not one of Unicode
     */
    @Nullable
    String text(final ByteBuffer bytes, final int i) {
        bytes.order(order);
        return switch (kind) {
            case BOOL, SIGNED -> Long.toString(integer(bytes, i));
            case UNSIGNED -> Long.toUnsignedString(integer(bytes, i));
            case FLOAT -> text(real(bytes, i));
            case TEXT -> characters(bytes, i);
        };
    }

    private String text(final double value) {
        if (value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE) {
            return Long.toString((long) value);
        }
        return size == Double.BYTES ? Double.toString(value) : Float.toString((float) value);
    }

    private @Nullable String characters(final ByteBuffer bytes, final int i) {
        int length = size / Integer.BYTES;
        while (length > 0 && bytes.getInt(i * size + (length - 1) * Integer.BYTES) == 0) {
            length--;
        }
        final StringBuilder text = new StringBuilder(length);
        for (int c = 0; c < length; c++) {
            final int point = bytes.getInt(i * size + c * Integer.BYTES);
            if (!Character.isValidCodePoint(point) || Character.getType(point) == Character.SURROGATE) {
                return null;
            }
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        final String marker = size == 1 ? "|" : order == ByteOrder.BIG_ENDIAN ? ">" : "<";
        return switch (kind) {
            case BOOL -> "bool";
            case SIGNED -> marker + "i" + size;
            case UNSIGNED -> marker + "u" + size;
            case FLOAT -> marker + "f" + size;
            case TEXT -> marker + "U" + size / Integer.BYTES;
        };
    }
}
