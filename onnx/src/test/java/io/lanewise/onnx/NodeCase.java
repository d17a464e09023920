package io.lanewise.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One of ONNX's own tests of operators, made by onnx/backend/test/case/node in onnx/onnx: a folder with a graph, and
 * folders with inputs and the outputs that they give.
 */
record NodeCase(String name, ModelProto model, Path folder) {
    /** What stands for the operator of a graph of several nodes. */
    static final String SEVERAL = "several nodes";

    private static final int OLDEST = 7; // opset that is read

    private static final double RELATIVE = 1e-3; // both are those of onnx/backend/test/case/test_case.py
    private static final double ABSOLUTE = 1e-7;

    /** All cases in a folder, in the order of their names. */
    static List<NodeCase> all(final Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(test -> Files.isRegularFile(test.resolve("model.onnx")))
                    .sorted()
                    .map(NodeCase::read)
                    .toList();
        }
    }

    /** Operators of older opsets are those of 7 in all cases: they have no version in between. */
    private static NodeCase read(final Path folder) {
        try {
            final ModelProto.Builder model =
                    ModelProto.newBuilder().mergeFrom(Files.readAllBytes(folder.resolve("model.onnx")));
            final OperatorSetIdProto.Builder opset = model.getOpsetImportBuilder(0);
            opset.setVersion(Math.max(opset.getVersion(), OLDEST));
            return new NodeCase(String.valueOf(folder.getFileName()), model.build(), folder);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the evaluator knows the operators of all nodes. */
    boolean isOfKnownOperators() {
        return model.getGraph().getNodeList().stream().allMatch(node -> Evaluator.knows(operator(node)));
    }

    /** The operator; {@link #SEVERAL} if there are more nodes, which are an operator's that is a function of others. */
    String operator() {
        final List<NodeProto> nodes = model.getGraph().getNodeList();
        return nodes.size() == 1 ? operator(nodes.getFirst()) : SEVERAL;
    }

    private static String operator(final NodeProto node) {
        return node.getDomain().isEmpty() ? node.getOpType() : node.getDomain() + "." + node.getOpType();
    }

    long opset() {
        return model.getOpsetImport(0).getVersion();
    }

    /**
     * Runs the graph on all its inputs.
     *
     * @throws Refusal if it cannot be run
     * @throws AssertionError if an output is not what it should be
     */
    void run() throws IOException {
        for (int set = 0; Files.isDirectory(data(set)); set++) {
            final Map<String, Tensor> inputs = new HashMap<>();
            final List<ValueInfoProto> taken = model.getGraph().getInputList();
            for (int i = 0; i < taken.size(); i++) {
                inputs.put(taken.get(i).getName(), tensor(data(set).resolve("input_" + i + ".pb")));
            }
            final Map<String, Tensor> outputs = Evaluator.run(model, inputs);
            final List<ValueInfoProto> given = model.getGraph().getOutputList();
            for (int i = 0; i < given.size(); i++) {
                final String output = given.get(i).getName();
                final Tensor found = outputs.get(output);
                if (found == null) {
                    throw new AssertionError(name + ": no output " + output);
                }
                check(output, tensor(data(set).resolve("output_" + i + ".pb")), found);
            }
        }
    }

    private Path data(final int set) {
        return folder.resolve("test_data_set_" + set);
    }

    private static Tensor tensor(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        return new TensorReader(new ExternalData(null), new Budget(bytes.length)).read(TensorProto.parseFrom(bytes));
    }

    private void check(final String output, final Tensor expected, final Tensor found) {
        if (!expected.toString().equals(found.toString())) { // type and shape
            throw new AssertionError(name + ", " + output + ": expected " + expected + ", got " + found);
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!isClose(expected, found, i)) {
                throw new AssertionError(name + ", " + output + ", element " + i + ": expected " + expected.text(i)
                        + ", got " + found.text(i));
            }
        }
    }

    private static boolean isClose(final Tensor expected, final Tensor found, final int i) {
        if (!expected.type().isReal()) {
            return expected.text(i).equals(found.text(i));
        }
        final double wanted = expected.real(i);
        final double got = expected.type().round(found.real(i));
        return Double.compare(wanted, got) == 0 || Math.abs(wanted - got) <= ABSOLUTE + RELATIVE * Math.abs(wanted);
    }
}
