package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Errors of the system name the file. */
final class NamedOutputStreamTest {
    private static OutputStream failing(final IOException e) {
        return new OutputStream() {
            @Override
            public void write(final int b) throws IOException {
                throw e;
            }

            @Override
            public void flush() throws IOException {
                throw e;
            }

            @Override
            public void close() throws IOException {
                throw e;
            }
        };
    }

    @Test
    void aFullDiskIsToldWithTheFile() {
        final IOException full = new IOException("No space left on device");
        final NamedOutputStream out = new NamedOutputStream(failing(full), Path.of("a", "b.npy"));
        for (final NamedOutputStream.Action action : List.<NamedOutputStream.Action>of(
                () -> out.write(1), () -> out.write(new byte[3], 1, 2), out::flush, out::close)) {
            final FileSystemException thrown = assertThrows(FileSystemException.class, action::run);
            assertEquals(Path.of("a", "b.npy") + ": No space left on device", thrown.getMessage());
            assertSame(full, thrown.getCause());
        }
    }

    @Test
    void whatSaysMoreStaysAsItIs() {
        final IOException interrupted = new ClosedByInterruptException();
        assertSame(
                interrupted,
                assertThrows(
                        IOException.class, () -> new NamedOutputStream(failing(interrupted), Path.of("a")).write(1)));
    }
}
