package io.lanewise.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators of the domain {@code ai.onnx.ml}, which scikit-learn's converters write. */
final class MlOperators {
    private static final String PREFIX = Op.ML + ".";

    private MlOperators() {}

    static void register(final Map<String, Operator> operators) {
        operators.put(PREFIX + "Scaler", MlOperators::scaler);
        operators.put(PREFIX + "ArrayFeatureExtractor", MlOperators::extractor);
    }

    private static List<Tensor> scaler(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final int width = tensor.rank() == 0 ? 1 : tensor.dimension(tensor.rank() - 1);
        op.budget().take(width);
        final double[] offset = repeated(op.reals("offset"), width, 0);
        final double[] scale = repeated(op.reals("scale"), width, 1);
        final double[] values = new double[op.budget().take(tensor.shape())];
        Arrays.setAll(values, i -> (tensor.real(i) - offset[i % width]) * scale[i % width]);
        return List.of(Tensor.ofReals(ElementType.FLOAT, values, tensor.shape()));
    }

    /** An attribute with an element for each column, or one for all; the default where there is none. */
    static double[] repeated(final double[] given, final int width, final double otherwise) {
        if (given.length == width) {
            return given;
        }
        if (given.length > 1) {
            throw new Refusal("expected " + width + " elements in an attribute, got " + given.length);
        }
        final double[] all = new double[width];
        Arrays.fill(all, given.length == 0 ? otherwise : given[0]);
        return all;
    }

    private static List<Tensor> extractor(final Op op, final Operands x) {
        final Tensor tensor = x.get(0);
        final Tensor indices = x.get(1);
        final int width = tensor.rank() == 0 ? 1 : tensor.dimension(tensor.rank() - 1);
        final int rows = width == 0 ? 0 : tensor.size() / width;
        final int[] shape = tensor.rank() < 2 ? new int[] {1, indices.size()} : tensor.shape();
        shape[shape.length - 1] = indices.size();
        final int[] from = new int[op.budget().take(shape)];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < indices.size(); j++) {
                from[i * indices.size() + j] = i * width + Op.axis(indices.integer(j), width);
            }
        }
        return List.of(tensor.gather(from, shape));
    }
}
