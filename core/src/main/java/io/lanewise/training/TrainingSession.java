package io.lanewise.training;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.KernelChecks;
import io.lanewise.kernel.Kernels;
import io.lanewise.kernel.PointwiseLoss;
import io.lanewise.kernel.Scratchpad;
import io.lanewise.kernel.ThreadTeam;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Parameters;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The step-by-step side of training: forward pass, loss, backward pass and update on one batch, in memory sized once
 * from the network and the largest batch. No step allocates. For one thread at a time; a call while another thread is
 * inside throws {@link IllegalStateException}.
 *
 * <p>The loss is the mean over the batch: softmax cross-entropy for a classifier, squared error (over all elements) for
 * a regression; the losses of the rows are added in their order, in {@code double}.
 */
public final class TrainingSession {
    private final Mlp mlp;
    private final List<Dense> layers;
    private final Optimizer optimizer;
    private final Kernels kernels;
    private final int maxRows;
    private final float[] parameters; // (parameterCount)
    private final float[] gradients; // (parameterCount)
    private final float[] firstMoment; // (parameterCount): Adam's m, the velocity of SGD
    private final float[] secondMoment; // (parameterCount), Adam only
    private final Gemm[] products; // one per layer
    private final float[][] activations; // workspace: layer i's output (maxRows, outputs)
    private final float[][] preActivations; // workspace: what layer i's activation is applied to (maxRows, outputs)
    private final float[] evenDelta; // (maxRows, widest): gradients of what layers 0, 2, … give
    private final float[] oddDelta; // (maxRows, widest): gradients of what layers 1, 3, … give
    private final float[] losses; // (maxRows)
    private final Scratchpad scratchpad;
    private final AtomicBoolean busy = new AtomicBoolean();
    private long steps;
    private double beta1Power = 1; // β1^steps
    private double beta2Power = 1; // β2^steps

    /**
     * Sizes all memory.
     *
     * @param initial where training starts
     * @param maxRows the most rows of one step, at least 1
     * @throws IllegalArgumentException if the network has other layers than dense ones, or a sigmoid head
     */
    public TrainingSession(
            final Parameters initial, final Optimizer optimizer, final int maxRows, final Kernels kernels) {
        this(initial, optimizer, maxRows, kernels, null);
    }

    /**
     * Sizes all memory; large products are shared out among a team of threads, which changes no bit.
     *
     * @param initial where training starts
     * @param maxRows the most rows of one step, at least 1
     * @param team the threads, or null for the calling thread alone; must not be closed while the session is used
     */
    public TrainingSession(
            final Parameters initial,
            final Optimizer optimizer,
            final int maxRows,
            final Kernels kernels,
            final @Nullable ThreadTeam team) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("expected at least 1 row for each step, got " + maxRows);
        }
        this.mlp = initial.mlp();
        requireTrainable(mlp);
        this.layers = mlp.layers().stream().map(Dense.class::cast).toList();
        this.optimizer = optimizer;
        this.kernels = kernels;
        this.maxRows = maxRows;
        this.parameters = initial.toArray();
        this.gradients = new float[parameters.length];
        this.firstMoment = new float[parameters.length];
        this.secondMoment = new float[optimizer instanceof Optimizer.Adam ? parameters.length : 0];
        this.products = layers.stream()
                .map(layer -> Gemm.AB
                        .from(Gemm.Start.BIAS)
                        .then(keepsPreActivations(layer) ? Activation.IDENTITY : layer.activation()))
                .toArray(Gemm[]::new);
        this.activations = layers.stream()
                .map(layer -> new float[Math.multiplyExact(maxRows, layer.outputs())])
                .toArray(float[][]::new);
        // Where the derivative is known from the output, one array is both.
        this.preActivations = new float[activations.length][];
        for (int i = 0; i < preActivations.length; i++) {
            preActivations[i] = keepsPreActivations(layers.get(i)) ? new float[activations[i].length] : activations[i];
        }
        this.evenDelta = new float[Math.multiplyExact(maxRows, mlp.widest())];
        this.oddDelta = new float[evenDelta.length];
        this.losses = new float[maxRows];
        // Y = X · W, dX = dY · Wᵀ and dW = Xᵀ · dY: each size may be any of the three.
        final int widest = Math.max(mlp.inputs(), mlp.widest());
        this.scratchpad = kernels.scratchpad(Math.max(widest, maxRows), widest, Math.max(widest, maxRows), team);
    }

    /**
     * One step of a classifier.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param labels (rows) from {@code labelsOffset}, each from 0 to outputs − 1
     * @return the mean loss of the batch, before the update. When it is not finite nothing was updated; a finite
     *     one says nothing of the parameters after the update.
     */
    public double step(final int rows, final float[] x, final int xOffset, final int[] labels, final int labelsOffset) {
        require(mlp.head().isClassifier(), "labels");
        enter();
        try {
            checkInput(rows, x, xOffset);
            final int last = layers.size() - 1;
            final int outputs = mlp.outputs();
            KernelChecks.labels(rows, outputs, labels, labelsOffset);
            forward(rows, x, xOffset);
            kernels.softmaxCrossEntropy(
                    rows,
                    outputs,
                    activations[last],
                    0,
                    outputs,
                    labels,
                    labelsOffset,
                    1f / rows,
                    losses,
                    0,
                    delta(last),
                    0,
                    outputs,
                    scratchpad);
            return finish(rows, x, xOffset, rows);
        } finally {
            busy.set(false);
        }
    }

    /**
     * One step of a regression.
     *
     * @param rows from 1 to the most that the session was made for
     * @param x (rows, inputs), row-major from {@code xOffset}
     * @param targets (rows, outputs), row-major from {@code targetsOffset}
     * @return the mean loss of the batch, before the update. When it is not finite nothing was updated; a finite
     *     one says nothing of the parameters after the update.
     */
    public double step(
            final int rows, final float[] x, final int xOffset, final float[] targets, final int targetsOffset) {
        require(mlp.head() == Head.LINEAR, "target values");
        enter();
        try {
            checkInput(rows, x, xOffset);
            final int last = layers.size() - 1;
            final int outputs = mlp.outputs();
            KernelChecks.matrix("targets", rows, outputs, targets.length, targetsOffset, outputs);
            forward(rows, x, xOffset);
            kernels.pointwiseLoss(
                    PointwiseLoss.SQUARED,
                    0,
                    rows,
                    outputs,
                    activations[last],
                    0,
                    outputs,
                    targets,
                    targetsOffset,
                    outputs,
                    2f / ((float) rows * outputs),
                    losses,
                    0,
                    delta(last),
                    0,
                    outputs,
                    scratchpad);
            return finish(rows, x, xOffset, (double) rows * outputs);
        } finally {
            busy.set(false);
        }
    }

    /** A copy of the parameters as they are now. */
    public Parameters parameters() {
        enter();
        try {
            return Parameters.of(mlp, parameters);
        } finally {
            busy.set(false);
        }
    }

    /** How many updates were made. */
    public long steps() {
        return steps;
    }

    private void forward(final int rows, final float[] x, final int xOffset) {
        float[] in = x;
        int inOffset = xOffset;
        for (int i = 0; i < products.length; i++) {
            final Dense layer = layers.get(i);
            kernels.gemm(
                    products[i],
                    rows,
                    layer.outputs(),
                    layer.inputs(),
                    in,
                    inOffset,
                    layer.inputs(),
                    parameters,
                    mlp.parameterOffset(i),
                    layer.outputs(),
                    parameters,
                    mlp.biasOffset(i),
                    preActivations[i],
                    0,
                    layer.outputs(),
                    scratchpad);
            if (keepsPreActivations(layer)) {
                System.arraycopy(preActivations[i], 0, activations[i], 0, rows * layer.outputs());
                kernels.activate(layer.activation(), rows, layer.outputs(), activations[i], 0, layer.outputs());
            }
            in = activations[i];
            inOffset = 0;
        }
    }

    private double finish(final int rows, final float[] x, final int xOffset, final double count) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += losses[i];
        }
        final double loss = sum / count;
        if (Double.isFinite(loss)) {
            backward(rows, x, xOffset);
            update();
        }
        return loss;
    }

    /** From the gradient of the last layer's output to the gradients of all parameters. */
    private void backward(final int rows, final float[] x, final int xOffset) {
        for (int i = products.length - 1; i >= 0; i--) {
            final Dense layer = layers.get(i);
            final int inputs = layer.inputs();
            final int outputs = layer.outputs();
            final float[] dy = delta(i); // (rows, outputs)
            final float[] in = i == 0 ? x : activations[i - 1]; // (rows, inputs)
            final int inOffset = i == 0 ? xOffset : 0;
            final int weights = mlp.parameterOffset(i);
            if (layer.activation() != Activation.IDENTITY) {
                kernels.activateBackward(
                        layer.activation(), rows, outputs, preActivations[i], 0, outputs, dy, 0, outputs);
            }
            // dW = Xᵀ · dY
            kernels.gemm(
                    Gemm.ATB,
                    inputs,
                    outputs,
                    rows,
                    in,
                    inOffset,
                    inputs,
                    dy,
                    0,
                    outputs,
                    null,
                    0,
                    gradients,
                    weights,
                    outputs,
                    scratchpad);
            kernels.columnSums(rows, outputs, dy, 0, outputs, gradients, mlp.biasOffset(i));
            if (i > 0) {
                // dX = dY · Wᵀ
                kernels.gemm(
                        Gemm.ABT,
                        rows,
                        inputs,
                        outputs,
                        dy,
                        0,
                        outputs,
                        parameters,
                        weights,
                        outputs,
                        null,
                        0,
                        delta(i - 1),
                        0,
                        inputs,
                        scratchpad);
            }
        }
    }

    private void update() {
        steps++;
        final int n = parameters.length;
        switch (optimizer) {
            case Optimizer.Sgd sgd ->
                kernels.sgd(
                        n,
                        1f,
                        sgd.learningRate(),
                        sgd.momentum(),
                        false,
                        sgd.weightDecay(),
                        gradients,
                        firstMoment,
                        parameters,
                        0);
            case Optimizer.Adam adam -> {
                beta1Power *= adam.beta1();
                beta2Power *= adam.beta2();
                kernels.adam(
                        n,
                        1f,
                        0f,
                        adam.beta1(),
                        adam.beta2(),
                        adam.epsilon(),
                        (float) (adam.learningRate() / (1 - beta1Power)),
                        (float) (1 / StrictMath.sqrt(1 - beta2Power)),
                        (float) (1 - (double) adam.learningRate() * adam.weightDecay()),
                        gradients,
                        firstMoment,
                        secondMoment,
                        parameters,
                        0);
            }
        }
    }

    private static boolean keepsPreActivations(final Dense layer) {
        return layer.activation().derivativeFromInput();
    }

    private float[] delta(final int layer) {
        return layer % 2 == 0 ? evenDelta : oddDelta;
    }

    /** Refuses what can be scored only, by name. */
    static void requireTrainable(final Mlp mlp) {
        for (int i = 0; i < mlp.layers().size(); i++) {
            if (!(mlp.layers().get(i) instanceof Dense)) {
                throw new IllegalArgumentException(
                        "layer " + i + ", " + mlp.layers().get(i)
                                + ", can be scored, but not trained yet: expected dense layers, with their activation,"
                                + " only");
            }
        }
        if (mlp.head() == Head.SIGMOID) {
            throw new IllegalArgumentException("a sigmoid head can be scored, but not trained yet");
        }
    }

    private void require(final boolean fits, final String what) {
        if (!fits) {
            throw new IllegalStateException("a network with a " + mlp.head() + " head does not learn from " + what);
        }
    }

    private void checkInput(final int rows, final float[] x, final int xOffset) {
        if (rows < 1 || rows > maxRows) {
            throw new IllegalArgumentException("expected 1 to " + maxRows + " rows, got " + rows);
        }
        KernelChecks.matrix("X", rows, mlp.inputs(), x.length, xOffset, mlp.inputs());
    }

    private void enter() {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException("a session is for one thread at a time: make one per thread");
        }
    }
}
