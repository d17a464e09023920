package io.lanewise.onnx;

/** What a name in a graph stands for: a constant, or something that depends on the rows. */
sealed interface Value permits Tensor, Symbol {}
