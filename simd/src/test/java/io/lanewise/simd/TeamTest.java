package io.lanewise.simd;

import com.sun.management.ThreadMXBean;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.training.Clipping;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.TrainingSession;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions whose products are worth a team give the bits of one thread, and allocate nothing. */
@Tag("vector")
final class TeamTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final int INPUTS = 300;
    private static final int OUTPUTS = 10;
    private static final int ROWS = 256;
    private static final int STEPS = 4;
    private static final long LONG_ENOUGH_NANOS = 20_000_000_000L;

    private final Mlp mlp = Mlp.inputs(INPUTS)
            .dense(400, Activation.RELU)
            .dense(300, Activation.TANH)
            .dense(OUTPUTS)
            .softmax();
    private final float[] x = Bits.random(new SplittableRandom(1), ROWS * INPUTS);
    private final int[] labels = new SplittableRandom(2).ints(ROWS, 0, OUTPUTS).toArray();

    private TrainingSession training(final ThreadTeam team) {
        return new TrainingSession(Parameters.random(mlp, 3), Optimizer.adam(1e-3f), ROWS, SIMD, team);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void bitsAreThoseOfOneThread(final int threads) {
        final TrainingSession alone = new TrainingSession(Parameters.random(mlp, 3), Optimizer.adam(1e-3f), ROWS, SIMD);
        try (ThreadTeam team = ThreadTeam.of(threads)) {
            final TrainingSession together = training(team);
            for (int step = 0; step < STEPS; step++) {
                final double expected = alone.step(ROWS, x, 0, labels, 0);
                Assertions.assertEquals(expected, together.step(ROWS, x, 0, labels, 0), "loss of step " + step);
            }
            Bits.assertSame(
                    alone.parameters().toArray(), together.parameters().toArray(), threads + " threads, parameters");
            final Predictor predictor = Predictor.of(Model.of(alone.parameters()), SIMD);
            final float[] expected = new float[ROWS * OUTPUTS];
            predictor.session(ROWS).run(ROWS, x, 0, expected, 0);
            final float[] actual = Bits.filled(ROWS * OUTPUTS, Float.NaN);
            predictor.session(ROWS, team).run(ROWS, x, 0, actual, 0);
            Bits.assertSame(expected, actual, threads + " threads, probabilities");
        }
    }

    /** Products that a team shares only if it is awake: calls in close succession wake it. */
    @ParameterizedTest
    @CsvSource({"128,64,100", "96,96,96", "8,512,200", "500,32,64"})
    void productsOfATeamThatIsAwakeHaveTheBitsOfOneThread(final int m, final int n, final int k) {
        final SplittableRandom random = new SplittableRandom(m);
        final float[] a = Bits.random(random, m * k);
        final float[] b = Bits.random(random, k * n);
        final float[] expected = new float[m * n];
        SIMD.gemm(Gemm.AB, m, n, k, a, 0, k, b, 0, n, null, 0, expected, 0, n, SIMD.scratchpad(m, n, k));
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final Scratchpad scratchpad = SIMD.scratchpad(m, n, k, team);
            final float[] actual = new float[m * n];
            for (int call = 0; call < 3000; call++) {
                Arrays.fill(actual, Float.NaN);
                SIMD.gemm(Gemm.AB, m, n, k, a, 0, k, b, 0, n, null, 0, actual, 0, n, scratchpad);
                Bits.assertSame(expected, actual, "call " + call);
            }
        }
    }

    @Test
    void allocatesNothing() {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            final TrainingSession training = training(team);
            final InferenceSession session =
                    Predictor.of(Model.of(training.parameters()), SIMD).session(ROWS, team);
            final float[] y = new float[ROWS * OUTPUTS];
            assertAllocatesNothing(() -> {
                training.step(ROWS, x, 0, labels, 0);
                session.run(ROWS, x, 0, y, 0);
            });
        }
    }

    static Stream<Arguments> trainings() {
        return Stream.of(
                Arguments.of(Optimizer.adamW(1e-4f), new Clipping.Norm(0.1f)),
                Arguments.of(Optimizer.sgd(1e-4f, 0.9f), new Clipping.Value(0.01f)),
                Arguments.of(Optimizer.rmsProp(1e-4f), Clipping.none()));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void allLayersAllocateNothing(final Optimizer optimizer, final Clipping clipping) {
        final Mlp all = new Mlp(AllocationTest.layersOfAllKinds(INPUTS, 400, OUTPUTS), Head.SOFTMAX);
        try (ThreadTeam team = ThreadTeam.of(3)) {
            final TrainingSession training = TrainingSession.of(Parameters.random(all, 3))
                    .optimizer(optimizer)
                    .clipping(clipping)
                    .loss(new Loss.CrossEntropy(0.1f, List.of()))
                    .maxRows(ROWS)
                    .kernels(SIMD)
                    .team(team)
                    .build();
            final float[] weights = Bits.filled(ROWS, 2f);
            assertAllocatesNothing(() -> training.step(ROWS, x, 0, labels, 0, weights, 0));
        }
    }

    @Test
    void closedTeamsAreRefused() {
        final ThreadTeam team = ThreadTeam.of(2);
        SIMD.scratchpad(1, 1, 1, team);
        team.close();
        Assertions.assertThrows(IllegalStateException.class, () -> SIMD.scratchpad(1, 1, 1, team));
    }

    private static void assertAllocatesNothing(final Runnable call) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long start = System.nanoTime();
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() - start < LONG_ENOUGH_NANOS) {
            // All threads of the virtual machine count: so do the compiler's and the test's own, at times.
            final long before = threads.getTotalThreadAllocatedBytes();
            call.run();
            least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
        }
        Assertions.assertEquals(0, least, "bytes of all threads in a call, at best");
    }
}
