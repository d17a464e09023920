package io.lanewise.formats;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** An IDX file that was opened: its header, which was checked, and a stream of its elements. */
final class IdxStream implements Closeable {
    private static final int MAGIC_BYTES = 4;
    private static final long MAX_BYTES = 1L << 40;

    private final Path file;
    private final InputStream in;
    private final IdxType type;
    private final int[] dimensions;
    private final boolean compressed;

    private IdxStream(
            final Path file,
            final InputStream in,
            final IdxType type,
            final int[] dimensions,
            final boolean compressed) {
        this.file = file;
        this.in = in;
        this.type = type;
        this.dimensions = dimensions;
        this.compressed = compressed;
    }

    /** Opens a file and checks its header; of a file that is not compressed, its size too. */
    static IdxStream open(final Path file) throws IOException {
        final InputStream in = Inputs.open(file);
        try {
            final ByteBuffer magic = readHeader(file, in, MAGIC_BYTES);
            final IdxType type = IdxType.of(magic.get(2));
            final int count = Byte.toUnsignedInt(magic.get(3));
            if (magic.getShort(0) != 0 || type == null || count == 0) {
                throw new FormatException(
                        file,
                        String.format(
                                "expected an IDX file, whose magic number is 0000 08 03 for images, got %04x %02x %02x",
                                magic.getShort(0), magic.get(2), magic.get(3)));
            }
            final int[] dimensions = new int[count];
            readHeader(file, in, count * Integer.BYTES).asIntBuffer().get(dimensions);
            checkDimensions(file, type, dimensions);
            final boolean compressed = in instanceof Inputs.Inflated;
            final IdxStream stream = new IdxStream(file, in, type, dimensions, compressed);
            if (!compressed) {
                stream.checkSize(Files.size(file));
            }
            return stream;
        } catch (final Throwable e) {
            in.close();
            throw e;
        }
    }

    private static ByteBuffer readHeader(final Path file, final InputStream in, final int length) throws IOException {
        final byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new FormatException(file, "expected the header of an IDX file, but the file ends within it");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static void checkDimensions(final Path file, final IdxType type, final int[] dimensions)
            throws FormatException {
        long bytes = type.bytes();
        for (final int dimension : dimensions) {
            bytes = dimension < 1 || bytes > MAX_BYTES / dimension ? -1 : bytes * dimension;
            if (bytes < 0) {
                throw new FormatException(
                        file,
                        "expected dimensions from 1 to 2147483647 and a size of at most 2^40 bytes, got "
                                + show(dimensions));
            }
        }
    }

    private static String show(final int[] dimensions) {
        return Quoted.plain(
                Arrays.toString(Arrays.stream(dimensions)
                        .mapToLong(Integer::toUnsignedLong)
                        .toArray()),
                200);
    }

    private void checkSize(final long size) throws FormatException {
        final long header = MAGIC_BYTES + (long) dimensions.length * Integer.BYTES;
        final long expected = header + width() * dimensions[0] * type.bytes();
        if (size != expected) {
            throw new FormatException(
                    file,
                    "expected " + expected + " bytes for the dimensions " + show(dimensions) + ", got " + size
                            + ": the file is incomplete or damaged");
        }
    }

    Path file() {
        return file;
    }

    IdxType type() {
        return type;
    }

    int rank() {
        return dimensions.length;
    }

    /** What the header says; as true as the file's size if it is not compressed. */
    int rows() {
        return dimensions[0];
    }

    boolean isCompressed() {
        return compressed;
    }

    /** The number of elements in each row. */
    long width() {
        long width = 1;
        for (int i = 1; i < dimensions.length; i++) {
            width *= dimensions[i];
        }
        return width;
    }

    FormatException wrong(final String problem) {
        return new FormatException(file, problem + " with the dimensions " + show(dimensions));
    }

    /** Reads {@code length} bytes, the next elements. */
    void read(final byte[] target, final int length) throws IOException {
        if (in.readNBytes(target, 0, length) < length) {
            throw wrong("expected the data of " + dimensions[0] + " rows, but the file ends too early");
        }
    }

    /** Checks that nothing follows. */
    void end() throws IOException {
        if (in.read() >= 0) {
            throw wrong("expected the file to end after the data of " + dimensions[0] + " rows, got more");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
