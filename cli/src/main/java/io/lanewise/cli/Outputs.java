package io.lanewise.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Looks at where results shall go before an hour of work is spent on them. */
final class Outputs {
    private Outputs() {}

    /** Refuses a file that could not be written; null is fine. */
    static void check(final @Nullable Path file) {
        if (file == null) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw new UserException("expected a file to write, but " + file + " is a folder");
        }
        final Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new UserException("cannot write " + file + ": there is no folder " + folder);
        }
        if (folder != null && !Files.isWritable(folder)) {
            throw new UserException("cannot write " + file + ": no permission to write to the folder " + folder);
        }
    }
}
