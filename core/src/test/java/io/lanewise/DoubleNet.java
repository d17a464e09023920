package io.lanewise;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;

/** A network in {@code double}, straight from the textbook: shares nothing with the kernels but the architecture. */
public final class DoubleNet {
    private DoubleNet() {}

    /** What the last layer gives for one row, before any softmax. */
    public static double[] logits(final Mlp mlp, final double[] parameters, final double[] row) {
        double[] in = row;
        int at = 0;
        for (final Dense layer : mlp.layers()) {
            final double[] out = new double[layer.outputs()];
            final int bias = at + layer.inputs() * layer.outputs();
            for (int j = 0; j < out.length; j++) {
                double sum = parameters[bias + j];
                for (int i = 0; i < in.length; i++) {
                    sum += in[i] * parameters[at + i * out.length + j];
                }
                out[j] = activated(layer.activation(), sum);
            }
            at = bias + out.length;
            in = out;
        }
        return in;
    }

    /** Class probabilities or values, for one row. */
    public static double[] predict(final Mlp mlp, final double[] parameters, final double[] row) {
        final double[] logits = logits(mlp, parameters, row);
        return mlp.head() == Head.SOFTMAX ? softmax(logits) : logits;
    }

    /** Softmax, for logits that are not huge. */
    public static double[] softmax(final double[] logits) {
        double sum = 0;
        for (final double logit : logits) {
            sum += Math.exp(logit);
        }
        final double[] p = new double[logits.length];
        for (int j = 0; j < p.length; j++) {
            p[j] = Math.exp(logits[j]) / sum;
        }
        return p;
    }

    /** The mean cross-entropy of some rows. */
    public static double crossEntropy(
            final Mlp mlp, final double[] parameters, final double[][] x, final int[] labels) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum -= Math.log(predict(mlp, parameters, x[i])[labels[i]]);
        }
        return sum / x.length;
    }

    /** The mean squared error over all elements of some rows. */
    public static double squaredError(
            final Mlp mlp, final double[] parameters, final double[][] x, final double[][] targets) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            final double[] y = predict(mlp, parameters, x[i]);
            for (int j = 0; j < y.length; j++) {
                sum += (y[j] - targets[i][j]) * (y[j] - targets[i][j]);
            }
        }
        return sum / x.length / mlp.outputs();
    }

    /** The same numbers in {@code double}. */
    public static double[] widened(final float[] values) {
        final double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Row-major rows, one array each. */
    public static double[][] rows(final float[] values, final int columns) {
        final double[][] rows = new double[values.length / columns][columns];
        for (int i = 0; i < rows.length * columns; i++) {
            rows[i / columns][i % columns] = values[i];
        }
        return rows;
    }

    /** The activation of one number. */
    public static double activated(final Activation f, final double x) {
        return switch (f) {
            case IDENTITY -> x;
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> x < 0 ? 0.01 * x : x;
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case TANH -> Math.tanh(x);
            case ELU -> x < 0 ? Math.expm1(x) : x;
            case SELU -> 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x);
            case GELU -> DoubleMath.gelu(x);
            case GELU_TANH -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case SILU -> x / (1 + Math.exp(-x));
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case HARD_SIGMOID -> Math.clamp(x / 6 + 0.5, 0, 1);
            case HARD_SWISH -> x * Math.clamp(x / 6 + 0.5, 0, 1);
            case RELU6 -> Math.clamp(x, 0, 6);
        };
    }
}
