package io.lanewise.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The arithmetic of shapes: what operators that move elements make of them. */
final class Dimensions {
    private Dimensions() {}

    static int[] ints(final long[] values) {
        final int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            if (values[i] < 0 || values[i] > Integer.MAX_VALUE) {
                throw new Refusal("expected dimensions from 0 to 2^31, got " + describe(values));
            }
            ints[i] = (int) values[i];
        }
        return ints;
    }

    /** A shape for messages. */
    static String describe(final long[] shape) {
        return Arrays.toString(Arrays.stream(shape)
                .mapToObj(dimension -> dimension == Tensor.BATCH ? "batch" : Long.toString(dimension))
                .toArray());
    }

    static int[] joined(final int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** What the operator Shape gives. */
    static Tensor of(final Op op, final long[] shape) {
        final int from = bound(op.integer("start", 0), shape.length);
        final int to = bound(op.integer("end", shape.length), shape.length);
        return Tensor.ofIndices(Arrays.copyOfRange(shape, Math.min(from, to), to));
    }

    private static int bound(final long index, final int rank) {
        return Math.clamp(index < 0 ? index + rank : index, 0, rank);
    }

    /** The axes that an attribute names, before a version, or an input, from there on; null if all are meant. */
    static long @Nullable [] axes(final Op op, final @Nullable Tensor input, final int version) {
        if (op.version() < version) {
            return op.integers("axes");
        }
        return input == null ? null : input.toIntegers();
    }

    static int[] permutation(final Op op, final int rank) {
        final long[] given = op.integers("perm");
        if (given == null) {
            return IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
        }
        if (!Arrays.equals(
                Arrays.stream(given).sorted().toArray(),
                LongStream.range(0, rank).toArray())) {
            throw new Refusal("expected a permutation of " + rank + " axes, got " + Arrays.toString(given));
        }
        return Arrays.stream(given).mapToInt(axis -> (int) axis).toArray();
    }

    /** The shape that 0 (as before) and −1 (the rest) are resolved to. */
    static int[] reshaped(final int[] shape, final long[] to, final boolean zeroIsEmpty) {
        final long[] resolved = to.clone();
        int rest = -1;
        long product = 1;
        for (int i = 0; i < to.length; i++) {
            if (to[i] == 0 && !zeroIsEmpty) {
                if (i >= shape.length) {
                    throw new Refusal("expected a dimension " + i + " to copy, got " + Arrays.toString(shape));
                }
                resolved[i] = shape[i];
            }
            if (to[i] == -1) {
                if (rest >= 0) {
                    throw new Refusal("expected one dimension of -1, got " + Arrays.toString(to));
                }
                rest = i;
            } else {
                product *= resolved[i];
            }
            if (resolved[i] < -1 || resolved[i] > Integer.MAX_VALUE || product > Integer.MAX_VALUE) {
                throw new Refusal("expected a shape of the same size, got " + describe(to));
            }
        }
        if (rest >= 0) {
            if (product == 0) {
                throw new Refusal("expected a shape that tells what -1 is, got " + describe(to));
            }
            resolved[rest] = Tensor.size(shape) / product;
        }
        return ints(resolved);
    }

    static int[] flattened(final int[] shape, final long axis) {
        final int at = axis == shape.length ? shape.length : Op.axis(axis, shape.length);
        return new int[] {
            (int) Tensor.size(Arrays.copyOf(shape, at)), (int) Tensor.size(Arrays.copyOfRange(shape, at, shape.length))
        };
    }

    static int[] squeezed(final int[] shape, final long @Nullable [] axes) {
        final boolean[] gone = new boolean[shape.length];
        if (axes == null) {
            for (int i = 0; i < shape.length; i++) {
                gone[i] = shape[i] == 1;
            }
        } else {
            for (final long axis : axes) {
                final int i = Op.axis(axis, shape.length);
                if (shape[i] != 1) {
                    throw new Refusal("expected a dimension of 1 to leave out, got " + shape[i]);
                }
                gone[i] = true;
            }
        }
        return IntStream.range(0, shape.length)
                .filter(i -> !gone[i])
                .map(i -> shape[i])
                .toArray();
    }

    static int[] unsqueezed(final int[] shape, final long @Nullable [] axes) {
        if (axes == null) {
            throw new Refusal("expected axes, got none");
        }
        final int[] to = new int[shape.length + axes.length];
        for (final long axis : axes) {
            final int i = Op.axis(axis, to.length);
            if (to[i] != 0) {
                throw new Refusal("expected each axis once, got " + Arrays.toString(axes));
            }
            to[i] = -1;
        }
        int from = 0;
        for (int i = 0; i < to.length; i++) {
            to[i] = to[i] == -1 ? 1 : shape[from++];
        }
        return to;
    }

    /** The lengths of the parts that a dimension is split into. */
    static int[] split(final Op op, final @Nullable Tensor input, final int dimension) {
        final long[] attribute = op.integers("split");
        final long[] given = input == null ? attribute : input.toIntegers();
        if (given != null) {
            final int[] lengths = ints(given);
            if (lengths.length == 0) {
                throw new Refusal("expected at least one part, got none");
            }
            if (Arrays.stream(lengths).asLongStream().sum() != dimension) {
                throw new Refusal("expected parts that add up to " + dimension + ", got " + Arrays.toString(lengths));
            }
            return lengths;
        }
        final int count = (int) op.integer("num_outputs", op.node().getOutputCount());
        if (count < 1 || count > Math.max(dimension, 1)) {
            throw new Refusal("expected " + dimension + " parts or fewer, got " + count);
        }
        final int length = (dimension + count - 1) / count;
        final int[] lengths = new int[count];
        Arrays.setAll(lengths, i -> Math.clamp((long) dimension - (long) i * length, 0, length));
        return lengths;
    }
}
