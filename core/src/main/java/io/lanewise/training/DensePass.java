package io.lanewise.training;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.mlp.Dense;
import org.jspecify.annotations.Nullable;

/** {@code Y = f(X · W + b)}. */
final class DensePass extends LayerPass {
    private static final Gemm ABT_ADDING = Gemm.ABT.from(Gemm.Start.ACCUMULATE);
    private static final int COLUMNS = 64; // of a piece in the backward pass: 128 rows of them are 32 KB
    private static final int ELEMENTS = 4096; // of a piece in the forward pass

    private final Compute c;
    private final Activation activation;
    private final int inputs;
    private final int outputs;
    private final int weights; // where they start among the parameters
    private final int bias;
    private final Gemm product;
    private final Rows x; // (rows, inputs)
    private final float[] y; // (rows, outputs)
    private final float[] z; // (rows, outputs): what the derivative is computed from; y itself where that does
    private final float[] dy; // (rows, outputs)
    private final @Nullable Target dx; // (rows, inputs)
    private final Shares.Part activate = this::activate;
    private final Shares.Part activateBackward = this::activateBackward;
    private int rows;

    DensePass(
            final Compute c,
            final Dense layer,
            final int weights,
            final Rows x,
            final float[] y,
            final float[] dy,
            final @Nullable Target dx) {
        this.c = c;
        this.activation = layer.activation();
        this.inputs = layer.inputs();
        this.outputs = layer.outputs();
        this.weights = weights;
        this.bias = weights + (int) layer.weights();
        this.x = x;
        this.y = y;
        this.z = activation.derivativeFromInput() ? new float[y.length] : y;
        this.dy = dy;
        this.dx = dx;
        this.product =
                Gemm.AB.from(Gemm.Start.BIAS).then(activation.derivativeFromInput() ? Activation.IDENTITY : activation);
    }

    @Override
    void forward(final int rows, final long step) {
        this.rows = rows;
        c.kernels.gemm(
                product,
                rows,
                outputs,
                inputs,
                x.values,
                x.offset,
                inputs,
                c.parameters,
                weights,
                outputs,
                c.parameters,
                bias,
                z,
                0,
                outputs,
                c.scratchpad);
        if (activation.derivativeFromInput()) {
            c.shares.run(rows, Math.max(1, ELEMENTS / outputs), outputs, activate);
        }
    }

    private void activate(final int first, final int count, final int member) {
        System.arraycopy(z, first * outputs, y, first * outputs, count * outputs);
        c.kernels.activate(activation, count, outputs, y, first * outputs, outputs);
    }

    @Override
    void backward(final int rows) {
        this.rows = rows;
        c.shares.run(outputs, COLUMNS, rows, activateBackward);
        // dW = Xᵀ · dY
        c.kernels.gemm(
                Gemm.ATB,
                inputs,
                outputs,
                rows,
                x.values,
                x.offset,
                inputs,
                dy,
                0,
                outputs,
                null,
                0,
                c.gradients,
                weights,
                outputs,
                c.scratchpad);
        if (dx != null) {
            // dX = dY · Wᵀ, on top of what a later layer has given
            c.kernels.gemm(
                    dx.adds() ? ABT_ADDING : Gemm.ABT,
                    rows,
                    inputs,
                    outputs,
                    dy,
                    0,
                    outputs,
                    c.parameters,
                    weights,
                    outputs,
                    null,
                    0,
                    dx.values(),
                    0,
                    inputs,
                    c.scratchpad);
        }
    }

    /** The derivative of the activation, then the gradient of the bias while dY is in cache. */
    private void activateBackward(final int first, final int count, final int member) {
        if (activation != Activation.IDENTITY) {
            c.kernels.activateBackward(activation, rows, count, z, first, outputs, dy, first, outputs);
        }
        c.kernels.columnSums(rows, count, dy, first, outputs, c.gradients, bias + first);
    }
}
