package io.lanewise.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An IDX file, as MNIST and its kin are distributed, compressed with gzip or not: unsigned bytes of two or more
 * dimensions. The first dimension counts the rows, the product of the others the features, which are given as floats
 * from 0 to 255. Labels may come from a second IDX file: one dimension of unsigned bytes or of 32-bit integers.
 * Immutable, and safe to share.
 *
 * @see <a href="https://github.com/cvdfoundation/mnist#file-format">the format</a>
 */
public final class IdxFile implements TableSource {
    private static final int MAGIC_BYTES = 4;

    private final Path file;
    private final @Nullable Path labels;

    private IdxFile(final Path file, final @Nullable Path labels) {
        this.file = file;
        this.labels = labels;
    }

    /** A file with features, without labels. */
    public static IdxFile of(final Path file) {
        return new IdxFile(file, null);
    }

    /** The same features with the labels in another file, one for each row. */
    public IdxFile withLabels(final Path newLabels) {
        return new IdxFile(file, newLabels);
    }

    /**
     * Whether a file, after decompression, begins like an IDX file. No text does.
     *
     * @throws FormatException if it begins like a gzip file, but is not one
     * @throws IOException if the file cannot be read
     */
    public static boolean isIdx(final Path file) throws IOException {
        try (InputStream in = Inputs.open(file)) {
            final byte[] magic = in.readNBytes(MAGIC_BYTES);
            return magic.length == MAGIC_BYTES
                    && magic[0] == 0
                    && magic[1] == 0
                    && IdxType.of(magic[2]) != null
                    && magic[3] != 0;
        }
    }

    @Override
    public RowReader open() throws IOException {
        final IdxStream features = IdxStream.open(file);
        try {
            return new IdxRows(features, labels == null ? null : IdxStream.open(labels));
        } catch (final Throwable e) {
            features.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return "IDX file " + file;
    }
}
