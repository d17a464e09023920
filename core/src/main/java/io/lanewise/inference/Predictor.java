package io.lanewise.inference;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PackedMatrix;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A model made ready to score: its weights are packed once, here, and shared by all sessions. Any number of threads may
 * use one predictor.
 *
 * <pre>{@code
 * Predictor predictor = Predictor.of(model);
 * int digit = predictor.classify(pixels);
 * }</pre>
 *
 * <p>The methods that score allocate their result. Where that is too much, use a {@link #session}.
 */
public final class Predictor {
    /** How many rows the calls of this class push through the layers at a time: their activations stay in cache. */
    private static final int BLOCK = 64;

    private final Model model;
    private final Kernels kernels;
    private final List<PackedMatrix> weights; // one per layer
    private final float[] parameters; // the biases are read from here
    private final AtomicReference<@Nullable InferenceSession> spare = new AtomicReference<>();

    private Predictor(final Model model, final Kernels kernels) {
        this.model = model;
        this.kernels = kernels;
        this.parameters = model.parameters().toArray();
        final Mlp mlp = model.mlp();
        final List<PackedMatrix> packed = new ArrayList<>();
        for (int i = 0; i < mlp.layers().size(); i++) {
            final Dense layer = mlp.layers().get(i);
            packed.add(kernels.pack(layer.inputs(), layer.outputs(), parameters, mlp.weightOffset(i), layer.outputs()));
        }
        this.weights = List.copyOf(packed);
    }

    /** Makes a model ready, on the best backend of this machine. */
    public static Predictor of(final Model model) {
        return of(model, Backends.best());
    }

    /** Makes a model ready on a given backend. */
    public static Predictor of(final Model model, final Kernels kernels) {
        return new Predictor(model, kernels);
    }

    /** The model that is scored. */
    public Model model() {
        return model;
    }

    /** The backend that scores. */
    public Kernels kernels() {
        return kernels;
    }

    /**
     * A session of its own, for one thread: its calls allocate nothing.
     *
     * @param maxRows the most rows that one call will have, at least 1
     */
    public InferenceSession session(final int maxRows) {
        return session(maxRows, null);
    }

    /**
     * A session of its own, whose large products are shared out among a team of threads: the same bits, sooner. Small
     * ones stay on the thread of the caller. Sessions that are called at the same time need a team each.
     *
     * @param maxRows the most rows of one call, at least 1
     * @param team the threads, or null for the calling thread alone; must not be closed while the session is used
     */
    public InferenceSession session(final int maxRows, final @Nullable ThreadTeam team) {
        return new InferenceSession(this, maxRows, team);
    }

    /**
     * Scores rows.
     *
     * @param x (rows, inputs), row-major
     * @return (rows, outputs): class probabilities of a classifier, values of a regression
     * @throws IllegalArgumentException if {@code x} is not a whole number of rows
     */
    public float[] predict(final float[] x) {
        final int rows = rows(x);
        final int inputs = model.mlp().inputs();
        final int outputs = model.mlp().outputs();
        final float[] y = new float[Math.multiplyExact(rows, outputs)];
        final InferenceSession session = borrow();
        for (int row = 0; row < rows; row += BLOCK) {
            session.run(Math.min(BLOCK, rows - row), x, row * inputs, y, row * outputs);
        }
        spare.set(session);
        return y;
    }

    /**
     * The class (of a regression: the output) with the largest value, of one row.
     *
     * @param row (inputs)
     */
    public int classify(final float[] row) {
        final int inputs = model.mlp().inputs();
        if (row.length != inputs) {
            throw new IllegalArgumentException("expected one row of " + inputs + " features, got " + row.length);
        }
        final int[] classes = new int[1];
        final InferenceSession session = borrow();
        session.classify(1, row, 0, classes, 0);
        spare.set(session);
        return classes[0];
    }

    /**
     * The class (of a regression: the output) with the largest value, of each row.
     *
     * @param x (rows, inputs), row-major
     * @return (rows)
     * @throws IllegalArgumentException if {@code x} is not a whole number of rows
     */
    public int[] classifyAll(final float[] x) {
        final int rows = rows(x);
        final int inputs = model.mlp().inputs();
        final int[] classes = new int[rows];
        final InferenceSession session = borrow();
        for (int row = 0; row < rows; row += BLOCK) {
            session.classify(Math.min(BLOCK, rows - row), x, row * inputs, classes, row);
        }
        spare.set(session);
        return classes;
    }

    PackedMatrix weights(final int layer) {
        return weights.get(layer);
    }

    float[] parameters() {
        return parameters;
    }

    /** The session that the last call left, or a new one while other threads hold it. */
    private InferenceSession borrow() {
        final InferenceSession session = spare.getAndSet(null);
        return session == null ? session(BLOCK) : session;
    }

    private int rows(final float[] x) {
        final int inputs = model.mlp().inputs();
        if (x.length % inputs != 0) {
            throw new IllegalArgumentException("expected a whole number of rows of " + inputs + " features, got "
                    + x.length + " values (" + x.length / inputs + " rows and " + x.length % inputs + " values more)");
        }
        return x.length / inputs;
    }
}
