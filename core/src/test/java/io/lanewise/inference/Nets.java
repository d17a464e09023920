package io.lanewise.inference;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;

/** The networks that inference is tested with. */
final class Nets {
    static final int INPUTS = 5;
    static final int OUTPUTS = 3;

    private Nets() {}

    /** A classifier with an activation, biases that are not zero and a standardisation. */
    static Model classifier(final Activation f) {
        return model(Mlp.inputs(INPUTS).dense(7, f).dense(4, f).dense(OUTPUTS).softmax());
    }

    /** A regression of the same shape. */
    static Model regression(final Activation f) {
        return model(Mlp.inputs(INPUTS).dense(7, f).dense(4, f).dense(OUTPUTS).linear());
    }

    private static Model model(final Mlp mlp) {
        return Model.of(Parameters.of(mlp, RandomArrays.floats(11, mlp.parameterCount(), 1)))
                .withStandardization(
                        Standardization.of(RandomArrays.floats(12, INPUTS, 1), new float[] {0.5f, 1, -2, 1.5f, 0.25f}));
    }

    /** Rows of features. */
    static float[] rows(final int rows) {
        return RandomArrays.floats(13, rows * INPUTS, 3);
    }
}
