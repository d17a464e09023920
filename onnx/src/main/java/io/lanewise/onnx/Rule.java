package io.lanewise.onnx;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator makes of values of which at least one depends on the rows; throws {@link Refusal} where it cannot. */
@FunctionalInterface
interface Rule {
    /** The values that the node gives. */
    List<Value> apply(Node node);

    /** A node at work. */
    record Node(Op op, List<@Nullable Value> operands, Symbols symbols) {
        /** An operand that depends on the rows. */
        Symbol symbol(final int i) {
            if (i < operands.size() && operands.get(i) instanceof Symbol symbol) {
                return symbol;
            }
            throw new Refusal("expected input " + i + " to depend on the graph's inputs, got a constant or none");
        }

        /** An operand that is a constant. */
        Tensor constant(final int i) {
            final Tensor constant = optional(i);
            if (constant == null) {
                throw new Refusal("expected an input " + i + ", got none");
            }
            return constant;
        }

        /** An operand that is a constant, or left out. */
        @Nullable
        Tensor optional(final int i) {
            final Value value = i < operands.size() ? operands.get(i) : null;
            if (value instanceof Symbol) {
                throw new Refusal("expected a constant as input " + i + ", got what depends on the graph's inputs");
            }
            return (Tensor) value;
        }

        /** The constants among the operands; others are null. */
        Operands constants() {
            final List<@Nullable Tensor> constants = new ArrayList<>();
            for (final Value value : operands) {
                constants.add(value instanceof Tensor tensor ? tensor : null);
            }
            return new Operands(constants);
        }

        /** The node's only value. */
        List<Value> one(final RowShape shape, final Form form) {
            return List.of(symbols.of(op, operands, shape, form));
        }
    }
}
