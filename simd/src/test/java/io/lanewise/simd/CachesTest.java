package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes of caches are read where Linux tells them, and nowhere else trusted. */
@Tag("vector")
final class CachesTest {
    @TempDir
    private Path folder = Path.of("");

    private void cache(final int index, final String level, final String type, final String size) throws IOException {
        final Path cache = Files.createDirectories(folder.resolve("index" + index));
        Files.writeString(cache.resolve("level"), level + "\n");
        Files.writeString(cache.resolve("type"), type + "\n");
        Files.writeString(cache.resolve("size"), size + "\n");
    }

    @Test
    void readsWhatIsThere() throws IOException {
        cache(0, "1", "Data", "48K");
        cache(1, "1", "Instruction", "64K");
        cache(2, "2", "Unified", "512K");
        cache(3, "3", "Unified", "32M");
        assertEquals(48 << 10, Caches.size(folder, 1, 7));
        assertEquals(512 << 10, Caches.size(folder, 2, 7));
        assertEquals(32 << 20, Caches.size(folder, 3, 7));
        assertEquals(7, Caches.size(folder, 4, 7));
    }

    @Test
    void whatMakesNoSenseIsNotTrusted() throws IOException {
        cache(0, "2", "Unified", "");
        assertEquals(7, Caches.size(folder, 2, 7));
        cache(0, "2", "Unified", "0K");
        assertEquals(7, Caches.size(folder, 2, 7));
        cache(0, "2", "Unified", "huge");
        assertEquals(7, Caches.size(folder, 2, 7));
        cache(0, "2", "Unified", "99999999999M");
        assertEquals(7, Caches.size(folder, 2, 7));
        assertEquals(7, Caches.size(folder.resolve("none"), 2, 7));
    }

    @Test
    void blocksAreWholeTiles() {
        for (int kc = 1; kc <= Blocking.KC; kc++) {
            final int mc = Blocking.mc(kc);
            assertTrue(mc > 0 && mc % Blocking.MR == 0, "mc = " + mc);
            assertTrue(Blocking.stride(kc) >= kc, "stride of " + kc);
            final int rows = Math.ceilDiv(mc, Simd.LANES) * Simd.LANES;
            assertTrue(rows * kc <= Blocking.BLOCK, "a block of " + rows + " x " + kc);
        }
        assertTrue(Blocking.NC > 0 && Blocking.NC % Blocking.NR == 0, "NC = " + Blocking.NC);
    }
}
