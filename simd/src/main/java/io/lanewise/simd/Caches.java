package io.lanewise.simd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sizes of one core's caches in bytes: from Linux's description of the CPU, or what most servers have. */
final class Caches {
    /** The second level. */
    static final int L2 = size(Path.of("/sys/devices/system/cpu/cpu0/cache"), 2, 1 << 20);

    /** A core's share of the third level. */
    static final int L3 = Math.min(size(Path.of("/sys/devices/system/cpu/cpu0/cache"), 3, 16 << 20), 16 << 20);

    private Caches() {}

    /** Reads a size such as {@code 1024K}; a virtual machine often hides it, and other systems have no such files. */
    static int size(final Path folder, final int level, final int otherwise) {
        for (int index = 0; index < 8; index++) {
            final Path cache = folder.resolve("index" + index);
            try {
                if (Integer.toString(level)
                                .equals(Files.readString(cache.resolve("level")).strip())
                        && !"Instruction"
                                .equals(Files.readString(cache.resolve("type")).strip())) {
                    return bytes(Files.readString(cache.resolve("size")).strip(), otherwise);
                }
            } catch (final IOException | SecurityException e) {
                return otherwise;
            }
        }
        return otherwise;
    }

    private static int bytes(final String text, final int otherwise) {
        try {
            final int digits = text.length() - 1;
            final int unit = text.endsWith("K") ? 10 : text.endsWith("M") ? 20 : -1;
            final long size = unit < 0 ? Long.parseLong(text) : Long.parseLong(text.substring(0, digits)) << unit;
            return size < 1 << 15 || size > 1 << 30 ? otherwise : (int) size;
        } catch (final NumberFormatException | IndexOutOfBoundsException e) {
            return otherwise;
        }
    }
}
