package io.lanewise.onnx;

import static io.lanewise.onnx.TestGraph.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Layer;
import io.lanewise.mlp.Model;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Activations in all spellings are those of the model, in the dense layer before them. */
final class ImportActivationsTest {
    /** A hidden layer whose activation nodes give y of h, and a layer behind it. */
    private static Model network(final int opset, final UnaryOperator<TestGraph> activation) {
        final TestGraph graph = TestGraph.opset(opset).input("x", -1, 3).dense("h", "x", 3, 4);
        return Imports.same(activation.apply(graph).dense("z", "y", 4, 2).output("z", -1, 2), "z");
    }

    private static void is(final Activation expected, final UnaryOperator<TestGraph> activation) {
        assertEquals(
                List.of(new Dense(3, 4, expected), new Dense(4, 2, Activation.IDENTITY)),
                network(17, activation).mlp().layers());
    }

    @Test
    void operators() {
        is(Activation.RELU, g -> g.node("Relu", "y", "h"));
        is(Activation.SIGMOID, g -> g.node("Sigmoid", "y", "h"));
        is(Activation.TANH, g -> g.node("Tanh", "y", "h"));
        is(Activation.ELU, g -> g.node("Elu", "y", "h"));
        is(Activation.SELU, g -> g.node("Selu", "y", "h"));
        is(Activation.SOFTPLUS, g -> g.node("Softplus", "y", "h"));
        is(Activation.HARD_SWISH, g -> g.node("HardSwish", "y", "h"));
        is(Activation.HARD_SIGMOID, g -> g.node("HardSigmoid", "y", "h"));
        is(Activation.LEAKY_RELU, g -> g.node("LeakyRelu", "y", "h"));
        is(Activation.LEAKY_RELU, g -> g.floats("s", new int[] {1}, 0.01f).node("PRelu", "y", "h,s"));
        is(Activation.ELU, g -> g.node("Celu", "y", "h", attribute("alpha", 2.0)));
        is(Activation.RELU6, g -> g.scalar("lo", 0).scalar("hi", 6).node("Clip", "y", "h,lo,hi"));
        assertEquals(
                new Dense(3, 4, Activation.GELU),
                network(20, g -> g.node("Gelu", "y", "h")).mlp().layers().getFirst());
        assertEquals(
                new Dense(3, 4, Activation.GELU_TANH),
                network(20, g -> g.node("Gelu", "y", "h", attribute("approximate", "tanh")))
                        .mlp()
                        .layers()
                        .getFirst());
        assertEquals(
                new Dense(3, 4, Activation.SILU),
                network(24, g -> g.node("Swish", "y", "h", attribute("alpha", 1.702)))
                        .mlp()
                        .layers()
                        .getFirst());
        assertEquals(
                new Dense(3, 4, Activation.RELU6),
                network(9, g -> g.node("Clip", "y", "h", attribute("min", 0.0), attribute("max", 6.0)))
                        .mlp()
                        .layers()
                        .getFirst());
    }

    @Test
    void gelu() {
        final UnaryOperator<TestGraph> constants =
                g -> g.scalar("root", Math.sqrt(2)).scalar("half", 0.5).scalar("one", 1);
        is(
                Activation.GELU,
                g -> constants
                        .apply(g)
                        .node("Div", "a", "h,root")
                        .node("Erf", "b", "a")
                        .node("Add", "c", "b,one")
                        .node("Mul", "d", "h,c")
                        .node("Mul", "y", "d,half"));
        is(
                Activation.GELU,
                g -> constants
                        .apply(g)
                        .node("Mul", "p", "half,h")
                        .node("Div", "a", "h,root")
                        .node("Erf", "b", "a")
                        .node("Add", "c", "one,b")
                        .node("Mul", "y", "c,p"));
    }

    @Test
    void geluTanh() {
        is(
                Activation.GELU_TANH,
                g -> g.scalar("three", 3)
                        .scalar("k", 0.044715)
                        .scalar("root", Math.sqrt(2 / Math.PI))
                        .scalar("one", 1)
                        .scalar("half", 0.5)
                        .node("Pow", "a", "h,three")
                        .node("Mul", "b", "k,a")
                        .node("Add", "c", "h,b")
                        .node("Mul", "d", "root,c")
                        .node("Tanh", "e", "d")
                        .node("Add", "f", "one,e")
                        .node("Mul", "g", "h,f")
                        .node("Mul", "y", "half,g"));
    }

    @Test
    void othersInParts() {
        is(Activation.SILU, g -> g.node("Sigmoid", "s", "h").node("Mul", "y", "h,s"));
        is(
                Activation.SILU,
                g -> g.scalar("k", 1.702)
                        .node("Mul", "a", "h,k")
                        .node("Sigmoid", "s", "a")
                        .node("Mul", "y", "s,h"));
        is(
                Activation.HARD_SWISH,
                g -> g.node("HardSigmoid", "s", "h", attribute("alpha", 1 / 6.0))
                        .node("Mul", "y", "h,s"));
        is(
                Activation.HARD_SWISH,
                g -> g.scalar("three", 3)
                        .scalar("zero", 0)
                        .scalar("six", 6)
                        .node("Add", "a", "h,three")
                        .node("Clip", "b", "a,zero,six")
                        .node("Div", "c", "b,six")
                        .node("Mul", "y", "h,c"));
        is(
                Activation.HARD_SIGMOID,
                g -> g.scalar("three", 3)
                        .scalar("zero", 0)
                        .scalar("six", 6)
                        .node("Add", "a", "h,three")
                        .node("Clip", "b", "a,zero,six")
                        .node("Div", "y", "b,six"));
        is(
                Activation.RELU6,
                g -> g.scalar("zero", 0)
                        .scalar("six", 6)
                        .node("Max", "a", "h,zero")
                        .node("Min", "y", "a,six"));
        is(Activation.RELU6, g -> g.scalar("six", 6).node("Relu", "a", "h").node("Min", "y", "a,six"));
        is(
                Activation.SOFTPLUS,
                g -> g.scalar("one", 1)
                        .node("Exp", "a", "h")
                        .node("Add", "b", "a,one")
                        .node("Log", "y", "b"));
        is(
                Activation.LEAKY_RELU,
                g -> g.scalar("k", 0.01).node("Mul", "a", "h,k").node("Max", "y", "h,a"));
        is(
                Activation.SIGMOID,
                g -> g.scalar("one", 1)
                        .node("Neg", "a", "h")
                        .node("Exp", "b", "a")
                        .node("Add", "c", "one,b")
                        .node("Div", "y", "one,c"));
        is(
                Activation.ELU,
                g -> g.scalar("one", 1)
                        .scalar("zero", 0)
                        .node("Exp", "a", "h")
                        .node("Sub", "b", "a,one")
                        .node("Greater", "c", "h,zero")
                        .node("Where", "y", "c,h,b"));
    }

    /** Straight lines before and behind them become part of the dense layers. */
    @Test
    void linesAreFolded() {
        is(
                Activation.TANH,
                g -> g.random("k", 4)
                        .random("c", 4)
                        .node("Mul", "a", "h,k")
                        .node("Add", "b", "a,c")
                        .node("Tanh", "t", "b")
                        .node("Sub", "y", "t,c"));
        is(Activation.RELU6, g -> g.scalar("lo", -1).scalar("hi", 1).node("Clip", "y", "h,lo,hi"));
    }

    /** A slope that the activation has not takes layers of its own. */
    @Test
    void otherSlopes() {
        for (final double slope : new double[] {0.2, -0.5, 1.5}) {
            final List<Layer> layers = network(17, g -> g.node("LeakyRelu", "y", "h", attribute("alpha", slope)))
                    .mlp()
                    .layers();
            assertEquals(5, layers.size());
        }
        network(17, g -> g.node("Abs", "y", "h"));
    }

    @Test
    void unknownOnesAreRefused() {
        final TestGraph graph = TestGraph.opset(18)
                .input("x", -1, 3)
                .dense("h", "x", 3, 4)
                .node("Mish", "y", "h")
                .output("y", -1, 4);
        final String reason = Imports.refusal(graph);
        assertTrue(reason.startsWith("node 'y', operator 'Mish' of domain 'ai.onnx' version 18: "), reason);
    }
}
