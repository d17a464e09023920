package io.lanewise.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.DoubleNet;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backends;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Standardization;
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PredictorTest {
    private static final int INPUTS = Nets.INPUTS;
    private static final int OUTPUTS = Nets.OUTPUTS;

    private static Predictor predictor(final Model model) {
        return Predictor.of(model, ReferenceKernels.INSTANCE);
    }

    private static double[] expected(final Model model, final float[] row) {
        final Standardization standardization = model.standardization().orElseThrow();
        final double[] standardized = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            standardized[j] = ((double) row[j] - standardization.mean()[j])
                    * standardization.scale()[j];
        }
        return DoubleNet.predict(
                model.mlp(), DoubleNet.widened(model.parameters().toArray()), standardized);
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithTheTextbook(final Activation f) {
        final int rows = 130; // more than two blocks
        final float[] x = Nets.rows(rows);
        for (final Model model : List.of(Nets.classifier(f), Nets.regression(f))) {
            final Predictor predictor = predictor(model);
            final float[] y = predictor.predict(x);
            final int[] classes = predictor.classifyAll(x);
            assertEquals(rows * OUTPUTS, y.length);
            assertEquals(rows, classes.length);
            for (int i = 0; i < rows; i++) {
                final float[] row = Arrays.copyOfRange(x, i * INPUTS, (i + 1) * INPUTS);
                final double[] expected = expected(model, row);
                int best = 0;
                for (int j = 0; j < OUTPUTS; j++) {
                    final double tolerance = model.mlp().head() == Head.SOFTMAX ? 5e-6 : 2e-5;
                    assertEquals(expected[j], y[i * OUTPUTS + j], tolerance, f + " row " + i);
                    best = expected[j] > expected[best] ? j : best;
                }
                assertEquals(best, classes[i]);
                assertEquals(best, predictor.classify(row));
            }
        }
    }

    @Test
    void aRowAloneGivesTheBitsOfTheBatch() {
        final Predictor predictor = predictor(Nets.classifier(Activation.TANH));
        final float[] x = Nets.rows(130);
        final float[] all = predictor.predict(x);
        for (int i = 0; i < 130; i++) {
            final float[] one = predictor.predict(Arrays.copyOfRange(x, i * INPUTS, (i + 1) * INPUTS));
            assertArrayEquals(Arrays.copyOfRange(all, i * OUTPUTS, (i + 1) * OUTPUTS), one);
        }
    }

    @Test
    void nothingInNothingOut() {
        final Predictor predictor = predictor(Nets.classifier(Activation.RELU));
        assertArrayEquals(new float[0], predictor.predict(new float[0]));
        assertArrayEquals(new int[0], predictor.classifyAll(new float[0]));
    }

    @Test
    void refusesPartsOfRows() {
        final Predictor predictor = predictor(Nets.classifier(Activation.RELU));
        final String message =
                "expected a whole number of rows of 5 features, got 13 values (2 rows and 3 values more)";
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> predictor.predict(new float[13]))
                        .getMessage());
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> predictor.classifyAll(new float[13]))
                        .getMessage());
        assertEquals(
                "expected one row of 5 features, got 10",
                assertThrows(IllegalArgumentException.class, () -> predictor.classify(new float[10]))
                        .getMessage());
    }

    @Test
    void usesTheBestBackendUnlessTold() {
        final Model model = Nets.classifier(Activation.RELU);
        assertSame(Backends.best(), Predictor.of(model).kernels());
        assertSame(model, Predictor.of(model).model());
    }

    @Test
    void manyThreadsGetTheBitsOfOne() throws Exception {
        final Predictor predictor = predictor(Nets.classifier(Activation.SIGMOID));
        final float[] x = Nets.rows(70);
        final float[] expected = predictor.predict(x);
        final int[] expectedClasses = predictor.classifyAll(x);
        final int threads = 8;
        final CountDownLatch start = new CountDownLatch(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            final List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                futures.add(pool.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < 100; i++) {
                        assertArrayEquals(expected, predictor.predict(x));
                        assertArrayEquals(expectedClasses, predictor.classifyAll(x));
                    }
                    return null;
                }));
            }
            for (final Future<?> future : futures) {
                future.get();
            }
        }
    }
}
