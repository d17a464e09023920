package io.lanewise.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Operators that compute one number of all elements along some axes. */
final class ReductionOperators {
    /** The version from which on the axes of most are an input. */
    private static final int AXES_INPUT = 18;

    private static final int AXES_INPUT_OF_SUM = 13;

    /** Steps that a number takes, however few it is computed from: some hundred bytes of streams. */
    private static final int RUN = 512;

    private ReductionOperators() {}

    static void register(final Map<String, Operator> operators) {
        reduction(operators, "ReduceMean", AXES_INPUT, v -> DoubleStream.of(v).sum() / v.length);
        reduction(
                operators,
                "ReduceSum",
                AXES_INPUT_OF_SUM,
                v -> DoubleStream.of(v).sum());
        reduction(operators, "ReduceMax", AXES_INPUT, v -> reduced(v, Double.NEGATIVE_INFINITY, true));
        reduction(operators, "ReduceMin", AXES_INPUT, v -> reduced(v, Double.POSITIVE_INFINITY, false));
        reduction(operators, "ReduceProd", AXES_INPUT, v -> DoubleStream.of(v).reduce(1, (a, b) -> a * b));
        reduction(
                operators,
                "ReduceL1",
                AXES_INPUT,
                v -> DoubleStream.of(v).map(Math::abs).sum());
        reduction(
                operators,
                "ReduceL2",
                AXES_INPUT,
                v -> Math.sqrt(DoubleStream.of(v).map(x -> x * x).sum()));
        reduction(
                operators,
                "ReduceSumSquare",
                AXES_INPUT,
                v -> DoubleStream.of(v).map(x -> x * x).sum());
        reduction(
                operators,
                "ReduceLogSum",
                AXES_INPUT,
                v -> StrictMath.log(DoubleStream.of(v).sum()));
        reduction(operators, "ReduceLogSumExp", AXES_INPUT, ReductionOperators::logSumExp);
        operators.put("ArgMax", ReductionOperators::argMax);
    }

    private static double reduced(final double[] values, final double start, final boolean most) {
        double value = start;
        for (final double v : values) {
            value = most ? Math.max(value, v) : Math.min(value, v);
        }
        return value;
    }

    private static double logSumExp(final double[] values) {
        final double most = reduced(values, Double.NEGATIVE_INFINITY, true);
        return Double.isInfinite(most)
                ? most
                : most
                        + StrictMath.log(DoubleStream.of(values)
                                .map(v -> StrictMath.exp(v - most))
                                .sum());
    }

    private static void reduction(
            final Map<String, Operator> operators,
            final String name,
            final int version,
            final ToDoubleFunction<double[]> f) {
        operators.put(name, (op, x) -> {
            final long[] axes = Dimensions.axes(op, x.optional(1), version);
            final boolean nothing = (axes == null || axes.length == 0) && op.integer("noop_with_empty_axes", 0) != 0;
            return nothing ? List.of(x.get(0)) : List.of(reduce(op, x.get(0), axes, op.integer("keepdims", 1) != 0, f));
        });
    }

    private static Tensor reduce(
            final Op op,
            final Tensor tensor,
            final long @Nullable [] axes,
            final boolean keep,
            final ToDoubleFunction<double[]> f) {
        final boolean[] gone = new boolean[tensor.rank()];
        Arrays.fill(gone, axes == null || axes.length == 0);
        for (final long axis : axes == null ? new long[0] : axes) {
            gone[Op.axis(axis, tensor.rank())] = true;
        }
        final int[] kept = tensor.shape(); // dimensions of 1 where it is reduced
        final int[] along = tensor.shape(); // dimensions of 1 where it is not
        final int[] strides = new int[kept.length];
        int stride = 1;
        for (int i = kept.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= kept[i];
            kept[i] = gone[i] ? 1 : kept[i];
            along[i] = gone[i] ? along[i] : 1;
        }
        final double[] values = new double[op.budget().take(kept)];
        op.budget().work(values.length * (RUN + Tensor.size(along)));
        op.budget().take(along);
        final int[] starts = Broadcast.places(kept, strides, 0);
        final int[] steps = Broadcast.places(along, strides, 0);
        final double[] row = new double[steps.length];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = tensor.real(starts[i] + steps[j]);
            }
            values[i] = f.applyAsDouble(row);
        }
        final ElementType type = tensor.type().isReal() ? tensor.type() : ElementType.DOUBLE;
        final int[] shape = keep ? kept : without(kept, gone);
        return Tensor.ofReals(type, values, shape).cast(tensor.type());
    }

    private static int[] without(final int[] shape, final boolean[] gone) {
        int count = 0;
        final int[] left = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            if (!gone[i]) {
                left[count++] = shape[i];
            }
        }
        return Arrays.copyOf(left, count);
    }

    private static List<Tensor> argMax(final Op op, final Operands x) {
        final boolean last = op.integer("select_last_index", 0) != 0;
        final int axis = Op.axis(op.integer("axis", 0), x.get(0).rank());
        if (x.get(0).dimension(axis) == 0) {
            throw new Refusal("expected at least one element to choose from, got " + x.get(0));
        }
        final Tensor places = reduce(op, x.get(0), new long[] {axis}, op.integer("keepdims", 1) != 0, v -> {
            int best = 0;
            for (int i = 1; i < v.length; i++) {
                best = v[i] > v[best] || (last && v[i] == v[best]) ? i : best;
            }
            return best;
        });
        return List.of(places.cast(ElementType.INT64));
    }
}
