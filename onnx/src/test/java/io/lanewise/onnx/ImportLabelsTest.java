package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The number of a class, what it may be used for, and the names that it leads to. */
final class ImportLabelsTest {
    /** Three classes: {@code scores}, and the most likely one, {@code i}. */
    private static TestGraph label() {
        return TestGraph.opset(15)
                .input("x", -1, 2)
                .dense("scores", "x", 2, 3)
                .node("ArgMax", "i", "scores", attribute("axis", 1));
    }

    private static void isRefused(final String reason, final TestGraph graph) {
        final String refusal = Imports.refusal(graph);
        assertTrue(refusal.startsWith("node 'y', ") && refusal.contains(reason), refusal);
    }

    private static void isNoValue(final TestGraph graph) {
        isRefused("nothing but a name is taken by the number of a class", graph.output("y", -1, 1));
    }

    @Test
    void nothingIsComputedFromALabel() {
        final TestGraph floats = label().node("Cast", "f", "i", attribute("to", 1));
        isNoValue(floats.node("Relu", "y", "f"));
        isNoValue(label().node("Cast", "f", "i", attribute("to", 1)).dense("y", "f", 1, 2));
        isNoValue(label().node("Cast", "f", "i", attribute("to", 1)).node("Concat", "y", "scores,f"));
        isNoValue(label().node("Cast", "f", "i", attribute("to", 1)).node("Mul", "y", "f,scores"));
        isNoValue(label().node("Cast", "f", "i", attribute("to", 1))
                .scalar("c", 0)
                .node("Add", "y", "f,c"));
        isNoValue(label().integers("c", 0).node("Gather", "y", "i,c"));
    }

    @Test
    void aTableOfNumbersHasNoNames() {
        final String expected = "expected a list of names or integers for 3 classes";
        isRefused(expected, label().random("t", 3, 4).node("Gather", "y", "t,i").output("y", -1, 4));
        isRefused(expected, label().random("t", 3).node("Gather", "y", "t,i").output("y", -1, 1));
        isRefused(
                expected,
                label().integers("t", 1, 2, 3, 4).node("Gather", "y", "t,i").output("y", -1, 1));
        final TestGraph names = label().strings("t", "a", "b", "c")
                .node("Gather", "y", "t,i")
                .outputOfType("y", 8, -1, 1)
                .output("scores", -1, 3);
        assertEquals(List.of("a", "b", "c"), Imports.model(names).outputNames());
    }
}
