package io.lanewise.formats;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens files that may be compressed with gzip. */
final class Inputs {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String GZIP = "complete gzip data";

    private Inputs() {}

    /** The content of a file; {@link Inflated} if it begins like a gzip file. */
    static InputStream open(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a folder; give the name of a file");
        }
        final InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            in.mark(2);
            final boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return isGzip ? new Inflated(file, GZIP, () -> new GZIPInputStream(in, BUFFER_BYTES)) : in;
        } catch (final Throwable e) {
            in.close();
            throw e;
        }
    }

    /** Opens a stream. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /** The content of compressed data. Damage is a {@link FormatException}; what cannot be read remains what it is. */
    static final class Inflated extends FilterInputStream {
        private final Path file;
        private final String expected;

        /**
         * Opens a stream.
         *
         * @param expected what the data should be
         */
        Inflated(final Path file, final String expected, final Opening opening) throws IOException {
            super(opened(file, expected, opening));
            this.file = file;
            this.expected = expected;
        }

        private static InputStream opened(final Path file, final String expected, final Opening opening)
                throws IOException {
            try {
                return opening.open();
            } catch (final ZipException | EOFException e) {
                throw damaged(file, expected, e);
            }
        }

        /** What {@code e} says of data that should be as expected. */
        static FormatException damaged(final Path file, final String expected, final IOException e) {
            final String problem = e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
            return new FormatException(file, "expected " + expected + ", but " + problem, e);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (final ZipException | EOFException e) {
                throw damaged(file, expected, e);
            }
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (final ZipException | EOFException e) {
                throw damaged(file, expected, e);
            }
        }
    }
}
