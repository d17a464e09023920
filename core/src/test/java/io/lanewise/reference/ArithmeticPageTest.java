package io.lanewise.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernel.Activation;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/arithmetic.md has all constants of the functions, to the bit: no page may drift from its code. */
final class ArithmeticPageTest {
    private static final Path PAGE = Path.of("..", "docs", "arithmetic.md");
    private static final Pattern CONSTANT = Pattern.compile("([A-Z][A-Z0-9_]*) = (-?[0-9][0-9a-fxp.-]*)");

    private static Map<String, String> onThePage() throws IOException {
        final Map<String, String> constants = new LinkedHashMap<>();
        for (final String line : Files.readAllLines(PAGE)) {
            final Matcher constant = CONSTANT.matcher(line);
            if (constant.matches()) {
                assertEquals(null, constants.put(constant.group(1), constant.group(2)), () -> "twice: " + line);
            }
        }
        return constants;
    }

    private static Map<String, Object> inTheCode() throws IllegalAccessException {
        final Map<String, Object> constants = new LinkedHashMap<>();
        for (final Class<?> holder : List.of(ScalarMath.class, ScalarActivations.class, Activation.class)) {
            for (final Field field : holder.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.getType().isPrimitive()) {
                    field.setAccessible(true);
                    constants.put(field.getName(), field.get(null));
                }
            }
        }
        return constants;
    }

    @Test
    void pageHasTheConstantsOfTheCode() throws Exception {
        final Map<String, String> page = onThePage();
        final Map<String, Object> code = inTheCode();
        assertTrue(code.size() > 60, () -> "only " + code.size() + " constants were found");
        assertEquals(code.keySet(), page.keySet());
        for (final Map.Entry<String, Object> constant : code.entrySet()) {
            final String text = page.getOrDefault(constant.getKey(), "");
            if (constant.getValue() instanceof Float number) {
                final int written = Float.floatToRawIntBits(Float.parseFloat(text));
                assertEquals(Float.floatToRawIntBits(number), written, constant.getKey());
            } else {
                final boolean hexadecimal = text.startsWith("0x");
                final int written =
                        Integer.parseUnsignedInt(hexadecimal ? text.substring(2) : text, hexadecimal ? 16 : 10);
                assertEquals(constant.getValue(), written, constant.getKey());
            }
        }
    }
}
