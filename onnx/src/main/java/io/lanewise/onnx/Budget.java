package io.lanewise.onnx;

/**
 * What reading a file may cost: it grows with the file, so that a small one cannot ask for a lot of memory or time.
 * Asked before anything is allocated.
 */
final class Budget {
    /** What any file may have: constants made by Expand, samples of activations, and so on. */
    private static final long LEAST_ELEMENTS = 1 << 22;

    /** Transposed, cast, scaled and folded: a weight passes through few operators. */
    private static final long ELEMENTS_PER_BYTE = 8;

    /** What any file may take: half a second or so. */
    private static final long LEAST_WORK = 1L << 28;

    /** Products of constants, as of a weight and what it was adapted by, are the longest. */
    private static final long WORK_PER_BYTE = 64;

    private long elements;
    private long work;

    Budget(final long bytes) {
        this.elements = LEAST_ELEMENTS + ELEMENTS_PER_BYTE * bytes;
        this.work = LEAST_WORK + WORK_PER_BYTE * bytes;
    }

    /** Grows by a file beside the model. */
    void grow(final long bytes) {
        elements += ELEMENTS_PER_BYTE * bytes;
        work += WORK_PER_BYTE * bytes;
    }

    /** Takes the elements of an array; returns their number. */
    int take(final int... shape) {
        final long count = Tensor.size(shape);
        if (count > elements) {
            throw new Refusal("expected constants in proportion to the file's size, got one of " + count
                    + " elements, or very many before");
        }
        elements -= count;
        return (int) count;
    }

    /** Takes steps of computation that are not in proportion to elements. */
    void work(final long steps) {
        if (steps > work) {
            throw new Refusal("expected a graph that is read in a second or so, got one that takes longer");
        }
        work -= steps;
    }
}
