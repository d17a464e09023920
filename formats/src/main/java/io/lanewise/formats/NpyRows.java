package io.lanewise.formats;

import io.lanewise.mlp.Dense;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the rows of an {@link NpyFile}. */
final class NpyRows implements RowReader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final NpyStream stream;
    private final @Nullable NpyStream labelStream;
    private final NpyHeader header;
    private final int features;
    private final @Nullable NpyColumns columns; // all elements, of an array that has columns one after the other
    private final byte[] buffer; // whole rows
    private final byte[] labelBuffer; // labels of some rows
    private final List<String> labels = new ArrayList<>();
    private int row; // the number of rows read

    /** Takes streams, and closes the labels if they do not fit. */
    NpyRows(final NpyStream stream, final @Nullable NpyStream labelStream) throws IOException {
        this.stream = stream;
        this.labelStream = labelStream;
        this.header = stream.header();
        try {
            checkFeatures(stream);
            if (labelStream != null) {
                checkLabels(stream, labelStream);
            }
            this.features = (int) header.width();
            this.columns = header.columnMajor() && features > 1 && header.rows() > 1 ? NpyColumns.read(stream) : null;
        } catch (final Throwable e) {
            if (labelStream != null) {
                labelStream.close();
            }
            throw e;
        }
        this.buffer = columns == null ? buffer(header, features * header.type().size()) : new byte[0];
        this.labelBuffer = labelStream == null
                ? new byte[0]
                : buffer(header, labelStream.header().type().size());
    }

    private static byte[] buffer(final NpyHeader header, final int rowBytes) {
        return new byte[Math.min(header.rows(), Math.max(1, BUFFER_BYTES / rowBytes)) * rowBytes];
    }

    private static void checkFeatures(final NpyStream stream) throws FormatException {
        final NpyHeader header = stream.header();
        if (!header.type().isNumber()) {
            throw stream.wrong("expected features, which are numbers, got texts (" + header.type() + ")");
        }
        if (header.width() > Dense.MAX_WIDTH) {
            throw stream.wrong("expected at most " + Dense.MAX_WIDTH + " features in each row, got " + header.width()
                    + " with the shape " + header.shown());
        }
    }

    private static void checkLabels(final NpyStream features, final NpyStream labels) throws FormatException {
        final NpyHeader header = labels.header();
        if (header.width() != 1) {
            throw labels.wrong("expected one label for each row, of the shape ("
                    + features.header().rows()
                    + ",), got the shape " + header.shown()
                    + (header.shape().length == 2 ? "; if a row has a 1 at its class, use argmax(axis=1)" : ""));
        }
        if (header.rows() != features.header().rows()) {
            throw labels.wrong("expected " + features.header().rows() + " labels, as there are rows of features, got "
                    + header.rows());
        }
    }

    @Override
    public Path file() {
        return stream.file();
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public List<String> featureNames() {
        return List.of();
    }

    @Override
    public boolean hasLabels() {
        return labelStream != null;
    }

    @Override
    public String labelName() {
        return "";
    }

    @Override
    public OptionalInt rows() {
        return stream.isCompressed() ? OptionalInt.empty() : OptionalInt.of(header.rows());
    }

    @Override
    public int read(final float[] x, final int offset, final int maxRows) throws IOException {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected to read at least 1 row, got " + maxRows);
        }
        Objects.checkFromIndexSize(offset, (long) maxRows * features, (long) x.length);
        labels.clear();
        final int count = Math.min(maxRows, header.rows() - row);
        if (columns != null) {
            columns.copy(row, count, x, offset);
        } else {
            readRows(x, offset, count);
        }
        checkFinite(x, offset, count);
        readLabels(count);
        row += count;
        if (count > 0 && row == header.rows()) {
            stream.end();
            if (labelStream != null) {
                labelStream.end();
            }
        }
        return count;
    }

    private void readRows(final float[] x, final int offset, final int count) throws IOException {
        final int rowBytes = features * header.type().size();
        for (int done = 0; done < count; ) {
            final int rows = Math.min(count - done, buffer.length / rowBytes);
            stream.read(buffer, rows * rowBytes);
            header.type().decode(ByteBuffer.wrap(buffer), rows * features, x, offset + done * features);
            done += rows;
        }
    }

    private void checkFinite(final float[] x, final int offset, final int count) throws FormatException {
        for (int i = 0; i < count * features; i++) {
            final float value = x[offset + i];
            if (!Float.isFinite(value)) {
                throw stream.wrong("element " + header.place(row + i / features, i % features)
                        + ": expected a finite number up to ±3.4028235e38, got " + value
                        + ": fill in missing values, or remove such rows");
            }
        }
    }

    private void readLabels(final int count) throws IOException {
        if (labelStream == null) {
            return;
        }
        final NpyType type = labelStream.header().type();
        for (int done = 0; done < count; ) {
            final int rows = Math.min(count - done, labelBuffer.length / type.size());
            labelStream.read(labelBuffer, rows * type.size());
            final ByteBuffer bytes = ByteBuffer.wrap(labelBuffer);
            for (int i = 0; i < rows; i++) {
                labels.add(label(type.text(bytes, i), labelStream, row + done + i + 1L));
            }
            done += rows;
        }
    }

    private static String label(final @Nullable String text, final NpyStream stream, final long row)
            throws FormatException {
        if (text == null || text.isEmpty()) {
            throw stream.wrong(row, "expected a label in Unicode, got " + (text == null ? "another text" : "none"));
        }
        if (stream.header().type().isNumber() && !Double.isFinite(Double.parseDouble(text))) {
            throw stream.wrong(row, "expected a finite number as label, got " + text);
        }
        return text;
    }

    @Override
    public List<String> labels() {
        return Collections.unmodifiableList(labels);
    }

    @Override
    public long line(final int i) {
        return 0;
    }

    @Override
    public void close() throws IOException {
        try {
            stream.close();
        } finally {
            if (labelStream != null) {
                labelStream.close();
            }
        }
    }
}
