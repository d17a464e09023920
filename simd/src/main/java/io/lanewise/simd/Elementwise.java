package io.lanewise.simd;

import static io.lanewise.simd.Simd.FLOATS;
import static io.lanewise.simd.Simd.LANES;

import io.lanewise.kernel.Activation;
import io.lanewise.reference.ScalarActivations;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Loops over single elements: activations, standardisation, sums and products. Arguments were checked. */
final class Elementwise {
    private Elementwise() {}

    /** {@code Y = f(Y)}. */
    static void activate(
            final Activation f, final int rows, final int columns, final float[] y, final int yOffset, final int ldy) {
        if (f == Activation.IDENTITY) {
            return;
        }
        if (ldy == columns) {
            activateRow(f, rows * columns, y, yOffset); // one long row has one tail
            return;
        }
        for (int i = 0; i < rows; i++) {
            activateRow(f, columns, y, yOffset + i * ldy);
        }
    }

    private static void activateRow(final Activation f, final int n, final float[] y, final int offset) {
        final int whole = FLOATS.loopBound(n);
        switch (f) {
            case IDENTITY -> {
                return;
            }
            case RELU -> relu(whole, y, offset);
            case LEAKY_RELU -> leakyRelu(whole, y, offset);
            case SIGMOID -> VectorMath.sigmoid(whole, y, offset, y, offset);
            case TANH -> VectorMath.tanh(whole, y, offset, y, offset);
            case ELU -> VectorActivations.elu(whole, 1f, 1f, y, offset, y, offset);
            case SELU ->
                VectorActivations.elu(whole, Activation.SELU_POSITIVE, Activation.SELU_NEGATIVE, y, offset, y, offset);
            case GELU -> VectorActivations.gelu(whole, y, offset, y, offset);
            case GELU_TANH -> VectorActivations.geluTanh(whole, y, offset, y, offset);
            case SILU -> VectorActivations.silu(whole, y, offset, y, offset);
            case SOFTPLUS -> VectorActivations.softplus(whole, y, offset, y, offset);
            case HARD_SIGMOID -> hardSigmoid(whole, y, offset);
            case HARD_SWISH -> hardSwish(whole, y, offset);
            case RELU6 -> relu6(whole, y, offset);
        }
        for (int j = whole; j < n; j++) {
            y[offset + j] = ScalarActivations.activate(f, y[offset + j]);
        }
    }

    private static void relu(final int n, final float[] y, final int offset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, y, offset + j);
            v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoArray(y, offset + j);
        }
    }

    private static void leakyRelu(final int n, final float[] y, final int offset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, y, offset + j);
            v.blend(v.mul(Activation.LEAKY_SLOPE), v.compare(VectorOperators.LT, 0f))
                    .intoArray(y, offset + j);
        }
    }

    private static void hardSigmoid(final int n, final float[] y, final int offset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, y, offset + j);
            final FloatVector h =
                    v.fma(FloatVector.broadcast(FLOATS, Activation.HARD_SLOPE), FloatVector.broadcast(FLOATS, 0.5f));
            final FloatVector raised = h.blend(0f, h.compare(VectorOperators.LT, 0f));
            raised.blend(1f, raised.compare(VectorOperators.GT, 1f)).intoArray(y, offset + j);
        }
    }

    private static void hardSwish(final int n, final float[] y, final int offset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, y, offset + j);
            final FloatVector h =
                    v.fma(FloatVector.broadcast(FLOATS, Activation.HARD_SLOPE), FloatVector.broadcast(FLOATS, 0.5f));
            final FloatVector raised = h.blend(0f, h.compare(VectorOperators.LT, 0f));
            final FloatVector bounded = raised.blend(1f, raised.compare(VectorOperators.GT, 1f));
            v.blend(-3f, v.compare(VectorOperators.LT, -3f)).mul(bounded).intoArray(y, offset + j);
        }
    }

    private static void relu6(final int n, final float[] y, final int offset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, y, offset + j);
            final FloatVector raised = v.blend(0f, v.compare(VectorOperators.LT, 0f));
            raised.blend(6f, raised.compare(VectorOperators.GT, 6f)).intoArray(y, offset + j);
        }
    }

    /** {@code dY = dY · f'}, from the activation's output Y, or its input where the derivative needs that. */
    static void activateBackward(
            final Activation f,
            final int rows,
            final int columns,
            final float[] y,
            final int yOffset,
            final int ldy,
            final float[] dy,
            final int dyOffset,
            final int lddy) {
        if (f == Activation.IDENTITY) {
            return;
        }
        if (ldy == columns && lddy == columns) {
            backwardRow(f, rows * columns, y, yOffset, dy, dyOffset);
            return;
        }
        for (int i = 0; i < rows; i++) {
            backwardRow(f, columns, y, yOffset + i * ldy, dy, dyOffset + i * lddy);
        }
    }

    private static void backwardRow(
            final Activation f, final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        final int whole = FLOATS.loopBound(n);
        switch (f) {
            case IDENTITY -> {
                return;
            }
            case RELU -> reluBackward(whole, y, yOffset, dy, dyOffset);
            case LEAKY_RELU -> leakyReluBackward(whole, y, yOffset, dy, dyOffset);
            case SIGMOID -> sigmoidBackward(whole, y, yOffset, dy, dyOffset);
            case TANH -> tanhBackward(whole, y, yOffset, dy, dyOffset);
            case ELU -> eluBackward(whole, 1f, 1f, y, yOffset, dy, dyOffset);
            case SELU ->
                eluBackward(whole, Activation.SELU_POSITIVE, Activation.SELU_NEGATIVE, y, yOffset, dy, dyOffset);
            case GELU -> VectorDerivatives.gelu(whole, y, yOffset, dy, dyOffset);
            case GELU_TANH -> VectorDerivatives.geluTanh(whole, y, yOffset, dy, dyOffset);
            case SILU -> VectorDerivatives.silu(whole, y, yOffset, dy, dyOffset);
            case SOFTPLUS -> VectorDerivatives.softplus(whole, y, yOffset, dy, dyOffset);
            case HARD_SIGMOID -> insideBackward(whole, 1f, Activation.HARD_SLOPE, y, yOffset, dy, dyOffset);
            case HARD_SWISH -> hardSwishBackward(whole, y, yOffset, dy, dyOffset);
            case RELU6 -> insideBackward(whole, 6f, 1f, y, yOffset, dy, dyOffset);
        }
        for (int j = whole; j < n; j++) {
            dy[dyOffset + j] = ScalarActivations.backward(f, y[yOffset + j], dy[dyOffset + j]);
        }
    }

    private static void reluBackward(
            final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            FloatVector.zero(FLOATS)
                    .blend(d, out.compare(VectorOperators.GT, 0f))
                    .intoArray(dy, dyOffset + j);
        }
    }

    private static void leakyReluBackward(
            final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            d.mul(Activation.LEAKY_SLOPE)
                    .blend(d, out.compare(VectorOperators.GT, 0f))
                    .intoArray(dy, dyOffset + j);
        }
    }

    private static void sigmoidBackward(
            final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            d.mul(out.mul(one.sub(out))).intoArray(dy, dyOffset + j);
        }
    }

    private static void tanhBackward(
            final int n, final float[] y, final int yOffset, final float[] dy, final int dyOffset) {
        final FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            d.mul(out.neg().fma(out, one)).intoArray(dy, dyOffset + j);
        }
    }

    /** {@code dy · (y > 0 ? positive : y + negative)}. */
    private static void eluBackward(
            final int n,
            final float positive,
            final float negative,
            final float[] y,
            final int yOffset,
            final float[] dy,
            final int dyOffset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            d.mul(out.add(negative).blend(positive, out.compare(VectorOperators.GT, 0f)))
                    .intoArray(dy, dyOffset + j);
        }
    }

    /** {@code 0 < y && y < highest ? dy · slope : 0}. */
    private static void insideBackward(
            final int n,
            final float highest,
            final float slope,
            final float[] y,
            final int yOffset,
            final float[] dy,
            final int dyOffset) {
        final FloatVector zero = FloatVector.zero(FLOATS);
        for (int j = 0; j < n; j += LANES) {
            final FloatVector out = FloatVector.fromArray(FLOATS, y, yOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            final FloatVector below = zero.blend(d.mul(slope), out.compare(VectorOperators.LT, highest));
            zero.blend(below, out.compare(VectorOperators.GT, 0f)).intoArray(dy, dyOffset + j);
        }
    }

    private static void hardSwishBackward(
            final int n, final float[] x, final int xOffset, final float[] dy, final int dyOffset) {
        for (int j = 0; j < n; j += LANES) {
            final FloatVector in = FloatVector.fromArray(FLOATS, x, xOffset + j);
            final FloatVector d = FloatVector.fromArray(FLOATS, dy, dyOffset + j);
            final FloatVector inside = in.fma(
                    FloatVector.broadcast(FLOATS, 2f * Activation.HARD_SLOPE), FloatVector.broadcast(FLOATS, 0.5f));
            d.mul(inside.blend(0f, in.compare(VectorOperators.LT, -3f)).blend(1f, in.compare(VectorOperators.GT, 3f)))
                    .intoArray(dy, dyOffset + j);
        }
    }

    /** {@code Y = (X − mean) · scale}. */
    static void standardize(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] mean,
            final float[] scale,
            final float[] y,
            final int yOffset,
            final int ldy) {
        final int whole = FLOATS.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            final int from = xOffset + i * ldx;
            final int to = yOffset + i * ldy;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, x, from + j)
                        .sub(FloatVector.fromArray(FLOATS, mean, j))
                        .mul(FloatVector.fromArray(FLOATS, scale, j))
                        .intoArray(y, to + j);
            }
            for (int j = whole; j < columns; j++) {
                y[to + j] = (x[from + j] - mean[j]) * scale[j];
            }
        }
    }

    /** {@code Y = X · scale + shift}, one rounding. */
    static void affine(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] scale,
            final float[] shift,
            final float[] y,
            final int yOffset,
            final int ldy) {
        final int whole = FLOATS.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            final int from = xOffset + i * ldx;
            final int to = yOffset + i * ldy;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, x, from + j)
                        .fma(FloatVector.fromArray(FLOATS, scale, j), FloatVector.fromArray(FLOATS, shift, j))
                        .intoArray(y, to + j);
            }
            for (int j = whole; j < columns; j++) {
                y[to + j] = Math.fma(x[from + j], scale[j], shift[j]);
            }
        }
    }

    /** {@code Y = Y + X}. */
    static void add(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy) {
        final int whole = FLOATS.loopBound(columns);
        for (int i = 0; i < rows; i++) {
            final int from = xOffset + i * ldx;
            final int to = yOffset + i * ldy;
            for (int j = 0; j < whole; j += LANES) {
                FloatVector.fromArray(FLOATS, y, to + j)
                        .add(FloatVector.fromArray(FLOATS, x, from + j))
                        .intoArray(y, to + j);
            }
            for (int j = whole; j < columns; j++) {
                y[to + j] += x[from + j];
            }
        }
    }

    /** {@code Y = Y · X}. */
    static void multiply(
            final int rows,
            final int columns,
            final float[] x,
            final int xOffset,
            final int ldx,
            final float[] y,
            final int yOffset,
            final int ldy) {
        if (ldx == columns && ldy == columns) {
            multiplyRow(rows * columns, x, xOffset, y, yOffset); // one long row has one tail
            return;
        }
        for (int i = 0; i < rows; i++) {
            multiplyRow(columns, x, xOffset + i * ldx, y, yOffset + i * ldy);
        }
    }

    private static void multiplyRow(final int n, final float[] x, final int xRow, final float[] y, final int yRow) {
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            FloatVector.fromArray(FLOATS, y, yRow + j)
                    .mul(FloatVector.fromArray(FLOATS, x, xRow + j))
                    .intoArray(y, yRow + j);
        }
        for (int j = whole; j < n; j++) {
            y[yRow + j] *= x[xRow + j];
        }
    }

    /** {@code x = x > limit ? limit : x < −limit ? −limit : x}. */
    static void clip(final int n, final float limit, final float[] x, final int xOffset) {
        final int whole = FLOATS.loopBound(n);
        for (int j = 0; j < whole; j += LANES) {
            final FloatVector v = FloatVector.fromArray(FLOATS, x, xOffset + j);
            v.blend(-limit, v.compare(VectorOperators.LT, -limit))
                    .blend(limit, v.compare(VectorOperators.GT, limit))
                    .intoArray(x, xOffset + j);
        }
        for (int j = whole; j < n; j++) {
            final float v = x[xOffset + j];
            x[xOffset + j] = v > limit ? limit : v < -limit ? -limit : v;
        }
    }
}
