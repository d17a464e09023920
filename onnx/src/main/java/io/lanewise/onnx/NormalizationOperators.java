package io.lanewise.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Softmax and normalisations. */
final class NormalizationOperators {
    /** From this version on the axis of softmax is the one; before, it and all behind it. */
    static final int SOFTMAX_OF_AXIS = 13;

    private NormalizationOperators() {}

    static void register(final Map<String, Operator> operators) {
        operators.put("Softmax", (op, x) -> softmax(op, x, NormalizationOperators::softmax));
        operators.put("LogSoftmax", (op, x) -> softmax(op, x, NormalizationOperators::logSoftmax));
        operators.put("LayerNormalization", NormalizationOperators::layerNormalization);
        operators.put("BatchNormalization", NormalizationOperators::batchNormalization);
    }

    static double[] softmax(final double[] x) {
        final double most = Arrays.stream(x).max().orElse(0);
        final double[] y = Arrays.stream(x).map(v -> StrictMath.exp(v - most)).toArray();
        final double sum = Arrays.stream(y).sum();
        return Arrays.stream(y).map(v -> v / sum).toArray();
    }

    static double[] logSoftmax(final double[] x) {
        final double most = Arrays.stream(x).max().orElse(0);
        final double sum = Arrays.stream(x).map(v -> StrictMath.exp(v - most)).sum();
        return Arrays.stream(x).map(v -> v - most - StrictMath.log(sum)).toArray();
    }

    private static List<Tensor> softmax(final Op op, final Operands x, final UnaryOperator<double[]> f) {
        final Tensor tensor = x.get(0);
        final boolean one = op.version() >= SOFTMAX_OF_AXIS;
        final int axis = Op.axis(op.integer("axis", one ? -1 : 1), Math.max(tensor.rank(), 1));
        final int[] shape = tensor.shape();
        final int inner = one && shape.length > 0 ? size(shape, axis + 1, shape.length) : 1;
        final int count = shape.length == 0 ? 1 : size(shape, axis, shape.length) / Math.max(inner, 1);
        final double[] values = new double[op.budget().take(shape)];
        for (int start = 0; start < values.length; start += count * inner) {
            for (int i = start; i < start + inner; i++) {
                final int from = i;
                final double[] row = new double[count];
                Arrays.setAll(row, k -> tensor.real(from + k * inner));
                final double[] y = f.apply(row);
                for (int k = 0; k < count; k++) {
                    values[from + k * inner] = y[k];
                }
            }
        }
        return List.of(Tensor.ofReals(tensor.type(), values, shape));
    }

    private static int size(final int[] shape, final int from, final int to) {
        return (int) Tensor.size(Arrays.copyOfRange(shape, from, to));
    }

    private static List<Tensor> layerNormalization(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final int[] shape = tensor.shape();
        final int axis = Op.axis(op.integer("axis", -1), shape.length);
        final int[] row = Arrays.copyOfRange(shape, axis, shape.length);
        final double epsilon = op.real("epsilon", 1e-5f);
        final Tensor scale = Broadcast.to(x.get(1), op.budget(), row);
        final Tensor bias = x.has(2) ? Broadcast.to(x.get(2), op.budget(), row) : null;
        final int width = (int) Tensor.size(row);
        final double[] values = new double[op.budget().take(shape)];
        final int rows = width == 0 ? 0 : values.length / width;
        final double[] means = new double[rows];
        final double[] deviations = new double[rows];
        for (int i = 0; i < rows; i++) {
            final double[] v = new double[width];
            final int start = i * width;
            Arrays.setAll(v, j -> tensor.real(start + j));
            final double mean = Arrays.stream(v).sum() / width;
            final double variance =
                    Arrays.stream(v).map(a -> (a - mean) * (a - mean)).sum() / width;
            means[i] = mean;
            deviations[i] = 1 / Math.sqrt(variance + epsilon);
            for (int j = 0; j < width; j++) {
                values[start + j] = (v[j] - mean) * deviations[i] * scale.real(j) + (bias == null ? 0 : bias.real(j));
            }
        }
        final int[] kept = shape.clone();
        Arrays.fill(kept, axis, shape.length, 1);
        return List.of(
                Tensor.ofReals(tensor.type(), values, shape),
                Tensor.ofReals(ElementType.FLOAT, means, kept),
                Tensor.ofReals(ElementType.FLOAT, deviations, kept));
    }

    private static List<Tensor> batchNormalization(final Op op, final Operands x) {
        if (op.integer("training_mode", 0) != 0
                || (op.version() < 14 && op.node().getOutputCount() > 1)) {
            throw new Refusal("expected running means and variances, got training_mode");
        }
        final Tensor tensor = x.get(0);
        final int[] shape = tensor.shape();
        final int channels = shape.length < 2 ? 1 : shape[1];
        final int inner = shape.length < 2 ? 1 : size(shape, 2, shape.length);
        final List<Tensor> parameters = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            if (x.get(i).size() != channels) {
                throw new Refusal("expected " + channels + " elements as input " + i + ", got " + x.get(i));
            }
            parameters.add(x.get(i));
        }
        final double epsilon = op.real("epsilon", 1e-5f);
        final double[] values = new double[op.budget().take(shape)];
        Arrays.setAll(values, i -> {
            final int c = i / Math.max(inner, 1) % channels;
            final double deviation = Math.sqrt(parameters.get(3).real(c) + epsilon);
            return (tensor.real(i) - parameters.get(2).real(c))
                            / deviation
                            * parameters.get(0).real(c)
                    + parameters.get(1).real(c);
        });
        return List.of(Tensor.ofReals(tensor.type(), values, shape));
    }
}
