package io.lanewise.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that depends on the rows: each row is computed from the row of the inputs alone.
 *
 * @param number counts symbols in the order of the graph: operands have smaller ones
 * @param op the node that gives it; null for an input
 * @param operands what the node takes; those that it leaves out are null
 * @param shape its dimensions
 * @param form what it is
 */
record Symbol(int number, @Nullable Op op, List<@Nullable Value> operands, RowShape shape, Form form) implements Value {
    /** The number of elements in each row. */
    int width() {
        return shape.width();
    }

    /** Symbols are equal if they are the same. */
    @Override
    public boolean equals(final @Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return number;
    }

    /** Why it cannot be read, with its node. */
    Refusal refusal(final String reason) {
        return op == null ? new Refusal(reason) : op.refusal(reason);
    }
}
