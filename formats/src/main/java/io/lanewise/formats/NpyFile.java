package io.lanewise.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of numpy's, in an npy file, compressed with gzip or not, or in an npz file. The first dimension counts the
 * rows; the others are the features of a row, flattened as {@code x.reshape(len(x), -1)} does; an array of one dimension
 * has one feature. Elements are floats of 2, 4 or 8 bytes, integers of 1 to 8 with or without sign, or truth values,
 * and are given as floats, rounded to the nearest; they must be finite. Objects and structured arrays are refused.
 *
 * <p>Labels are an array of their own, one for each row: numbers or texts ({@code U}).
 *
 * <p>Rows are read one after the other, except those of an array in Fortran's order, which is held in memory while it is
 * read. Immutable, and safe to share.
 *
 * <pre>{@code
 * Table table = NpyFile.of(Path.of("X.npy")).withLabels(NpyFile.of(Path.of("y.npy"))).load();
 * }</pre>
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format</a>
 */
public final class NpyFile implements TableSource {
    private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};
    private static final byte[] EMPTY_ZIP_MAGIC = {'P', 'K', 5, 6};

    private final Path file;
    private final @Nullable String array;
    private final @Nullable NpyFile labels;

    private NpyFile(final Path file, final @Nullable String array, final @Nullable NpyFile labels) {
        this.file = file;
        this.array = array;
        this.labels = labels;
    }

    /** An npy file with features, without labels. */
    public static NpyFile of(final Path file) {
        return new NpyFile(file, null, null);
    }

    /** An array of an npz file. */
    public static NpyFile of(final Path file, final String array) {
        return new NpyFile(file, array, null);
    }

    /** The same features with the labels in another array, one for each row. */
    public NpyFile withLabels(final NpyFile newLabels) {
        return new NpyFile(file, array, newLabels);
    }

    /**
     * Whether a file, after decompression, begins like an npy file. No text does.
     *
     * @throws FormatException if it begins like a gzip file, but is not one
     * @throws IOException if the file cannot be read
     */
    public static boolean isNpy(final Path file) throws IOException {
        return NpyHeader.isMagic(first(file, NpyHeader.magicBytes()));
    }

    /**
     * Whether a file begins like a zip file, as an npz file is.
     *
     * @throws FormatException if it begins like a gzip file, but is not one
     * @throws IOException if the file cannot be read
     */
    public static boolean isNpz(final Path file) throws IOException {
        final byte[] first = first(file, ZIP_MAGIC.length);
        return Arrays.equals(first, ZIP_MAGIC) || Arrays.equals(first, EMPTY_ZIP_MAGIC);
    }

    private static byte[] first(final Path file, final int length) throws IOException {
        try (InputStream in = Inputs.open(file)) {
            return in.readNBytes(length);
        }
    }

    /**
     * The names of the arrays in an npz file, in its order.
     *
     * @throws FormatException if it is not one
     * @throws IOException if the file cannot be read
     */
    public static List<String> arrays(final Path file) throws IOException {
        try (NpzFile npz = NpzFile.open(file)) {
            return npz.names();
        }
    }

    /**
     * The dimensions of the array, a new Java array; each is at least 1.
     *
     * @throws FormatException if its header is wrong
     * @throws IOException if the file cannot be read
     */
    public int[] shape() throws IOException {
        try (NpyStream stream = NpyStream.open(file, array)) {
            return stream.header().shape().clone();
        }
    }

    @Override
    public RowReader open() throws IOException {
        final NpyStream features = NpyStream.open(file, array);
        try {
            return new NpyRows(features, labels == null ? null : NpyStream.open(labels.file, labels.array));
        } catch (final Throwable e) {
            features.close();
            throw e;
        }
    }

    /**
     * Writes an array (rows, columns) of 32-bit floats, whole or not at all as {@link AtomicFile} does. How many rows there
     * are need not be known before the last one is written.
     *
     * @param columns at least 1
     * @throws IOException if the file cannot be written, or {@code content} throws it; also if it is a pipe or a device
     */
    public static void write(final Path file, final int columns, final Content content) throws IOException {
        if (columns < 1) {
            throw new IllegalArgumentException("expected at least 1 column, got " + columns);
        }
        AtomicFile.writeChannel(file, channel -> {
            final NpyWriter writer = new NpyWriter(channel, file, columns);
            content.writeTo(writer);
            writer.finish();
        });
    }

    /** Writes the rows of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes rows, in their order. */
        void writeTo(NpyWriter out) throws IOException;
    }

    @Override
    public String toString() {
        return (array == null ? "npy file " : "array " + Quoted.of(array) + " of npz file ") + file;
    }
}
