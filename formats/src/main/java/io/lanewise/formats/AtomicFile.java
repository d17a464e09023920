package io.lanewise.formats;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes files whole or not at all: whatever happens, a crash or a power cut included, the old content or the new one
 * is there, complete. A process that is killed while it writes may leave a file {@code .lanewise-….tmp} in the folder,
 * which can be deleted; one that is asked to end, as by Ctrl-C, deletes it itself. Safe for use by several threads; of
 * two writers to one file, the last one wins.
 */
public final class AtomicFile {
    private static final String PREFIX = ".lanewise-";
    private static final String SUFFIX = ".tmp";
    private static final Pattern TEMPORARY = Pattern.compile("\\.lanewise-[0-9a-f]{16}\\.tmp");

    /** As many symbolic links as Linux follows. */
    private static final int MAX_LINKS = 40;

    private AtomicFile() {}

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes to a stream, which is buffered and need not be flushed or closed. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces or creates a file. The content goes to a temporary file in the same folder, which is forced to the disk
     * and then renamed. When anything is thrown on the way, the temporary file is deleted and the old file is left as
     * it was. An existing file keeps its permissions. A symbolic link is kept, and what it points to is replaced.
     * Devices and pipes, such as {@code /dev/stdout}, are written to directly.
     *
     * @throws NoSuchFileException if there is no such folder
     * @throws IOException if the file cannot be written, which it names, or {@code content} throws it
     */
    public static void write(final Path file, final Content content) throws IOException {
        final Path target = destination(file);
        final BasicFileAttributes old = attributes(target);
        if (old != null && old.isOther()) {
            try (OutputStream out =
                    new BufferedOutputStream(new NamedOutputStream(Files.newOutputStream(target), file))) {
                content.writeTo(out);
            }
            return;
        }
        replace(target, old, channel -> {
            final OutputStream out =
                    new BufferedOutputStream(new NamedOutputStream(Channels.newOutputStream(channel), file), 1 << 16) {
                        @Override
                        public void close() throws IOException {
                            flush(); // the channel is still to be forced to the disk
                        }
                    };
            content.writeTo(out);
            out.flush();
        });
    }

    /** Writes the content of a file at any position. */
    @FunctionalInterface
    interface ChannelContent {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** As {@link #write}, of content that is not written from start to end: devices and pipes are refused. */
    static void writeChannel(final Path file, final ChannelContent content) throws IOException {
        final Path target = destination(file);
        final BasicFileAttributes old = attributes(target);
        if (old != null && old.isOther()) {
            throw new FileSystemException(
                    file.toString(), null, "this is a pipe or a device, and its start is written last; give a file");
        }
        replace(target, old, content);
    }

    private static void replace(
            final Path target, final @Nullable BasicFileAttributes old, final ChannelContent content)
            throws IOException {
        checkWritable(target, old);
        final Path folder = folder(target);
        final Path temporary = createTemporary(folder);
        final Thread cleaner = deletedOnShutdown(temporary);
        boolean renamed = false;
        try {
            fill(temporary, content, target);
            if (old != null) {
                copyPermissions(target, temporary);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            renamed = true;
        } finally {
            if (!renamed) {
                Files.deleteIfExists(temporary);
            }
            keep(cleaner);
        }
        force(folder);
    }

    /** What is written when a name is given: the name itself, or where its symbolic links lead. */
    private static Path destination(final Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            final BasicFileAttributes attributes = attributes(target);
            if (attributes != null) {
                // /dev/stdout leads to a pipe that has no name of its own.
                return attributes.isOther() ? target : target.toRealPath();
            }
            if (links == MAX_LINKS) {
                throw new FileSystemException(file.toString(), null, "too many symbolic links");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    private static @Nullable BasicFileAttributes attributes(final Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (final NoSuchFileException e) {
            return null;
        } catch (final FileSystemException e) {
            if (Files.isSymbolicLink(file)) {
                return null; // links in a circle
            }
            throw e;
        }
    }

    private static void checkWritable(final Path target, final @Nullable BasicFileAttributes old) throws IOException {
        if (old != null && old.isDirectory()) {
            throw new FileSystemException(target.toString(), null, "this is a folder; give the name of a file");
        }
        if (old != null && !Files.isWritable(target)) {
            throw new AccessDeniedException(target.toString());
        }
    }

    private static Path folder(final Path target) throws IOException {
        final Path folder = target.getParent();
        if (folder == null || !Files.exists(folder)) {
            throw new NoSuchFileException(
                    target.toString(), null, "the folder " + folder + " does not exist; create it first");
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(target.toString(), null, folder + " is not a folder");
        }
        return folder;
    }

    /** Not {@link Files#createTempFile}: its files can be read by their owner alone, and keep that after the rename. */
    private static Path createTemporary(final Path folder) throws IOException {
        while (true) {
            final long number = ThreadLocalRandom.current().nextLong();
            final Path file = folder.resolve(PREFIX + HexFormat.of().toHexDigits(number) + SUFFIX);
            try {
                Files.newByteChannel(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                        .close();
                return file;
            } catch (final FileAlreadyExistsException e) {
                // Somebody drew the same number: draw again.
            }
        }
    }

    /** Deletes a file should the process be told to end meanwhile, as by Ctrl-C. */
    private static Thread deletedOnShutdown(final Path file) {
        final Thread cleaner = new Thread(
                () -> {
                    try {
                        Files.deleteIfExists(file);
                    } catch (final IOException e) {
                        // It is left, as by a process that is killed.
                    }
                },
                "lanewise-cleaner");
        try {
            Runtime.getRuntime().addShutdownHook(cleaner);
        } catch (final IllegalStateException e) {
            // The process is ending already, and this file is what somebody saves at the last moment.
        }
        return cleaner;
    }

    private static void keep(final Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (final IllegalStateException e) {
            // The process is ending: the file has its name by now, or is deleted.
        }
    }

    /** Deletes what killed processes have left in a folder in which nobody else writes. */
    static void deleteTemporaries(final Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (final Path file : files) {
                if (TEMPORARY.matcher(String.valueOf(file.getFileName())).matches()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (final DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void fill(final Path temporary, final ChannelContent content, final Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            NamedOutputStream.named(target, () -> channel.force(true));
        }
    }

    private static void copyPermissions(final Path from, final Path to) throws IOException {
        final PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    /** The rename itself is safe on the disk once the folder is. */
    private static void force(final Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (final AccessDeniedException e) {
            // Windows opens no folders, and a folder may be writable without being readable: nothing can be done.
        }
    }
}
