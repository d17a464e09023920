package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.inference.WarmUp;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole networks give the bits of the scalar reference, in any batch, at any position, on any number of threads. */
@Tag("vector")
final class InferenceBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int INPUTS = 29;
    private static final int ROWS = 300;

    static List<Mlp> nets() {
        return List.of(
                Mlp.inputs(INPUTS)
                        .dense(64, Activation.RELU)
                        .dense(33, Activation.TANH)
                        .dense(10)
                        .softmax(),
                Mlp.inputs(INPUTS)
                        .dense(47)
                        .batchNorm()
                        .activation(Activation.RELU)
                        .dense(17)
                        .logSoftmax(),
                Mlp.inputs(INPUTS)
                        .layerNorm()
                        .dense(48, Activation.SIGMOID)
                        .layerNorm()
                        .dense(1)
                        .sigmoid(),
                Mlp.inputs(INPUTS)
                        .dense(40)
                        .residual(block ->
                                block.layerNorm().dense(70, Activation.RELU).dense(40))
                        .residual(block -> block.dense(40, Activation.RELU).batchNorm())
                        .activation(Activation.TANH)
                        .dense(3)
                        .linear(),
                Mlp.inputs(INPUTS)
                        .dense(700, Activation.RELU)
                        .dense(300, Activation.RELU)
                        .dense(2)
                        .softmax());
    }

    private static Model model(final Mlp mlp) {
        // Normalisations keep their means and variances; the rest is random enough.
        return Model.of(Parameters.random(mlp, 5));
    }

    @ParameterizedTest
    @MethodSource("nets")
    void bitsAreThoseOfTheReference(final Mlp mlp) {
        final float[] x = Bits.random(new SplittableRandom(7), ROWS * INPUTS);
        final float[] expected = new float[ROWS * mlp.outputs()];
        Predictor.of(model(mlp), SCALAR).session(ROWS).run(ROWS, x, 0, expected, 0);
        final Predictor predictor = Predictor.of(model(mlp), SIMD);
        for (final int batch : new int[] {1, 2, 3, 5, 8, 12, 13, 31, 64, 150, ROWS}) {
            final InferenceSession session = predictor.session(batch);
            final float[] actual = Bits.filled(expected.length, Float.NaN);
            for (int row = 0; row < ROWS; row += batch) {
                session.run(Math.min(batch, ROWS - row), x, row * INPUTS, actual, row * mlp.outputs());
            }
            Bits.assertSame(expected, actual, mlp + ", batches of " + batch);
        }
        for (final int threads : new int[] {2, 3, 7}) {
            try (ThreadTeam team = ThreadTeam.of(threads)) {
                final float[] actual = Bits.filled(expected.length, Float.NaN);
                predictor.session(ROWS, team).run(ROWS, x, 0, actual, 0);
                Bits.assertSame(expected, actual, mlp + ", " + threads + " threads");
            }
        }
    }

    @Test
    void aNaNStaysInItsRow() {
        final Mlp mlp = nets().getFirst();
        final float[] x = Bits.random(new SplittableRandom(9), ROWS * INPUTS);
        final InferenceSession session = Predictor.of(model(mlp), SIMD).session(ROWS);
        final float[] clean = new float[ROWS * 10];
        session.run(ROWS, x, 0, clean, 0);
        x[17 * INPUTS + 3] = Float.NaN;
        final float[] y = new float[ROWS * 10];
        session.run(ROWS, x, 0, y, 0);
        for (int j = 0; j < 10; j++) {
            assertTrue(Float.isNaN(y[170 + j]), "the row itself");
        }
        Arrays.fill(y, 170, 180, 0f);
        Arrays.fill(clean, 170, 180, 0f);
        Bits.assertSame(clean, y, "the other rows");
    }

    @Test
    void warmUpEndsInCompiledCode() {
        final InferenceSession session =
                Predictor.of(model(nets().getFirst()), SIMD).session(16);
        final WarmUp warmUp = session.warmUp();
        assertTrue(warmUp.isCompiled(), warmUp.toString());
        assertTrue(warmUp.lastNanos() < warmUp.firstNanos(), warmUp.toString());
    }
}
