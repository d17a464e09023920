package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What graphs have to be like, and what is told of them. */
final class GraphReaderTest {
    private static TestGraph valid() {
        return TestGraph.opset(17)
                .input("x", -1, 3)
                .dense("h", "x", 3, 4)
                .node("Relu", "r", "h")
                .dense("y", "r", 4, 2)
                .output("y", -1, 2);
    }

    private static String refusal(final Consumer<ModelProto.Builder> change) {
        final ModelProto.Builder model = valid().build().toBuilder();
        change.accept(model);
        return assertThrows(Refusal.class, () -> Importer.read(model.build(), new ExternalData(null)))
                .reason();
    }

    @Test
    void versions() {
        assertTrue(refusal(model -> model.setIrVersion(2)).contains("IR version 3 to 13, got 2"));
        assertTrue(refusal(model -> model.setIrVersion(14)).contains("got 14"));
        assertTrue(
                refusal(model -> model.getOpsetImportBuilder(0).setVersion(6)).contains("from 7 to 28, got 6"));
        assertTrue(
                refusal(model -> model.getOpsetImportBuilder(0).setVersion(29)).contains("got 29"));
        assertTrue(refusal(model -> model.removeOpsetImport(0)).contains("expected a version of its domain"));
        assertEquals(
                "node 'r', operator 'Relu' of domain 'com.example' version 0: expected a version of its domain in the"
                        + " file, got none",
                refusal(model -> model.getGraphBuilder().getNodeBuilder(1).setDomain("com.example")));
    }

    @Test
    void valuesAreGivenOnceAndBeforeTheyAreUsed() {
        assertTrue(refusal(model -> model.getGraphBuilder().getNodeBuilder(0).setInput(0, "r"))
                .contains("expected 'r' to be given before it is used"));
        assertTrue(refusal(model -> model.getGraphBuilder().getNodeBuilder(1).setOutput(0, "h"))
                .contains("expected one value called 'h', got two"));
        assertTrue(refusal(model -> model.getGraphBuilder().getOutputBuilder(0).setName("z"))
                .contains("expected a value for the output 'z'"));
        assertTrue(refusal(model ->
                        model.getGraphBuilder().addInitializer(model.getGraph().getInitializer(0)))
                .contains("expected one constant"));
        assertTrue(refusal(model ->
                        model.getGraphBuilder().addInput(model.getGraph().getInput(0)))
                .contains("expected one input"));
    }

    @Test
    void operatorsAreNamed() {
        assertEquals(
                "node 'r', operator 'Conv' of domain 'ai.onnx' version 17: this operator is not supported",
                refusal(model -> model.getGraphBuilder().getNodeBuilder(1).setOpType("Conv")));
    }

    @Test
    void constantsGrowInProportion() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 3)
                .integers("shape", 30_000, 30_000)
                .node("ConstantOfShape", "c", "shape")
                .node("MatMul", "y", "x,c")
                .output("y", -1, 2);
        assertTrue(Imports.refusal(graph).contains("in proportion to the file's size"));
    }

    @Test
    void nothingIsComputedFromTheNumberOfRows() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 3)
                .node("Shape", "s", "x")
                .node("Mul", "t", "s,s")
                .node("Reshape", "f", "x,t")
                .dense("y", "f", 3, 2)
                .output("y", -1, 2);
        assertTrue(Imports.refusal(graph).contains("from the number of rows"));
        final TestGraph bias = TestGraph.opset(17)
                .input("x", -1, 3)
                .node("Shape", "s", "x", attribute("end", 1))
                .random("w", 3, 2)
                .node("Gemm", "y", "x,w,s")
                .output("y", -1, 2);
        assertTrue(Imports.refusal(bias).contains("from the number of rows"));
    }

    @Test
    void whatBecameOfNodesIsTold() {
        final TensorProto one =
                TensorProto.newBuilder().setDataType(1).addFloatData(1).build();
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 3)
                .node("Constant", "one", "", attribute("value", one))
                .node("Identity", "same", "x")
                .node("Add", "a", "same,one")
                .dense("h", "a", 3, 4)
                .node("Sigmoid", "s", "h")
                .node("Mul", "silu", "h,s")
                .node("Abs", "other", "silu")
                .random("w", 4, 2)
                .random("b", 2)
                .node("MatMul", "product", "silu,w")
                .node("Add", "y", "product,b")
                .output("y", -1, 2);
        assertEquals(
                List.of(
                        "constant",
                        "nothing to do",
                        "scale and shift, folded",
                        "dense 3 → 4",
                        "part of silu",
                        "silu",
                        "not needed for the output 'y'",
                        "dense 4 → 2",
                        "bias of dense"),
                Importer.read(graph.build(), new ExternalData(null)).nodes().stream()
                        .map(OnnxGraph.Node::becomes)
                        .toList());
    }
}
