package io.lanewise.mlp;

import java.util.List;

/**
 * One step of a network, from rows of {@link #inputs} values to rows of {@link #outputs} values. All kinds are
 * immutable records.
 */
public sealed interface Layer permits Dense, LayerNorm, BatchNorm, ActivationLayer, Dropout, Add {
    /** The width of a row that it takes. */
    int inputs();

    /** The width of a row that it gives. */
    int outputs();

    /** What it has of parameters, in the order in which {@link Parameters} keeps them. */
    List<Tensor> tensors();

    /** The number of its parameters: all elements of its tensors. */
    long parameterCount();

    /**
     * An array of parameters.
     *
     * @param name what files call it: {@code weight}, {@code bias}, …
     * @param shape its sizes, row-major
     */
    record Tensor(String name, List<Integer> shape) {
        /** Copies the shape. */
        public Tensor {
            shape = List.copyOf(shape);
        }

        /** The number of its elements. */
        public long size() {
            return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        }
    }
}
