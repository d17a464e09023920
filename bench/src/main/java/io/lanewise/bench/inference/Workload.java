package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Samples;
import io.lanewise.inference.InferenceSession;
import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import io.lanewise.mlp.Parameters;
import io.lanewise.reference.ReferenceKernels;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A network with random weights and its input, from −1 to 1, the same in every fork; and what {@linkplain Samples some
 * rows} of the output have to be.
 */
public final class Workload {
    /**
     * Of the largest magnitude of the output. Sums of 2048 terms in another order differ by some 10⁻⁶ of it, and softmax
     * keeps that: it changes a probability by at most the difference of logits, times the probability.
     */
    private static final double TOLERANCE = 1e-5;

    private static final long SEED = 1;

    private final Model model;
    private final Case inference;
    private final float[] x; // (batch, inputs)
    private final int[] rows; // the rows of the output that are known
    private final float[] expected; // (rows.length, outputs)
    private final double tolerance;

    /** Makes the input and computes what is expected. */
    Workload(final Case inference, final Model model) {
        this.inference = inference;
        this.model = model;
        final int inputs = model.mlp().inputs();
        final int outputs = model.mlp().outputs();
        final SplittableRandom random = new SplittableRandom(SEED);
        x = new float[inference.batch() * inputs];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(-1, 1);
        }
        rows = Samples.rows(inference.batch(), inference.flopsOfRow());
        expected = new float[rows.length * outputs];
        final InferenceSession reference =
                Predictor.of(model, ReferenceKernels.INSTANCE).session(1);
        for (int r = 0; r < rows.length; r++) {
            reference.run(1, x, rows[r] * inputs, expected, r * outputs);
        }
        // Values may cancel to almost nothing, but their terms are about as large as the input. Probabilities cannot.
        double largest = model.mlp().head() == Head.SOFTMAX ? 0 : 1;
        for (final float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        tolerance = TOLERANCE * largest;
    }

    /** The model of a network: always the same. */
    static Model model(final Mlp mlp) {
        return Model.of(Parameters.random(mlp, SEED));
    }

    /** The network and the batch. */
    public Case inference() {
        return inference;
    }

    /** The model. */
    public Model model() {
        return model;
    }

    /** The input, (batch, inputs), row-major; not to be changed. */
    public float[] x() {
        return x;
    }

    /**
     * Compares an output with the reference; returns what is wrong, or null.
     *
     * @param exact whether the bits have to be equal
     */
    @Nullable
    String fault(final float[] y, final boolean exact) {
        final int outputs = model.mlp().outputs();
        if (y.length != inference.batch() * outputs) {
            return "the output has " + y.length + " elements, expected " + inference.batch() * outputs;
        }
        for (int r = 0; r < rows.length; r++) {
            for (int j = 0; j < outputs; j++) {
                final float got = y[rows[r] * outputs + j];
                final float want = expected[r * outputs + j];
                final boolean right = exact
                        ? Float.floatToIntBits(got) == Float.floatToIntBits(want)
                        : Math.abs((double) got - want) <= tolerance;
                if (!right) {
                    return "output " + j + " of row " + rows[r] + " is " + got + ", expected " + want;
                }
            }
        }
        return null;
    }
}
