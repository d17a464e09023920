package io.lanewise.training;

import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;

/** Networks of one dense layer whose logits are their inputs. */
final class IdentityNets {
    private IdentityNets() {}

    static Predictor of(final Mlp mlp) {
        return of(mlp, ReferenceKernels.INSTANCE);
    }

    static Predictor of(final Mlp mlp, final Kernels kernels) {
        final float[] values = new float[mlp.parameterCount()];
        for (int i = 0; i < mlp.inputs(); i++) {
            values[i * mlp.inputs() + i] = 1;
        }
        return Predictor.of(Model.of(Parameters.of(mlp, values)), kernels);
    }
}
