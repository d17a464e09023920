package io.lanewise.onnx;

import java.util.HashMap;
import java.util.Map;

/** What the operator Slice takes of each axis: in attributes before version 10, in inputs from there on. */
final class Slices {
    private final Map<Integer, long[]> ranges = new HashMap<>(); // start, end, step by axis

    /** So many elements of an axis. */
    record Range(int start, int count, int step) {}

    private Slices() {}

    static Slices of(final Op op, final Operands x) {
        final boolean old = op.version() < 10;
        final long[] starts = old ? op.integers("starts") : x.get(1).toIntegers();
        final long[] ends = old ? op.integers("ends") : x.get(2).toIntegers();
        final long[] axes = old ? op.integers("axes") : x.has(3) ? x.get(3).toIntegers() : null;
        final long[] steps = !old && x.has(4) ? x.get(4).toIntegers() : null;
        if (starts == null || ends == null || starts.length != ends.length) {
            throw new Refusal("expected as many starts as ends");
        }
        if ((axes != null && axes.length != starts.length) || (steps != null && steps.length != starts.length)) {
            throw new Refusal("expected as many axes and steps as starts");
        }
        final int rank = x.get(0).rank();
        final Slices slices = new Slices();
        for (int i = 0; i < starts.length; i++) {
            final int axis = Op.axis(axes == null ? i : axes[i], rank);
            final long step = steps == null ? 1 : steps[i];
            if (step == 0 || Math.abs(step) > Integer.MAX_VALUE) {
                throw new Refusal("expected steps other than 0, got " + step);
            }
            slices.ranges.put(axis, new long[] {starts[i], ends[i], step});
        }
        return slices;
    }

    Range range(final int axis, final int[] shape) {
        final int dimension = shape[axis];
        final long[] range = ranges.get(axis);
        if (range == null) {
            return new Range(0, dimension, 1);
        }
        final long step = range[2];
        final long start = bound(range[0], dimension, 0, step > 0 ? dimension : dimension - 1);
        final long end = bound(range[1], dimension, step > 0 ? 0 : -1, step > 0 ? dimension : dimension - 1);
        final long span = step > 0 ? end - start : start - end;
        final long count = span <= 0 ? 0 : (span + Math.abs(step) - 1) / Math.abs(step);
        return new Range((int) Math.max(start, 0), (int) count, count <= 1 ? 1 : (int) step);
    }

    private static long bound(final long index, final int dimension, final long least, final long most) {
        return Math.min(Math.max(index < 0 ? index + dimension : index, least), most);
    }
}
