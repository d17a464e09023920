package io.lanewise.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * All elements of an array in Fortran's order, whose rows are not together in the file, as pandas' tables often are: they
 * have to be in memory before the first row is known.
 */
final class NpyColumns {
    private static final int MAX_VALUES = Integer.MAX_VALUE - 16;
    private static final int CHUNK = 1 << 13; // elements

    private final float[] values; // (width, rows): the columns in the order of the file
    private final int rows;
    private final int[] places; // (width): where each column of a row is among them

    private NpyColumns(final float[] values, final NpyHeader header) {
        this.values = values;
        this.rows = header.rows();
        this.places = places(header.shape(), (int) header.width());
    }

    /** Reads all elements that a stream has. Memory grows with what is read, not with what a header promises. */
    static NpyColumns read(final NpyStream stream) throws IOException {
        final NpyHeader header = stream.header();
        final NpyType type = header.type();
        final long elements = header.rows() * header.width();
        if (elements > MAX_VALUES) {
            throw stream.wrong("expected at most " + MAX_VALUES + " values in Fortran's order, which have to be held in"
                    + " memory, got the shape " + header.shown() + ": save numpy.ascontiguousarray(…) of it");
        }
        final byte[] buffer = new byte[CHUNK * type.size()];
        float[] values = new float[(int) (stream.isCompressed() ? Math.min(elements, CHUNK) : elements)];
        for (int done = 0; done < elements; ) {
            final int count = (int) Math.min(CHUNK, elements - done);
            if (values.length - done < count) {
                values = Arrays.copyOf(values, (int) Math.min(elements, Math.max(2L * values.length, done + count)));
            }
            stream.read(buffer, count * type.size());
            type.decode(ByteBuffer.wrap(buffer), count, values, done);
            done += count;
        }
        return new NpyColumns(values, header);
    }

    /** The columns of a row count its other dimensions with the last one fastest, those of the file the first one. */
    private static int[] places(final int[] shape, final int width) {
        final int[] places = new int[width];
        final int[] index = new int[shape.length];
        for (int c = 0; c < width; c++) {
            int place = 0;
            for (int i = shape.length - 1; i > 0; i--) {
                place = place * shape[i] + index[i];
            }
            places[c] = place;
            int last = shape.length - 1;
            while (last > 0 && ++index[last] == shape[last]) {
                index[last--] = 0;
            }
        }
        return places;
    }

    /** Copies rows, each one's columns together. */
    void copy(final int first, final int count, final float[] x, final int offset) {
        for (int c = 0; c < places.length; c++) {
            final int from = places[c] * rows + first;
            for (int i = 0; i < count; i++) {
                x[offset + i * places.length + c] = values[from + i];
            }
        }
    }
}
