package io.lanewise.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes symbols and numbers them. Not safe for use by several threads. */
final class Symbols {
    private final Budget budget;
    private int count;

    Symbols(final Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    Symbol of(final @Nullable Op op, final List<@Nullable Value> operands, final RowShape shape, final Form form) {
        return new Symbol(count++, op, operands, shape, form);
    }

    /** What is refused if an output needs it. */
    Symbol refused(final Op op, final Refusal reason) {
        return of(op, List.of(), RowShape.matrix(1), new Form.Refused(reason));
    }
}
