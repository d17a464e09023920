package io.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks at where results shall go before an hour of work is spent on them. */
final class Outputs {
    private Outputs() {}

    /**
     * Refuses outputs that could not be written, or that would replace an input or each other.
     *
     * @param inputs what is read; null where an option was not given
     * @param outputs what is written; null where an option was not given
     */
    static void check(final List<@Nullable Path> inputs, final List<@Nullable Path> outputs) throws IOException {
        final List<Path> taken = new ArrayList<>(
                inputs.stream().filter(Objects::nonNull).map(Path.class::cast).toList());
        for (final Path output : outputs) {
            if (output == null) {
                continue;
            }
            check(output);
            for (final Path other : taken) {
                if (isSame(output, other)) {
                    throw new UserException("would overwrite " + other + " with the output " + output
                            + ": give the output another name");
                }
            }
            taken.add(output);
        }
    }

    /** A list of paths, some of which may be missing. */
    static List<@Nullable Path> paths(final @Nullable Path... paths) {
        return Arrays.asList(paths);
    }

    private static boolean isSame(final Path a, final Path b) throws IOException {
        if (Files.exists(a) && Files.exists(b)) {
            return Files.isSameFile(a, b) && Files.isRegularFile(a);
        }
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    private static void check(final Path file) {
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
