package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static io.lanewise.onnx.TestGraph.floats;
import static io.lanewise.onnx.TestGraph.integers;
import static io.lanewise.onnx.TestGraph.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The number of a class, what it may be used for, and the names that it leads to. */
final class ImportLabelsTest {
    private static final String ML = "ai.onnx.ml";

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

    @Test
    void namesAreThoseOfTheLastLookUp() {
        final TestGraph twice = label().integers("order", 2, 0, 1)
                .strings("t", "a", "b", "c")
                .node("Gather", "j", "order,i")
                .node("Gather", "y", "t,j")
                .outputOfType("y", 8, -1, 1)
                .output("scores", -1, 3);
        assertEquals(List.of("c", "a", "b"), Imports.model(twice).outputNames());
        isRefused(
                "expected an axis",
                label().integers("order", 2, 0, 5)
                        .strings("t", "a", "b", "c")
                        .node("Gather", "j", "order,i")
                        .node("Gather", "y", "t,j")
                        .output("y", -1, 1));
        assertEquals(List.of("c", "a", "b"), Imports.model(encoded(0L, 1L, 2L)).outputNames());
        assertEquals(List.of("2", "0", "1"), Imports.model(encoded(0L, 1L, -1L)).outputNames());
    }

    /** A classifier whose classes are called 2, 0 and 1, which a LabelEncoder calls otherwise. */
    private static TestGraph encoded(final Long... keys) {
        return TestGraph.opset(15)
                .input("x", -1, 2)
                .node(
                        ML,
                        "LinearClassifier",
                        "i,p",
                        "x",
                        floats("coefficients", List.of(1f, 2f, 3f, 4f, 5f, 6f)),
                        integers("classlabels_ints", List.of(2L, 0L, 1L)),
                        attribute("post_transform", "SOFTMAX"))
                .node(
                        ML,
                        "LabelEncoder",
                        "l",
                        "i",
                        integers("keys_int64s", List.of(keys)),
                        strings("values_strings", List.of("a", "b", "c")))
                .outputOfType("l", 8, -1)
                .output("p", -1, 3);
    }

    @Test
    void aLabelOfAnotherHeadIsRefused() {
        final TestGraph heads = label().dense("other", "x", 2, 3).node("Softmax", "p", "other");
        final String refusal = Imports.refusal(heads.outputOfType("i", 7, -1, 1).output("p", -1, 3));
        assertTrue(refusal.startsWith("expected a label of the output 'p', got 'i'"), refusal);
    }

    @Test
    void namesOfAHiddenLayerAreNotThoseOfTheOutput() {
        final TestGraph graph = label().strings("t", "a", "b", "c")
                .node("Gather", "n", "t,i")
                .dense("y", "scores", 3, 3)
                .outputOfType("n", 8, -1, 1)
                .output("y", -1, 3);
        assertEquals(List.of(), Imports.model(graph).outputNames());
    }

    @Test
    void classesHaveNamesOfTheirOwn() {
        final TestGraph graph =
                label().node(ML, "ZipMap", "y", "scores", strings("classlabels_strings", List.of("a", "a", "")));
        isRefused("expected a name of its own for each class, got 'a, a, '", graph.output("y", -1, 3));
    }

    @Test
    void theReasonOfARefusedLabelIsTold() {
        final TestGraph graph = TestGraph.opset(15)
                .input("x", -1, 2)
                .dense("scores", "x", 2, 3)
                .node("ArgMax", "y", "scores", attribute("axis", 1), attribute("select_last_index", 1));
        isRefused("got select_last_index", graph.outputOfType("y", 7, -1, 1));
    }

    @Test
    void aGraphWithoutLayersNamesItsLastNode() {
        isRefused(
                "at least one dense layer",
                TestGraph.opset(15).input("x", -1, 2).node("Relu", "y", "x").output("y", -1, 2));
    }
}
