package io.lanewise.onnx;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Shapes that are made equal by repeating elements along dimensions of 1, as numpy does. */
final class Broadcast {
    private Broadcast() {}

    /** The shape that both are repeated to. */
    static int[] shape(final int[] a, final int[] b) {
        final int rank = Math.max(a.length, b.length);
        final int[] shape = new int[rank];
        for (int i = 0; i < rank; i++) {
            final int p = dimension(a, i, rank);
            final int q = dimension(b, i, rank);
            if (p != q && p != 1 && q != 1) {
                throw new Refusal("expected shapes that fit, got " + Arrays.toString(a) + " and " + Arrays.toString(b));
            }
            shape[i] = p == 1 ? q : p;
        }
        return shape;
    }

    private static int dimension(final int[] shape, final int i, final int rank) {
        final int at = i - (rank - shape.length);
        return at < 0 ? 1 : shape[at];
    }

    /** Whether the first shape is repeated to the second one, which stays. */
    static boolean fits(final int[] from, final int[] to) {
        if (from.length > to.length) {
            return false;
        }
        for (int i = 0; i < to.length; i++) {
            final int dimension = dimension(from, i, to.length);
            if (dimension != 1 && dimension != to[i]) {
                return false;
            }
        }
        return true;
    }

    /** For each element of the shape {@code to} the place of that which it is a copy of. */
    static int[] places(final int[] from, final int[] to) {
        final int[] strides = new int[to.length];
        int stride = 1;
        for (int i = to.length - 1; i >= 0; i--) {
            final int dimension = dimension(from, i, to.length);
            strides[i] = dimension == 1 ? 0 : stride;
            stride *= dimension;
        }
        return places(to, strides, 0);
    }

    /** The places offset + Σ index · stride of all indices of a shape, row-major. */
    static int[] places(final int[] shape, final int[] strides, final int offset) {
        final int[] places = new int[(int) Tensor.size(shape)];
        final int[] index = new int[shape.length];
        int at = offset;
        for (int e = 0; e < places.length; e++) {
            places[e] = at;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                at -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return places;
    }

    /** A constant repeated to a shape. */
    static Tensor to(final Tensor tensor, final Budget budget, final int... shape) {
        if (Arrays.equals(tensor.shape(), shape)) {
            return tensor;
        }
        if (!fits(tensor.shape(), shape)) {
            throw new Refusal("expected a constant that fits the shape " + Arrays.toString(shape) + ", got " + tensor);
        }
        budget.take(shape);
        return tensor.gather(places(tensor.shape(), shape), shape);
    }

    /** A function of two real constants, element by element. */
    static Tensor reals(
            final Budget budget, final ElementType type, final Tensor a, final Tensor b, final DoubleBinaryOperator f) {
        final int[] shape = shape(a.shape(), b.shape());
        final Tensor x = to(a, budget, shape);
        final Tensor y = to(b, budget, shape);
        final double[] values = new double[budget.take(shape)];
        Arrays.setAll(values, i -> f.applyAsDouble(x.real(i), y.real(i)));
        return Tensor.ofReals(type, values, shape);
    }

    /** A function of two integer constants, element by element. */
    static Tensor integers(
            final Budget budget, final ElementType type, final Tensor a, final Tensor b, final LongBinaryOperator f) {
        final int[] shape = shape(a.shape(), b.shape());
        final Tensor x = to(a, budget, shape);
        final Tensor y = to(b, budget, shape);
        final long[] values = new long[budget.take(shape)];
        Arrays.setAll(values, i -> type.wrap(f.applyAsLong(x.integer(i), y.integer(i))));
        return Tensor.ofIntegers(type, values, shape);
    }
}
