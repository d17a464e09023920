package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Kernels;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.mlp.Standardization;
import io.lanewise.reference.ReferenceKernels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks of all kinds of layers compute what the textbook says, however they are planned. */
final class LayersTest {
    private static final Kernels KERNELS = ReferenceKernels.INSTANCE;
    private static final int INPUTS = Nets.INPUTS;
    private static final int OUTPUTS = Nets.OUTPUTS;
    private static final int ROWS = 9;

    static List<Mlp> nets() {
        return Nets.layered();
    }

    @ParameterizedTest
    @MethodSource("nets")
    void agreesWithTheTextbook(final Mlp mlp) {
        final Model model = Nets.layeredModel(mlp);
        final float[] x = Nets.rows(ROWS);
        final float[] before = x.clone();
        final float[] y = Predictor.of(model, KERNELS).predict(x);
        final double[] parameters = DoubleNet.widened(model.parameters().toArray());
        final double[][] rows = DoubleNet.rows(x, INPUTS);
        for (int i = 0; i < ROWS; i++) {
            final double[] expected = DoubleNet.predict(mlp, parameters, rows[i]);
            for (int j = 0; j < OUTPUTS; j++) {
                assertEquals(
                        expected[j],
                        y[i * OUTPUTS + j],
                        1e-5 * Math.max(1, Math.abs(expected[j])),
                        "row " + i + ", output " + j);
            }
        }
        assertArrayEquals(before, x, "the caller's rows were changed");
    }

    @ParameterizedTest
    @MethodSource("nets")
    void residualsTakeTheStandardizedInput(final Mlp mlp) {
        final float[] mean = {0.5f, -1, 2, 0, 1};
        final float[] scale = {0.5f, 1, -2, 1.5f, 0.25f};
        final Model model = Nets.layeredModel(mlp);
        final float[] x = Nets.rows(ROWS);
        final float[] standardized = new float[x.length];
        KERNELS.standardize(ROWS, INPUTS, x, 0, INPUTS, mean, scale, standardized, 0, INPUTS);
        assertArrayEquals(
                Predictor.of(model, KERNELS).predict(standardized),
                Predictor.of(model.withStandardization(Standardization.of(mean, scale)), KERNELS)
                        .predict(x));
    }

    @ParameterizedTest
    @MethodSource("nets")
    void aRowAloneGivesTheBitsOfTheBatch(final Mlp mlp) {
        final InferenceSession session =
                Predictor.of(Nets.layeredModel(mlp), KERNELS).session(ROWS);
        final float[] x = Nets.rows(ROWS);
        final float[] all = new float[ROWS * OUTPUTS];
        Arrays.fill(all, Float.NaN); // an output is never read
        session.run(ROWS, x, 0, all, 0);
        for (int i = 0; i < ROWS; i++) {
            final float[] one = new float[OUTPUTS];
            Arrays.fill(one, Float.NaN);
            session.run(1, x, i * INPUTS, one, 0);
            assertArrayEquals(Arrays.copyOfRange(all, i * OUTPUTS, (i + 1) * OUTPUTS), one);
        }
    }

    private static List<String> operations(final Mlp mlp) {
        return Planner.plan(Nets.layeredModel(mlp), KERNELS).steps().stream()
                .map(step -> step.operation().getClass().getSimpleName())
                .toList();
    }

    @Test
    void whatCanBeFoldedIs() {
        assertEquals(
                List.of("Product", "Product"),
                operations(Mlp.inputs(4)
                        .batchNorm()
                        .dropout(0.1f)
                        .dense(7)
                        .batchNorm()
                        .batchNorm()
                        .activation(Activation.RELU)
                        .dropout(0.2f)
                        .batchNorm()
                        .dense(3, Activation.TANH)
                        .linear()));
        assertEquals(
                List.of("Product", "Affine", "Activate"),
                operations(Mlp.inputs(4)
                        .dense(7, Activation.RELU)
                        .batchNorm()
                        .activation(Activation.TANH)
                        .linear()));
        assertEquals(
                List.of("Product", "Affine", "Sum"),
                operations(
                        Mlp.inputs(4).dense(7).residual(Mlp.Builder::batchNorm).linear()));
    }

    @Test
    void placesAreUsedAgain() {
        final Mlp deep = Mlp.inputs(4)
                .dense(9)
                .dense(8)
                .dense(7)
                .dense(6)
                .dense(5)
                .dense(4)
                .linear();
        final Plan plan = Planner.plan(Nets.layeredModel(deep), KERNELS);
        assertEquals(List.of(9, 8), plan.widths());
        assertEquals(Plan.INPUT, plan.steps().getFirst().x());
        assertEquals(Plan.OUTPUT, plan.steps().getLast().y());
    }

    /** Folding rounds once: it gives what float parameters computed in double would. */
    @Test
    void foldingBehindRoundsOnce() {
        final Mlp mlp = Mlp.inputs(2).dense(1).batchNorm().linear();
        // w, b; weight, bias, mean, variance + 1e-5 = 0.25
        final float variance = 0.24999f;
        final float[] values = {3, -2, 0.1f, 1.5f, 0.7f, 0.3f, variance};
        final Model model = Model.of(Parameters.of(mlp, values));
        final double s = 1.5f / StrictMath.sqrt((double) variance + 1e-5f);
        final float w0 = (float) (3 * s);
        final float w1 = (float) (-2 * s);
        final float b = (float) (0.1f * s + (0.7f - 0.3f * s));
        final float expected = Math.fma(0.9f, w1, Math.fma(0.4f, w0, b));
        assertArrayEquals(new float[] {expected}, Predictor.of(model, KERNELS).predict(new float[] {0.4f, 0.9f}));
    }
}
