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

    private Inputs() {}

    /** The content of a file; a {@link Gunzip} if it begins like a gzip file. */
    static InputStream open(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a folder; give the name of a file");
        }
        final InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        try {
            in.mark(2);
            final boolean isGzip = in.read() == 0x1f && in.read() == 0x8b;
            in.reset();
            return isGzip ? new Gunzip(file, in) : in;
        } catch (final Throwable e) {
            in.close();
            throw e;
        }
    }

    /** The content of a gzip file. Damage is a {@link FormatException}; what cannot be read remains what it is. */
    static final class Gunzip extends FilterInputStream {
        private final Path file;

        private Gunzip(final Path file, final InputStream in) throws IOException {
            super(unzip(file, in));
            this.file = file;
        }

        private static InputStream unzip(final Path file, final InputStream in) throws IOException {
            try {
                return new GZIPInputStream(in, BUFFER_BYTES);
            } catch (final ZipException | EOFException e) {
                throw damaged(file, e);
            }
        }

        private static FormatException damaged(final Path file, final IOException e) {
            final String problem = e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
            return new FormatException(file, "expected complete gzip data, but " + problem, e);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (final ZipException | EOFException e) {
                throw damaged(file, e);
            }
        }

        @Override
        public int read(final byte[] target, final int offset, final int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (final ZipException | EOFException e) {
                throw damaged(file, e);
            }
        }
    }
}
