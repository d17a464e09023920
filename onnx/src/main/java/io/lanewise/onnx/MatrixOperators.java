package io.lanewise.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Products of matrices. */
final class MatrixOperators {
    private MatrixOperators() {}

    static void register(final Map<String, Operator> operators) {
        operators.put("MatMul", (op, x) -> List.of(product(op, x.get(0), x.get(1))));
        operators.put("Gemm", MatrixOperators::gemm);
    }

    /** A (…, m, k) · B (…, k, n), with dimensions of 1 as numpy adds them. */
    private static Tensor product(final Op op, final Tensor a, final Tensor b) {
        if (a.rank() == 0 || b.rank() == 0) {
            throw new Refusal("expected matrices, got " + a + " and " + b);
        }
        final int[] p = a.rank() == 1 ? new int[] {1, a.size()} : a.shape();
        final int[] q = b.rank() == 1 ? new int[] {b.size(), 1} : b.shape();
        final int m = p[p.length - 2];
        final int k = p[p.length - 1];
        final int n = q[q.length - 1];
        if (q[q.length - 2] != k) {
            throw new Refusal("expected matrices that fit, got " + a + " and " + b);
        }
        final int[] left = Arrays.copyOf(p, p.length - 2);
        final int[] right = Arrays.copyOf(q, q.length - 2);
        final int[] batch = Broadcast.shape(left, right);
        final int[] all = Dimensions.joined(batch, new int[] {m, n});
        final double[] c = new double[op.budget().take(all)];
        op.budget().work((long) c.length * k + op.budget().take(batch));
        final int[] leftPlaces = Broadcast.places(left, batch);
        final int[] rightPlaces = Broadcast.places(right, batch);
        final double[] rights = b.toReals();
        for (int at = 0; c.length > 0 && at < leftPlaces.length; at++) {
            for (int i = 0; i < m; i++) {
                for (int l = 0; l < k; l++) {
                    final double value = a.real((leftPlaces[at] * m + i) * k + l);
                    addScaled(value, rights, (rightPlaces[at] * k + l) * n, c, (at * m + i) * n, n);
                }
            }
        }
        final int[] rows = a.rank() == 1 ? new int[0] : new int[] {m};
        final int[] columns = b.rank() == 1 ? new int[0] : new int[] {n};
        return Tensor.ofReals(
                        a.type().isReal() ? a.type() : ElementType.DOUBLE, c, Dimensions.joined(batch, rows, columns))
                .cast(a.type());
    }

    /** c += value · b, of n elements each. */
    private static void addScaled(
            final double value, final double[] b, final int fromB, final double[] c, final int fromC, final int n) {
        for (int j = 0; j < n; j++) {
            c[fromC + j] += value * b[fromB + j];
        }
    }

    private static List<Tensor> gemm(final Op op, final Operands x) {
        final Tensor a = op.integer("transA", 0) == 0 ? x.get(0) : transposed(op, x.get(0));
        final Tensor b = op.integer("transB", 0) == 0 ? x.get(1) : transposed(op, x.get(1));
        if (a.rank() != 2 || b.rank() != 2) {
            throw new Refusal("expected matrices, got " + x.get(0) + " and " + x.get(1));
        }
        final double alpha = op.real("alpha", 1);
        final double beta = op.real("beta", 1);
        final Tensor product = product(op, a, b);
        final Tensor scaled = product.type().isReal() ? product.map(v -> alpha * v) : product;
        return List.of(
                x.has(2)
                        ? Broadcast.reals(op.budget(), scaled.type(), scaled, x.get(2), (p, c) -> p + beta * c)
                        : scaled);
    }

    /** A matrix with its dimensions exchanged. */
    static Tensor transposed(final Op op, final Tensor matrix) {
        if (matrix.rank() != 2) {
            throw new Refusal("expected a matrix, got " + matrix);
        }
        final int rows = matrix.dimension(0);
        final int columns = matrix.dimension(1);
        final int[] shape = {columns, rows};
        op.budget().take(shape);
        return matrix.gather(Broadcast.places(shape, new int[] {1, columns}, 0), shape);
    }
}
