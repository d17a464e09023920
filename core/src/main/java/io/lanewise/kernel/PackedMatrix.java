package io.lanewise.kernel;

/**
 * The right operand of a product ({@code rows × columns}) in the layout that one backend wants, made once by
 * {@link Kernels#pack} and read by any number of threads. Only the backend that made it can use it.
 */
public interface PackedMatrix {
    /** The number of rows: k of the product. */
    int rows();

    /** The number of columns: n of the product. */
    int columns();
}
