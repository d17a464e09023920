package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.lanewise.formats.Quoted;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Constants in files beside the model. A model must not be a way to read other files, so its data have to be regular
 * files in the model's folder or below, reached by no symbolic link and having no other name (a hard link).
 * Not safe for use by several threads.
 */
final class ExternalData {
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";
    private static final String CHECKSUM = "checksum";

    private static final int MOST_BYTES = Integer.MAX_VALUE - 16;

    private final @Nullable Path folder;
    private final Set<Path> seen = new HashSet<>();

    /**
     * Of a model.
     *
     * @param folder the model's folder, or null for a model that has none, which may not have such constants
     */
    ExternalData(final @Nullable Path folder) {
        this.folder = folder;
    }

    /** The bytes of a constant. */
    ByteBuffer read(final TensorProto tensor, final long expected, final Budget budget) {
        if (expected > MOST_BYTES) {
            throw new Refusal("expected a constant of less than 2 GiB, got one of " + expected + " bytes");
        }
        final Map<String, String> place = place(tensor);
        final String location = place.getOrDefault(LOCATION, "");
        try {
            final Path file = file(location);
            final long size = Files.size(file);
            final long offset = number(place, OFFSET, 0);
            if (offset > size) {
                throw new Refusal("expected data in " + Quoted.of(location) + ", which ends before " + offset);
            }
            final long length = number(place, LENGTH, size - offset);
            if (length > size - offset) {
                throw new Refusal("expected " + length + " bytes at " + offset + " in " + Quoted.of(location)
                        + ", which has " + size);
            }
            if (length != expected) {
                throw new Refusal("expected " + expected + " bytes in " + Quoted.of(location) + ", got " + length);
            }
            if (seen.add(file)) {
                budget.grow(size);
            }
            return bytes(file, offset, (int) length);
        } catch (final NoSuchFileException e) {
            throw new Refusal("expected a file " + Quoted.of(location) + " beside the model, got none");
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> place(final TensorProto tensor) {
        final Map<String, String> place = new HashMap<>();
        for (final StringStringEntryProto entry : tensor.getExternalDataList()) {
            switch (entry.getKey()) {
                case LOCATION, OFFSET, LENGTH, CHECKSUM -> {
                    if (place.put(entry.getKey(), entry.getValue()) != null) {
                        throw new Refusal("expected one " + entry.getKey() + " of external data, got two");
                    }
                }
                default ->
                    throw new Refusal("expected location, offset, length or checksum of external data, got "
                            + Quoted.of(entry.getKey()));
            }
        }
        return place;
    }

    private static long number(final Map<String, String> place, final String key, final long otherwise) {
        final String text = place.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            final long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (final NumberFormatException e) {
            // as a negative one
        }
        throw new Refusal("expected a number of bytes as " + key + " of external data, got " + Quoted.of(text));
    }

    /** The file of a location, which is a relative path with slashes; checked component by component. */
    private Path file(final String location) throws IOException {
        if (folder == null) {
            throw new Refusal("expected data in the file, got a place beside it: " + Quoted.of(location));
        }
        if (location.isEmpty() || location.indexOf('\\') >= 0 || location.indexOf('\0') >= 0) {
            throw new Refusal("expected the location of external data, got " + Quoted.of(location));
        }
        final Path relative;
        try {
            relative = folder.getFileSystem().getPath(location);
        } catch (final InvalidPathException e) {
            throw new Refusal("expected the location of external data, got " + Quoted.of(location));
        }
        if (relative.isAbsolute()) {
            throw new Refusal("expected external data in the model's folder, got " + Quoted.of(location));
        }
        final Path root = folder.toRealPath();
        Path file = root;
        for (final Path component : relative) {
            if (component.toString().equals("..")) {
                throw new Refusal("expected external data in the model's folder, got " + Quoted.of(location));
            }
            file = file.resolve(component).normalize();
            if (Files.isSymbolicLink(file)) {
                throw new Refusal("expected external data without symbolic links, got " + Quoted.of(location));
            }
        }
        checkRegular(file, location);
        if (!file.toRealPath().startsWith(root)) {
            throw new Refusal("expected external data in the model's folder, got " + Quoted.of(location));
        }
        return file;
    }

    private static void checkRegular(final Path file, final String location) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new Refusal("expected a regular file as external data, got " + Quoted.of(location));
        }
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) instanceof Integer links
                && links != 1) {
            throw new Refusal("expected external data without hard links, got " + Quoted.of(location));
        }
    }

    private static ByteBuffer bytes(final Path file, final long offset, final int length) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(length);
        try (SeekableByteChannel channel = Files.newByteChannel(file, LinkOption.NOFOLLOW_LINKS)) {
            channel.position(offset);
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("expected " + length + " bytes at " + offset + " in " + file);
                }
            }
        }
        return bytes.flip();
    }
}
