package io.lanewise.mlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.kernel.Activation;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
    @Test
    void writtenForms() {
        assertEquals("leaky-relu", Names.of(Activation.LEAKY_RELU));
        assertEquals(
                List.of(
                        "identity",
                        "relu",
                        "leaky-relu",
                        "sigmoid",
                        "tanh",
                        "elu",
                        "selu",
                        "gelu",
                        "gelu-tanh",
                        "silu",
                        "softplus",
                        "hard-sigmoid",
                        "hard-swish",
                        "relu6"),
                Names.all(Activation.class));
    }

    @ParameterizedTest
    @EnumSource
    void parsingGivesTheConstantBack(final Activation f) {
        assertEquals(f, Names.parse(Activation.class, Names.of(f)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "RELU", "leaky_relu", "relu "})
    void otherFormsAreRefused(final String name) {
        assertEquals(
                "expected one of " + Names.all(Activation.class) + ", got '" + name + "'",
                assertThrows(IllegalArgumentException.class, () -> Names.parse(Activation.class, name))
                        .getMessage());
    }

    @Test
    void theLocaleDoesNotMatter() {
        final Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr")); // a Turkish I is lowered to a letter of its own
            assertEquals("sigmoid", Names.of(Activation.SIGMOID));
        } finally {
            Locale.setDefault(before);
        }
    }
}
