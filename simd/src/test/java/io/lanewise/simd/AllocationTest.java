package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.training.Clipping;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.TrainingSession;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Once compiled, no call of a session or of a training kernel allocates. Before that the Vector API boxes its vectors: the calls are repeated
 * until a round of them allocates nothing, or for too long.
 */
@Tag("vector")
final class AllocationTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 20; // in each round
    private static final long LONG_ENOUGH_NANOS = 20_000_000_000L;
    private static final int INPUTS = 40;
    private static final int OUTPUTS = 7;
    private static final int ROWS = 13;

    private final float[] x = Bits.random(new SplittableRandom(1), ROWS * INPUTS);

    @ParameterizedTest
    @EnumSource
    void inference(final Activation f) {
        final Mlp mlp = layers(f).softmax();
        final Model model =
                Model.of(Parameters.random(mlp, 1)).withStandardization(Standardization.perFeature(ROWS, INPUTS, x));
        final InferenceSession session = Predictor.of(model, SIMD).session(ROWS);
        final float[] y = new float[ROWS * OUTPUTS];
        final int[] classes = new int[ROWS];
        assertAllocatesNothing("run " + mlp, () -> session.run(ROWS, x, 0, y, 0));
        assertAllocatesNothing("classify " + mlp, () -> session.classify(ROWS, x, 0, classes, 0));
    }

    @Test
    void otherLayersAndCalls() {
        final Mlp mlp = Mlp.inputs(INPUTS)
                .dense(33)
                .batchNorm()
                .activation(Activation.RELU)
                .batchNorm()
                .residual(block -> block.layerNorm().dense(64, Activation.TANH).dense(33))
                .dense(OUTPUTS)
                .logSoftmax();
        final InferenceSession session =
                Predictor.of(Model.of(Parameters.random(mlp, 1)), SIMD).session(ROWS);
        final float[] y = new float[ROWS * OUTPUTS];
        final int[] classes = new int[ROWS * 3];
        final FloatBuffer in = direct(x.length).put(0, x);
        final FloatBuffer out = direct(y.length);
        session.run(ROWS, in, out); // the first call makes room for rows of direct buffers
        assertAllocatesNothing("run " + mlp, () -> session.run(ROWS, x, 0, y, 0));
        assertAllocatesNothing("logits " + mlp, () -> session.logits(ROWS, x, 0, y, 0));
        assertAllocatesNothing("top 3 " + mlp, () -> session.topK(ROWS, 3, x, 0, classes, 0, y, 0));
        assertAllocatesNothing("buffers " + mlp, () -> session.run(ROWS, in, out));
        assertAllocatesNothing("logits of buffers " + mlp, () -> session.logits(ROWS, in, out));
        assertAllocatesNothing("classes of buffers " + mlp, () -> session.classify(ROWS, in, classes, 0));
    }

    private static FloatBuffer direct(final int n) {
        return ByteBuffer.allocateDirect(n * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @ParameterizedTest
    @EnumSource
    void training(final Activation f) {
        final Mlp classifier = layers(f).softmax();
        final int[] labels = new int[ROWS];
        final TrainingSession adam =
                new TrainingSession(Parameters.random(classifier, 1), Optimizer.adam(1e-4f), ROWS, SIMD);
        assertAllocatesNothing("Adam " + classifier, () -> adam.step(ROWS, x, 0, labels, 0));
        final Mlp regression = layers(f).linear();
        final float[] targets = new float[ROWS * OUTPUTS];
        final TrainingSession sgd =
                new TrainingSession(Parameters.random(regression, 1), Optimizer.sgd(1e-4f, 0.9f), ROWS, SIMD);
        assertAllocatesNothing("SGD " + regression, () -> sgd.step(ROWS, x, 0, targets, 0));
    }

    /** Rows narrower than a vector and wider than the chunk of a scratchpad, with and without whole lanes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 16, 77, 300})
    void kernels(final int n) {
        final SplittableRandom random = new SplittableRandom(n);
        final float[] in = Bits.random(random, ROWS * n);
        final float[] t = Bits.random(random, ROWS * n);
        final float[] y = Bits.random(random, ROWS * n);
        final float[] w = Bits.random(random, n);
        final float[] sums = new float[2 * n];
        final float[] mean = new float[n];
        final float[] variance = Bits.filled(n, 1f);
        final float[] losses = new float[ROWS];
        final int[] labels = new int[ROWS];
        final Scratchpad pad = SIMD.scratchpad(0, 0, 0);
        final Map<String, Runnable> calls = new LinkedHashMap<>();
        for (final PointwiseLoss f : PointwiseLoss.values()) {
            calls.put(
                    f.toString(),
                    () -> SIMD.pointwiseLoss(f, 1, ROWS, n, in, 0, n, t, 0, n, 1, losses, 0, y, 0, n, pad));
        }
        calls.put(
                "cross-entropy",
                () -> SIMD.softmaxCrossEntropy(ROWS, n, in, 0, n, labels, 0, 1, losses, 0, y, 0, n, pad));
        calls.put(
                "dense cross-entropy",
                () -> SIMD.softmaxCrossEntropy(ROWS, n, in, 0, n, t, 0, n, 1, losses, 0, y, 0, n, pad));
        calls.put(
                "layer normalisation backward",
                () -> SIMD.layerNormBackward(ROWS, n, in, 0, n, w, 0, 1, y, 0, n, sums, 0, sums, n, pad));
        calls.put(
                "batch normalisation", () -> SIMD.batchNorm(ROWS, n, in, 0, n, w, 0, w, 0, 1, mean, variance, y, 0, n));
        calls.put(
                "batch normalisation backward",
                () -> SIMD.batchNormBackward(ROWS, n, in, 0, n, w, 0, 1, mean, variance, y, 0, n, sums, 0, sums, n));
        calls.put("column sums", () -> SIMD.columnSums(ROWS, n, in, 0, n, sums, 0));
        calls.put("dropout", () -> SIMD.dropoutMask(ROWS * n, 0.2f, 1, 2, 3, y, 0));
        calls.put("multiply", () -> SIMD.multiply(ROWS, n, in, 0, n, y, 0, n));
        calls.put("clip", () -> SIMD.clip(ROWS * n, 1, y, 0));
        calls.put("sum of squares", () -> losses[0] = SIMD.sumOfSquares(ROWS * n, in, 0, pad));
        calls.forEach(AllocationTest::assertAllocatesNothing);
    }

    @Test
    void updates() {
        final int n = 1000;
        final SplittableRandom random = new SplittableRandom(1);
        final float[] g = Bits.random(random, n + 1);
        final float[] m = new float[n + 1];
        final float[] v = new float[n + 1];
        final float[] p = Bits.random(random, n + 1);
        assertAllocatesNothing("SGD", () -> SIMD.sgd(n, 1, 0.1f, 0, false, 1e-3f, g, v, p, 1));
        assertAllocatesNothing("momentum", () -> SIMD.sgd(n, 1, 0.1f, 0.9f, false, 1e-3f, g, v, p, 1));
        assertAllocatesNothing("Nesterov", () -> SIMD.sgd(n, 1, 0.1f, 0.9f, true, 1e-3f, g, v, p, 1));
        assertAllocatesNothing(
                "Adam", () -> SIMD.adam(n, 1, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.1f, 1, 0.99f, g, m, v, p, 1));
        assertAllocatesNothing("RMSProp", () -> SIMD.rmsProp(n, 1, 0.1f, 0.9f, 1e-8f, 0, 1e-3f, g, m, v, p, 1));
        assertAllocatesNothing(
                "RMSProp with momentum", () -> SIMD.rmsProp(n, 1, 0.1f, 0.9f, 1e-8f, 0.9f, 1e-3f, g, m, v, p, 1));
    }

    static Stream<Arguments> trainings() {
        final Clipping norm = new Clipping.Norm(0.1f);
        final Clipping value = new Clipping.Value(0.01f);
        final Clipping none = Clipping.none();
        return Stream.of(
                Arguments.of(Head.SOFTMAX, Loss.crossEntropy(), Optimizer.adamW(1e-5f), norm),
                Arguments.of(
                        Head.SOFTMAX,
                        new Loss.CrossEntropy(0.1f, List.of(1f, 2f, 3f, 1f, 1f, 1f, 1f)),
                        new Optimizer.Adam(1e-5f, 0.9f, 0.999f, 1e-8f, 0.1f),
                        value),
                Arguments.of(
                        Head.SIGMOID, new Loss.BinaryCrossEntropy(), new Optimizer.Sgd(1e-5f, 0.9f, 0.1f, true), norm),
                Arguments.of(Head.LINEAR, new Loss.SquaredError(), Optimizer.rmsProp(1e-5f), none),
                Arguments.of(
                        Head.LINEAR,
                        new Loss.AbsoluteError(),
                        new Optimizer.RmsProp(1e-5f, 0.9f, 1e-8f, 0.1f, 0.9f),
                        value),
                Arguments.of(Head.LINEAR, new Loss.Huber(0.5f), Optimizer.sgd(1e-5f, 0), norm));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void allLayersLossesAndOptimizers(
            final Head head, final Loss loss, final Optimizer optimizer, final Clipping clipping) {
        final Mlp mlp = new Mlp(layersOfAllKinds(INPUTS, 33, OUTPUTS), head);
        final int[] labels = new int[ROWS];
        final float[] targets = new float[ROWS * OUTPUTS];
        final float[] weights = Bits.filled(ROWS, 0.5f);
        final TrainingSession session = TrainingSession.of(Parameters.random(mlp, 1))
                .loss(loss)
                .optimizer(optimizer)
                .clipping(clipping)
                .kernels(SIMD)
                .build();
        final String what = loss + ", " + optimizer + ", " + clipping;
        assertAllocatesNothing("targets, " + what, () -> session.step(ROWS, x, 0, targets, 0));
        assertAllocatesNothing("weights, " + what, () -> session.step(ROWS, x, 0, targets, 0, weights, 0));
        if (head == Head.SOFTMAX) {
            assertAllocatesNothing("labels, " + what, () -> session.step(ROWS, x, 0, labels, 0));
            assertAllocatesNothing("both, " + what, () -> session.step(ROWS, x, 0, labels, 0, weights, 0));
        }
        assertAllocatesNothing("halves, " + what, () -> {
            session.learningRate(session.learningRate() * 0.999f);
            session.backward(ROWS, x, 0, targets, 0, weights, 0);
            session.update();
        });
    }

    /** Each kind of layer, in place where it may be and where not. */
    static List<Layer> layersOfAllKinds(final int inputs, final int width, final int outputs) {
        return Mlp.inputs(inputs)
                .dropout(0.1f)
                .dense(width)
                .batchNorm()
                .activation(Activation.RELU)
                .residual(block -> block.layerNorm()
                        .activation(Activation.GELU)
                        .dropout(0.1f)
                        .dense(width, Activation.SILU)
                        .residual(inner -> inner.activation(Activation.TANH)))
                .dense(outputs)
                .linear()
                .layers();
    }

    private static Mlp.Builder layers(final Activation f) {
        return Mlp.inputs(INPUTS).dense(33, f).dense(64, f).dense(OUTPUTS);
    }

    /** What is measured here is seen: a test that cannot fail proves nothing. */
    @Test
    void anAllocationWouldShow() {
        final Object[] kept = new Object[1];
        final long bytes = allocated(() -> kept[0] = new float[1000]) - allocated(() -> {});
        assertTrue(bytes >= CALLS * 4000L, "seen: " + bytes + " bytes");
    }

    private static void assertAllocatesNothing(final String what, final Runnable call) {
        final long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() - start < LONG_ENOUGH_NANOS) {
            // What the measuring itself allocates; it is not compiled from the start either.
            final long own = allocated(() -> {});
            least = Math.min(least, allocated(call) - own);
        }
        assertEquals(0, Math.max(0, least), what + ": bytes in " + CALLS + " calls, at best");
    }

    private static long allocated(final Runnable call) {
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
