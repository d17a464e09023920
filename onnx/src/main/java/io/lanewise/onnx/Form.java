package io.lanewise.onnx;

import io.lanewise.mlp.Head;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a symbol is, as far as its node alone tells, or what {@link Forms} has found out that it is. */
sealed interface Form {
    /** The symbols that it is made of. */
    List<Symbol> needs();

    /** An input of the graph. */
    record Input(String name) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of();
        }
    }

    /** The rows of another symbol in other dimensions. */
    record Same(Symbol x) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /**
     * x · W + b.
     *
     * @param weight (inputs, outputs), row-major
     * @param bias (outputs)
     */
    record Dense(Symbol x, double[] weight, double[] bias) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /**
     * scale · x + shift, column by column.
     *
     * @param scale (width)
     * @param shift (width)
     */
    record Affine(Symbol x, double[] scale, double[] shift) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** Some columns, in any order. */
    record Selected(Symbol x, int[] columns) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** Columns side by side. */
    record Joined(List<Symbol> parts) implements Form {
        @Override
        public List<Symbol> needs() {
            return parts;
        }
    }

    /**
     * Rows normalised, times weight plus bias.
     *
     * @param weight (width)
     * @param bias (width)
     */
    record LayerNormalized(Symbol x, double epsilon, double[] weight, double[] bias) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** Columns normalised by running means and variances, (width) each. */
    record BatchNormalized(Symbol x, double epsilon, double[] weight, double[] bias, double[] mean, double[] variance)
            implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** A function of each element. */
    record Activated(Symbol x, Curve curve) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** x + sign · y. */
    record Added(Symbol x, Symbol y, int sign) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x, y);
        }
    }

    /** Softmax, or its logarithm, of x, after which nothing comes. */
    record Headed(Symbol x, Head head) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /**
     * Probabilities of two classes of the second one's: 1 − p and p.
     *
     * @param x the sigmoid's operand, one column
     */
    record TwoClasses(Symbol x) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** The class of the largest element, as a number or by its name. */
    record Label(@Nullable Symbol x, List<String> names) implements Form {
        @Override
        public List<Symbol> needs() {
            return x == null ? List.of() : List.of(x);
        }
    }

    /** Probabilities with the names of classes. */
    record Named(Symbol x, List<String> names) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of(x);
        }
    }

    /** A function of rows that has to be recognised, perhaps with those before it. */
    record Computed() implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of();
        }
    }

    /** What is refused if an output needs it. */
    record Refused(Refusal reason) implements Form {
        @Override
        public List<Symbol> needs() {
            return List.of();
        }
    }
}
