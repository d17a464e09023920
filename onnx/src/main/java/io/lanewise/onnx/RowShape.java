package io.lanewise.onnx;

import io.lanewise.mlp.Dense;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The dimensions of a value that depends on the rows: one of them may count the rows, with only ones before it; the
 * others make up a row. So reshaping never moves an element to another row.
 *
 * @param dimensions all of them, {@link Tensor#BATCH} for the rows; without one there is a single row
 */
record RowShape(long[] dimensions) {
    /** Stands for the number of rows where dimensions are ints. */
    private static final int ROWS = Integer.MAX_VALUE;

    RowShape {
        boolean rows = false;
        long before = 1;
        for (final long dimension : dimensions) {
            if (dimension == Tensor.BATCH && (rows || before != 1)) {
                throw new Refusal("expected that rows stay rows, got the shape " + Dimensions.describe(dimensions));
            }
            rows |= dimension == Tensor.BATCH;
            before *= dimension == Tensor.BATCH ? 1 : dimension;
            if (before < 1 || before > Dense.MAX_WIDTH) {
                throw new Refusal("expected rows of 1 to " + Dense.MAX_WIDTH + " elements, got the shape "
                        + Dimensions.describe(dimensions));
            }
        }
    }

    /** A matrix (rows, width). */
    static RowShape matrix(final int width) {
        return new RowShape(new long[] {Tensor.BATCH, width});
    }

    /** From ints, in which {@link #ints} has put the rows. */
    private static RowShape of(final int[] ints) {
        return new RowShape(Arrays.stream(ints)
                .mapToLong(dimension -> dimension == ROWS ? Tensor.BATCH : dimension)
                .toArray());
    }

    private int[] ints() {
        return with(ROWS);
    }

    /** The dimensions, so many rows. */
    int[] with(final int rows) {
        return Arrays.stream(dimensions)
                .mapToInt(dimension -> dimension == Tensor.BATCH ? rows : (int) dimension)
                .toArray();
    }

    int rank() {
        return dimensions.length;
    }

    boolean hasRows() {
        return rowsAxis() >= 0;
    }

    /** The axis that counts the rows, or −1. */
    int rowsAxis() {
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] == Tensor.BATCH) {
                return i;
            }
        }
        return -1;
    }

    /** The number of elements in a row. */
    int width() {
        return (int) Tensor.size(with(1));
    }

    /** Whether one axis makes up the whole row. */
    boolean isRow(final int axis) {
        return dimensions[axis] != Tensor.BATCH && dimensions[axis] == width();
    }

    boolean isSame(final RowShape other) {
        return Arrays.equals(dimensions, other.dimensions);
    }

    /** The elements of a row that a constant stands for. */
    double[] row(final Tensor constant, final Budget budget) {
        return Broadcast.to(constant, budget, with(1)).toReals();
    }

    /** The shape of a result of this and another one, element by element. */
    RowShape broadcast(final int[] other) {
        return of(Broadcast.shape(ints(), other));
    }

    RowShape broadcast(final RowShape other) {
        return broadcast(other.ints());
    }

    RowShape squeezed(final long @Nullable [] axes) {
        final int[] ints = ints();
        final int rows = rowsAxis();
        if (axes != null && rows >= 0) {
            for (final long axis : axes) {
                ints[rows] = Op.axis(axis, ints.length) == rows ? 1 : ints[rows]; // there is but one row
            }
        }
        return of(Dimensions.squeezed(ints, axes));
    }

    RowShape unsqueezed(final long @Nullable [] axes) {
        return of(Dimensions.unsqueezed(ints(), axes));
    }

    RowShape flattened(final long axis) {
        final int at = axis == rank() ? rank() : Op.axis(axis, rank());
        final long inner = size(at, rank());
        final long outer = size(0, at);
        final int rows = rowsAxis();
        if (rows < 0) {
            return new RowShape(new long[] {outer, inner});
        }
        if (rows >= at || outer != 1) {
            throw new Refusal("expected that rows stay rows, got the shape " + this + " flattened at axis " + axis);
        }
        return new RowShape(new long[] {Tensor.BATCH, inner});
    }

    /** The number of elements of some dimensions, of one row. */
    private long size(final int from, final int to) {
        return Tensor.size(Arrays.copyOfRange(with(1), from, to));
    }

    /** Whether the dimensions from an axis on make up the whole row and count no rows. */
    boolean isRowFrom(final int axis) {
        return rowsAxis() < axis && size(axis, rank()) == width();
    }

    /**
     * The shape that 0 (as before) and −1 (the rest) are resolved to.
     *
     * @param fixedRows the number of rows that the graph is written for, 0 or less if for any
     */
    RowShape reshaped(final long[] to, final boolean zeroIsEmpty, final long fixedRows) {
        final long[] resolved = to.clone();
        for (int i = 0; i < to.length; i++) {
            if (to[i] == 0 && !zeroIsEmpty && i < dimensions.length) {
                resolved[i] = dimensions[i];
            }
        }
        if (hasRows() && Arrays.stream(resolved).noneMatch(dimension -> dimension == Tensor.BATCH)) {
            nameRows(resolved, fixedRows);
            if (fixedRows != 1 && Arrays.stream(resolved).noneMatch(dimension -> dimension == Tensor.BATCH)) {
                throw new Refusal("expected that rows of " + width() + " elements stay rows, got all of them in the"
                        + " shape " + Dimensions.describe(to));
            }
        }
        final long known = product(resolved);
        for (int i = 0; i < resolved.length; i++) {
            resolved[i] = resolved[i] == -1 && known > 0 ? width() / known : resolved[i];
        }
        if (product(resolved) != width() || Arrays.stream(resolved).anyMatch(dimension -> dimension == -1)) {
            throw new Refusal("expected that rows of " + width() + " elements stay rows, got the shape "
                    + Dimensions.describe(to));
        }
        return new RowShape(resolved);
    }

    /**
     * Finds the dimension that counts rows: −1 if the others make up a row, else the first one if they do without it, or
     * if it is the number of rows that the graph is written for.
     */
    private void nameRows(final long[] shape, final long fixedRows) {
        final long known = product(shape);
        int rest = -1;
        for (int i = 0; i < shape.length; i++) {
            rest = shape[i] == -1 ? i : rest;
        }
        if (rest >= 0 && known == width()) {
            shape[rest] = Tensor.BATCH;
        } else if (shape.length > 0
                && shape[0] > 0
                && (rest >= 0 ? shape[0] == fixedRows : known / shape[0] == width())) {
            shape[0] = Tensor.BATCH;
        }
    }

    /** Of all dimensions that are known, without that of the rows; 0 if it is far too large. */
    private static long product(final long[] shape) {
        long product = 1;
        for (final long dimension : shape) {
            if (dimension != Tensor.BATCH && dimension != -1) {
                product = dimension < 0 || dimension > Integer.MAX_VALUE || product > Integer.MAX_VALUE
                        ? 0
                        : product * dimension;
            }
        }
        return product;
    }

    /** The columns that are left where the places of elements in a row are known. */
    static int[] columns(final Tensor places) {
        return Arrays.stream(places.toIntegers()).mapToInt(place -> (int) place).toArray();
    }

    /** The places of a row's elements, in its dimensions, one row. */
    Tensor places(final Budget budget) {
        final long[] places = new long[budget.take(width())];
        Arrays.setAll(places, i -> i);
        return Tensor.ofIntegers(ElementType.INT64, places, with(1));
    }

    @Override
    public String toString() {
        return Dimensions.describe(dimensions);
    }
}
