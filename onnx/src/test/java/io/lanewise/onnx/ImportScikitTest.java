package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static io.lanewise.onnx.TestGraph.floats;
import static io.lanewise.onnx.TestGraph.integers;
import static io.lanewise.onnx.TestGraph.strings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.inference.Predictor;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Model;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What converters of scikit-learn write. */
final class ImportScikitTest {
    private static final String ML = "ai.onnx.ml";
    private static final double TOLERANCE = 1e-6;

    private static TestGraph scaled() {
        return TestGraph.opset(15)
                .input("x", -1, 2)
                .node(ML, "Scaler", "s", "x", floats("offset", List.of(1f, 2f)), floats("scale", List.of(0.5f, 0.25f)));
    }

    @Test
    void classifierOfThreeClasses() {
        final Model model = Imports.model(scaled().dense("h", "s", 2, 3)
                .node("Softmax", "p", "h", attribute("axis", 1))
                .node("ArgMax", "i", "p", attribute("axis", 1))
                .strings("classes", "a", "b", "c")
                .node(ML, "ArrayFeatureExtractor", "l", "classes,i")
                .integers("shape", -1)
                .node("Reshape", "label", "l,shape")
                .node(ML, "ZipMap", "z", "p", strings("classlabels_strings", List.of("a", "b", "c")))
                .outputOfType("label", 8, -1)
                .output("z", -1));
        assertEquals("2 → 3 softmax", model.mlp().toString());
        assertEquals(List.of("a", "b", "c"), model.outputNames());
        assertTrue(model.standardization().isPresent());
    }

    @Test
    void namesComeFromTheLabelToo() {
        final Model model = Imports.model(scaled().dense("h", "s", 2, 3)
                .node("Softmax", "p", "h", attribute("axis", 1))
                .node("ArgMax", "i", "p", attribute("axis", 1))
                .integers("classes", 3, 5, 9)
                .node(ML, "ArrayFeatureExtractor", "l", "classes,i")
                .node("Cast", "label", "l", attribute("to", 7))
                .outputOfType("label", 7, -1)
                .output("p", -1, 3));
        assertEquals(List.of("3", "5", "9"), model.outputNames());
    }

    @Test
    void classifierOfTwoClasses() {
        final TestGraph graph = scaled().dense("h", "s", 2, 1)
                .node("Sigmoid", "p", "h")
                .scalar("one", 1)
                .node("Sub", "q", "one,p")
                .node("Concat", "both", "q,p", attribute("axis", 1))
                .output("both", -1, 2);
        final Model model = Imports.same(graph, "both");
        assertEquals("2 → 2 softmax", model.mlp().toString());
    }

    @Test
    void linearModels() {
        final Model regressor = Imports.model(TestGraph.opset(15)
                .input("x", -1, 2)
                .node(
                        ML,
                        "LinearRegressor",
                        "y",
                        "x",
                        floats("coefficients", List.of(2f, 3f)),
                        floats("intercepts", List.of(5f)))
                .output("y", -1, 1));
        assertEquals(2 * 7 + 3 * 11 + 5, Predictor.of(regressor).predict(new float[] {7, 11})[0]);
        final Model classifier = Imports.model(TestGraph.opset(15)
                .input("x", -1, 2)
                .node(
                        ML,
                        "LinearClassifier",
                        "label,p",
                        "x",
                        floats("coefficients", List.of(-2f, -3f, 2f, 3f)),
                        floats("intercepts", List.of(-5f, 5f)),
                        integers("classlabels_ints", List.of(0L, 1L)),
                        attribute("post_transform", "LOGISTIC"))
                .node(ML, "Normalizer", "n", "p", attribute("norm", "L1"))
                .node(ML, "ZipMap", "z", "n", integers("classlabels_int64s", List.of(0L, 1L)))
                .outputOfType("label", 7, -1)
                .output("z", -1));
        assertEquals(Head.SOFTMAX, classifier.mlp().head());
        assertEquals(List.of("0", "1"), classifier.outputNames());
        final float[] p = Predictor.of(classifier).predict(new float[] {-0.5f, -1.5f});
        assertEquals(1 / (1 + Math.exp(0.5)), p[1], TOLERANCE);
    }

    @Test
    void whatIsNoPerceptronIsRefused() {
        final String imputer = Imports.refusal(TestGraph.opset(15)
                .input("x", -1, 2)
                .node(ML, "Imputer", "i", "x")
                .dense("y", "i", 2, 1)
                .output("y", -1, 1));
        assertTrue(imputer.startsWith("node 'i', operator 'Imputer' of domain 'ai.onnx.ml' version 3: "), imputer);
        final String normalizer = Imports.refusal(TestGraph.opset(15)
                .input("x", -1, 2)
                .node(ML, "Normalizer", "i", "x", attribute("norm", "L2"))
                .dense("y", "i", 2, 1)
                .output("y", -1, 1));
        assertTrue(normalizer.contains("operator 'Normalizer'"), normalizer);
    }
}
