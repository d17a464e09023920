package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static io.lanewise.onnx.TestGraph.integers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Add;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers in the spellings of exporters. */
final class ImportLayersTest {
    private static void is(final String expected, final TestGraph graph, final String output) {
        assertEquals(expected, Imports.same(graph, output).mlp().toString());
    }

    @Test
    void denseLayers() {
        is(
                "3 → 2 linear",
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .random("w", 2, 3)
                        .random("c", 1, 2)
                        .node(
                                "Gemm",
                                "y",
                                "x,w,c",
                                attribute("transB", 1),
                                attribute("alpha", 0.5),
                                attribute("beta", 2.0))
                        .output("y", -1, 2),
                "y");
        is(
                "3 → 2 relu → 2 linear",
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .random("w", 3, 2)
                        .random("c", 2)
                        .random("v", 2, 2)
                        .node("MatMul", "a", "x,w")
                        .node("Add", "b", "c,a")
                        .node("Relu", "d", "b")
                        .node("Transpose", "vt", "v", integers("perm", List.of(1L, 0L)))
                        .node("MatMul", "e", "d,vt")
                        .node("Add", "y", "e,c")
                        .output("y", -1, 2),
                "y");
    }

    /** What PyTorch writes for {@code x.view(x.size(0), -1)}. */
    @Test
    void reshapeByShape() {
        is(
                "12 → 5 linear",
                TestGraph.opset(11)
                        .input("x", -1, 3, 2, 2)
                        .integers("zero", 0)
                        .integers("one", 1)
                        .integers("rest", -1)
                        .integers("two", 2)
                        .node("Shape", "s", "x")
                        .node("Slice", "t", "s,zero,one,zero")
                        .node("Concat", "u", "t,rest", attribute("axis", 0))
                        .node("Reshape", "f", "x,u")
                        .dense("y", "f", 12, 5)
                        .output("y", -1, 5),
                "y");
        is(
                "12 → 5 linear",
                TestGraph.opset(11)
                        .input("x", -1, 3, 2, 2)
                        .constant(ai.onnx.proto.OnnxMl.TensorProto.newBuilder()
                                .setName("i")
                                .setDataType(7)
                                .addInt64Data(0)
                                .build())
                        .integers("rest", -1)
                        .node("Shape", "s", "x")
                        .node("Gather", "t", "s,i", attribute("axis", 0))
                        .node("Unsqueeze", "v", "t", integers("axes", List.of(0L)))
                        .node("Concat", "u", "v,rest", attribute("axis", 0))
                        .node("Reshape", "f", "x,u")
                        .dense("y", "f", 12, 5)
                        .output("y", -1, 5),
                "y");
    }

    @Test
    void shapesAreMoved() {
        is(
                "12 → 5 linear",
                TestGraph.opset(13)
                        .input("x", -1, 2, 6)
                        .integers("axes", 1)
                        .node("Unsqueeze", "a", "x,axes")
                        .node("Squeeze", "b", "a,axes")
                        .node("Identity", "c", "b")
                        .node("Dropout", "d", "c")
                        .node("Cast", "e", "d", attribute("to", 1))
                        .node("Flatten", "f", "e")
                        .dense("y", "f", 12, 5)
                        .output("y", -1, 5),
                "y");
        is(
                "12 → 5 linear",
                TestGraph.opset(13)
                        .input("x", -1, 3, 2, 2)
                        .node("Transpose", "t", "x", integers("perm", List.of(0L, 2L, 3L, 1L)))
                        .node("Flatten", "f", "t")
                        .dense("y", "f", 12, 5)
                        .output("y", -1, 5),
                "y");
    }

    @Test
    void severalInputs() {
        final Model model = Imports.same(
                TestGraph.opset(13)
                        .input("a", -1, 1)
                        .input("b", -1, 2)
                        .input("c", -1, 1)
                        .node("Concat", "x", "c,a,b", attribute("axis", 1))
                        .dense("y", "x", 4, 3)
                        .output("y", -1, 3),
                "y");
        assertEquals("4 → 3 linear", model.mlp().toString());
        final Model named = Imports.same(
                TestGraph.opset(13)
                        .input("a", -1, 1)
                        .input("b", -1, 1)
                        .node("Concat", "x", "a,b", attribute("axis", -1))
                        .dense("y", "x", 2, 3)
                        .output("y", -1, 3),
                "y");
        assertEquals(List.of("a", "b"), named.featureNames());
    }

    @Test
    void inputsAreStandardized() {
        final Model model = Imports.same(
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .floats("mean", new int[] {3}, 1, 2, 3)
                        .floats("deviation", new int[] {1, 3}, 2, 4, 8)
                        .node("Sub", "a", "x,mean")
                        .node("Div", "b", "a,deviation")
                        .dense("y", "b", 3, 2)
                        .output("y", -1, 2),
                "y");
        assertEquals(
                List.of(1f, 2f, 3f), list(model.standardization().orElseThrow().mean()));
        assertEquals(
                List.of(0.5f, 0.25f, 0.125f),
                list(model.standardization().orElseThrow().scale()));
        final Model folded = Imports.same(
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .floats("k", new int[] {3}, 1, 0, 3)
                        .node("Mul", "a", "x,k")
                        .dense("y", "a", 3, 2)
                        .output("y", -1, 2),
                "y");
        assertTrue(folded.standardization().isEmpty());
    }

    private static List<Float> list(final float[] values) {
        final List<Float> list = new java.util.ArrayList<>();
        for (final float value : values) {
            list.add(value);
        }
        return list;
    }

    @Test
    void batchNormalization() {
        final TestGraph graph = TestGraph.opset(15)
                .input("x", -1, 3)
                .dense("h", "x", 3, 2)
                .floats("s", new int[] {2}, 1, 2)
                .floats("o", new int[] {2}, 3, 4)
                .floats("m", new int[] {2}, 5, 6)
                .floats("v", new int[] {2}, 7, 8)
                .node("BatchNormalization", "n", "h,s,o,m,v")
                .node("Relu", "y", "n")
                .output("y", -1, 2);
        is("3 → 2 batch-norm relu linear", graph, "y");
    }

    private static TestGraph normalized() {
        return TestGraph.opset(17)
                .input("x", -1, 3)
                .dense("h", "x", 3, 4)
                .integers("last", -1)
                .scalar("two", 2)
                .scalar("epsilon", 1e-5)
                .random("g", 4)
                .random("c", 4);
    }

    @Test
    void layerNormalization() {
        is(
                "3 → 4 layer-norm → 2 linear",
                normalized()
                        .node("LayerNormalization", "n", "h,g,c")
                        .dense("y", "n", 4, 2)
                        .output("y", -1, 2),
                "y");
        is(
                "3 → 4 layer-norm → 2 linear",
                normalized()
                        .node("ReduceMean", "m", "h", integers("axes", List.of(-1L)))
                        .node("Sub", "d", "h,m")
                        .node("Pow", "q", "d,two")
                        .node("ReduceMean", "v", "q", integers("axes", List.of(-1L)))
                        .node("Add", "e", "v,epsilon")
                        .node("Sqrt", "s", "e")
                        .node("Div", "r", "d,s")
                        .node("Mul", "t", "r,g")
                        .node("Add", "n", "t,c")
                        .dense("y", "n", 4, 2)
                        .output("y", -1, 2),
                "y");
        is( // Keras
                "3 → 4 layer-norm → 2 linear",
                normalized()
                        .node("ReduceMean", "m", "h", integers("axes", List.of(1L)))
                        .node("Sub", "d", "h,m")
                        .node("Mul", "q", "d,d")
                        .node("ReduceMean", "v", "q", integers("axes", List.of(1L)))
                        .node("Add", "e", "v,epsilon")
                        .node("Sqrt", "s", "e")
                        .node("Reciprocal", "i", "s")
                        .node("Mul", "ig", "i,g")
                        .node("Mul", "a", "h,ig")
                        .node("Mul", "b", "m,ig")
                        .node("Sub", "k", "c,b")
                        .node("Add", "n", "a,k")
                        .dense("y", "n", 4, 2)
                        .output("y", -1, 2),
                "y");
    }

    @Test
    void residualAdditions() {
        is(
                "3 → 4 → 4 relu → 4 + layer 0 → 2 linear",
                TestGraph.opset(17)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 4)
                        .dense("b", "a", 4, 4)
                        .node("Relu", "c", "b")
                        .dense("d", "c", 4, 4)
                        .node("Add", "e", "a,d")
                        .dense("y", "e", 4, 2)
                        .output("y", -1, 2),
                "y");
        final Mlp input = Imports.same(
                        TestGraph.opset(17)
                                .input("x", -1, 3)
                                .dense("a", "x", 3, 3)
                                .node("Tanh", "b", "a")
                                .node("Sub", "y", "x,b")
                                .output("y", -1, 3),
                        "y")
                .mlp();
        assertTrue(input.layers().contains(new Add(3, Add.INPUT)));
        final TestGraph branches = TestGraph.opset(17)
                .input("x", -1, 3)
                .dense("a", "x", 3, 4)
                .node("Relu", "b", "a")
                .dense("c", "x", 3, 4)
                .node("Tanh", "d", "c")
                .node("Add", "y", "b,d")
                .output("y", -1, 4);
        assertTrue(Imports.refusal(branches).contains("a sum of two branches"));
        is(
                "3 → 4 linear",
                TestGraph.opset(17)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 4)
                        .dense("b", "x", 3, 4)
                        .node("Add", "y", "a,b")
                        .output("y", -1, 4),
                "y");
    }

    @Test
    void heads() {
        final TestGraph softmax = TestGraph.opset(13).input("x", -1, 3).dense("a", "x", 3, 4);
        is("3 → 4 softmax", softmax.node("Softmax", "y", "a").output("y", -1, 4), "y");
        is(
                "3 → 4 softmax",
                TestGraph.opset(11)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 4)
                        .node("Softmax", "y", "a")
                        .output("y", -1, 4),
                "y");
        is(
                "3 → 4 log-softmax",
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 4)
                        .node("Softmax", "b", "a")
                        .node("Log", "y", "b")
                        .output("y", -1, 4),
                "y");
        is(
                "3 → 4 softmax",
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 4)
                        .node("ReduceMax", "m", "a", integers("axes", List.of(1L)))
                        .node("Sub", "d", "a,m")
                        .node("Exp", "e", "d")
                        .node("ReduceSum", "s", "e,one")
                        .integers("one", 1)
                        .node("Div", "y", "e,s")
                        .output("y", -1, 4),
                "y");
        is(
                "3 → 1 sigmoid",
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .dense("a", "x", 3, 1)
                        .node("Sigmoid", "y", "a")
                        .output("y", -1, 1),
                "y");
        final TestGraph inside = TestGraph.opset(13)
                .input("x", -1, 3)
                .dense("a", "x", 3, 4)
                .node("Softmax", "b", "a")
                .dense("y", "b", 4, 2)
                .output("y", -1, 2);
        assertTrue(Imports.refusal(inside).contains("nothing after a softmax"));
    }

    @Test
    void probabilitiesAreChosen() {
        final Model model = Imports.same(
                TestGraph.opset(13)
                        .input("x", -1, 3)
                        .dense("logits", "x", 3, 4)
                        .node("Softmax", "p", "logits")
                        .node("ArgMax", "label", "p", attribute("axis", 1))
                        .outputOfType("label", 7, -1, 1)
                        .output("p", -1, 4)
                        .output("logits", -1, 4),
                "p");
        assertEquals(Head.SOFTMAX, model.mlp().head());
        final TestGraph two = TestGraph.opset(13)
                .input("x", -1, 3)
                .dense("a", "x", 3, 4)
                .dense("b", "x", 3, 4)
                .output("a", -1, 4)
                .output("b", -1, 4);
        assertTrue(Imports.refusal(two).startsWith("expected one output"));
        final TestGraph label = TestGraph.opset(13)
                .input("x", -1, 3)
                .dense("a", "x", 3, 4)
                .node("ArgMax", "label", "a", attribute("axis", 1))
                .outputOfType("label", 7, -1, 1);
        assertEquals(Head.SOFTMAX, Imports.model(label).mlp().head());
    }

    @Test
    void aNetworkNeedsADenseLayer() {
        final TestGraph graph =
                TestGraph.opset(13).input("x", -1, 3).node("Relu", "y", "x").output("y", -1, 3);
        assertFalse(Imports.refusal(graph).isEmpty());
        assertEquals(
                new Dense(3, 2, Activation.IDENTITY),
                Imports.model(TestGraph.opset(13)
                                .input("x", -1, 3)
                                .dense("y", "x", 3, 2)
                                .output("y", -1, 2))
                        .mlp()
                        .layers()
                        .getFirst());
    }
}
