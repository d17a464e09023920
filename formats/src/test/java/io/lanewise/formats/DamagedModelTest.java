package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happened to a model's file, reading it gives a model or a {@link FormatException}, soon and cheaply. */
final class DamagedModelTest {
    /** What one reading may allocate: buffers of a fixed size, and a small multiple of the file. */
    private static final long FIXED_BYTES = 1 << 18;

    private static final int MULTIPLE = 20;
    private static final byte[] INTERESTING = {0, ' ', '"', '\\', '9', '}'};

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private byte[] valid = {};

    @BeforeEach
    void writeModel() throws IOException {
        file = folder.resolve("model.safetensors");
        ModelFile.write(ModelFileTest.model(), file);
        valid = Files.readAllBytes(file);
    }

    /** Whether a content loads. */
    private boolean loads(final byte[] content) throws IOException {
        TestFiles.overwrite(file, content);
        final long before = TestFiles.allocatedBytes();
        boolean loaded = true;
        try {
            ModelFile.read(file);
        } catch (final FormatException e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith("model.safetensors: "), e.getMessage());
            loaded = false;
        }
        final long allocated = TestFiles.allocatedBytes() - before;
        assertTrue(
                allocated < FIXED_BYTES + (long) MULTIPLE * content.length,
                allocated + " bytes for a file of " + content.length);
        return loaded;
    }

    @Test
    void refusesEveryPrefix() throws IOException {
        assertTrue(loads(valid));
        assertTimeout(Duration.ofMinutes(2), () -> {
            for (int length = 0; length < valid.length; length++) {
                final byte[] prefix = new byte[length];
                System.arraycopy(valid, 0, prefix, 0, length);
                assertFalse(loads(prefix), "prefix of " + length + " bytes");
            }
        });
    }

    @Test
    void survivesEveryChangeOfAByteOfTheHeader() throws IOException {
        final int headerEnd =
                8 + (int) ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        assertTimeout(Duration.ofMinutes(2), () -> {
            int refused = 0;
            for (int i = 0; i < headerEnd; i++) {
                final byte[] changed = valid.clone();
                for (int bit = 0; bit < 8; bit++) {
                    changed[i] = (byte) (valid[i] ^ (1 << bit));
                    refused += loads(changed) ? 0 : 1;
                }
                for (final byte value : INTERESTING) {
                    changed[i] = value;
                    refused += loads(changed) ? 0 : 1;
                }
            }
            assertTrue(refused > headerEnd, "only " + refused + " changes were noticed");
        });
    }

    @Test
    void survivesEveryValueInTheHeaderLength() throws IOException {
        for (int i = 0; i < 8; i++) {
            final byte[] changed = valid.clone();
            for (int value = 0; value < 256; value++) {
                changed[i] = (byte) value;
                assertEquals(changed[i] == valid[i], loads(changed), "byte " + i + " = " + value);
            }
        }
    }
}
