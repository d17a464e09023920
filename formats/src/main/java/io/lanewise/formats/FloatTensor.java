package io.lanewise.formats;

import java.util.List;
import java.util.Objects;

/**
 * A tensor to be written, a view of an array that is not copied.
 *
 * @param name the name, one of its kind in the file
 * @param shape its dimensions, outermost first, none negative; empty for a single value
 * @param values holds the elements in row-major order
 * @param offset where in {@code values} the first element is
 */
public record FloatTensor(String name, List<Long> shape, float[] values, int offset) {
    /** Checks that {@code values} has as many elements as the shape wants. */
    public FloatTensor {
        shape = List.copyOf(shape);
        if (!StrictJson.isUnicode(name)) {
            throw new IllegalArgumentException("expected a name in Unicode, got half of a surrogate pair in "
                    + Quoted.of(name.replaceAll("\\p{Cs}", "?")));
        }
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of a tensor");
        }
        for (final long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("expected dimensions that are not negative, got " + shape);
            }
        }
        Objects.checkFromIndexSize(offset, TensorInfo.elements(shape), (long) values.length);
    }

    /** The number of elements. */
    public int elements() {
        return (int) TensorInfo.elements(shape);
    }
}
