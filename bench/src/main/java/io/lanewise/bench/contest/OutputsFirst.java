package io.lanewise.bench.contest;

import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Mlp;

/**
 * The parameters of a network of dense layers in the layout of PyTorch and DL4J: each layer's weights are (outputs,
 * inputs), where Lanewise's are (inputs, outputs). Offsets are the same.
 */
public final class OutputsFirst {
    private OutputsFirst() {}

    /** From Lanewise's layout. */
    public static float[] of(final Mlp mlp, final float[] parameters) {
        final float[] transposed = parameters.clone();
        for (int layer = 0; layer < mlp.layers().size(); layer++) {
            final Dense dense = (Dense) mlp.layers().get(layer);
            transpose(dense.inputs(), dense.outputs(), parameters, transposed, mlp.parameterOffset(layer));
        }
        return transposed;
    }

    /** To Lanewise's layout. */
    public static float[] undo(final Mlp mlp, final float[] transposed) {
        final float[] parameters = transposed.clone();
        for (int layer = 0; layer < mlp.layers().size(); layer++) {
            final Dense dense = (Dense) mlp.layers().get(layer);
            transpose(dense.outputs(), dense.inputs(), transposed, parameters, mlp.parameterOffset(layer));
        }
        return parameters;
    }

    private static void transpose(
            final int rows, final int columns, final float[] from, final float[] to, final int offset) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[offset + j * rows + i] = from[offset + i * columns + j];
            }
        }
    }
}
