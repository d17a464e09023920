package io.lanewise.training;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import org.jspecify.annotations.Nullable;

/** {@code Y = f(X)}; X and Y may be one memory where the derivative is known from Y. */
final class ActivationPass extends LayerPass {
    private static final int ELEMENTS = 4096; // of a piece

    private final Compute c;
    private final int width;
    private final Activation activation;
    private final Rows x; // (rows, width)
    private final float[] y; // (rows, width)
    private final boolean inPlace; // whether X and Y are one memory
    private final float[] dy; // (rows, width)
    private final @Nullable Target dx; // (rows, width)
    private final Elements handOn;
    private final Shares.Part activate = this::activate;
    private final Shares.Part activateBackward = this::activateBackward;

    ActivationPass(
            final Compute c,
            final ActivationLayer layer,
            final Rows x,
            final float[] y,
            final boolean inPlace,
            final float[] dy,
            final @Nullable Target dx) {
        this.c = c;
        this.width = layer.width();
        this.activation = layer.activation();
        this.x = x;
        this.y = y;
        this.inPlace = inPlace;
        this.dy = dy;
        this.dx = dx;
        this.handOn = new Elements(c, dy, dx);
    }

    @Override
    void forward(final int rows, final long step) {
        c.shares.run(rows, Math.max(1, ELEMENTS / width), width, activate);
    }

    private void activate(final int first, final int count, final int member) {
        final int at = first * width;
        if (!inPlace) {
            System.arraycopy(x.values, x.offset + at, y, at, count * width);
        }
        c.kernels.activate(activation, count, width, y, at, width);
    }

    @Override
    void backward(final int rows) {
        if (dx != null) {
            c.shares.run(rows, Math.max(1, ELEMENTS / width), width, activateBackward);
            handOn.pass(rows * width);
        }
    }

    private void activateBackward(final int first, final int count, final int member) {
        final int at = first * width;
        if (activation.derivativeFromInput()) {
            c.kernels.activateBackward(activation, count, width, x.values, x.offset + at, width, dy, at, width);
        } else {
            c.kernels.activateBackward(activation, count, width, y, at, width, dy, at, width);
        }
    }
}
