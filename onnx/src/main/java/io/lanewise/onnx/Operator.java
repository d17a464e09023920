package io.lanewise.onnx;

import java.util.List;

/** What a node computes of constants, the naive way; throws {@link Refusal} where it cannot. */
@FunctionalInterface
interface Operator {
    List<Tensor> run(Op op, Operands x);
}
