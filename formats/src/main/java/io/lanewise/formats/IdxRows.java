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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads the rows of an {@link IdxFile}. */
final class IdxRows implements RowReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String[] SMALL_LABELS =
            IntStream.range(0, 256).mapToObj(Integer::toString).toArray(String[]::new);

    private final IdxStream images;
    private final @Nullable IdxStream labelStream;
    private final int features;
    private final byte[] buffer; // whole rows
    private final byte[] labelBuffer; // labels of as many rows
    private final List<String> labels = new ArrayList<>();
    private int row; // the number of rows read

    /** Takes streams, and closes the labels if they do not fit. */
    IdxRows(final IdxStream images, final @Nullable IdxStream labelStream) throws IOException {
        this.images = images;
        this.labelStream = labelStream;
        try {
            checkImages(images);
            if (labelStream != null) {
                checkLabels(images, labelStream);
            }
        } catch (final Throwable e) {
            if (labelStream != null) {
                labelStream.close();
            }
            throw e;
        }
        this.features = (int) images.width();
        final int rows = Math.min(images.rows(), Math.max(1, BUFFER_BYTES / features));
        this.buffer = new byte[rows * features];
        this.labelBuffer = labelStream == null
                ? new byte[0]
                : new byte[rows * labelStream.type().bytes()];
    }

    private static void checkImages(final IdxStream images) throws FormatException {
        if (images.type() != IdxType.UNSIGNED_BYTE || images.rank() < 2) {
            throw images.wrong("expected features, which are unsigned bytes of 2 dimensions or more, got "
                    + images.type() + (images.rank() == 1 ? ", as labels are" : ""));
        }
        if (images.width() > Dense.MAX_WIDTH) {
            throw images.wrong("expected at most " + Dense.MAX_WIDTH + " features, got " + images.width());
        }
    }

    private static void checkLabels(final IdxStream images, final IdxStream labels) throws FormatException {
        if (labels.rank() != 1 || (labels.type() != IdxType.UNSIGNED_BYTE && labels.type() != IdxType.INT)) {
            throw labels.wrong(
                    "expected labels, which are unsigned bytes or ints of 1 dimension, got " + labels.type());
        }
        if (labels.rows() != images.rows()) {
            throw labels.wrong("expected " + images.rows() + " labels, as "
                    + images.file().getFileName() + " has rows, got " + labels.rows());
        }
    }

    @Override
    public Path file() {
        return images.file();
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
        return images.isCompressed() ? OptionalInt.empty() : OptionalInt.of(images.rows());
    }

    @Override
    public int read(final float[] x, final int offset, final int maxRows) throws IOException {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected to read at least 1 row, got " + maxRows);
        }
        Objects.checkFromIndexSize(offset, (long) maxRows * features, (long) x.length);
        labels.clear();
        final int count = Math.min(maxRows, images.rows() - row);
        for (int done = 0; done < count; ) {
            final int rows = Math.min(count - done, buffer.length / features);
            images.read(buffer, rows * features);
            for (int i = 0; i < rows * features; i++) {
                x[offset + done * features + i] = Byte.toUnsignedInt(buffer[i]);
            }
            readLabels(rows);
            done += rows;
        }
        row += count;
        if (count > 0 && row == images.rows()) {
            images.end();
            if (labelStream != null) {
                labelStream.end();
            }
        }
        return count;
    }

    private void readLabels(final int rows) throws IOException {
        if (labelStream == null) {
            return;
        }
        labelStream.read(labelBuffer, rows * labelStream.type().bytes());
        final ByteBuffer bytes = ByteBuffer.wrap(labelBuffer);
        for (int i = 0; i < rows; i++) {
            labels.add(labelText(
                    labelStream.type() == IdxType.INT
                            ? bytes.getInt(i * Integer.BYTES)
                            : Byte.toUnsignedInt(bytes.get(i))));
        }
    }

    private static String labelText(final int label) {
        return label >= 0 && label < SMALL_LABELS.length ? SMALL_LABELS[label] : Integer.toString(label);
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
            images.close();
        } finally {
            if (labelStream != null) {
                labelStream.close();
            }
        }
    }
}
