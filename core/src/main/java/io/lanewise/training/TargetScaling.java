package io.lanewise.training;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Fma;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;

/**
 * Regression learns standardised targets: a target of 200,000 would drown every gradient otherwise. Afterwards the
 * scaling is folded into the last layer, so the model itself gives values in the units of the data.
 */
final class TargetScaling {
    private final float[] mean; // (outputs), or nothing when targets are left alone
    private final float[] deviation; // (outputs), or nothing

    private TargetScaling(final float[] mean, final float[] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    /** Targets as they are. */
    static TargetScaling none() {
        return new TargetScaling(new float[0], new float[0]);
    }

    /** Whether a network's targets are standardised: its last layer has to be able to take the scaling in. */
    static boolean isFor(final Mlp mlp) {
        return mlp.head() == Head.LINEAR
                && mlp.layers().getLast() instanceof Dense last
                && last.activation() == Activation.IDENTITY;
    }

    /** By the mean and deviation of each target of the data, where the network is one for that. */
    static TargetScaling of(final Mlp mlp, final Dataset data) {
        return isFor(mlp) ? of(Standardization.perFeature(data.rows(), data.outputs(), data.targets())) : none();
    }

    /** By the mean and deviation of each target. */
    static TargetScaling of(final Standardization standardization) {
        final float[] deviation = standardization.scale();
        for (int j = 0; j < deviation.length; j++) {
            deviation[j] = 1f / deviation[j];
        }
        return new TargetScaling(standardization.mean(), deviation);
    }

    /** The targets as the network learns them. */
    float[] scaled(final float[] targets) {
        if (mean.length == 0) {
            return targets;
        }
        final float[] scaled = targets.clone();
        scale(scaled, scaled.length);
        return scaled;
    }

    /** Makes the first n targets what the network learns. */
    void scale(final float[] targets, final int n) {
        for (int i = 0; i < n && mean.length > 0; i++) {
            final int j = i % mean.length;
            targets[i] = (targets[i] - mean[j]) / deviation[j];
        }
    }

    /** Parameters whose last layer gives values in the units of the data. */
    Parameters folded(final Parameters parameters) {
        if (mean.length == 0) {
            return parameters;
        }
        final Mlp mlp = parameters.mlp();
        final int last = mlp.layers().size() - 1;
        final Dense layer = (Dense) mlp.layers().get(last);
        final float[] values = parameters.toArray();
        final int weights = mlp.parameterOffset(last);
        for (int i = 0; i < layer.weights(); i++) {
            values[weights + i] *= deviation[i % layer.outputs()];
        }
        final int bias = mlp.biasOffset(last);
        for (int j = 0; j < layer.outputs(); j++) {
            values[bias + j] = Fma.fma(values[bias + j], deviation[j], mean[j]);
        }
        return Parameters.of(mlp, values);
    }
}
