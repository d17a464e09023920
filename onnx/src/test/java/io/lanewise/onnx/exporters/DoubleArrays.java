package io.lanewise.onnx.exporters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What moves elements of {@link DoubleArray}s. */
final class DoubleArrays {
    private DoubleArrays() {}

    /** The indices' axes stand where the axis was. */
    static DoubleArray gather(final DoubleArray x, final DoubleArray indices, final int axisOrNegative) {
        final int axis = x.axis(axisOrNegative);
        final int[] shape = IntStream.concat(
                        IntStream.concat(Arrays.stream(x.shape(), 0, axis), Arrays.stream(indices.shape())),
                        Arrays.stream(x.shape(), axis + 1, x.rank()))
                .toArray();
        return DoubleArray.fill(shape, place -> {
            final int[] at = new int[x.rank()];
            System.arraycopy(place, 0, at, 0, axis);
            System.arraycopy(place, axis + indices.rank(), at, axis + 1, x.rank() - axis - 1);
            final int index = (int) indices.get(Arrays.copyOfRange(place, axis, axis + indices.rank()));
            at[axis] = index < 0 ? index + x.shape()[axis] : index;
            return x.get(at);
        });
    }

    static DoubleArray slice(final DoubleArray x, final int[] starts, final int[] ends, final int[] axes) {
        final int[] from = new int[x.rank()];
        final int[] shape = x.shape().clone();
        for (int i = 0; i < starts.length; i++) {
            final int axis = x.axis(axes.length == 0 ? i : axes[i]);
            final int size = x.shape()[axis];
            from[axis] = bound(starts[i], size);
            shape[axis] = bound(ends[i], size) - from[axis];
        }
        return DoubleArray.fill(shape, place -> x.get(sum(place, from)));
    }

    private static int bound(final int index, final int size) {
        return Math.clamp(index < 0 ? (long) index + size : index, 0, size);
    }

    private static int[] sum(final int[] place, final int[] from) {
        return IntStream.range(0, place.length).map(i -> place[i] + from[i]).toArray();
    }

    static DoubleArray concat(final List<DoubleArray> parts, final int axisOrNegative) {
        final DoubleArray first = parts.getFirst();
        final int axis = first.axis(axisOrNegative);
        final int[] shape = first.shape().clone();
        shape[axis] = parts.stream().mapToInt(part -> part.shape()[axis]).sum();
        return DoubleArray.fill(shape, place -> {
            final int[] at = place.clone();
            for (final DoubleArray part : parts) {
                if (at[axis] < part.shape()[axis]) {
                    return part.get(at);
                }
                at[axis] -= part.shape()[axis];
            }
            throw new AssertionError();
        });
    }

    static DoubleArray split(final DoubleArray x, final int axisOrNegative, final int parts, final int part) {
        final int axis = x.axis(axisOrNegative);
        final int[] shape = x.shape().clone();
        shape[axis] /= parts;
        final int[] from = new int[x.rank()];
        from[axis] = part * shape[axis];
        return DoubleArray.fill(shape, place -> x.get(sum(place, from)));
    }

    /** Zeros stand for the size that the axis has. */
    static DoubleArray reshape(final DoubleArray x, final int[] target) {
        return x.reshape(IntStream.range(0, target.length)
                .map(i -> target[i] == 0 ? x.shape()[i] : target[i])
                .toArray());
    }

    static DoubleArray unsqueeze(final DoubleArray x, final int[] axes) {
        final int rank = x.rank() + axes.length;
        final List<Integer> shape =
                new ArrayList<>(Arrays.stream(x.shape()).boxed().toList());
        Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).sorted().forEach(axis -> shape.add(axis, 1));
        return x.reshape(shape.stream().mapToInt(Integer::intValue).toArray());
    }

    static DoubleArray squeeze(final DoubleArray x, final int[] axes) {
        final List<Integer> gone = Arrays.stream(axes).map(x::axis).boxed().toList();
        return x.reshape(IntStream.range(0, x.rank())
                .filter(axis -> !gone.contains(axis))
                .map(axis -> x.shape()[axis])
                .toArray());
    }
}
