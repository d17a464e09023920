package io.lanewise.formats;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** An npz file that was opened: a zip file whose entries are arrays. */
final class NpzFile implements Closeable {
    private static final String ENDING = ".npy";
    private static final String EXPECTED = "an npz file, which is a complete zip file";

    /** The most bytes that one of deflate's may stand for; zlib's documentation has 1032. */
    private static final long MAX_EXPANSION = 1032;

    private final Path file;
    private final ZipFile zip;
    private final Map<String, ZipEntry> arrays = new LinkedHashMap<>(); // by name, without the ending

    private NpzFile(final Path file, final ZipFile zip) throws FormatException {
        this.file = file;
        this.zip = zip;
        for (final ZipEntry entry : zip.stream().toList()) {
            if (entry.getName().endsWith(ENDING)) {
                final String name = entry.getName().substring(0, entry.getName().length() - ENDING.length());
                if (arrays.put(name, entry) != null) {
                    throw new FormatException(file, "expected names that differ, got two arrays " + Quoted.of(name));
                }
            }
        }
    }

    static NpzFile open(final Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "this is a folder; give the name of a file");
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        final ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (final ZipException | EOFException e) {
            throw Inputs.Inflated.damaged(file, EXPECTED, e);
        }
        try {
            return new NpzFile(file, zip);
        } catch (final Throwable e) {
            zip.close();
            throw e;
        }
    }

    /** The names of the arrays, in the order of the file. */
    List<String> names() {
        return new ArrayList<>(arrays.keySet());
    }

    /** The entry of an array, whose sizes are plausible. */
    ZipEntry entry(final String name) throws FormatException {
        final ZipEntry entry = arrays.get(name);
        if (entry == null) {
            throw new FormatException(
                    file,
                    "expected an array " + Quoted.of(name) + ", got "
                            + (arrays.isEmpty() ? "none: this is a zip file without arrays" : Quoted.list(names())));
        }
        if (entry.getSize() < 0
                || entry.getCompressedSize() < 0
                || entry.getSize() / MAX_EXPANSION > entry.getCompressedSize()) {
            throw new FormatException(
                    file,
                    "array " + Quoted.of(name) + ": expected at most " + MAX_EXPANSION
                            + " bytes for each compressed one, got " + entry.getSize() + " for "
                            + entry.getCompressedSize() + ": the file is damaged");
        }
        return entry;
    }

    /** The content of an entry. */
    InputStream open(final ZipEntry entry) throws IOException {
        return new Inputs.Inflated(file, EXPECTED, () -> zip.getInputStream(entry));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
