package io.lanewise.inference;

import io.lanewise.kernel.Backends;
import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Model;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model made ready to score: its weights are packed once, here, and shared by all sessions. Any number of threads, also
 * virtual ones, may use one predictor.
 *
 * <pre>{@code
 * Predictor predictor = Predictor.of(model);
 * int digit = predictor.classify(pixels);
 * }</pre>
 *
 * <p>The methods that score allocate their result, and borrow a session for the time of the call: at most as many
 * as the machine has processors are in use at a time, and a call waits for one while they are. Where that is too much, use a
 * {@link #session} of your own.
 *
 * <p>A batch normalisation behind a dense layer without an activation, or else before a dense layer, is folded into that
 * layer here, in {@code double} and rounded once: with {@code s = weight / √(running variance + ε)} and
 * {@code t = bias − running mean · s}, weights behind are {@code W[i,j] · s[j]} and biases {@code b[j] · s[j] + t[j]};
 * before, {@code s[i] · W[i,j]}, and b[j] plus {@code t[i] · W[i,j]} for ascending i. Elsewhere it is
 * {@code fma(x, s, t)}. Nothing is folded whose result a residual connection reads.
 */
public final class Predictor {
    /** What a layer takes and gives, for a block of rows: this many values stay in the cache. */
    private static final int CACHED = 1 << 17;

    /** Fewer rows in a block would fetch large weights too often. */
    private static final int FEWEST_ROWS = 192;

    private static final int MOST_ROWS = 512;

    /** The elements of all that layers hand on for a block: very wide networks get by with fewer rows. */
    private static final int MOST_ELEMENTS = 1 << 24;

    private final Model model;
    private final Kernels kernels;
    private final Plan plan;
    private final int blockRows; // on one thread
    private final int mostBlockRows; // on any number of threads
    private final boolean strict;
    private final SessionPool sessions;

    private Predictor(final Model model, final Kernels kernels) {
        this.model = model;
        this.kernels = kernels;
        this.strict = false;
        this.plan = Planner.plan(model, kernels);
        final int widest = model.mlp().layers().stream()
                .mapToInt(layer -> layer.inputs() + layer.outputs())
                .max()
                .orElseThrow();
        final long elements = (long) model.mlp().inputs()
                + model.mlp().outputs()
                + plan.widths().stream().mapToLong(Integer::longValue).sum();
        this.mostBlockRows = Math.max(1, (int) (MOST_ELEMENTS / elements));
        this.blockRows = Math.min(mostBlockRows, Math.clamp(CACHED / widest, FEWEST_ROWS, MOST_ROWS));
        this.sessions = pool();
    }

    private Predictor(final Predictor lenient) {
        this.model = lenient.model;
        this.kernels = lenient.kernels;
        this.plan = lenient.plan;
        this.blockRows = lenient.blockRows;
        this.mostBlockRows = lenient.mostBlockRows;
        this.strict = true;
        this.sessions = pool();
    }

    private SessionPool pool() {
        return new SessionPool(Runtime.getRuntime().availableProcessors(), () -> session(blockRows));
    }

    /** Makes a model ready, on the best backend of this machine. */
    public static Predictor of(final Model model) {
        return of(model, Backends.best());
    }

    /** Makes a model ready on a given backend. */
    public static Predictor of(final Model model, final Kernels kernels) {
        return new Predictor(model, kernels);
    }

    /**
     * The same predictor, which shares the packed weights, but whose calls and sessions look first whether their thread
     * keeps denormal numbers, as {@link FloatingPoint#requireDenormals} does, and throw {@link IllegalStateException} if
     * not: for processes with native code that is not trusted to leave that alone. Costs some nanoseconds a call. The
     * other threads of a team are not looked at.
     */
    public Predictor strict() {
        return strict ? this : new Predictor(this);
    }

    boolean isStrict() {
        return strict;
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
     * @return (rows, outputs): what the head of the network says, probabilities, their logarithms or values
     * @throws IllegalArgumentException if {@code x} is not a whole number of rows, or the result too large for an array
     */
    public float[] predict(final float[] x) {
        final int rows = rows(x);
        final int inputs = model.mlp().inputs();
        final int outputs = model.mlp().outputs();
        if ((long) rows * outputs > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("the result of " + rows + " rows with " + outputs
                    + " outputs each does not fit into an array: score parts of them");
        }
        final float[] y = new float[rows * outputs];
        final InferenceSession session = sessions.borrow();
        try {
            for (int row = 0; row < rows; row += blockRows) {
                session.run(Math.min(blockRows, rows - row), x, row * inputs, y, row * outputs);
            }
        } finally {
            sessions.giveBack(session);
        }
        return y;
    }

    /**
     * The class (of a regression: the output) with the largest value, of one row; as {@link InferenceSession#classify}.
     *
     * @param row (inputs)
     */
    public int classify(final float[] row) {
        checkOneRow(row);
        final int[] classes = new int[1];
        final InferenceSession session = sessions.borrow();
        try {
            session.classify(1, row, 0, classes, 0);
        } finally {
            sessions.giveBack(session);
        }
        return classes[0];
    }

    /**
     * The class (of a regression: the output) with the largest value, of each row; as {@link InferenceSession#classify}.
     *
     * @param x (rows, inputs), row-major
     * @return (rows)
     * @throws IllegalArgumentException if {@code x} is not a whole number of rows
     */
    public int[] classifyAll(final float[] x) {
        final int rows = rows(x);
        final int inputs = model.mlp().inputs();
        final int[] classes = new int[rows];
        final InferenceSession session = sessions.borrow();
        try {
            for (int row = 0; row < rows; row += blockRows) {
                session.classify(Math.min(blockRows, rows - row), x, row * inputs, classes, row);
            }
        } finally {
            sessions.giveBack(session);
        }
        return classes;
    }

    /**
     * The k outputs with the largest values of one row, the largest first; of equal ones the first.
     *
     * @param row (inputs)
     * @param k from 1 to the number of outputs
     */
    public List<Ranked> top(final float[] row, final int k) {
        checkOneRow(row);
        if (k < 1 || k > model.mlp().outputs()) {
            throw new IllegalArgumentException(
                    "expected a k of 1 to " + model.mlp().outputs() + " outputs, got " + k);
        }
        final int[] classes = new int[k];
        final float[] scores = new float[classes.length];
        final InferenceSession session = sessions.borrow();
        try {
            session.topK(1, k, row, 0, classes, 0, scores, 0);
        } finally {
            sessions.giveBack(session);
        }
        return IntStream.range(0, k)
                .mapToObj(i -> new Ranked(classes[i], model.outputName(classes[i]), scores[i]))
                .toList();
    }

    /**
     * One of the outputs with the largest values.
     *
     * @param output its number, of a classifier the class
     * @param name its name, or its number where outputs have no names
     * @param score its value, of a classifier the probability (or what the head of the network gives)
     */
    public record Ranked(int output, String name, float score) {}

    /**
     * Runs on made-up rows until the kernels are compiled, for the calls of this class; as
     * {@link InferenceSession#warmUp()}. Other threads may score meanwhile.
     */
    public WarmUp warmUp() {
        final InferenceSession session = sessions.borrow();
        try {
            return session.warmUp();
        } finally {
            sessions.giveBack(session);
        }
    }

    Plan plan() {
        return plan;
    }

    /** How many rows go through all layers at a time. */
    int blockRows(final int threads) {
        return (int) Math.min((long) blockRows * threads, mostBlockRows);
    }

    private void checkOneRow(final float[] row) {
        final int inputs = model.mlp().inputs();
        if (row.length != inputs) {
            throw new IllegalArgumentException("expected one row of " + inputs + " features, got " + row.length);
        }
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
