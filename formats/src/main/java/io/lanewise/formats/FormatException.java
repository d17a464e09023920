package io.lanewise.formats;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The content of a file is not what it should be. The message starts with the file's name, and says what was found
 * where, and what was expected. A file that cannot be read at all gives the JDK's own {@link IOException}s instead.
 */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * A problem of a file as a whole, {@code iris.csv: problem}.
     *
     * @param problem what was found, what was expected and, if it is not plain, what to do
     */
    public FormatException(final Path file, final String problem) {
        super(name(file) + ": " + problem);
    }

    /** A problem of a file as a whole that showed as another exception. */
    public FormatException(final Path file, final String problem, final Throwable cause) {
        super(name(file) + ": " + problem, cause);
    }

    private FormatException(final String message) {
        super(message);
    }

    /** A problem in a line of text, counted from 1: {@code iris.csv, line 13: problem}. */
    static FormatException inLine(final Path file, final long line, final String problem) {
        return new FormatException(name(file) + ", line " + line + ": " + problem);
    }

    /** A problem in a row of data, counted from 1; {@code line} is 0 where a file has no lines. */
    static FormatException inRow(final Path file, final long line, final long row, final String problem) {
        final String place = line > 0 ? ", line " + line + " (row " + row + "): " : ", row " + row + ": ";
        return new FormatException(name(file) + place + problem);
    }

    private static String name(final Path file) {
        final Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
