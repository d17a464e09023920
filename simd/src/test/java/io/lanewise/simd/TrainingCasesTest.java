package io.lanewise.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import io.lanewise.training.Clipping;
import io.lanewise.training.Loss;
import io.lanewise.training.Optimizer;
import io.lanewise.training.SessionState;
import io.lanewise.training.TrainingSession;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All layers, losses, optimisers and ways of clipping: one result, whatever computes it. */
@Tag("vector")
final class TrainingCasesTest {
    private static final Kernels SIMD = new SimdKernels();
    private static final Kernels SCALAR = ReferenceKernels.INSTANCE;

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scalarAndSimdAgree(final int seed) {
        final TrainingCase some = new TrainingCase(seed, 36, seed % 3 == 0 ? 16 : 19);
        final TrainingCase.Outcome scalar = some.run(6, SCALAR, null);
        assertEquals(18, scalar.state().steps(), "all losses are finite: " + some);
        assertSame(scalar, some.run(6, SIMD, null), some.toString());
    }

    /** So large that products, rows, columns and parameters are shared out; 7 threads are more than the machine has. */
    @ParameterizedTest
    @ValueSource(ints = {100, 101, 102, 103})
    void teamsAgree(final int seed) {
        final TrainingCase some = new TrainingCase(seed, seed % 2 == 0 ? 312 : 333, seed % 2 == 0 ? 256 : 211);
        final TrainingCase.Outcome alone = some.run(1, SIMD, null);
        assertEquals(3, alone.state().steps(), "all losses are finite: " + some);
        for (final int threads : new int[] {1, 2, 3, 7}) {
            try (ThreadTeam team = ThreadTeam.of(threads)) {
                assertSame(alone, some.run(1, SIMD, team), threads + " threads, " + some);
            }
        }
    }

    /** Every kind of layer on rows and columns that are shared out, with a last batch that is smaller. */
    @Test
    void teamsAgreeOnEveryKindOfLayer() {
        final int inputs = 40;
        final int outputs = 7;
        final int rows = 300;
        final Mlp mlp = new Mlp(AllocationTest.layersOfAllKinds(inputs, 200, outputs), Head.LINEAR);
        final float[] x = TrainingBitsTest.numbers(1, rows * inputs);
        final float[] targets = TrainingBitsTest.numbers(2, rows * outputs);
        final SessionState alone = states(mlp, rows, x, targets, null);
        for (final int threads : new int[] {1, 2, 3, 7}) {
            try (ThreadTeam team = ThreadTeam.of(threads)) {
                assertEquals(alone, states(mlp, rows, x, targets, team), threads + " threads");
            }
        }
    }

    private static SessionState states(
            final Mlp mlp, final int rows, final float[] x, final float[] targets, final @Nullable ThreadTeam team) {
        final TrainingSession session = TrainingSession.of(Parameters.random(mlp, 7))
                .maxRows(rows)
                .kernels(SIMD)
                .team(team)
                .build();
        for (final int n : new int[] {rows, 211, rows, 1}) {
            assertTrue(Double.isFinite(session.step(n, x, 0, targets, 0)));
        }
        return session.state();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void scalarAndSimdAgreeOnLargeBatchesAndTeams(final int seed) {
        final TrainingCase some = new TrainingCase(seed, 200, 230);
        try (ThreadTeam team = ThreadTeam.of(3)) {
            final TrainingCase.Outcome scalar = some.run(1, SCALAR, null);
            assertSame(scalar, some.run(1, SCALAR, team), some.toString());
            assertSame(scalar, some.run(1, SIMD, team), some.toString());
        }
    }

    /** A change of the hash is a change of every model that is trained with any of this. */
    @Test
    void allTogetherGivesOneKnownResult() {
        try (ThreadTeam team = ThreadTeam.of(3)) {
            assertEquals(1851681335, golden(SCALAR, null));
            assertEquals(1851681335, golden(SIMD, null));
            assertEquals(1851681335, golden(SIMD, team));
        }
    }

    private static int golden(final Kernels kernels, final @Nullable ThreadTeam team) {
        final Mlp mlp = Mlp.inputs(20)
                .dropout(0.1f)
                .dense(33, Activation.GELU)
                .batchNorm()
                .residual(block -> block.layerNorm()
                        .dense(47, Activation.SILU)
                        .dropout(0.2f)
                        .dense(33))
                .batchNorm()
                .activation(Activation.TANH)
                .dense(5)
                .softmax();
        final TrainingSession session = TrainingSession.of(Parameters.random(mlp, 7))
                .loss(new Loss.CrossEntropy(0.1f, List.of(0.5f, 1f, 2f, 1f, 0.75f)))
                .optimizer(Optimizer.adamW(0.01f))
                .clipping(new Clipping.Norm(0.5f))
                .seed(1L << 33)
                .kernels(kernels)
                .team(team)
                .build();
        final int rows = 61;
        final int batch = 19; // leaves a last batch of 4
        final float[] x = TrainingBitsTest.numbers(1, rows * 20);
        final float[] weights = TrainingBitsTest.numbers(2, rows);
        final int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = x[20 * i] > 0 ? 1 + i % 4 : 0;
            weights[i] += 1.5f;
        }
        int hash = 1;
        for (int epoch = 0; epoch < 40; epoch++) {
            session.learningRate(0.01f / (1 + epoch));
            for (int row = 0; row < rows; row += batch) {
                final int n = Math.min(batch, rows - row);
                hash = 31 * hash + Double.hashCode(session.step(n, x, 20 * row, labels, row, weights, row));
            }
        }
        assertEquals(160, session.steps());
        final SessionState state = session.state();
        for (final float[] part : List.of(state.parameters().toArray(), state.firstMoment(), state.secondMoment())) {
            hash = 31 * hash + Arrays.hashCode(part);
        }
        return hash;
    }

    private static void assertSame(
            final TrainingCase.Outcome expected, final TrainingCase.Outcome actual, final String what) {
        assertEquals(expected.numbers(), actual.numbers(), what + ": losses and norms");
        Bits.assertSame(
                expected.state().parameters().toArray(),
                actual.state().parameters().toArray(),
                what + ": parameters");
        Bits.assertSame(expected.state().firstMoment(), actual.state().firstMoment(), what + ": first moment");
        Bits.assertSame(expected.state().secondMoment(), actual.state().secondMoment(), what + ": second moment");
        assertEquals(expected.state().steps(), actual.state().steps());
    }
}
