package io.lanewise.inference;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.FloatingPoint;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import java.nio.FloatBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Scores rows in memory of its own, sized once from the model and the largest batch: no call allocates. For one thread
 * at a time; a call while another thread is inside throws {@link IllegalStateException}. Make one session per thread
 * with {@link Predictor#session}: they share the packed weights.
 *
 * <p>Each row's result depends on that row alone, not on its place in the batch or the batch's size. Large batches go
 * through all layers in blocks of rows, so that what layers hand on stays in the cache, and the memory stays small.
 *
 * <p>All matrices are row-major without gaps. Arguments are checked before anything is written:
 * {@link IllegalArgumentException} if there are more rows than the session was made for, or the output overlaps
 * them; {@link IndexOutOfBoundsException} if an array or a buffer is too short.
 */
public final class InferenceSession {
    private final Kernels kernels;
    private final Mlp mlp;
    private final Plan.Step[] steps;
    private final int maxRows;
    private final int blockRows; // at most maxRows
    private final float[][] places; // for each place of the plan (blockRows, its width)
    private final float[] logits; // (blockRows, outputs), when the caller does not want them
    private final Scratchpad scratchpad;
    private final boolean strict;
    private final AtomicBoolean busy = new AtomicBoolean();
    private float @Nullable [] staged; // (blockRows, inputs): rows of a buffer that shows no array

    InferenceSession(final Predictor predictor, final int maxRows, final @Nullable ThreadTeam team) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected at least 1 row for each call, got " + maxRows);
        }
        final Plan plan = predictor.plan();
        this.kernels = predictor.kernels();
        this.mlp = predictor.model().mlp();
        this.maxRows = maxRows;
        this.strict = predictor.isStrict();
        this.blockRows = Math.min(maxRows, predictor.blockRows(team == null ? 1 : team.threads()));
        this.steps = plan.steps().toArray(Plan.Step[]::new);
        this.places = new float[plan.widths().size()][];
        for (int i = 0; i < places.length; i++) {
            places[i] = new float[Math.multiplyExact(blockRows, plan.widths().get(i))];
        }
        this.logits = new float[Math.multiplyExact(blockRows, mlp.outputs())];
        this.scratchpad = kernels.scratchpad(blockRows, 0, Math.max(mlp.inputs(), mlp.widest()), team);
    }

    /** The most rows that one call may have. */
    public int maxRows() {
        return maxRows;
    }

    /**
     * Scores rows: class probabilities of a classifier, values of a regression; what the {@link Head} says.
     *
     * @param rows from 0 to {@link #maxRows}
     * @param x (rows, inputs) from {@code xOffset}
     * @param y (rows, outputs) from {@code yOffset}, output; must not overlap {@code x}
     * @throws IllegalStateException if another thread is using this session
     */
    public void run(final int rows, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        score(rows, x, xOffset, y, yOffset, true);
    }

    /** As {@link #run}, but what the last layer gives, without softmax, log-softmax or sigmoid of the head. */
    public void logits(final int rows, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        score(rows, x, xOffset, y, yOffset, false);
    }

    private void score(
            final int rows,
            final float[] x,
            final int xOffset,
            final float[] y,
            final int yOffset,
            final boolean withHead) {
        enter();
        try {
            checkRows(rows);
            KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
            KernelChecks.matrix("Y", rows, mlp.outputs(), y.length, yOffset, mlp.outputs());
            Overlap.refuse(x, xOffset, rows * mlp.inputs(), "Y", y, yOffset, rows * mlp.outputs());
            for (int row = 0; row < rows; row += blockRows) {
                final int block = Math.min(blockRows, rows - row);
                final int to = yOffset + row * mlp.outputs();
                forward(block, x, xOffset + row * mlp.inputs(), y, to);
                if (withHead) {
                    head(block, y, to);
                }
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * As {@link #run(int, float[], int, float[], int)}, from buffer to buffer, direct or not, each from its position on.
     * Positions stay as they are. The first call with an {@code x} that has no {@code float[]} to be seen (it is direct,
     * read-only or a view of a {@code ByteBuffer}) allocates the memory that its rows are copied to. That buffers overlap
     * is only noticed where they are the same or have an array.
     *
     * @throws ReadOnlyBufferException if {@code y} cannot be written
     */
    public void run(final int rows, final FloatBuffer x, final FloatBuffer y) {
        score(rows, x, y, true);
    }

    /**
     * As {@link #logits(int, float[], int, float[], int)}, from buffer to buffer, as {@link #run(int, FloatBuffer,
     * FloatBuffer)}.
     *
     * @throws ReadOnlyBufferException if {@code y} cannot be written
     */
    public void logits(final int rows, final FloatBuffer x, final FloatBuffer y) {
        score(rows, x, y, false);
    }

    private void score(final int rows, final FloatBuffer x, final FloatBuffer y, final boolean withHead) {
        enter();
        try {
            final int inputs = mlp.inputs();
            final int outputs = mlp.outputs();
            checkRows(rows);
            KernelChecks.matrix("X", rows, inputs, x.limit(), x.position(), inputs);
            KernelChecks.matrix("Y", rows, outputs, y.limit(), y.position(), outputs);
            if (y.isReadOnly()) {
                throw new ReadOnlyBufferException();
            }
            Overlap.refuse(x, rows * inputs, y, rows * outputs);
            for (int row = 0; row < rows; row += blockRows) {
                final int block = Math.min(blockRows, rows - row);
                final int to = y.position() + row * outputs;
                final float[] out = y.hasArray() ? y.array() : logits;
                final int outOffset = y.hasArray() ? y.arrayOffset() + to : 0;
                forward(block, array(x, row, block), arrayOffset(x, row), out, outOffset);
                if (withHead) {
                    head(block, out, outOffset);
                }
                if (!y.hasArray()) {
                    y.put(to, out, 0, block * outputs);
                }
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * The class (of a regression: the output) with the largest value of each row; of equal ones the first. No
     * probabilities are computed. A row with NaN among its outputs counts the first NaN as the largest. A network with a
     * sigmoid head and one output decides between two classes: 1 if what the last layer gives is above 0, so that the
     * probability is above one half, before rounding; else, or if it is NaN, 0.
     *
     * @param rows from 0 to {@link #maxRows}
     * @param x (rows, inputs) from {@code xOffset}
     * @param classes (rows) from {@code classesOffset}, output
     * @throws IllegalStateException if another thread is using this session
     */
    public void classify(
            final int rows, final float[] x, final int xOffset, final int[] classes, final int classesOffset) {
        enter();
        try {
            checkRows(rows);
            KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
            KernelChecks.vector("classes", rows, classes.length, classesOffset);
            for (int row = 0; row < rows; row += blockRows) {
                final int block = Math.min(blockRows, rows - row);
                classes(block, x, xOffset + row * mlp.inputs(), classes, classesOffset + row);
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * As {@link #classify(int, float[], int, int[], int)}, of the rows of a buffer, direct or not, from its position on,
     * which stays as it is; as {@link #run(int, FloatBuffer, FloatBuffer)} takes them.
     */
    public void classify(final int rows, final FloatBuffer x, final int[] classes, final int classesOffset) {
        enter();
        try {
            checkRows(rows);
            KernelChecks.matrix("X", rows, mlp.inputs(), x.limit(), x.position(), mlp.inputs());
            KernelChecks.vector("classes", rows, classes.length, classesOffset);
            for (int row = 0; row < rows; row += blockRows) {
                final int block = Math.min(blockRows, rows - row);
                classes(block, array(x, row, block), arrayOffset(x, row), classes, classesOffset + row);
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * The k classes (of a regression: the outputs) with the largest values of each row, the largest first; of equal ones
     * the first. NaN counts as larger than all else. Of one output, that is always output 0.
     *
     * @param rows from 0 to {@link #maxRows}
     * @param k from 1 to the number of outputs
     * @param x (rows, inputs) from {@code xOffset}
     * @param classes (rows, k) from {@code classesOffset}, output
     * @param scores (rows, k) from {@code scoresOffset}, output: what {@link #run} gives for these classes; must not
     *     overlap {@code x}
     * @throws IllegalStateException if another thread is using this session
     */
    public void topK(
            final int rows,
            final int k,
            final float[] x,
            final int xOffset,
            final int[] classes,
            final int classesOffset,
            final float[] scores,
            final int scoresOffset) {
        enter();
        try {
            final int outputs = mlp.outputs();
            checkRows(rows);
            if (k < 1 || k > outputs) {
                throw new IllegalArgumentException("expected a k of 1 to " + outputs + " outputs, got " + k);
            }
            KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
            KernelChecks.matrix("classes", rows, k, classes.length, classesOffset, k);
            KernelChecks.matrix("scores", rows, k, scores.length, scoresOffset, k);
            Overlap.refuse(x, xOffset, rows * mlp.inputs(), "scores", scores, scoresOffset, rows * k);
            for (int row = 0; row < rows; row += blockRows) {
                final int block = Math.min(blockRows, rows - row);
                final int classesAt = classesOffset + row * k;
                forward(block, x, xOffset + row * mlp.inputs(), logits, 0);
                // By logits: probabilities can be equal where they are not.
                for (int i = 0; i < block; i++) {
                    TopK.of(outputs, logits, i * outputs, k, classes, classesAt + i * k);
                }
                head(block, logits, 0);
                for (int i = 0; i < block * k; i++) {
                    scores[scoresOffset + row * k + i] = logits[i / k * outputs + classes[classesAt + i]];
                }
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * Runs on made-up rows until the kernels are compiled, so that the first request is as fast as the thousandth: calls
     * of all sizes of batches that have kernels of their own, until for half a second no round of them has allocated
     * anything (a vector that is not in compiled code costs memory) nor been faster than before, for at most 20 seconds.
     *
     * @return what was seen; see {@link WarmUp#isCompiled}
     * @throws IllegalStateException if another thread is using this session
     */
    public WarmUp warmUp() {
        return warmUp(Duration.ofSeconds(20));
    }

    /**
     * As {@link #warmUp()}, for at most so long, and the call at hand.
     *
     * @throws IllegalStateException if another thread is using this session
     */
    public WarmUp warmUp(final Duration longest) {
        return WarmUp.of(this, mlp, blockRows, longest);
    }

    /** All layers, for a block of rows. */
    private void forward(final int rows, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        for (final Plan.Step step : steps) {
            final boolean given = step.x() == Plan.INPUT;
            final boolean wanted = step.y() == Plan.OUTPUT;
            // Of a step in place, X may be the output too.
            final float[] in = given ? x : step.x() == Plan.OUTPUT ? y : places[step.x()];
            step.operation()
                    .run(
                            kernels,
                            rows,
                            in,
                            given ? xOffset : step.x() == Plan.OUTPUT ? yOffset : 0,
                            wanted ? y : places[step.y()],
                            wanted ? yOffset : 0,
                            scratchpad);
        }
    }

    private void head(final int rows, final float[] y, final int yOffset) {
        final int n = mlp.outputs();
        switch (mlp.head()) {
            case SOFTMAX -> kernels.softmax(rows, n, y, yOffset, n, y, yOffset, n, scratchpad);
            case LOG_SOFTMAX -> kernels.logSoftmax(rows, n, y, yOffset, n, y, yOffset, n, scratchpad);
            case SIGMOID -> kernels.activate(Activation.SIGMOID, rows, n, y, yOffset, n);
            case LINEAR -> {}
        }
    }

    /** The classes of a block of rows. */
    private void classes(final int rows, final float[] x, final int xOffset, final int[] classes, final int at) {
        final int outputs = mlp.outputs();
        forward(rows, x, xOffset, logits, 0);
        for (int i = 0; i < rows; i++) {
            classes[at + i] = outputs == 1 && mlp.head() == Head.SIGMOID
                    ? (logits[i] > 0f ? 1 : 0)
                    : ArgMax.of(outputs, logits, i * outputs);
        }
    }

    /** The array with a block of rows of a buffer: its own, or one that they are copied to. */
    private float[] array(final FloatBuffer x, final int row, final int rows) {
        if (x.hasArray()) {
            return x.array();
        }
        if (staged == null) {
            staged = new float[Math.multiplyExact(blockRows, mlp.inputs())];
        }
        x.get(x.position() + row * mlp.inputs(), staged, 0, rows * mlp.inputs());
        return staged;
    }

    /** Where in that array they start. */
    private int arrayOffset(final FloatBuffer x, final int row) {
        return x.hasArray() ? x.arrayOffset() + x.position() + row * mlp.inputs() : 0;
    }

    private void checkRows(final int rows) {
        if (rows > maxRows) {
            throw new IllegalArgumentException("expected at most " + maxRows + " rows, got " + rows
                    + ": make the session for more, or score in blocks");
        }
    }

    private void enter() {
        if (strict) {
            FloatingPoint.requireDenormals();
        }
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("a session is for one thread at a time: make one per thread");
        }
    }
}
