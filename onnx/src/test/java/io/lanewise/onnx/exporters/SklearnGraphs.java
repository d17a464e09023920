package io.lanewise.onnx.exporters;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Graphs of scikit-learn's models as skl2onnx writes them; files named below are in skl2onnx/operator_converters of
 * onnx/sklearn-onnx. Inputs have no name for the batch.
 */
final class SklearnGraphs {
    private static final String ML = "ai.onnx.ml";
    private static final List<String> THREE = List.of("setosa", "versicolor", "virginica");

    private SklearnGraphs() {}

    static List<ExportedGraph> all() {
        final List<ExportedGraph> graphs = new ArrayList<>();
        for (final int opset : new int[] {9, 12, 15, 19, 21}) {
            graphs.add(classifier(opset, Storage.TYPED_FLOAT));
        }
        graphs.add(classifier(15, Storage.TYPED_DOUBLE));
        graphs.add(binaryClassifier());
        graphs.add(namedClasses(false));
        graphs.add(namedClasses(true));
        graphs.add(regressor("Relu", Storage.TYPED_FLOAT));
        graphs.add(regressor("Identity", Storage.TYPED_FLOAT));
        graphs.add(regressor("Tanh", Storage.TYPED_DOUBLE));
        graphs.add(pipeline());
        graphs.add(dividingPipeline());
        graphs.add(logisticRegression(3, "SOFTMAX"));
        graphs.add(logisticRegression(2, "LOGISTIC"));
        graphs.add(logisticRegressionInDoubles());
        graphs.add(linearRegression());
        return List.copyOf(graphs);
    }

    private static GraphBuilder graph(final int opset, final Storage storage) {
        return new GraphBuilder("skl2onnx", opset).storing(storage);
    }

    /** multilayer_perceptron.py, {@code _forward_pass}: MatMul and Add of a bias (1, outputs) behind a Cast. */
    private static String forward(
            final GraphBuilder graph, final String input, final String activation, final int... widths) {
        final int to = graph.scalarType().getNumber();
        String x = graph.node("Cast", Map.of("to", to), input);
        for (int i = 1; i < widths.length; i++) {
            final String product = graph.node("MatMul", x, graph.weights(widths[i - 1], widths[i], widths[i - 1]));
            x = graph.node("Add", product, graph.constant(graph.uniform(widths[i], -0.5, 0.5), 1, widths[i]));
            if (i < widths.length - 1) {
                x = graph.node(activation, x);
            }
        }
        return x;
    }

    /** The label: the class at the largest probability's place, of integers through Reshape and Cast. */
    private static void label(final GraphBuilder graph, final String probabilities, final TensorProto classes) {
        final String index = graph.node("ArgMax", Map.of("axis", 1), probabilities);
        graph.nodes(ML, "ArrayFeatureExtractor", List.of("extracted"), Map.of(), graph.constant(classes), index);
        final String shape = graph.integers(-1);
        if (classes.getDataType() == DataType.STRING.getNumber()) {
            graph.named("Reshape", "label", Map.of(), "extracted", shape);
            graph.output("label", DataType.STRING, "");
        } else {
            final String label = graph.node("Reshape", "extracted", shape);
            graph.named("Cast", "label", Map.of("to", DataType.INT64.getNumber()), label);
            graph.output("label", DataType.INT64, "");
        }
    }

    private static TensorProto integers(final int... classes) {
        final TensorProto.Builder tensor =
                TensorProto.newBuilder().setDataType(DataType.INT32.getNumber()).addDims(classes.length);
        for (final int number : classes) {
            tensor.addInt32Data(number);
        }
        return tensor.build();
    }

    private static TensorProto strings(final List<String> classes) {
        final TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDataType(DataType.STRING.getNumber())
                .addDims(classes.size());
        classes.forEach(name -> tensor.addStringData(ByteString.copyFromUtf8(name)));
        return tensor.build();
    }

    private static ExportedGraph classifier(final int opset, final Storage storage) {
        final GraphBuilder graph = graph(opset, storage);
        final String scores = forward(graph, graph.input("X", "", 16), "Relu", 16, 50, 20, 4);
        final String probabilities = graph.node("Softmax", opset < 13 ? Map.of("axis", 1) : Map.of("axis", -1), scores);
        graph.named("Identity", "probabilities", Map.of(), probabilities);
        label(graph, "probabilities", integers(3, 1, 4, 15));
        graph.output("probabilities", "", 4);
        return new ExportedGraph(
                "scikit-learn, opset " + opset + ": MLPClassifier in " + storage,
                graph.model(),
                "probabilities",
                "label",
                List.of("3", "1", "4", "15"));
    }

    /** Two classes: the probability of the second one, and 1 less it, side by side. */
    private static ExportedGraph binaryClassifier() {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        final String scores = forward(graph, graph.input("X", "", 8), "Tanh", 8, 10, 1);
        final String second = graph.node("Sigmoid", scores);
        final String first = graph.node("Sub", graph.scalar(1), second);
        graph.named("Concat", "probabilities", Map.of("axis", 1), first, second);
        label(graph, "probabilities", integers(0, 1));
        graph.output("probabilities", "", 2);
        return new ExportedGraph(
                "scikit-learn, opset 15: MLPClassifier of two classes",
                graph.model(),
                "probabilities",
                "label",
                List.of("0", "1"));
    }

    /** Classes with names; ZipMap (zip_map.py) makes a dictionary of each row's probabilities. */
    private static ExportedGraph namedClasses(final boolean zipped) {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        final String scores = forward(graph, graph.input("float_input", "", 4), "Sigmoid", 4, 12, 3);
        graph.named("Identity", "probabilities", Map.of(), graph.node("Softmax", Map.of("axis", 1), scores));
        label(graph, "probabilities", strings(THREE));
        if (zipped) {
            zip(graph, Map.of("classlabels_strings", THREE.toArray(String[]::new)), DataType.STRING);
        } else {
            graph.output("probabilities", "", 3);
        }
        return new ExportedGraph(
                "scikit-learn, opset 15: MLPClassifier of named classes" + (zipped ? " through ZipMap" : ""),
                graph.model(),
                "probabilities",
                "label",
                THREE);
    }

    private static void zip(final GraphBuilder graph, final Map<String, ?> labels, final DataType keys) {
        graph.nodes(ML, "ZipMap", List.of("output_probability"), labels, "probabilities");
        final TypeProto.Map.Builder map = TypeProto.Map.newBuilder()
                .setKeyType(keys.getNumber())
                .setValueType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber())));
        graph.outputOfType(
                "output_probability",
                TypeProto.newBuilder()
                        .setSequenceType(TypeProto.Sequence.newBuilder()
                                .setElemType(TypeProto.newBuilder().setMapType(map)))
                        .build());
    }

    /** The result is shaped (-1, 1). */
    private static ExportedGraph regressor(final String activation, final Storage storage) {
        final GraphBuilder graph = graph(15, storage);
        final String value = forward(graph, graph.input("X", "", 10), activation, 10, 100, 1);
        graph.named("Reshape", "variable", Map.of(), value, graph.integers(-1, 1));
        return new ExportedGraph(
                "scikit-learn, opset 15: MLPRegressor, " + activation + ", in " + storage,
                graph.output("variable", "", 1).model());
    }

    /** StandardScaler (scaler_op.py) is one node of ai.onnx.ml. */
    private static ExportedGraph pipeline() {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        final Map<String, ?> attributes = Map.of("offset", graph.uniform(6, -2, 2), "scale", graph.uniform(6, 0.5, 2));
        graph.nodes(ML, "Scaler", List.of("scaled"), attributes, graph.input("X", "", 6));
        final String scores = forward(graph, "scaled", "Relu", 6, 24, 3);
        graph.named("Identity", "probabilities", Map.of(), graph.node("Softmax", Map.of("axis", 1), scores));
        label(graph, "probabilities", integers(0, 1, 2));
        return new ExportedGraph(
                "scikit-learn, opset 15: StandardScaler and MLPClassifier",
                graph.output("probabilities", "", 3).model(),
                "probabilities",
                "label",
                List.of("0", "1", "2"));
    }

    /** StandardScaler with the option {@code div='div'}: Sub and Div. */
    private static ExportedGraph dividingPipeline() {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        String x = graph.node("Sub", graph.input("X", "", 6), graph.vector(6, -2, 2));
        x = graph.node("Div", x, graph.vector(6, 0.5, 2));
        graph.named("Reshape", "variable", Map.of(), forward(graph, x, "Relu", 6, 24, 1), graph.integers(-1, 1));
        return new ExportedGraph(
                "scikit-learn, opset 15: dividing StandardScaler and MLPRegressor",
                graph.output("variable", "", 1).model());
    }

    /** linear_classifier.py: LinearClassifier, Normalizer where there are three classes or more, and ZipMap. */
    private static ExportedGraph logisticRegression(final int classes, final String transform) {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        final double[] coefficients = graph.uniform(4 * classes, -1, 1);
        final double[] intercepts = graph.uniform(classes, -1, 1);
        if (classes == 2) { // the first class's are the second one's with the other sign
            for (int i = 0; i < 4; i++) {
                coefficients[i] = -coefficients[4 + i];
            }
            intercepts[0] = -intercepts[1];
        }
        final int[] labels = classes == 2 ? new int[] {0, 1} : new int[] {0, 1, 2};
        final String given = classes == 2 ? "probabilities" : "probability_tensor";
        graph.nodes(
                ML,
                "LinearClassifier",
                List.of("label", given),
                Map.of(
                        "coefficients", coefficients,
                        "intercepts", intercepts,
                        "multi_class", classes == 2 ? 0 : 1,
                        "post_transform", transform,
                        "classlabels_ints", labels),
                graph.input("float_input", "", 4));
        graph.output("label", DataType.INT64, "");
        if (classes > 2) {
            graph.nodes(ML, "Normalizer", List.of("probabilities"), Map.of("norm", "L1"), given);
        }
        zip(graph, Map.of("classlabels_int64s", labels), DataType.INT64);
        return new ExportedGraph(
                "scikit-learn, opset 15: LogisticRegression of " + classes + " classes",
                graph.model(),
                "probabilities",
                "label",
                classes == 2 ? List.of("0", "1") : List.of("0", "1", "2"));
    }

    /** linear_classifier.py for doubles: MatMul, Add and Softmax; the label is of the scores. */
    private static ExportedGraph logisticRegressionInDoubles() {
        final GraphBuilder graph = graph(15, Storage.TYPED_DOUBLE);
        final String product = graph.node("MatMul", graph.input("X", "", 4), graph.weights(4, 3, 4));
        final String scores = graph.node("Add", product, graph.constant(graph.uniform(3, -1, 1), 1, 3));
        label(graph, scores, integers(0, 1, 2));
        graph.named("Softmax", "probabilities", Map.of("axis", -1), scores);
        return new ExportedGraph(
                "scikit-learn, opset 15: LogisticRegression in doubles",
                graph.output("probabilities", "", 3).model(),
                "probabilities",
                "label",
                List.of("0", "1", "2"));
    }

    /** linear_regressor.py. */
    private static ExportedGraph linearRegression() {
        final GraphBuilder graph = graph(15, Storage.TYPED_FLOAT);
        graph.nodes(
                ML,
                "LinearRegressor",
                List.of("variable"),
                Map.of("coefficients", graph.uniform(7, -1, 1), "intercepts", graph.uniform(1, -1, 1)),
                graph.input("X", "", 7));
        return new ExportedGraph(
                "scikit-learn, opset 15: LinearRegression",
                graph.output("variable", "", 1).model());
    }
}
