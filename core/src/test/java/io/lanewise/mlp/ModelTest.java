package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ModelTest {
    private static final Mlp MLP = Mlp.inputs(2).dense(3).softmax();
    private static final Parameters PARAMETERS = Parameters.random(MLP, 1);
    private static final Model PLAIN = Model.of(PARAMETERS);
    private static final Standardization STANDARDIZATION = Standardization.of(new float[2], new float[] {1, 2});

    private static void refused(final String message, final Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }

    @Test
    void startsPlain() {
        assertEquals(MLP, PLAIN.mlp());
        assertEquals(PARAMETERS, PLAIN.parameters());
        assertTrue(PLAIN.standardization().isEmpty());
        assertEquals(List.of(), PLAIN.featureNames());
        assertEquals(List.of(), PLAIN.outputNames());
        assertEquals("", PLAIN.targetName());
        assertEquals("2", PLAIN.outputName(2));
        assertEquals("Model 2 → 3 softmax", PLAIN.toString());
    }

    @Test
    void copiesKeepEverythingElse() {
        final Model named = PLAIN.withNames(List.of("length", "width"), List.of("a", "b", "c"), "species");
        final Model both = named.withStandardization(STANDARDIZATION);
        assertEquals(STANDARDIZATION, both.standardization().orElseThrow());
        assertEquals(List.of("length", "width"), both.featureNames());
        assertEquals(List.of("a", "b", "c"), both.outputNames());
        assertEquals("c", both.outputName(2));
        assertEquals("species", both.targetName());
        assertEquals(
                both,
                PLAIN.withStandardization(STANDARDIZATION)
                        .withNames(List.of("length", "width"), List.of("a", "b", "c"), "species"));
        assertTrue(named.standardization().isEmpty());
        assertEquals(PLAIN, named.withNames(List.of(), List.of(), ""));
    }

    /** A sigmoid's one output may have its own name, or those of two classes. */
    @Test
    void oneOutputMayTellTwoClassesApart() {
        final Mlp mlp = Mlp.inputs(2).dense(1).sigmoid();
        final Model plain = Model.of(Parameters.random(mlp, 1));
        assertEquals(0, plain.classes());
        assertEquals("0", plain.outputName(0));
        final Model one = plain.withNames(List.of(), List.of("rain"), "");
        assertEquals(0, one.classes());
        assertEquals("rain", one.outputName(0));
        final Model two = plain.withNames(List.of(), List.of("dry", "rain"), "weather");
        assertEquals(2, two.classes());
        assertEquals("dry", two.className(0));
        assertEquals("rain", two.className(1));
        assertEquals("rain", two.outputName(0)); // whose probability it is
        assertEquals(3, PLAIN.classes());
        assertEquals("2", PLAIN.className(2));
        for (final Mlp other :
                List.of(Mlp.inputs(2).dense(1).linear(), Mlp.inputs(2).dense(3).sigmoid())) {
            final Model model = Model.of(Parameters.random(other, 1));
            assertThrows(IllegalArgumentException.class, () -> model.withNames(List.of(), List.of("dry", "rain"), ""));
        }
    }

    @Test
    void namesAreCopied() {
        final List<String> names = new ArrayList<>(List.of("x", "y"));
        final Model model = PLAIN.withNames(names, List.of(), "");
        names.set(0, "changed");
        assertEquals(List.of("x", "y"), model.featureNames());
        assertThrows(
                UnsupportedOperationException.class, () -> model.featureNames().clear());
    }

    @Test
    void equality() {
        assertEquals(PLAIN, Model.of(Parameters.random(MLP, 1)));
        assertEquals(PLAIN.hashCode(), Model.of(Parameters.random(MLP, 1)).hashCode());
        assertNotEquals(PLAIN, Model.of(Parameters.random(MLP, 2)));
        assertNotEquals(PLAIN, PLAIN.withStandardization(STANDARDIZATION));
        assertNotEquals(PLAIN, PLAIN.withNames(List.of("x", "y"), List.of(), ""));
        assertNotEquals(PLAIN, PLAIN.withNames(List.of(), List.of("a", "b", "c"), ""));
        assertNotEquals(PLAIN, PLAIN.withNames(List.of(), List.of(), "t"));
    }

    @Test
    void refusals() {
        refused("expected 2 feature names, got 3", () -> PLAIN.withNames(List.of("a", "b", "c"), List.of(), ""));
        refused("expected 3 output names, got 1", () -> PLAIN.withNames(List.of(), List.of("a"), ""));
        refused(
                "expected a standardization of 2 features, got 1",
                () -> PLAIN.withStandardization(Standardization.of(new float[1], new float[1])));
    }
}
