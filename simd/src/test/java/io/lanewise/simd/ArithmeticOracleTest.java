package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.random.Philox;
import io.lanewise.random.Purpose;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.Clipping;
import io.lanewise.training.Dataset;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.Schedule;
import io.lanewise.training.Trainer;
import io.lanewise.training.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * docs/arithmetic.md is enough to write another implementation from: {@code src/test/c/arithmetic.c} is one, and both
 * backends have its bits, special values and a whole training run included. Skipped where there is no C compiler.
 */
@Tag("vector")
final class ArithmeticOracleTest {
    private static final List<Kernels> BACKENDS = List.of(new SimdKernels(), ReferenceKernels.INSTANCE);
    private static final int SAMPLES = 1 << 14;
    private static final int ROWS = 6;
    private static final long SEED = 0x1234_5678_9abc_def0L;

    @SuppressWarnings("NullAway.Init")
    private static CProgram program;

    @BeforeAll
    static void compile(@TempDir final Path folder) throws InterruptedException {
        program = CProgram.compiled("arithmetic.c", folder);
    }

    private static Scratchpad scratchpad(final Kernels kernels) {
        return kernels.scratchpad(0, 0, 0);
    }

    /** Floats of all magnitudes, and as many of −20 to 20, with special values among them. */
    private static float[] samples() {
        final float[] x = Bits.special(new SplittableRandom(1), 2 * SAMPLES);
        for (int i = 0; i < SAMPLES; i++) {
            if (i % 16 != 0) {
                x[i] = Float.intBitsToFloat(i * ((1 << 18) + 1));
                x[SAMPLES + i] = -20f + i * (40f / SAMPLES);
            }
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(names = {"EXP", "EXPM1", "LOG", "LOG1P", "SIGMOID", "TANH", "ERF"})
    void functions(final VectorFunction f) throws Exception {
        final float[] x = samples();
        final float[] expected = program.run(List.of("function", f.name().toLowerCase(Locale.ROOT), x.length), x);
        final float[] vector = new float[x.length];
        f.vector(x, vector);
        Bits.assertSame(expected, vector, f + " in vectors");
        final float[] scalar = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            scalar[i] = f.scalar(x[i]);
        }
        Bits.assertSame(expected, scalar, f + " in scalars");
    }

    @ParameterizedTest
    @EnumSource
    void activations(final Activation f) throws Exception {
        final float[] x = samples();
        final float[] dy = Bits.special(new SplittableRandom(2), x.length);
        final float[] expected = program.run(List.of("activation", f, x.length), x, dy);
        for (final Kernels kernels : BACKENDS) {
            final float[] y = x.clone();
            kernels.activate(f, 1, x.length, y, 0, x.length);
            final float[] dx = dy.clone();
            kernels.activateBackward(f, 1, x.length, f.derivativeFromInput() ? x : y, 0, x.length, dx, 0, x.length);
            Bits.assertSame(expected, CProgram.joined(y, dx), f + ", " + kernels.name());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "16, 3", "17, 4", "100, 5", "257, 6"})
    void rows(final int n, final int seed) throws Exception {
        final SplittableRandom random = new SplittableRandom(seed);
        final float[] plain = Bits.random(random, ROWS * n);
        final float[] special = Bits.special(random, ROWS * n);
        final float[] t = Bits.random(random, ROWS * n);
        for (final float[] x : List.of(plain, special)) {
            softmaxes(n, x);
            crossEntropies(n, x, t, random);
            for (final PointwiseLoss f : PointwiseLoss.values()) {
                pointwise(f, n, x, t);
            }
            norms(n, x, Bits.special(random, ROWS * n), random);
        }
    }

    private static void softmaxes(final int n, final float[] x) throws Exception {
        final float[] nothing = new float[ROWS]; // no losses
        final float[] softmax = program.run(List.of("softmax", ROWS, n), x);
        final float[] logSoftmax = program.run(List.of("log-softmax", ROWS, n), x);
        for (final Kernels kernels : BACKENDS) {
            final float[] y = new float[x.length];
            kernels.softmax(ROWS, n, x, 0, n, y, 0, n, scratchpad(kernels));
            Bits.assertSame(softmax, CProgram.joined(y, nothing), "softmax, " + kernels.name());
            kernels.logSoftmax(ROWS, n, x, 0, n, y, 0, n, scratchpad(kernels));
            Bits.assertSame(logSoftmax, CProgram.joined(y, nothing), "log-softmax, " + kernels.name());
        }
    }

    private static void crossEntropies(final int n, final float[] x, final float[] t, final SplittableRandom random)
            throws Exception {
        final float scale = 0.037f;
        final int[] labels = random.ints(ROWS, 0, n).toArray();
        final float[] asFloats = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            asFloats[i] = labels[i];
        }
        final float[] expected = program.run(List.of("cross-entropy", ROWS, n, scale), x, asFloats);
        final float[] weighted = program.run(List.of("cross-entropy-of-weights", ROWS, n, scale), x, t);
        for (final Kernels kernels : BACKENDS) {
            final float[] dx = new float[x.length];
            final float[] losses = new float[ROWS];
            final Scratchpad pad = scratchpad(kernels);
            kernels.softmaxCrossEntropy(ROWS, n, x, 0, n, labels, 0, scale, losses, 0, dx, 0, n, pad);
            Bits.assertSame(expected, CProgram.joined(dx, losses), "cross-entropy, " + kernels.name());
            kernels.softmaxCrossEntropy(ROWS, n, x, 0, n, t, 0, n, scale, losses, 0, dx, 0, n, pad);
            Bits.assertSame(weighted, CProgram.joined(dx, losses), "cross-entropy of weights, " + kernels.name());
        }
    }

    private static void pointwise(final PointwiseLoss f, final int n, final float[] x, final float[] t)
            throws Exception {
        final float scale = 0.37f;
        final float delta = 0.7f;
        final float[] expected = program.run(List.of("pointwise", ROWS, n, f, delta, scale), x, t);
        for (final Kernels kernels : BACKENDS) {
            final float[] dx = new float[x.length];
            final float[] losses = new float[ROWS];
            kernels.pointwiseLoss(f, delta, ROWS, n, x, 0, n, t, 0, n, scale, losses, 0, dx, 0, n, scratchpad(kernels));
            Bits.assertSame(expected, CProgram.joined(dx, losses), f + ", " + kernels.name());
        }
    }

    private static void norms(final int n, final float[] x, final float[] dy, final SplittableRandom random)
            throws Exception {
        final float epsilon = 1e-5f;
        final float[] weight = Bits.random(random, n);
        final float[] bias = Bits.random(random, n);
        final float[] layer = program.run(List.of("layer-norm", ROWS, n, epsilon), x, dy, weight, bias);
        final float[] batch = program.run(List.of("batch-norm", ROWS, n, epsilon), x, dy, weight, bias);
        for (final Kernels kernels : BACKENDS) {
            final Scratchpad pad = scratchpad(kernels);
            final float[] y = new float[x.length];
            final float[] dw = new float[n];
            final float[] db = new float[n];
            float[] dx = dy.clone();
            kernels.layerNorm(ROWS, n, x, 0, n, weight, 0, bias, 0, epsilon, y, 0, n, pad);
            kernels.layerNormBackward(ROWS, n, x, 0, n, weight, 0, epsilon, dx, 0, n, dw, 0, db, 0, pad);
            Bits.assertSame(layer, CProgram.joined(y, dx, dw, db), "layer norm, " + kernels.name());
            final float[] mean = new float[n];
            final float[] variance = new float[n];
            dx = dy.clone();
            kernels.batchNorm(ROWS, n, x, 0, n, weight, 0, bias, 0, epsilon, mean, variance, y, 0, n);
            kernels.batchNormBackward(ROWS, n, x, 0, n, weight, 0, epsilon, mean, variance, dx, 0, n, dw, 0, db, 0);
            Bits.assertSame(batch, CProgram.joined(y, dx, dw, db), "batch norm, " + kernels.name());
        }
    }

    /** An optimiser's kernel: g, m, v and p, and eight numbers. */
    private interface Update {
        void run(Kernels kernels, int n, float[][] arrays, float[] a);
    }

    @Test
    void updates() throws Exception {
        final Update sgd = (k, n, x, a) -> k.sgd(n, a[0], a[1], a[2], a[3] != 0, a[4], x[0], x[1], x[3], 0);
        final Update adam =
                (k, n, x, a) -> k.adam(n, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], x[0], x[1], x[2], x[3], 0);
        final Update rmsProp =
                (k, n, x, a) -> k.rmsProp(n, a[0], a[1], a[2], a[3], a[4], a[5], x[0], x[1], x[2], x[3], 0);
        agree("sgd", sgd, 1f, 0.1f, 0f, 0f, 0f, 0f, 0f, 0f);
        agree("sgd", sgd, 0.7f, 0.1f, 0.9f, 0f, 0.01f, 0f, 0f, 0f);
        agree("sgd", sgd, 0.7f, 0.1f, 0.9f, 1f, 0.01f, 0f, 0f, 0f);
        agree("adam", adam, 1f, 0f, 0.9f, 0.999f, 1e-8f, 0.01f, 31.6f, 1f);
        agree("adam", adam, 0.3f, 0.02f, 0.8f, 0.99f, 1e-6f, 0.002f, 1.01f, 0.9998f);
        agree("rms-prop", rmsProp, 1f, 0.01f, 0.99f, 1e-8f, 0f, 0f, 0f, 0f);
        agree("rms-prop", rmsProp, 0.4f, 0.01f, 0.9f, 1e-8f, 0.9f, 0.02f, 0f, 0f);
    }

    private static void agree(final String name, final Update update, final float... a) throws Exception {
        final int n = 1003;
        final SplittableRandom random = new SplittableRandom(a.length);
        final float[][] arrays = new float[4][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = Bits.special(random, n);
        }
        for (int i = 0; i < n; i++) {
            arrays[2][i] = Math.abs(arrays[2][i]); // a mean of squares
        }
        final List<Object> arguments = new ArrayList<>(List.of(name, n));
        for (final float number : a) {
            arguments.add(number);
        }
        final float[] expected = program.run(arguments, arrays);
        for (final Kernels kernels : BACKENDS) {
            final float[][] x = {arrays[0].clone(), arrays[1].clone(), arrays[2].clone(), arrays[3].clone()};
            update.run(kernels, n, x, a);
            Bits.assertSame(expected, CProgram.joined(x[1], x[2], x[3]), name + ", " + kernels.name());
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "81985529216486895, 7, 1099511627776", "-1, -3, 4611686018427387000"})
    void randomNumbers(final long seed, final int step, final long element) throws Exception {
        final int n = 1001;
        final float[] uniform = new float[n];
        for (int i = 0; i < n; i++) {
            uniform[i] = Philox.uniform(seed, Purpose.WEIGHTS, step, element + i);
        }
        Bits.assertSame(
                program.run(List.of("uniform", seed, Purpose.WEIGHTS.number(), step, element, n, 0f), new float[0]),
                uniform,
                "uniform");
        final int[] order = new int[n];
        Philox.permutation(seed, Purpose.SHUFFLE, step, element, order, n);
        final float[] permuted =
                program.run(List.of("permutation", seed, Purpose.SHUFFLE.number(), step, element, n, 0f), new float[0]);
        for (int i = 0; i < n; i++) {
            assertEquals(order[i], (int) permuted[i]);
        }
        for (final float rate : new float[] {0f, 0.1f, 0.5f, 0.99f}) {
            final float[] expected = program.run(
                    List.of("dropout", seed, Purpose.DROPOUT.number(), step, element, n, rate), new float[0]);
            for (final Kernels kernels : BACKENDS) {
                final float[] mask = new float[n];
                kernels.dropoutMask(n, rate, seed, step, element, mask, 0);
                Bits.assertSame(expected, mask, "dropout " + rate + ", " + kernels.name());
            }
        }
    }

    /** A network with a layer of each kind, trained in C and in Java, and then scored. */
    @Test
    void trainingRun() throws Exception {
        final int rows = 49; // the last batch has one row
        final int inputs = 5;
        final int hidden = 19;
        final int classes = 3;
        final int epochs = 4;
        final int batch = 16;
        final SplittableRandom random = new SplittableRandom(4);
        final float[] x = Bits.random(random, rows * inputs);
        final int[] labels = random.ints(rows, 0, classes).toArray();
        final float[] asFloats = new float[rows];
        for (int i = 0; i < rows; i++) {
            x[i * inputs + 1] = 3; // a feature that says nothing
            asFloats[i] = labels[i];
        }
        final List<Object> arguments = List.of(
                "training", rows, inputs, hidden, classes, epochs, batch, SEED, 0.01f, 0.05f, 0.25f, 0.1f, 0.5f);
        final float[] expected = program.run(arguments, x, asFloats);

        final Mlp mlp = Mlp.inputs(inputs)
                .dense(hidden, Activation.GELU)
                .layerNorm()
                .residual(
                        block -> block.dropout(0.25f).dense(hidden).batchNorm().activation(Activation.RELU))
                .dense(classes)
                .softmax();
        final TrainingOptions options = TrainingOptions.defaults()
                .withEpochs(epochs)
                .withBatchSize(batch)
                .withSeed(SEED)
                .withOptimizer(new Optimizer.AdamW(0.01f, 0.9f, 0.999f, 1e-8f, 0.05f))
                .withLoss(new Loss.CrossEntropy(0.1f, List.of()))
                .withSchedule(Schedule.oneCycle())
                .withClipping(new Clipping.Norm(0.5f));
        final Dataset data = Dataset.classification(inputs, classes, x, labels);
        for (final Kernels kernels : BACKENDS) {
            final Model model =
                    Trainer.of(mlp, options).kernels(kernels).fit(data).model();
            final float[] probabilities = Predictor.of(model, kernels).predict(x);
            final float[] actual = CProgram.joined(model.parameters().toArray(), probabilities);
            Bits.assertSame(expected, actual, "training, " + kernels.name());
        }
    }
}
