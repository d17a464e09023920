package io.lanewise.onnx;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A constant: its type, its shape and its elements, row-major. Real elements are kept as {@code double} whatever their
 * type, and not rounded between operators. Immutable by agreement: nobody writes to an array that a tensor was made of.
 */
final class Tensor implements Value {
    /** An element of a shape that stands for the number of rows, which a graph does not know. */
    static final long BATCH = Long.MIN_VALUE + 0x0b_a7_c4;

    private static final int MOST_OF_NOTHING = 1 << 20;

    private static final double[] NO_REALS = {};
    private static final long[] NO_INTEGERS = {};
    private static final String[] NO_TEXTS = {};

    private final ElementType type;
    private final int[] shape;
    private final double[] reals;
    private final long[] integers;
    private final String[] texts;
    private final int size;

    private Tensor(
            final ElementType type,
            final int[] shape,
            final double[] reals,
            final long[] integers,
            final String[] texts) {
        this.type = type;
        this.shape = shape.clone();
        this.reals = reals;
        this.integers = integers;
        this.texts = texts;
        this.size = (int) size(shape);
        final int length = type.isReal() ? reals.length : type.isInteger() ? integers.length : texts.length;
        if (length != size) {
            throw new Refusal(
                    "expected " + size + " elements for the shape " + Arrays.toString(shape) + ", got " + length);
        }
    }

    static Tensor ofReals(final ElementType type, final double[] values, final int... shape) {
        return new Tensor(type, shape, values, NO_INTEGERS, NO_TEXTS);
    }

    static Tensor ofIntegers(final ElementType type, final long[] values, final int... shape) {
        return new Tensor(type, shape, NO_REALS, values, NO_TEXTS);
    }

    static Tensor ofTexts(final String[] values, final int... shape) {
        return new Tensor(ElementType.STRING, shape, NO_REALS, NO_INTEGERS, values);
    }

    /** A list of 64-bit integers. */
    static Tensor ofIndices(final long... values) {
        return ofIntegers(ElementType.INT64, values, values.length);
    }

    /** The number of elements. Without any the other dimensions are bounded too: loops run through them. */
    static long size(final int... shape) {
        long size = 1;
        boolean empty = false;
        for (final int dimension : shape) {
            if (dimension < 0) {
                throw new Refusal("expected dimensions from 0 on, got " + Arrays.toString(shape));
            }
            empty |= dimension == 0;
            size *= Math.max(dimension, 1);
            if (size > Integer.MAX_VALUE - 16) {
                throw new Refusal("expected fewer than 2^31 elements, got the shape " + Arrays.toString(shape));
            }
        }
        if (empty && size > MOST_OF_NOTHING) {
            throw new Refusal("expected at most " + MOST_OF_NOTHING
                    + " as the product of the other dimensions of an empty constant, got the shape "
                    + Arrays.toString(shape));
        }
        return empty ? 0 : size;
    }

    ElementType type() {
        return type;
    }

    int[] shape() {
        return shape.clone();
    }

    int rank() {
        return shape.length;
    }

    int dimension(final int axis) {
        return shape[axis];
    }

    int size() {
        return size;
    }

    /** An element as a number. */
    double real(final int i) {
        return type.isReal() ? reals[i] : integer(i);
    }

    /** An element of an integer type. */
    long integer(final int i) {
        if (!type.isInteger()) {
            throw new Refusal("expected integers, got a constant of type " + type);
        }
        return integers[i];
    }

    /** An element as text. */
    String text(final int i) {
        return switch (type) {
            case STRING -> texts[i];
            case DOUBLE -> Double.toString(reals[i]);
            case FLOAT, FLOAT16, BFLOAT16 -> Float.toString((float) reals[i]);
            default -> Long.toString(integers[i]);
        };
    }

    /** All elements as numbers, a copy. */
    double[] toReals() {
        if (type.isReal()) {
            return reals.clone();
        }
        final double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = integer(i);
        }
        return values;
    }

    /** All elements of an integer type, a copy. */
    long[] toIntegers() {
        if (!type.isInteger()) {
            throw new Refusal("expected integers, got a constant of type " + type);
        }
        return integers.clone();
    }

    /** All elements as text, a copy. */
    String[] toTexts() {
        final String[] values = new String[size];
        for (int i = 0; i < size; i++) {
            values[i] = text(i);
        }
        return values;
    }

    /** Whether an element stands for the number of rows. */
    boolean hasBatch() {
        return keepsBatch(type) && Arrays.stream(integers).anyMatch(value -> value == BATCH);
    }

    /** Shapes are of 64-bit integers, and some exporters cast them to 32 bits and back. */
    private static boolean keepsBatch(final ElementType type) {
        return type == ElementType.INT64 || type == ElementType.INT32;
    }

    /** Whether all elements are one and the same number; that of an empty one is not. */
    boolean isUniform() {
        if (size == 0 || type.isText()) {
            return false;
        }
        for (int i = 1; i < size; i++) {
            if (real(i) != real(0)) {
                return false;
            }
        }
        return true;
    }

    /** The same elements in another shape. */
    Tensor reshaped(final int... newShape) {
        return new Tensor(type, newShape, reals, integers, texts);
    }

    /** A function of each element, of a real type. */
    Tensor map(final DoubleUnaryOperator f) {
        final double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = f.applyAsDouble(real(i));
        }
        return ofReals(type.isReal() ? type : ElementType.FLOAT, values, shape);
    }

    /** The elements at some places: of the new tensor's element e that at {@code from[e]}. */
    Tensor gather(final int[] from, final int... newShape) {
        if (type.isReal()) {
            final double[] values = new double[from.length];
            Arrays.setAll(values, i -> reals[from[i]]);
            return ofReals(type, values, newShape);
        }
        if (type.isInteger()) {
            final long[] values = new long[from.length];
            Arrays.setAll(values, i -> integers[from[i]]);
            return ofIntegers(type, values, newShape);
        }
        final String[] values = new String[from.length];
        Arrays.setAll(values, i -> texts[from[i]]);
        return ofTexts(values, newShape);
    }

    /** The elements as another type, with what the conversion loses. */
    Tensor cast(final ElementType to) {
        if (to == type) {
            return this;
        }
        if (hasBatch() && !keepsBatch(to)) {
            throw new Refusal("expected that nothing is computed from the number of rows, got a cast to " + to);
        }
        if (to.isReal()) {
            final double[] values = type.isText() ? parsed() : toReals();
            Arrays.setAll(values, i -> to.round(values[i]));
            return ofReals(to, values, shape);
        }
        if (to.isInteger() && !type.isText()) {
            final long[] values = new long[size];
            final boolean batch = hasBatch();
            Arrays.setAll(values, i -> batch && integers[i] == BATCH ? BATCH : to.wrap(toLong(i, to)));
            return ofIntegers(to, values, shape);
        }
        if (to.isText()) {
            return ofTexts(toTexts(), shape);
        }
        throw new Refusal("expected a cast between numbers, got " + type + " to " + to);
    }

    private long toLong(final int i, final ElementType to) {
        if (type.isInteger()) {
            return integers[i];
        }
        return to == ElementType.BOOL && reals[i] != 0 ? 1 : (long) type.round(reals[i]);
    }

    private double[] parsed() {
        final double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            try {
                values[i] = switch (texts[i]) {
                    case "INF", "+INF" -> Double.POSITIVE_INFINITY;
                    case "-INF" -> Double.NEGATIVE_INFINITY;
                    default -> Double.parseDouble(texts[i]);
                };
            } catch (final NumberFormatException e) {
                throw new Refusal("expected a string that is a number, got another one");
            }
        }
        return values;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
