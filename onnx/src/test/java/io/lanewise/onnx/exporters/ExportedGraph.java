package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A graph as another program writes it.
 *
 * @param name what is in it, and who writes such
 * @param model the file
 * @param scores the output that a prediction is compared with
 * @param label the output that has the label of the most probable class, or empty
 * @param labels the labels of the classes, as text; none where there is no output of them
 */
record ExportedGraph(String name, ModelProto model, String scores, String label, List<String> labels) {
    ExportedGraph(final String name, final ModelProto model) {
        this(name, model, model.getGraph().getOutput(0).getName(), "", List.of());
    }

    /** The inputs that a caller has to give. */
    List<ValueInfoProto> inputs() {
        final Set<String> constants = new HashSet<>();
        model.getGraph().getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
        return model.getGraph().getInputList().stream()
                .filter(input -> !constants.contains(input.getName()))
                .toList();
    }

    /** How many rows a call has: as many as a fixed dimension says, else the number that is wished for. */
    int rows(final int wished) {
        final TensorShapeProto.Dimension first = shape(inputs().getFirst()).getDim(0);
        return first.hasDimValue() ? (int) first.getDimValue() : wished;
    }

    /** The elements of an input's row. */
    int[] rowShape(final ValueInfoProto input) {
        return shape(input).getDimList().stream()
                .skip(1)
                .mapToInt(dimension -> (int) dimension.getDimValue())
                .toArray();
    }

    private static TensorShapeProto shape(final ValueInfoProto input) {
        return input.getType().getTensorType().getShape();
    }

    /** The features of a row: those of all inputs, one after the other. */
    int features() {
        return inputs().stream()
                .mapToInt(input -> DoubleArray.size(rowShape(input)))
                .sum();
    }

    /** Random rows, one after the other; their elements have few bits, so that every type holds them. */
    float[] randomRows(final int rows) {
        final SplittableRandom random = new SplittableRandom(rows);
        final float[] x = new float[rows * features()];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(-64, 65) / 32f;
        }
        return x;
    }

    /** What each input gets of rows that have the elements of all inputs. */
    Map<String, DoubleArray> feeds(final float[] x, final int rows) {
        final Map<String, DoubleArray> feeds = new LinkedHashMap<>();
        int from = 0;
        for (final ValueInfoProto input : inputs()) {
            final int[] rowShape = rowShape(input);
            final int width = DoubleArray.size(rowShape);
            final int first = from;
            final DoubleArray part =
                    DoubleArray.fill(new int[] {rows, width}, place -> x[place[0] * features() + first + place[1]]);
            final int[] shape = new int[rowShape.length + 1];
            shape[0] = rows;
            System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
            feeds.put(input.getName(), part.reshape(shape));
            from += width;
        }
        return feeds;
    }

    /** Whether ONNX Runtime computes with the precision of 32-bit floats at least. */
    boolean isPrecise() {
        return inputs().stream().allMatch(input -> {
            final int type = input.getType().getTensorType().getElemType();
            return type == DataType.FLOAT.getNumber() || type == DataType.DOUBLE.getNumber();
        });
    }

    @Override
    public String toString() {
        return name;
    }
}
