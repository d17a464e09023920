package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Inputs of integers, which other runtimes compute with as integers: quotients are cut off, and sums wrap. */
final class ImportIntegersTest {
    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final int INT64 = 7;

    private static TestGraph input(final int type) {
        return TestGraph.opset(17).inputOfType("x", type, -1, 2);
    }

    private static void isRefused(final TestGraph graph) {
        final String refusal = Imports.refusal(graph.node("Cast", "f", "q", attribute("to", FLOAT))
                .dense("y", "f", 2, 3)
                .output("y", -1, 3));
        assertTrue(refusal.startsWith("node 'q', ") && refusal.contains("expected a Cast to floats"), refusal);
    }

    @Test
    void nothingIsComputedFromThem() {
        isRefused(input(INT64).integers("two", 2).node("Div", "q", "x,two"));
        isRefused(input(UINT8)
                .integers("c", 128)
                .node("Cast", "d", "c", attribute("to", UINT8))
                .node("Sub", "q", "x,d"));
        isRefused(input(INT64).integers("two", 2).node("Identity", "i", "x").node("Div", "q", "i,two"));
        isRefused(input(INT64)
                .integers("two", 2)
                .node("Reshape", "r", "x,shape")
                .integers("shape", -1, 2)
                .node("Div", "q", "r,two"));
    }

    @Test
    void floatsAreMadeOfThem() {
        final TestGraph graph = input(UINT8)
                .integers("order", 1, 0)
                .node("Gather", "g", "x,order", attribute("axis", 1))
                .node("Cast", "f", "g", attribute("to", FLOAT))
                .scalar("scale", 255)
                .node("Div", "q", "f,scale")
                .dense("y", "q", 2, 3)
                .output("y", -1, 3);
        Imports.same(graph, "y");
    }
}
