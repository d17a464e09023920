package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.Optimizer;
import io.lanewise.training.TrainingSession;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A training run gives the reference's parameters to the bit, and one known hash at every width. */
@Tag("vector")
final class TrainingBitsTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;
    private static final int INPUTS = 20;
    private static final int OUTPUTS = 5;
    private static final int ROWS = 61;
    private static final int BATCH = 19; // leaves a last batch of 4
    private static final int EPOCHS = 75; // 300 steps

    /** Numbers of −1 to 1 that no version of Java can change. */
    static float[] numbers(final long seed, final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = Math.fma(2f, Philox.uniform(seed, Purpose.WEIGHTS, 0, i), -1f);
        }
        return values;
    }

    private static Mlp mlp(final Activation f, final Head head) {
        final Mlp.Builder layers = Mlp.inputs(INPUTS).dense(33, f).dense(17, f).dense(OUTPUTS);
        return head == Head.SOFTMAX ? layers.softmax() : layers.linear();
    }

    private static Parameters trained(final Mlp mlp, final Optimizer optimizer, final Kernels kernels) {
        final float[] x = numbers(1, ROWS * INPUTS);
        final int[] labels = new int[ROWS];
        final float[] targets = new float[ROWS * OUTPUTS];
        for (int i = 0; i < ROWS * OUTPUTS; i++) {
            final float value = x[i / OUTPUTS * INPUTS + i % OUTPUTS];
            targets[i] = value * value - x[i / OUTPUTS * INPUTS + 7];
            labels[i / OUTPUTS] = targets[i] > 0 ? i % OUTPUTS : labels[i / OUTPUTS];
        }
        final TrainingSession session = new TrainingSession(Parameters.random(mlp, 7), optimizer, BATCH, kernels);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int row = 0; row < ROWS; row += BATCH) {
                final int rows = Math.min(BATCH, ROWS - row);
                final double loss = mlp.head() == Head.SOFTMAX
                        ? session.step(rows, x, row * INPUTS, labels, row)
                        : session.step(rows, x, row * INPUTS, targets, row * OUTPUTS);
                assertTrue(Double.isFinite(loss));
            }
        }
        assertEquals(300, session.steps());
        return session.parameters();
    }

    /** The hashes are those of the scalar reference: a change of any is a change of every trained model. */
    @ParameterizedTest
    @CsvSource({
        "IDENTITY,SOFTMAX,false,-1147767137",
        "IDENTITY,SOFTMAX,true,-294196060",
        "RELU,SOFTMAX,false,333854911",
        "RELU,SOFTMAX,true,662670824",
        "LEAKY_RELU,SOFTMAX,false,1984241722",
        "LEAKY_RELU,SOFTMAX,true,-1915950501",
        "SIGMOID,SOFTMAX,false,-592084485",
        "SIGMOID,SOFTMAX,true,1063499478",
        "TANH,SOFTMAX,false,315496746",
        "TANH,SOFTMAX,true,-1202539492",
        "ELU,SOFTMAX,true,-590488729",
        "SELU,SOFTMAX,false,1100354189",
        "GELU,SOFTMAX,false,66984333",
        "GELU,SOFTMAX,true,1938753863",
        "GELU_TANH,SOFTMAX,true,638494592",
        "SILU,SOFTMAX,false,-1531159876",
        "SOFTPLUS,SOFTMAX,true,-1206102439",
        "HARD_SIGMOID,SOFTMAX,false,1358988302",
        "HARD_SWISH,SOFTMAX,true,1197392561",
        "RELU6,SOFTMAX,false,333854911", // RELU's: no output reaches 6
        "RELU,LINEAR,false,-1900061265",
        "TANH,LINEAR,true,1704141751",
        "GELU,LINEAR,true,-1028844431",
        "SILU,LINEAR,false,-424107778",
    })
    void trainingAgrees(final Activation f, final Head head, final boolean adam, final int hash) {
        final Mlp mlp = mlp(f, head);
        final Optimizer optimizer = adam
                ? new Optimizer.AdamW(0.01f, 0.9f, 0.999f, 1e-8f, 0.01f)
                : new Optimizer.Sgd(0.05f, 0.9f, 1e-3f, false);
        final float[] scalar = trained(mlp, optimizer, SCALAR).toArray();
        final float[] simd = trained(mlp, optimizer, SIMD).toArray();
        final String what = f + " " + head + " " + optimizer;
        Bits.assertSame(scalar, simd, what);
        assertEquals(hash, Arrays.hashCode(simd), what);
    }

    @ParameterizedTest
    @EnumSource
    void inferenceAgreesOverAllSplits(final Activation f) {
        final float[] x = numbers(2, ROWS * INPUTS);
        for (final Head head : Head.values()) {
            final Mlp mlp = mlp(f, head);
            final Model model = Model.of(Parameters.of(mlp, numbers(3, mlp.parameterCount())))
                    .withStandardization(Standardization.of(numbers(4, INPUTS), numbers(5, INPUTS)));
            final Predictor scalar = Predictor.of(model, SCALAR);
            final float[] expected = scalar.predict(x);
            final int[] expectedClasses = scalar.classifyAll(x);
            final Predictor simd = Predictor.of(model, SIMD);
            for (final int block : new int[] {1, 2, 3, 4, 5, 8, 31, ROWS}) {
                final InferenceSession session = simd.session(block);
                final float[] y = Bits.filled(expected.length, Float.NaN);
                final int[] classes = new int[ROWS];
                for (int row = 0; row < ROWS; row += block) {
                    final int rows = Math.min(block, ROWS - row);
                    session.run(rows, x, row * INPUTS, y, row * OUTPUTS);
                    session.classify(rows, x, row * INPUTS, classes, row);
                }
                Bits.assertSame(expected, y, f + " " + head + " in blocks of " + block);
                assertArrayEquals(expectedClasses, classes);
            }
        }
    }
}
