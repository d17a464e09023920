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
        isRefused("y", "whole rows", reshaped(1, 2, -1).node("Softmax", "y", "r").output("y", 2, 2));
        isRefused("y", "whole rows", normalized(reshaped(1, 2, -1), 2).output("y", 2, 2));
        isRefused("r", "stay rows", reshaped(-1, 2, -1).node("Softmax", "y", "r").output("y", 2, -1));
        isRefused("r", "stay rows", reshaped(4, 2, -1).node("Softmax", "y", "r").output("y", 2, 8));
    }

    @Test
    void allRowsAreNoRow() {
        isRefused("r", "stay rows", reshaped(-1, -1).node("Softmax", "y", "r").output("y", -1));
        isRefused("r", "stay rows", reshaped(-1, 1, -1).node("Softmax", "y", "r").output("y", 1, -1));
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
}
