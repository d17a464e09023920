package io.lanewise.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an array in the npy format says about itself before its data.
 *
 * @param type of its elements
 * @param columnMajor whether the first dimension varies fastest (Fortran's order), rather than the last one
 * @param shape its dimensions, from 1 to 2³¹ − 1; at least one of them
 * @param length of all that is before the data, in bytes
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format</a>
 */
record NpyHeader(NpyType type, boolean columnMajor, int[] shape, int length) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MAX_LENGTH = 10_000;
    private static final long MAX_BYTES = 1L << 40;

    /** Whether these bytes are the first ones of an array. */
    static boolean isMagic(final byte[] bytes) {
        return Arrays.equals(bytes, MAGIC);
    }

    /** How many bytes {@link #isMagic} wants. */
    static int magicBytes() {
        return MAGIC.length;
    }

    /** The header of version 1 of an array of 32-bit floats, of a length that does not depend on the rows. */
    static byte[] of(final long rows, final int columns) {
        final int length = 128; // a multiple of 64, as numpy's
        final String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
        final ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(bytes.array(), (byte) ' ');
        bytes.put(MAGIC).put((byte) 1).put((byte) 0);
        bytes.putShort((short) (length - bytes.position() - Short.BYTES));
        bytes.put(text.getBytes(StandardCharsets.ISO_8859_1)).put(length - 1, (byte) '\n');
        return bytes.array();
    }

    /** The header that a stream begins with. */
    static NpyHeader read(final InputStream in, final Problems problems) throws IOException {
        final byte[] first = read(in, MAGIC.length + 2, problems);
        if (!isMagic(Arrays.copyOf(first, MAGIC.length))) {
            throw problems.of("expected an npy array, which begins with \\x93NUMPY, got other bytes");
        }
        final int major = Byte.toUnsignedInt(first[MAGIC.length]);
        final int minor = Byte.toUnsignedInt(first[MAGIC.length + 1]);
        if (major < 1 || major > 3 || minor != 0) {
            throw problems.of("expected an npy array of version 1.0, 2.0 or 3.0, got " + major + "." + minor);
        }
        final int lengthBytes = major == 1 ? Short.BYTES : Integer.BYTES;
        final ByteBuffer lengthField =
                ByteBuffer.wrap(read(in, lengthBytes, problems)).order(ByteOrder.LITTLE_ENDIAN);
        final long length = major == 1
                ? Short.toUnsignedInt(lengthField.getShort(0))
                : Integer.toUnsignedLong(lengthField.getInt(0));
        if (length > MAX_LENGTH) {
            throw problems.of("expected a header of at most " + MAX_LENGTH + " bytes, got " + length);
        }
        final byte[] text = read(in, (int) length, problems);
        return new NpyHeaderText(
                        new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1), problems)
                .parse(first.length + lengthBytes + text.length);
    }

    private static byte[] read(final InputStream in, final int length, final Problems problems) throws IOException {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw problems.of("expected the header of an npy array, but the file ends within it");
        }
        return bytes;
    }

    /** A header that was checked, or why it cannot be one. */
    static NpyHeader checked(
            final String description,
            final boolean columnMajor,
            final long[] shape,
            final int length,
            final Problems problems)
            throws FormatException {
        final @Nullable NpyType type = NpyType.of(description);
        if (type == null) {
            throw problems.of("expected elements of f2, f4, f8, i1 to i8, u1 to u8, bool, or of labels U, got "
                    + Quoted.of(description) + remedy(description));
        }
        if (shape.length == 0) {
            throw problems.of("expected an array of at least 1 dimension, got a single value, of the shape ()");
        }
        long bytes = type.size();
        for (final long dimension : shape) {
            bytes = dimension < 1 || dimension > Integer.MAX_VALUE || bytes > MAX_BYTES / dimension
                    ? -1
                    : bytes * dimension;
            if (bytes < 0) {
                throw problems.of("expected dimensions from 1 to 2147483647 and a size of at most 2^40 bytes, got the"
                        + " shape " + show(shape) + " of " + type);
            }
        }
        return new NpyHeader(
                type, columnMajor, Arrays.stream(shape).mapToInt(i -> (int) i).toArray(), length);
    }

    private static String remedy(final String description) {
        return switch (description.replaceAll("[<>|0-9]", "")) {
            case "O" ->
                ": objects are not read, since they are programs; convert them with astype, such as"
                        + " astype('float32')";
            case "S" -> ": convert bytes with astype(str)";
            default -> ": convert them with astype, such as astype('float32')";
        };
    }

    int rows() {
        return shape[0];
    }

    /** The number of elements in each row. */
    long width() {
        long width = 1;
        for (int i = 1; i < shape.length; i++) {
            width *= shape[i];
        }
        return width;
    }

    /** The size of the data, in bytes. */
    long dataBytes() {
        return rows() * width() * type.size();
    }

    /** As numpy shows a shape. */
    String shown() {
        return show(Arrays.stream(shape).asLongStream().toArray());
    }

    private static String show(final long[] shape) {
        final String all = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + Quoted.plain(all, 200) + (shape.length == 1 ? ",)" : ")");
    }

    /**
     * An element's place in numpy's notation.
     *
     * @param row from 0
     * @param feature which of the row's elements, from 0
     */
    String place(final long row, final int feature) {
        final long[] indices = new long[shape.length];
        int rest = feature;
        for (int d = shape.length - 1; d > 0; d--) {
            indices[d] = rest % shape[d];
            rest /= shape[d];
        }
        indices[0] = row;
        return Arrays.toString(indices);
    }

    /** Makes exceptions that name the array. */
    @FunctionalInterface
    interface Problems {
        FormatException of(String problem);
    }
}
