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
import io.lanewise.reference.ReferenceKernels;
import java.util.ArrayList;
import java.util.List;

/**
 * A network while it is trained, forward and backward, in {@code double}, straight from the textbook: nothing is
 * computed in place, and a normalisation's gradient is the full Jacobian. It shares nothing with the kernels but the
 * architecture and the masks of dropouts.
 */
public final class DoubleTraining {
    private static final int LAYER_SHIFT = 40; // of a dropout's number in the address of its random numbers

    private final Mlp mlp;
    private final int rows;
    private final List<double[][]> masks = new ArrayList<>(); // by layer; nothing but for dropouts

    /**
     * A network in one step.
     *
     * @param seed the session's
     * @param step how many updates were made before
     */
    public DoubleTraining(final Mlp mlp, final int rows, final long seed, final int step) {
        this.mlp = mlp;
        this.rows = rows;
        for (int l = 0; l < mlp.layers().size(); l++) {
            masks.add(
                    mlp.layers().get(l) instanceof Dropout dropout
                            ? mask(dropout, seed, step, (long) l << LAYER_SHIFT)
                            : new double[0][]);
        }
    }

    private double[][] mask(final Dropout dropout, final long seed, final int step, final long element) {
        final float[] mask = new float[rows * dropout.width()];
        ReferenceKernels.INSTANCE.dropoutMask(mask.length, dropout.rate(), seed, step, element, mask, 0);
        return DoubleNet.rows(mask, dropout.width());
    }

    /** What the last layer gives: (rows, outputs). */
    public double[][] logits(final double[] parameters, final double[][] x) {
        return given(parameters, x).getLast();
    }

    /** What each layer gives: (rows, outputs). */
    private List<double[][]> given(final double[] p, final double[][] x) {
        final List<double[][]> given = new ArrayList<>();
        for (int l = 0; l < mlp.layers().size(); l++) {
            final int layer = l;
            final int at = mlp.parameterOffset(l);
            final double[][] in = taken(given, x, l - 1);
            given.add(
                    switch (mlp.layers().get(l)) {
                        case Dense dense -> each(dense, (i, j) -> f(dense.activation(), dot(dense, p, at, in[i], j)));
                        case LayerNorm norm ->
                            each(
                                    norm,
                                    (i, j) -> normal(in[i], j, norm.epsilon()) * p[at + j] + p[at + norm.width() + j]);
                        case BatchNorm norm ->
                            each(
                                    norm,
                                    (i, j) -> normal(column(in, j), i, norm.epsilon()) * p[at + j]
                                            + p[at + norm.width() + j]);
                        case ActivationLayer f -> each(f, (i, j) -> f(f.activation(), in[i][j]));
                        case Dropout dropout -> each(dropout, (i, j) -> in[i][j] * masks.get(layer)[i][j]);
                        case Add add -> {
                            final double[][] other = taken(given, x, add.from());
                            yield each(add, (i, j) -> in[i][j] + other[i][j]);
                        }
                    });
        }
        return given;
    }

    /** The gradients of all parameters, from that of what the last layer gives. */
    public double[] gradients(final double[] p, final double[][] x, final double[][] dLogits) {
        final List<double[][]> given = given(p, x);
        final double[] gradients = new double[p.length];
        final List<double[][]> d = new ArrayList<>(); // of what a layer gives; the first is that of the input
        d.add(new double[rows][mlp.inputs()]);
        mlp.layers().forEach(layer -> d.add(new double[rows][layer.outputs()]));
        add(d.getLast(), dLogits);
        for (int l = mlp.layers().size() - 1; l >= 0; l--) {
            final int layer = l;
            final int at = mlp.parameterOffset(l);
            final double[][] in = taken(given, x, l - 1);
            final double[][] dy = d.get(l + 1);
            final double[][] dx = d.get(l);
            switch (mlp.layers().get(l)) {
                case Dense dense -> dense(dense, p, at, in, dy, gradients, dx);
                case LayerNorm norm -> {
                    for (int i = 0; i < rows; i++) {
                        final double[] g = new double[norm.width()];
                        for (int j = 0; j < g.length; j++) {
                            gradients[at + j] += dy[i][j] * normal(in[i], j, norm.epsilon());
                            gradients[at + g.length + j] += dy[i][j];
                            g[j] = dy[i][j] * p[at + j];
                        }
                        final double[] dRow = throughNormal(in[i], norm.epsilon(), g);
                        for (int j = 0; j < g.length; j++) {
                            dx[i][j] += dRow[j];
                        }
                    }
                }
                case BatchNorm norm -> {
                    for (int j = 0; j < norm.width(); j++) {
                        final double[] g = new double[rows];
                        final double[] column = column(in, j);
                        for (int i = 0; i < rows; i++) {
                            gradients[at + j] += dy[i][j] * normal(column, i, norm.epsilon());
                            gradients[at + norm.width() + j] += dy[i][j];
                            g[i] = dy[i][j] * p[at + j];
                        }
                        final double[] dColumn = throughNormal(column, norm.epsilon(), g);
                        for (int i = 0; i < rows; i++) {
                            dx[i][j] += dColumn[i];
                        }
                    }
                }
                case ActivationLayer f -> add(dx, each(f, (i, j) -> dy[i][j] * slope(f.activation(), in[i][j])));
                case Dropout dropout -> add(dx, each(dropout, (i, j) -> dy[i][j] * masks.get(layer)[i][j]));
                case Add add -> {
                    add(dx, dy);
                    add(d.get(add.from() + 1), dy);
                }
            }
        }
        return gradients;
    }

    private void dense(
            final Dense dense,
            final double[] p,
            final int at,
            final double[][] x,
            final double[][] dy,
            final double[] gradients,
            final double[][] dx) {
        final int n = dense.outputs();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < n; j++) {
                final double dz = dy[i][j] * slope(dense.activation(), dot(dense, p, at, x[i], j));
                gradients[at + dense.inputs() * n + j] += dz;
                for (int k = 0; k < dense.inputs(); k++) {
                    gradients[at + k * n + j] += dz * x[i][k];
                    dx[i][k] += dz * p[at + k * n + j];
                }
            }
        }
    }

    /** {@code g · ∂normal / ∂x}, with ∂normal[k] / ∂x[j] = (δ[j,k] − 1 / n − normal[j] · normal[k] / n) / √(variance + ε). */
    private static double[] throughNormal(final double[] x, final double epsilon, final double[] g) {
        final int n = x.length;
        final double[] dx = new double[n];
        for (int j = 0; j < n; j++) {
            for (int k = 0; k < n; k++) {
                final double product = normal(x, j, epsilon) * normal(x, k, epsilon);
                dx[j] += g[k] * ((j == k ? 1 : 0) - 1.0 / n - product / n) / Math.sqrt(variance(x) + epsilon);
            }
        }
        return dx;
    }

    private static double normal(final double[] x, final int j, final double epsilon) {
        return (x[j] - mean(x)) / Math.sqrt(variance(x) + epsilon);
    }

    private static double mean(final double[] x) {
        double sum = 0;
        for (final double value : x) {
            sum += value;
        }
        return sum / x.length;
    }

    private static double variance(final double[] x) {
        final double mean = mean(x);
        double sum = 0;
        for (final double value : x) {
            sum += (value - mean) * (value - mean);
        }
        return sum / x.length;
    }

    private static double dot(final Dense dense, final double[] p, final int at, final double[] x, final int j) {
        double sum = p[at + dense.inputs() * dense.outputs() + j];
        for (int k = 0; k < x.length; k++) {
            sum += x[k] * p[at + k * dense.outputs() + j];
        }
        return sum;
    }

    private static double f(final Activation f, final double x) {
        return DoubleNet.activated(f, x);
    }

    /** The derivative. */
    static double slope(final Activation f, final double x) {
        final double sigmoid = DoubleMath.sigmoid(x);
        return switch (f) {
            case IDENTITY -> 1;
            case RELU -> x > 0 ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : 0.01;
            case SIGMOID -> sigmoid * (1 - sigmoid);
            case TANH -> 1 - Math.tanh(x) * Math.tanh(x);
            case ELU -> x > 0 ? 1 : Math.exp(x);
            case SELU -> 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x));
            case GELU -> (1 + DoubleMath.erf(x / Math.sqrt(2))) / 2 + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_TANH -> {
                final double t = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
                yield (1 + t) / 2 + x / 2 * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
            }
            case SILU -> sigmoid * (1 + x * (1 - sigmoid));
            case SOFTPLUS -> sigmoid;
            case HARD_SIGMOID -> Math.abs(x) < 3 ? 1.0 / 6 : 0;
            case HARD_SWISH -> x < -3 ? 0 : x > 3 ? 1 : x / 3 + 0.5;
            case RELU6 -> x > 0 && x < 6 ? 1 : 0;
        };
    }

    private static double[][] taken(final List<double[][]> given, final double[][] x, final int layer) {
        return layer == Add.INPUT ? x : given.get(layer);
    }

    private static double[] column(final double[][] x, final int j) {
        final double[] column = new double[x.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = x[i][j];
        }
        return column;
    }

    private static void add(final double[][] to, final double[][] from) {
        for (int i = 0; i < to.length; i++) {
            for (int j = 0; j < to[i].length; j++) {
                to[i][j] += from[i][j];
            }
        }
    }

    @FunctionalInterface
    private interface Element {
        double at(int i, int j);
    }

    private double[][] each(final Layer layer, final Element element) {
        final double[][] y = new double[rows][layer.outputs()];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < y[i].length; j++) {
                y[i][j] = element.at(i, j);
            }
        }
        return y;
    }
}
