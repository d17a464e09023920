package io.lanewise.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps allocate nothing also where nothing is compiled: scalar kernels have no vectors that could be in memory. */
final class ColdStepsTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROWS = 200; // and so wide that all is shared out
    private static final int WIDTH = 170;
    private static final int STEPS = 4;
    private static final int ROUNDS = 20; // so few calls compile nothing that is called once a step
    private static final Mlp MLP = Mlp.inputs(5)
            .dense(WIDTH)
            .batchNorm()
            .residual(block -> block.layerNorm().activation(Activation.GELU).dropout(0.1f))
            .dense(3)
            .softmax();

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.adam(1e-3f),
                Optimizer.adamW(1e-3f),
                Optimizer.sgd(1e-3f, 0.9f),
                new Optimizer.RmsProp(1e-3f, 0.9f, 1e-8f, 0, 0.5f));
    }

    private static long allocated(final long[] threads) {
        long bytes = 0;
        for (final long thread : threads) {
            bytes += THREADS.getThreadAllocatedBytes(thread);
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void allocateNothingOnAnyThread(final Optimizer optimizer) {
        try (ThreadTeam team = ThreadTeam.of(2)) {
            final TrainingSession session = TrainingSession.of(Parameters.random(MLP, 1))
                    .optimizer(optimizer)
                    .clipping(new Clipping.Norm(1))
                    .maxRows(ROWS)
                    .kernels(ReferenceKernels.INSTANCE)
                    .team(team)
                    .build();
            final float[] x = new float[ROWS * 5];
            final int[] labels = new int[ROWS];
            final AtomicLongArray ids = new AtomicLongArray(2);
            while (ids.get(0) == 0 || ids.get(1) == 0) { // until both have had a task
                team.run(64, (index, member) -> {
                    ids.set(member, Thread.currentThread().threadId());
                    Thread.onSpinWait();
                });
            }
            final long[] threads = {ids.get(0), ids.get(1)};
            session.step(ROWS, x, 0, labels, 0); // loads classes
            session.step(ROWS, x, 0, labels, 0);
            assertTrue(allocated(threads) > 0, "it is counted");
            long least = Long.MAX_VALUE; // a round may meet what happens once, such as the first wake-up
            for (int round = 0; round < ROUNDS && least > 0; round++) {
                final long own = -allocated(threads) + allocated(threads); // what the measuring allocates
                final long before = allocated(threads);
                for (int i = 0; i < STEPS; i++) {
                    session.step(ROWS, x, 0, labels, 0);
                }
                least = Math.min(least, allocated(threads) - before - own);
            }
            assertEquals(0, least, "bytes in " + STEPS + " steps, at best");
        }
    }

    @Test
    void aWarmUpChangesNothing() {
        for (final Loss loss : List.of(Loss.crossEntropy(), new Loss.CrossEntropy(0.1f, List.of(1f, 0f, 2f)))) {
            final TrainingSession session = session(loss);
            final TrainingSession other = session(loss);
            final float[] x = new float[5 * 4];
            final int[] labels = {0, 1, 2, 2};
            for (int i = 0; i < 3; i++) {
                session.backward(4, x, 0, labels, 0, null, 0);
                final Duration took = session.warmUp(Duration.ofMillis(i));
                assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, took.toString());
                assertTrue(session.update()); // the gradients are still there
                other.step(4, x, 0, labels, 0);
                assertEquals(other.state(), session.state());
                assertEquals(other.gradientNorm(), session.gradientNorm());
            }
        }
    }

    private static TrainingSession session(final Loss loss) {
        return TrainingSession.of(Parameters.random(MLP, 1))
                .loss(loss)
                .clipping(new Clipping.Norm(1))
                .maxRows(4)
                .kernels(ReferenceKernels.INSTANCE)
                .build();
    }

    /** Any head, also where layers and outputs are wider than those that are warmed up. */
    @Test
    void warmUpsOfAllHeads() {
        final Mlp.Builder layers = Mlp.inputs(700).dense(70);
        for (final Mlp mlp : List.of(
                Mlp.inputs(700).dense(70).softmax(),
                Mlp.inputs(700).dense(70).logSoftmax(),
                Mlp.inputs(3).dense(70).sigmoid(),
                layers.residual(block -> block.dense(70)).dropout(0.5f).linear())) {
            final TrainingSession session = TrainingSession.of(Parameters.random(mlp, 1))
                    .kernels(ReferenceKernels.INSTANCE)
                    .build();
            assertTrue(session.warmUp(Duration.ofMillis(1)).toMillis() < 20_000);
            assertEquals(0, session.steps());
        }
    }
}
