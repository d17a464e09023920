package io.lanewise.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The constants that a node takes; those that it leaves out are null. */
record Operands(List<@Nullable Tensor> all) {
    int count() {
        return all.size();
    }

    boolean has(final int i) {
        return i < all.size() && all.get(i) != null;
    }

    /** One that there has to be. */
    Tensor get(final int i) {
        final Tensor tensor = optional(i);
        if (tensor == null) {
            throw new Refusal("expected an input " + i + ", got none");
        }
        return tensor;
    }

    @Nullable
    Tensor optional(final int i) {
        return i < all.size() ? all.get(i) : null;
    }

    /** The only element of one, or a default. */
    double scalar(final int i, final double otherwise) {
        final Tensor tensor = optional(i);
        if (tensor == null) {
            return otherwise;
        }
        if (tensor.size() != 1) {
            throw new Refusal("expected one element as input " + i + ", got " + tensor);
        }
        return tensor.real(0);
    }
}
