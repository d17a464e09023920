package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** An array of any rank in {@code double}, row-major, whatever type a graph has. Shares nothing with the library. */
record DoubleArray(int[] shape, double[] elements) {
    static DoubleArray vector(final double... elements) {
        return new DoubleArray(new int[] {elements.length}, elements);
    }

    static DoubleArray of(final TensorProto tensor) {
        final int[] shape =
                tensor.getDimsList().stream().mapToInt(Long::intValue).toArray();
        final int count = size(shape);
        final DataType type = DataType.forNumber(tensor.getDataType());
        final ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        final boolean isRaw = raw.hasRemaining();
        final double[] elements = IntStream.range(0, count)
                .mapToDouble(i -> switch (type) {
                    case FLOAT -> isRaw ? raw.getFloat() : tensor.getFloatData(i);
                    case DOUBLE -> isRaw ? raw.getDouble() : tensor.getDoubleData(i);
                    case INT64 -> isRaw ? raw.getLong() : tensor.getInt64Data(i);
                    case FLOAT16 -> Float.float16ToFloat(isRaw ? raw.getShort() : (short) tensor.getInt32Data(i));
                    case BFLOAT16 -> Float.intBitsToFloat((isRaw ? raw.getShort() : tensor.getInt32Data(i)) << 16);
                    default -> throw new IllegalArgumentException("no test has constants of " + type);
                })
                .toArray();
        return new DoubleArray(shape, elements);
    }

    static int size(final int[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    int rank() {
        return shape.length;
    }

    /** The number of an axis that may be counted from the end. */
    int axis(final int axis) {
        return axis < 0 ? axis + rank() : axis;
    }

    int[] integers() {
        return Arrays.stream(elements).mapToInt(x -> (int) x).toArray();
    }

    DoubleArray map(final DoubleUnaryOperator f) {
        return new DoubleArray(shape, Arrays.stream(elements).map(f).toArray());
    }

    /** The same elements in another shape, in which -1 stands for what is left. */
    DoubleArray reshape(final int... target) {
        final int[] result = target.clone();
        for (int i = 0; i < result.length; i++) {
            if (result[i] == -1) {
                final int[] others = target.clone();
                others[i] = 1;
                result[i] = elements.length / size(others);
            }
        }
        return new DoubleArray(result, elements);
    }

    /** f of both, broadcast against each other from the last axis on. */
    DoubleArray with(final DoubleArray other, final DoubleBinaryOperator f) {
        final int rank = Math.max(rank(), other.rank());
        final int[] result = new int[rank];
        for (int i = 0; i < rank; i++) {
            final int left = sizeFromEnd(rank - i);
            final int right = other.sizeFromEnd(rank - i);
            if (left != right && left != 1 && right != 1) {
                throw new IllegalArgumentException(
                        Arrays.toString(shape) + " cannot be broadcast with " + Arrays.toString(other.shape));
            }
            result[i] = left == 1 ? right : left;
        }
        return fill(result, at -> f.applyAsDouble(broadcast(at), other.broadcast(at)));
    }

    private int sizeFromEnd(final int back) {
        return back > rank() ? 1 : shape[rank() - back];
    }

    private double broadcast(final int[] at) {
        int offset = 0;
        for (int i = 0; i < rank(); i++) {
            final int index = at[at.length - rank() + i];
            offset = offset * shape[i] + (shape[i] == 1 ? 0 : index);
        }
        return elements[offset];
    }

    double get(final int... at) {
        return broadcast(at);
    }

    /** What a function of an element's place gives. */
    interface Element {
        double at(int[] place);
    }

    static DoubleArray fill(final int[] shape, final Element f) {
        final double[] elements = new double[size(shape)];
        final int[] place = new int[shape.length];
        for (int i = 0; i < elements.length; i++) {
            int rest = i;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                place[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            elements[i] = f.at(place);
        }
        return new DoubleArray(shape.clone(), elements);
    }

    /** Reduces one axis to a single element. */
    DoubleArray reduce(final int axis, final double start, final DoubleBinaryOperator f) {
        final int[] result = shape.clone();
        result[axis] = 1;
        return fill(result, place -> {
            final int[] at = place.clone();
            double value = start;
            for (int i = 0; i < shape[axis]; i++) {
                at[axis] = i;
                value = f.applyAsDouble(value, get(at));
            }
            return value;
        });
    }

    DoubleArray transpose(final int... order) {
        return fill(Arrays.stream(order).map(i -> shape[i]).toArray(), place -> {
            final int[] at = new int[rank()];
            for (int i = 0; i < order.length; i++) {
                at[order[i]] = place[i];
            }
            return get(at);
        });
    }

    /** The matrix product of the last two axes; the left one may have more. */
    DoubleArray times(final DoubleArray right) {
        final int inner = shape[rank() - 1];
        final int columns = right.shape[1];
        final int[] result = shape.clone();
        result[rank() - 1] = columns;
        return fill(result, place -> {
            final int[] at = place.clone();
            final int column = place[place.length - 1];
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                at[at.length - 1] = k;
                sum += get(at) * right.elements[k * columns + column];
            }
            return sum;
        });
    }
}
