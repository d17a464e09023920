package io.lanewise.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Products with constant matrices, and normalisations that are nodes of their own. */
final class DenseRules {
    private DenseRules() {}

    static void register(final Map<String, Rule> rules) {
        rules.put("MatMul", DenseRules::matMul);
        rules.put("Gemm", DenseRules::gemm);
        rules.put("LayerNormalization", DenseRules::layerNormalization);
        rules.put("BatchNormalization", DenseRules::batchNormalization);
    }

    private static List<Value> matMul(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final Tensor matrix = node.constant(1);
        if (matrix.rank() == 0 || Tensor.size(matrix.shape()) == 0) {
            throw new Refusal("expected a matrix, got " + matrix);
        }
        final int rank = matrix.rank();
        final int outputs = rank == 1 ? 1 : matrix.dimension(rank - 1);
        final int inputs = matrix.size() / outputs;
        if (matrix.dimension(Math.max(rank - 2, 0)) != inputs) {
            throw new Refusal("expected one matrix, got several: " + matrix);
        }
        checkRow(x, inputs);
        node.symbols().budget().take(matrix.shape());
        final long[] from = x.shape().dimensions();
        final long[] dimensions = Arrays.copyOf(from, rank == 1 ? from.length - 1 : from.length);
        if (rank > 1) {
            dimensions[dimensions.length - 1] = outputs;
        }
        final int ones = Math.max(0, rank - Math.max(from.length, 2)); // the matrix has more dimensions
        final long[] shape = new long[ones + dimensions.length];
        Arrays.fill(shape, 0, ones, 1);
        System.arraycopy(dimensions, 0, shape, ones, dimensions.length);
        return dense(node, new RowShape(shape), new Form.Dense(x, matrix.toReals(), new double[outputs]));
    }

    private static void checkRow(final Symbol x, final int inputs) {
        final RowShape shape = x.shape();
        if (shape.rank() == 0 || !shape.isRow(shape.rank() - 1)) {
            throw new Refusal("expected a last dimension that makes up the whole row, got the shape " + shape);
        }
        if (shape.width() != inputs) {
            throw new Refusal("expected a matrix of " + shape.width() + " rows, got " + inputs);
        }
    }

    private static List<Value> gemm(final Rule.Node node) {
        final Op op = node.op();
        final Symbol x = node.symbol(0);
        final Tensor matrix = node.constant(1);
        if (op.integer("transA", 0) != 0 || x.shape().rank() != 2 || matrix.rank() != 2) {
            throw new Refusal("expected rows times a matrix, got the shape " + x.shape() + " and " + matrix
                    + (op.integer("transA", 0) != 0 ? ", the first one transposed" : ""));
        }
        final Tensor weight = op.integer("transB", 0) == 0 ? matrix : MatrixOperators.transposed(op, matrix);
        final int outputs = weight.dimension(1);
        checkRow(x, weight.dimension(0));
        final RowShape shape = RowShape.matrix(outputs);
        node.symbols().budget().take(weight.shape());
        final double[] weights = weight.toReals();
        scale(weights, op.real("alpha", 1));
        final Tensor c = node.optional(2);
        final double[] bias =
                c == null ? new double[outputs] : shape.row(c, node.symbols().budget());
        scale(bias, op.real("beta", 1));
        return dense(
                node,
                x.shape().hasRows() ? shape : new RowShape(new long[] {1, outputs}),
                new Form.Dense(x, weights, bias));
    }

    /** Without the constants, which are large and in the form already. */
    private static List<Value> dense(final Rule.Node node, final RowShape shape, final Form.Dense form) {
        return List.of(node.symbols().of(node.op(), List.of(form.x()), shape, form));
    }

    private static void scale(final double[] values, final double factor) {
        if (factor != 1) {
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
        }
    }

    private static List<Value> layerNormalization(final Rule.Node node) {
        final Symbol x = node.symbol(0);
        final RowShape shape = x.shape();
        final int axis = Op.axis(node.op().integer("axis", -1), shape.rank());
        if (!shape.isRowFrom(axis)) {
            throw new Refusal("expected that whole rows are normalised, got the shape " + shape + " from axis " + axis);
        }
        final Budget budget = node.symbols().budget();
        final Tensor bias = node.optional(2);
        return node.one(
                shape,
                new Form.LayerNormalized(
                        x,
                        epsilon(node.op()),
                        shape.row(node.constant(1), budget),
                        bias == null ? new double[x.width()] : shape.row(bias, budget)));
    }

    /** As 32-bit floats are kept, of which the attribute is one. */
    private static double epsilon(final Op op) {
        return op.real("epsilon", 1e-5f);
    }

    private static List<Value> batchNormalization(final Rule.Node node) {
        final Op op = node.op();
        if (op.integer("training_mode", 0) != 0
                || (op.version() < 14 && op.node().getOutputCount() > 1)) {
            throw new Refusal("expected running means and variances, got training_mode");
        }
        if (op.version() < 9 && op.integer("spatial", 1) == 0) {
            throw new Refusal("expected a mean for each channel, got spatial = 0");
        }
        final Symbol x = node.symbol(0);
        final RowShape shape = x.shape();
        if (shape.rank() < 2 || (shape.rowsAxis() != 0 && (shape.rowsAxis() > 0 || shape.dimensions()[0] != 1))) {
            throw new Refusal("expected rows of channels, got the shape " + shape);
        }
        final int channels = (int) shape.dimensions()[1];
        final int inner = x.width() / channels;
        final List<double[]> parameters = new ArrayList<>();
        for (int i = 1; i < 5; i++) {
            final Tensor given = node.constant(i);
            if (given.size() != channels) {
                throw new Refusal("expected " + channels + " elements as input " + i + ", got " + given);
            }
            final double[] all = new double[x.width()];
            Arrays.setAll(all, j -> given.real(j / inner));
            parameters.add(all);
        }
        return node.one(
                shape,
                new Form.BatchNormalized(
                        x, epsilon(op), parameters.get(0), parameters.get(1), parameters.get(2), parameters.get(3)));
    }
}
