package io.lanewise.formats;

import java.util.List;

/**
 * What the header of a safetensors file says about a tensor. Immutable.
 *
 * @param name the name, one of its kind in the file
 * @param dtype the type of its elements
 * @param shape its dimensions, outermost first; empty for a single value
 * @param begin where its data begins, in bytes from the end of the header
 * @param end where its data ends, likewise
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long begin, long end) {
    /** Copies the shape. */
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException if it does not fit a {@code long}; never for the tensors of a file that was opened
     */
    public long elements() {
        return elements(shape);
    }

    static long elements(final List<Long> shape) {
        long elements = 1;
        for (final long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }
}
