package io.lanewise;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.ActivationLayer;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.BatchNorm;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Dropout;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.LayerNorm;
import io.lanewise.mlp.Mlp;
import java.util.Arrays;

/** A network in {@code double}, straight from the textbook: shares nothing with the kernels but the architecture. */
public final class DoubleNet {
    private DoubleNet() {}

    /** What the last layer gives for one row, before any softmax. */
    public static double[] logits(final Mlp mlp, final double[] parameters, final double[] row) {
        final double[][] given = new double[mlp.layers().size()][];
        double[] in = row;
        int at = 0;
        for (int l = 0; l < given.length; l++) {
            final Layer layer = mlp.layers().get(l);
            final double[] x = in;
            final int start = at;
            in = switch (layer) {
                case Dense dense -> dense(dense, parameters, start, x);
                case LayerNorm norm -> layerNorm(norm, parameters, start, x);
                case BatchNorm norm -> batchNorm(norm, parameters, start, x);
                case ActivationLayer f ->
                    Arrays.stream(x).map(v -> activated(f.activation(), v)).toArray();
                case Dropout ignored -> x;
                case Add add -> sum(x, add.from() == Add.INPUT ? row : given[add.from()]);
            };
            given[l] = in;
            at += (int) layer.parameterCount();
        }
        return in;
    }

    private static double[] dense(final Dense layer, final double[] parameters, final int at, final double[] x) {
        final double[] y = new double[layer.outputs()];
        final int bias = at + layer.inputs() * layer.outputs();
        for (int j = 0; j < y.length; j++) {
            double sum = parameters[bias + j];
            for (int i = 0; i < x.length; i++) {
                sum += x[i] * parameters[at + i * y.length + j];
            }
            y[j] = activated(layer.activation(), sum);
        }
        return y;
    }

    private static double[] layerNorm(final LayerNorm norm, final double[] parameters, final int at, final double[] x) {
        final double mean = Arrays.stream(x).average().orElseThrow();
        final double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        final double[] y = new double[x.length];
        for (int j = 0; j < y.length; j++) {
            final double normal = (x[j] - mean) / Math.sqrt(variance + norm.epsilon());
            y[j] = normal * parameters[at + j] + parameters[at + x.length + j];
        }
        return y;
    }

    private static double[] batchNorm(final BatchNorm norm, final double[] parameters, final int at, final double[] x) {
        final int n = x.length;
        final double[] y = new double[n];
        for (int j = 0; j < n; j++) {
            final double normal =
                    (x[j] - parameters[at + 2 * n + j]) / Math.sqrt(parameters[at + 3 * n + j] + norm.epsilon());
            y[j] = normal * parameters[at + j] + parameters[at + n + j];
        }
        return y;
    }

    private static double[] sum(final double[] a, final double[] b) {
        final double[] sum = new double[a.length];
        for (int j = 0; j < sum.length; j++) {
            sum[j] = a[j] + b[j];
        }
        return sum;
    }

    /** Class probabilities or values, for one row. */
    public static double[] predict(final Mlp mlp, final double[] parameters, final double[] row) {
        final double[] logits = logits(mlp, parameters, row);
        return switch (mlp.head()) {
            case SOFTMAX -> softmax(logits);
            case LOG_SOFTMAX -> Arrays.stream(softmax(logits)).map(Math::log).toArray();
            case SIGMOID ->
                Arrays.stream(logits).map(v -> activated(Activation.SIGMOID, v)).toArray();
            case LINEAR -> logits;
        };
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
