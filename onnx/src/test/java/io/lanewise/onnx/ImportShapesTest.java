package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Dimensions: rows stay rows, and axes are those that the graph means. */
final class ImportShapesTest {
    /** Four values of each row, in another shape: {@code r}. */
    private static TestGraph reshaped(final int rows, final long... shape) {
        return TestGraph.opset(17)
                .input("x", rows, 4)
                .dense("h", "x", 4, 4)
                .integers("shape", shape)
                .node("Reshape", "r", "h,shape");
    }

    private static TestGraph normalized(final TestGraph graph, final int width) {
        return graph.random("scale", width).node("LayerNormalization", "y", "r,scale", attribute("axis", -1));
    }

    private static void isRefused(final String node, final String reason, final TestGraph graph) {
        final String refusal = Imports.refusal(graph);
        assertTrue(refusal.startsWith("node '" + node + "', ") && refusal.contains(reason), refusal);
    }

    @Test
    void partsOfRowsAreNoRows() {
        isRefused(
                "y", "whole rows", reshaped(1, 2, -1).node("Softmax", "y", "r").output("y", 2, 2));
        isRefused("y", "whole rows", normalized(reshaped(1, 2, -1), 2).output("y", 2, 2));
        isRefused(
                "r", "stay rows", reshaped(-1, 2, -1).node("Softmax", "y", "r").output("y", 2, -1));
        isRefused("r", "stay rows", reshaped(4, 2, -1).node("Softmax", "y", "r").output("y", 2, 8));
    }

    @Test
    void allRowsAreNoRow() {
        isRefused("r", "stay rows", reshaped(-1, -1).node("Softmax", "y", "r").output("y", -1));
        isRefused(
                "r", "stay rows", reshaped(-1, 1, -1).node("Softmax", "y", "r").output("y", 1, -1));
        isRefused("r", "stay rows", reshaped(2, -1).node("Softmax", "y", "r").output("y", 8));
    }

    @Test
    void oneRowOrSoManyAsDeclaredStayRows() {
        final TestGraph one = reshaped(1, -1).node("Softmax", "y", "r").output("y", 4);
        assertEquals("4 → 4 softmax", Imports.model(one).mlp().toString());
        for (final TestGraph rows : new TestGraph[] {
            reshaped(1, 1, -1), reshaped(1, -1, 4), reshaped(3, 3, -1), reshaped(3, 3, 4), reshaped(-1, -1, 4)
        }) {
            final TestGraph graph = rows.node("Softmax", "y", "r").output("y", -1, 4);
            assertEquals("4 → 4 softmax", Imports.model(graph).mlp().toString());
        }
    }

    @Test
    void channelsAreThoseOfTheSecondAxis() {
        final TestGraph graph = reshaped(1, 2, 2)
                .random("s", 2)
                .random("b", 2)
                .random("m", 2)
                .floats("v", new int[] {2}, 1, 2)
                .node("BatchNormalization", "y", "r,s,b,m,v")
                .output("y", 2, 2);
        isRefused("y", "expected rows of channels", graph);
    }

    @Test
    void theNumberOfRowsIsNoFactor() {
        for (final int type : new int[] {1, 6}) {
            final TestGraph graph = TestGraph.opset(17)
                    .input("x", -1, 4)
                    .integers("zero", 0)
                    .node("Shape", "s", "x")
                    .node("Gather", "n", "s,zero")
                    .node("Cast", "c", "n", attribute("to", type))
                    .node("Cast", "f", "c", attribute("to", 1))
                    .dense("h", "x", 4, 4)
                    .node("Div", "y", "h,f")
                    .output("y", -1, 4);
            isRefused(type == 1 ? "c" : "f", "nothing is computed from the number of rows", graph);
        }
    }

    /** What tf2onnx writes: shapes of 32 bits. */
    @Test
    void theNumberOfRowsOf32Bits() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 2, 2)
                .integers("zero", 0)
                .integers("rest", -1)
                .node("Shape", "s", "x")
                .node("Cast", "i", "s", attribute("to", 6))
                .node("Gather", "n", "i,zero")
                .node("Cast", "l", "n", attribute("to", 7))
                .node("Concat", "t", "l,rest", attribute("axis", 0))
                .node("Reshape", "r", "x,t")
                .dense("y", "r", 4, 3)
                .output("y", -1, 3);
        Imports.same(graph, "y");
    }

    @Test
    void aMatrixOfMoreDimensionsGivesThem() {
        final TestGraph product =
                TestGraph.opset(17).input("x", -1, 4).random("w", 1, 4, 3).node("MatMul", "h", "x,w");
        isRefused(
                "y",
                "whole rows",
                product.node("Softmax", "y", "h", attribute("axis", 1)).output("y", 1, -1, 3));
        final TestGraph rows = TestGraph.opset(17)
                .input("x", -1, 4)
                .random("w", 1, 4, 3)
                .node("MatMul", "h", "x,w")
                .node("Softmax", "y", "h")
                .output("y", 1, -1, 3);
        Imports.same(rows, "y");
    }
}
