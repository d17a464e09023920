package io.lanewise.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes symbols and numbers them. Not safe for use by several threads. */
final class Symbols {
    private static final long ANY = -1;

    private final Set<Symbol> integers = new HashSet<>();
    private final Budget budget;
    private long fixedRows;
    private int count;

    Symbols(final Budget budget) {
        this.budget = budget;
    }

    Budget budget() {
        return budget;
    }

    /** Notes how many rows an input has by its declared shape, 0 if any: one number for all, or none is known. */
    void declareRows(final long rows) {
        fixedRows = rows < 1 || (fixedRows != 0 && fixedRows != rows) ? ANY : rows;
    }

    /** Notes that a value has integers or truth values, as an input of the graph may. */
    void declareIntegers(final Symbol symbol) {
        integers.add(symbol);
    }

    /** Whether a value is an input of integers, moved about at most. */
    boolean isOfIntegers(final Symbol symbol) {
        return integers.contains(symbol);
    }

    /** The number of rows that all inputs are declared to have; 0 or less if there is none. */
    long fixedRows() {
        return fixedRows;
    }

    Symbol of(final @Nullable Op op, final List<@Nullable Value> operands, final RowShape shape, final Form form) {
        return new Symbol(count++, op, operands, shape, form);
    }

    /** What is refused if an output needs it. */
    Symbol refused(final Op op, final Refusal reason) {
        return of(op, List.of(), RowShape.matrix(1), new Form.Refused(reason));
    }
}
