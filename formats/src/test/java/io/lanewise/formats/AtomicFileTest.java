package io.lanewise.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
    @TempDir
    Path folder;

    private static void write(final Path file, final String text) throws IOException {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void createsAndReplaces() throws IOException {
        final Path file = folder.resolve("a.txt");
        write(file, "a long text");
        write(file, "short");
        assertEquals("short", Files.readString(file));
        assertEquals(List.of("a.txt"), names());
        final Path longest = folder.resolve("n".repeat(255));
        write(longest, "x");
        assertEquals("x", Files.readString(longest));
    }

    @Test
    void leavesTheOldFileWhenAnythingIsThrown() throws IOException {
        final Path file = folder.resolve("a.txt");
        Files.writeString(file, "old");
        for (final Throwable thrown : List.of(new IOException("x"), new IllegalStateException("x"), new Error("x"))) {
            for (final Path target : List.of(file, folder.resolve("new.txt"))) {
                final AtomicFile.Content content = out -> {
                    out.write(new byte[100_000]);
                    switch (thrown) {
                        case IOException e -> throw e;
                        case RuntimeException e -> throw e;
                        default -> throw (Error) thrown;
                    }
                };
                assertEquals(thrown, assertThrows(thrown.getClass(), () -> AtomicFile.write(target, content)));
                assertEquals("old", Files.readString(file));
                assertEquals(List.of("a.txt"), names());
            }
        }
    }

    @Test
    void showsNothingBeforeTheEnd() throws IOException {
        final Path file = folder.resolve("a.txt");
        Files.writeString(file, "old");
        AtomicFile.write(file, out -> {
            out.write(new byte[1 << 20]);
            out.flush();
            assertEquals("old", Files.readString(file));
        });
        assertEquals(1 << 20, Files.size(file));
    }

    @Test
    void keepsSymbolicLinks() throws IOException {
        final Path real = Files.createDirectory(folder.resolve("real")).resolve("a.txt");
        final Path link = folder.resolve("link");
        Files.createSymbolicLink(link, Path.of("real/a.txt"));
        write(link, "through a link that leads nowhere yet");
        assertTrue(Files.isSymbolicLink(link));
        write(link, "again");
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("again", Files.readString(real));
        final Path circle = folder.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertThrows(FileSystemException.class, () -> write(circle, "x"));
        assertEquals(List.of("circle", "link", "real"), names());
    }

    @Test
    void setsPermissionsAsUsual() throws IOException {
        assumeTrue(Files.getFileStore(folder).supportsFileAttributeView("posix"));
        final Path usual = Files.createFile(folder.resolve("usual"));
        final Path file = folder.resolve("a.txt");
        write(file, "new");
        assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        write(file, "newer");
        assertEquals("rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void namesWhatIsWrongWithTheTarget() throws IOException {
        final NoSuchFileException missing =
                assertThrows(NoSuchFileException.class, () -> write(folder.resolve("none/a.txt"), "x"));
        assertTrue(
                String.valueOf(missing.getMessage()).endsWith("none does not exist; create it first"),
                missing.getMessage());
        final FileSystemException isFolder = assertThrows(FileSystemException.class, () -> write(folder, "x"));
        assertTrue(String.valueOf(isFolder.getMessage()).contains("this is a folder"), isFolder.getMessage());
        final Path file = Files.createFile(folder.resolve("file"));
        assertThrows(FileSystemException.class, () -> write(file.resolve("a.txt"), "x"));
        assertEquals(List.of("file"), names());
    }

    @Test
    void writesToPipesDirectly() throws Exception {
        final Path pipe = folder.resolve("pipe");
        try {
            assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        } catch (final IOException e) {
            assumeTrue(false, "there are no pipes here");
        }
        final CompletableFuture<String> text = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(Files.readAllBytes(pipe), StandardCharsets.UTF_8);
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        write(pipe, "through a pipe");
        assertEquals("through a pipe", text.get(10, TimeUnit.SECONDS));
        assertEquals(true, Files.readAttributes(pipe, "*").get("isOther"));
        assertEquals(List.of("pipe"), names());
    }
}
