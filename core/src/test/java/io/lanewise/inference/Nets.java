package io.lanewise.inference;

import static io.lanewise.kernel.Activation.IDENTITY;
import static io.lanewise.kernel.Activation.RELU;
import static io.lanewise.kernel.Activation.SIGMOID;
import static io.lanewise.kernel.Activation.TANH;

import io.lanewise.RandomArrays;
import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import java.util.List;

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

    /** Networks with every kind of layer, in places where it is folded and where it cannot be. */
    static List<Mlp> layered() {
        return List.of(
                Mlp.inputs(INPUTS)
                        .dense(7)
                        .batchNorm()
                        .activation(RELU)
                        .dense(OUTPUTS)
                        .softmax(),
                Mlp.inputs(INPUTS)
                        .batchNorm()
                        .dense(7, TANH)
                        .batchNorm()
                        .dropout(0.2f)
                        .dense(OUTPUTS)
                        .logSoftmax(),
                Mlp.inputs(INPUTS)
                        .dense(7, RELU)
                        .batchNorm()
                        .activation(TANH)
                        .dense(OUTPUTS)
                        .batchNorm()
                        .sigmoid(),
                Mlp.inputs(INPUTS)
                        .dense(7, RELU)
                        .dense(OUTPUTS, TANH)
                        .batchNorm()
                        .linear(),
                Mlp.inputs(INPUTS)
                        .layerNorm()
                        .dense(7)
                        .layerNorm()
                        .activation(TANH)
                        .dense(OUTPUTS)
                        .layerNorm()
                        .linear(),
                Mlp.inputs(INPUTS)
                        .activation(TANH)
                        .dense(7)
                        .activation(RELU)
                        .activation(SIGMOID)
                        .dense(OUTPUTS)
                        .softmax(),
                Mlp.inputs(INPUTS)
                        .dense(8)
                        .residual(block ->
                                block.layerNorm().dense(16, TANH).dropout(0.1f).dense(8))
                        .residual(block -> block.dense(8, RELU)
                                .residual(inner -> inner.dense(8))
                                .batchNorm())
                        .activation(RELU)
                        .dense(OUTPUTS)
                        .softmax(),
                Mlp.inputs(INPUTS)
                        .residual(block -> block.dense(INPUTS, RELU))
                        .dense(OUTPUTS)
                        .linear(),
                Mlp.inputs(INPUTS)
                        .dense(OUTPUTS)
                        .residual(block -> block.batchNorm().activation(TANH))
                        .linear(),
                Mlp.inputs(INPUTS)
                        .residual(block -> {})
                        .dense(6)
                        .dense(OUTPUTS)
                        .residual(block -> {})
                        .linear(),
                // The result of a dense layer is added as it is, so no normalisation is folded into it.
                new Mlp(
                        List.of(
                                new Dense(INPUTS, 6, IDENTITY),
                                new BatchNorm(6, 1e-3f),
                                new Dropout(6, 0.5f),
                                new Dense(6, 6, IDENTITY),
                                new ActivationLayer(6, RELU),
                                new Add(6, 0),
                                new Add(6, 3),
                                new Add(6, 2),
                                new Dense(6, OUTPUTS, IDENTITY)),
                        Head.LINEAR));
    }

    /** Parameters that are not zero; variances are positive. */
    static Model layeredModel(final Mlp mlp) {
        final float[] values = RandomArrays.floats(31, mlp.parameterCount(), 1);
        for (int i = 0; i < mlp.layers().size(); i++) {
            if (mlp.layers().get(i) instanceof BatchNorm norm) {
                for (int j = 0; j < norm.width(); j++) {
                    final int at = mlp.parameterOffset(i) + 3 * norm.width() + j;
                    values[at] = Math.abs(values[at]) + 0.1f;
                }
            }
        }
        return Model.of(Parameters.of(mlp, values));
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
