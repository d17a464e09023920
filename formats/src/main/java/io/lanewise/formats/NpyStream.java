package io.lanewise.formats;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** An array that was opened: its header, which was checked, and a stream of its elements. */
final class NpyStream implements Closeable {
    private final Path file;
    private final @Nullable String array; // in an npz file
    private final Closeable opened;
    private final InputStream in;
    private final NpyHeader header;
    private final boolean compressed;

    private NpyStream(
            final Path file,
            final @Nullable String array,
            final Closeable opened,
            final InputStream in,
            final long bytes)
            throws IOException {
        this.file = file;
        this.array = array;
        this.opened = opened;
        this.in = in;
        this.header = NpyHeader.read(in, this::wrong);
        this.compressed = in instanceof Inputs.Inflated || array != null;
        final long expected = header.length() + header.dataBytes();
        if (bytes >= 0 && bytes != expected) {
            throw wrong("expected " + expected + " bytes for the shape " + header.shown() + " of " + header.type()
                    + ", got " + bytes + ": the file is incomplete or damaged");
        }
    }

    /**
     * Opens an array and checks its header and, where it is known, its size.
     *
     * @param array its name in an npz file; null for an npy file
     */
    static NpyStream open(final Path file, final @Nullable String array) throws IOException {
        return array == null ? ofFile(file) : ofArchive(file, array);
    }

    private static NpyStream ofFile(final Path file) throws IOException {
        final InputStream in = Inputs.open(file);
        try {
            return new NpyStream(file, null, in, in, in instanceof Inputs.Inflated ? -1 : Files.size(file));
        } catch (final Throwable e) {
            in.close();
            throw e;
        }
    }

    private static NpyStream ofArchive(final Path file, final String array) throws IOException {
        final NpzFile npz = NpzFile.open(file);
        try {
            final ZipEntry entry = npz.entry(array);
            return new NpyStream(file, array, npz, new Checked(npz.open(entry), entry.getCrc()), entry.getSize());
        } catch (final Throwable e) {
            npz.close();
            throw e;
        }
    }

    NpyHeader header() {
        return header;
    }

    Path file() {
        return file;
    }

    /** Whether the data can be less than the header says. */
    boolean isCompressed() {
        return compressed;
    }

    FormatException wrong(final String problem) {
        return new FormatException(file, named(problem));
    }

    /** What is wrong in a row, from 1. */
    FormatException wrong(final long row, final String problem) {
        return FormatException.inRow(file, 0, row, named(problem));
    }

    private String named(final String problem) {
        return array == null ? problem : "array " + Quoted.of(array) + ": " + problem;
    }

    /** Reads {@code length} bytes, the next elements. */
    void read(final byte[] target, final int length) throws IOException {
        if (in.readNBytes(target, 0, length) < length) {
            throw wrong("expected the data of the shape " + header.shown() + ", but the file ends too early");
        }
    }

    /** Checks that nothing follows, and that all was right. */
    void end() throws IOException {
        if (in.read() >= 0) {
            throw wrong("expected the file to end after the data of the shape " + header.shown() + ", got more");
        }
        if (in instanceof Checked checked && !checked.isRight()) {
            throw wrong("expected data whose checksum is that of the zip file, got another one: the file is damaged");
        }
    }

    @Override
    public void close() throws IOException {
        opened.close();
    }

    /** The content of an entry of a zip file, whose checksum {@link java.util.zip.ZipFile} does not look at. */
    private static final class Checked extends CheckedInputStream {
        private final long crc;

        Checked(final InputStream in, final long crc) {
            super(in, new CRC32());
            this.crc = crc;
        }

        boolean isRight() {
            return getChecksum().getValue() == crc;
        }
    }
}
