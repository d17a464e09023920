package io.lanewise.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that move elements and do not compute with them. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void register(final Map<String, Operator> operators) {
        operators.put("Identity", (op, x) -> List.of(x.get(0)));
        operators.put("Dropout", ShapeOperators::dropout);
        operators.put("Cast", (op, x) -> {
            op.budget().take(x.get(0).shape());
            return List.of(x.get(0).cast(ElementType.of(op.integer("to", 0))));
        });
        operators.put("CastLike", (op, x) -> {
            op.budget().take(x.get(0).shape());
            return List.of(x.get(0).cast(x.get(1).type()));
        });
        operators.put("Constant", (op, x) -> List.of(Constants.of(op)));
        operators.put("ConstantOfShape", ShapeOperators::constantOfShape);
        operators.put(
                "Shape",
                (op, x) -> List.of(Dimensions.of(
                        op, Arrays.stream(x.get(0).shape()).asLongStream().toArray())));
        operators.put(
                "Size",
                (op, x) -> List.of(Tensor.ofIntegers(
                        ElementType.INT64, new long[] {x.get(0).size()})));
        operators.put(
                "Reshape",
                (op, x) -> List.of(x.get(0)
                        .reshaped(Dimensions.reshaped(
                                x.get(0).shape(), x.get(1).toIntegers(), op.integer("allowzero", 0) != 0))));
        operators.put(
                "Flatten",
                (op, x) ->
                        List.of(x.get(0).reshaped(Dimensions.flattened(x.get(0).shape(), op.integer("axis", 1)))));
        operators.put(
                "Squeeze",
                (op, x) -> List.of(x.get(0)
                        .reshaped(Dimensions.squeezed(x.get(0).shape(), Dimensions.axes(op, x.optional(1), 13)))));
        operators.put(
                "Unsqueeze",
                (op, x) -> List.of(x.get(0)
                        .reshaped(Dimensions.unsqueezed(x.get(0).shape(), Dimensions.axes(op, x.optional(1), 13)))));
        operators.put("Transpose", ShapeOperators::transpose);
        operators.put("Concat", ShapeOperators::concat);
        operators.put("Slice", ShapeOperators::slice);
        operators.put("Gather", ShapeOperators::gather);
        operators.put("Expand", (op, x) -> {
            final int[] to = Dimensions.ints(x.get(1).toIntegers());
            return List.of(
                    Broadcast.to(x.get(0), op.budget(), Broadcast.shape(x.get(0).shape(), to)));
        });
        operators.put("Split", ShapeOperators::split);
    }

    private static List<Tensor> dropout(final Op op, final Operands x) {
        if (x.has(2) && x.scalar(2, 0) != 0) {
            throw new Refusal("expected a dropout that does nothing, got training_mode");
        }
        final Tensor mask = Tensor.ofIntegers(ElementType.BOOL, new long[] {1});
        return List.of(x.get(0), Broadcast.to(mask, op.budget(), x.get(0).shape()));
    }

    private static List<Tensor> constantOfShape(final Op op, final Operands x) {
        final int[] shape = Dimensions.ints(x.get(0).toIntegers());
        final Tensor given = op.tensor("value");
        final Tensor value = given == null ? Tensor.ofReals(ElementType.FLOAT, new double[1], 1) : given;
        if (value.size() != 1) {
            throw new Refusal("expected a value of one element, got " + value);
        }
        return List.of(Broadcast.to(value.reshaped(), op.budget(), shape));
    }

    private static List<Tensor> transpose(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final int[] permutation = Dimensions.permutation(op, tensor.rank());
        final int[] strides = strides(tensor.shape());
        final int[] shape = Arrays.stream(permutation).map(tensor::dimension).toArray();
        op.budget().take(shape);
        return List.of(tensor.gather(
                Broadcast.places(
                        shape, Arrays.stream(permutation).map(i -> strides[i]).toArray(), 0),
                shape));
    }

    private static int[] strides(final int[] shape) {
        final int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    private static List<Tensor> concat(final Op op, final Operands x) {
        final Tensor first = x.get(0);
        final int axis = Op.axis(op.integer("axis", 1), first.rank());
        final int[] shape = first.shape();
        shape[axis] = 0;
        for (int i = 0; i < x.count(); i++) {
            final int[] other = x.get(i).shape();
            if (other.length != shape.length || x.get(i).type() != first.type()) {
                throw new Refusal("expected constants of one rank and type, got " + first + " and " + x.get(i));
            }
            shape[axis] = Math.clamp((long) shape[axis] + other[axis], 0, Integer.MAX_VALUE); // as many are refused
            other[axis] = shape[axis];
            if (!Arrays.equals(other, shape)) {
                throw new Refusal("expected constants that fit, got " + first + " and " + x.get(i));
            }
        }
        op.budget().take(shape);
        return List.of(joined(x, axis, shape));
    }

    private static Tensor joined(final Operands x, final int axis, final int[] shape) {
        final int inner = (int) Tensor.size(Arrays.copyOfRange(shape, axis + 1, shape.length));
        final int outer = (int) Tensor.size(Arrays.copyOf(shape, axis));
        final int size = (int) Tensor.size(shape);
        final ElementType type = x.get(0).type();
        final double[] reals = new double[type.isReal() ? size : 0];
        final long[] integers = new long[type.isInteger() ? size : 0];
        final String[] texts = new String[type.isText() ? size : 0];
        int to = 0;
        for (int o = 0; size > 0 && o < outer; o++) {
            for (int i = 0; i < x.count(); i++) {
                final Tensor part = x.get(i);
                final int length = part.dimension(axis) * inner;
                for (int e = o * length; e < (o + 1) * length; e++, to++) {
                    if (type.isReal()) {
                        reals[to] = part.real(e);
                    } else if (type.isInteger()) {
                        integers[to] = part.integer(e);
                    } else {
                        texts[to] = part.text(e);
                    }
                }
            }
        }
        return type.isReal()
                ? Tensor.ofReals(type, reals, shape)
                : type.isInteger() ? Tensor.ofIntegers(type, integers, shape) : Tensor.ofTexts(texts, shape);
    }

    private static List<Tensor> slice(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final Slices slices = Slices.of(op, x);
        final int[] shape = tensor.shape();
        final int[] strides = strides(shape);
        int offset = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            final Slices.Range range = slices.range(axis, shape);
            shape[axis] = range.count();
            offset += range.start() * strides[axis];
            strides[axis] *= range.step();
        }
        op.budget().take(shape);
        return List.of(tensor.gather(Broadcast.places(shape, strides, offset), shape));
    }

    private static List<Tensor> gather(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final Tensor indices = x.get(1);
        final int axis = Op.axis(op.integer("axis", 0), tensor.rank());
        final int dimension = tensor.dimension(axis);
        final int inner = (int) Tensor.size(Arrays.copyOfRange(tensor.shape(), axis + 1, tensor.rank()));
        final int outer = (int) Tensor.size(Arrays.copyOf(tensor.shape(), axis));
        final int[] full = Dimensions.joined(
                Arrays.copyOf(tensor.shape(), axis),
                indices.shape(),
                Arrays.copyOfRange(tensor.shape(), axis + 1, tensor.rank()));
        final int[] from = new int[op.budget().take(full)];
        int to = 0;
        for (int o = 0; from.length > 0 && o < outer; o++) {
            for (int i = 0; i < indices.size(); i++) {
                final int index = Op.axis(indices.integer(i), dimension);
                for (int e = 0; e < inner; e++, to++) {
                    from[to] = (o * dimension + index) * inner + e;
                }
            }
        }
        return List.of(tensor.gather(from, full));
    }

    private static List<Tensor> split(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final int axis = Op.axis(op.integer("axis", 0), tensor.rank());
        final int[] lengths = Dimensions.split(op, x.optional(1), tensor.dimension(axis));
        final int[] strides = strides(tensor.shape());
        final List<Tensor> parts = new ArrayList<>();
        int offset = 0;
        for (final int length : lengths) {
            final int[] shape = tensor.shape();
            shape[axis] = length;
            op.budget().take(shape);
            parts.add(tensor.gather(Broadcast.places(shape, strides, offset * strides[axis]), shape));
            offset += length;
        }
        return parts;
    }
}
