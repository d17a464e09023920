package io.lanewise.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.lanewise.inference.Predictor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nodes compute far from 0, or near it, is what the model computes, or it is refused. */
final class ImportPrecisionTest {
    private static TestGraph clip(final double least, final double most) {
        return TestGraph.opset(17)
                .input("x", -1, 3)
                .dense("h", "x", 3, 4)
                .scalar("least", least)
                .scalar("most", most)
                .node("Clip", "c", "h,least,most")
                .dense("y", "c", 4, 2)
                .output("y", -1, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1",
        "-16, 16",
        "-20, 2",
        "0, 1e-3",
        "0, 100",
        "0, 65504",
        "0, 1e30",
        "-100, 0",
        "-65504, 0",
        "-1e30, 0"
    })
    void narrowClipsAndThoseAtZeroAreExact(final double least, final double most) {
        Imports.same(clip(least, most), "y");
    }

    @ParameterizedTest
    @CsvSource({
        "-100, 100",
        "-20, 20",
        "-1e4, 1e4",
        "-65504, 65504",
        "-1e30, 1e30",
        "0, 1e31",
        "-1e4, 3.4028235e38",
        "-3.4028235e38, 100",
        "99, 100"
    })
    void wideClipsAreRefused(final double least, final double most) {
        final String reason = Imports.refusal(clip(least, most));
        assertTrue(reason.startsWith("node 'c', operator 'Clip'"), reason);
        assertTrue(reason.contains("bounds"), reason);
    }

    @ParameterizedTest
    @CsvSource({"Max, -1e6", "Min, 1e6"})
    void farBoundsAreRefused(final String operator, final double bound) {
        final String reason = Imports.refusal(TestGraph.opset(17)
                .input("x", -1, 3)
                .dense("h", "x", 3, 4)
                .scalar("bound", bound)
                .node(operator, "y", "h,bound")
                .output("y", -1, 4));
        assertTrue(reason.contains("bounds"), reason);
    }

    /** Beyond all samples that a softmax in parts is recognised by. */
    @Test
    void clipsBeforeASoftmaxInPartsStay() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 4)
                .dense("h", "x", 4, 4)
                .scalar("least", -40)
                .scalar("most", 40)
                .integers("axis", 1)
                .node("Clip", "c", "h,least,most")
                .node("Exp", "e", "c")
                .node("ReduceSum", "s", "e,axis", TestGraph.attribute("keepdims", 1))
                .node("Div", "y", "e,s")
                .output("y", -1, 4);
        assertTrue(Imports.refusal(graph).contains("operator 'Clip'"), () -> Imports.refusal(graph));
    }

    @Test
    void functionsBeforeANormalisationInPartsStay() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 4)
                .scalar("far", 50)
                .scalar("epsilon", 1e-5)
                .scalar("two", 2)
                .dense("h", "x", 4, 4)
                .node("Add", "a", "h,far")
                .node("Relu", "r", "a")
                .node("ReduceMean", "m", "r", axes())
                .node("Sub", "d", "r,m")
                .node("Pow", "p", "d,two")
                .node("ReduceMean", "v", "p", axes())
                .node("Add", "w", "v,epsilon")
                .node("Sqrt", "q", "w")
                .node("Div", "y", "d,q")
                .output("y", -1, 4);
        final float[] far = {-90, 40, -70, 80};
        final float[] centred = Predictor.of(Imports.model(graph)).predict(far);
        assertTrue(Imports.model(graph).toString().contains("relu"), Imports.model(graph)::toString);
        assertEquals(4, centred.length);
    }

    private static AttributeProto axes() {
        return AttributeProto.newBuilder()
                .setName("axes")
                .setType(AttributeProto.AttributeType.INTS)
                .addInts(-1)
                .build();
    }

    /** SiLU(x) + 10⁻⁶, a million times: not SiLU alone. */
    @Test
    void smallTermsStay() {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 2)
                .scalar("small", 1e-6)
                .scalar("many", 1e6)
                .floats("w", new int[] {2, 2}, 1, 0, 0, 1)
                .node("MatMul", "h", "x,w")
                .node("Sigmoid", "s", "h")
                .node("Mul", "silu", "h,s")
                .node("Add", "a", "silu,small")
                .node("Mul", "y", "a,many")
                .output("y", -1, 2);
        assertEquals(1, Predictor.of(Imports.model(graph)).predict(new float[2])[0], 1e-5);
    }

    @Test
    void aSmallConstantIsNoSlope() {
        final String reason = Imports.refusal(TestGraph.opset(17)
                .input("x", -1, 2)
                .scalar("zero", 0)
                .scalar("small", -1e-6)
                .dense("h", "x", 2, 2)
                .node("Greater", "g", "h,zero")
                .node("Where", "y", "g,h,small")
                .output("y", -1, 2));
        assertTrue(reason.startsWith("node 'y', operator 'Where'"), reason);
    }

    /** 0.7 / 0.1 is 7 in 32 bits, and less than that in 64. */
    @ParameterizedTest
    @CsvSource({"Floor, 7", "Ceil, 7", "Round, 7", "Cast, 7"})
    void wholeNumbersAreThoseOfFloats(final String operator, final float expected) {
        final TestGraph graph = TestGraph.opset(17)
                .input("x", -1, 1)
                .floats("p", new int[] {1, 1}, 0.7f)
                .floats("q", new int[] {1, 1}, 0.1f)
                .node("Div", "d", "p,q");
        final TestGraph whole = operator.equals("Cast")
                ? graph.node("Cast", "i", "d", TestGraph.attribute("to", 6))
                        .node("Cast", "w", "i", TestGraph.attribute("to", 1))
                : graph.node(operator, "w", "d");
        assertEquals(
                expected,
                Imports.model(whole.node("MatMul", "y", "x,w").output("y", -1, 1))
                        .parameters()
                        .weight(0, 0, 0));
    }
}
