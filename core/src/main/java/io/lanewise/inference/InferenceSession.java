package io.lanewise.inference;

import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Standardization;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Scores rows in memory of its own, sized once from the model and the largest batch: no call allocates. For one thread
 * at a time; a call while another thread is inside throws {@link IllegalStateException}. Make one session per thread
 * with {@link Predictor#session}: they share the packed weights.
 *
 * <p>Each row's result depends on that row alone, not on its place in the batch or the batch's size.
 */
public final class InferenceSession {
    private final Predictor predictor;
    private final Kernels kernels;
    private final Mlp mlp;
    private final Gemm[] products; // one per layer
    private final int maxRows;
    private final float @Nullable [] mean; // (inputs)
    private final float @Nullable [] scale; // (inputs)
    private final float[] standardized; // (maxRows, inputs), or nothing
    private final float[] even; // (maxRows, widest): what layers 0, 2, … give
    private final float[] odd; // (maxRows, widest): what layers 1, 3, … give
    private final Scratchpad scratchpad;
    private final AtomicBoolean busy = new AtomicBoolean();

    InferenceSession(final Predictor predictor, final int maxRows, final @Nullable ThreadTeam team) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected at least 1 row for each call, got " + maxRows);
        }
        this.predictor = predictor;
        this.kernels = predictor.kernels();
        this.mlp = predictor.model().mlp();
        this.maxRows = maxRows;
        this.products = mlp.layers().stream()
                .map(layer -> Gemm.AB.from(Gemm.Start.BIAS).then(layer.activation()))
                .toArray(Gemm[]::new);
        final Standardization standardization =
                predictor.model().standardization().orElse(null);
        this.mean = standardization == null ? null : standardization.mean();
        this.scale = standardization == null ? null : standardization.scale();
        this.standardized =
                standardization == null ? new float[0] : new float[Math.multiplyExact(maxRows, mlp.inputs())];
        this.even = new float[Math.multiplyExact(maxRows, mlp.widest())];
        this.odd = new float[even.length];
        this.scratchpad = kernels.scratchpad(maxRows, 0, Math.max(mlp.inputs(), mlp.widest()), team);
    }

    /** The most rows that one call may have. */
    public int maxRows() {
        return maxRows;
    }

    /**
     * Scores rows: class probabilities of a classifier, values of a regression.
     *
     * @param rows from 0 to {@link #maxRows}
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param y (rows, outputs), row-major from {@code yOffset}, output; must not overlap {@code x}
     * @throws IllegalArgumentException if there are more rows than the session was made for
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if another thread is using this session
     */
    public void run(final int rows, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        enter();
        try {
            final int outputs = mlp.outputs();
            checkInput(rows, x, xOffset);
            KernelChecks.matrix("Y", rows, outputs, y.length, yOffset, outputs);
            forward(rows, x, xOffset, y, yOffset);
            if (mlp.head() == Head.SOFTMAX) {
                kernels.softmax(rows, outputs, y, yOffset, outputs, y, yOffset, outputs, scratchpad);
            }
        } finally {
            busy.set(false);
        }
    }

    /**
     * The class (of a regression: the output) with the largest value of each row; of equal ones the first. No
     * probabilities are computed. A row with NaN among its outputs counts the first NaN as the largest.
     *
     * @param rows from 0 to {@link #maxRows}
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param classes (rows) from {@code classesOffset}, output
     * @throws IllegalArgumentException if there are more rows than the session was made for
     * @throws IndexOutOfBoundsException if an array is too short
     * @throws IllegalStateException if another thread is using this session
     */
    public void classify(
            final int rows, final float[] x, final int xOffset, final int[] classes, final int classesOffset) {
        enter();
        try {
            final int outputs = mlp.outputs();
            checkInput(rows, x, xOffset);
            KernelChecks.vector("classes", rows, classes.length, classesOffset);
            final float[] logits = buffer(mlp.layers().size() - 1);
            forward(rows, x, xOffset, logits, 0);
            for (int i = 0; i < rows; i++) {
                classes[classesOffset + i] = ArgMax.of(outputs, logits, i * outputs);
            }
        } finally {
            busy.set(false);
        }
    }

    /** All layers; the last one writes to y, which may be the buffer that is its own. */
    private void forward(final int rows, final float[] x, final int xOffset, final float[] y, final int yOffset) {
        float[] in = x;
        int inOffset = xOffset;
        if (mean != null && scale != null) {
            final int inputs = mlp.inputs();
            kernels.standardize(rows, inputs, x, xOffset, inputs, mean, scale, standardized, 0, inputs);
            in = standardized;
            inOffset = 0;
        }
        final int last = products.length - 1;
        for (int i = 0; i <= last; i++) {
            final Dense layer = mlp.layers().get(i);
            final float[] out = i == last ? y : buffer(i);
            final int outOffset = i == last ? yOffset : 0;
            kernels.gemm(
                    products[i],
                    rows,
                    in,
                    inOffset,
                    layer.inputs(),
                    predictor.weights(i),
                    predictor.parameters(),
                    mlp.biasOffset(i),
                    out,
                    outOffset,
                    layer.outputs(),
                    scratchpad);
            in = out;
            inOffset = outOffset;
        }
    }

    private float[] buffer(final int layer) {
        return layer % 2 == 0 ? even : odd;
    }

    private void checkInput(final int rows, final float[] x, final int xOffset) {
        if (rows > maxRows) {
            throw new IllegalArgumentException("expected at most " + maxRows + " rows, got " + rows
                    + ": make the session for more, or score in blocks");
        }
        KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("a session is for one thread at a time: make one per thread");
        }
    }
}
