package io.lanewise.formats;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Says which file could not be written: the system's errors, such as that of a full disk, name none. */
final class NamedOutputStream extends OutputStream {
    private final OutputStream out;
    private final Path file;

    NamedOutputStream(final OutputStream out, final Path file) {
        this.out = out;
        this.file = file;
    }

    /** Something that writes. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Does it; an error that names no file becomes one that does. */
    static void named(final Path file, final Action action) throws IOException {
        try {
            action.run();
        } catch (final IOException e) {
            if (e.getClass() != IOException.class) {
                throw e;
            }
            final FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    @Override
    public void write(final int b) throws IOException {
        named(file, () -> out.write(b));
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException {
        named(file, () -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        named(file, out::flush);
    }

    @Override
    public void close() throws IOException {
        named(file, out::close);
    }
}
