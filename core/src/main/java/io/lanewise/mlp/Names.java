package io.lanewise.mlp;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How constants are written in files and on the command line: {@code LEAKY_RELU} is {@code leaky-relu}. */
public final class Names {
    private Names() {}

    /** The written form of a constant. */
    public static String of(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant of a type that is written so.
     *
     * @throws IllegalArgumentException if there is none; the message lists those that there are
     */
    public static <E extends Enum<E>> E parse(final Class<E> type, final String name) {
        for (final E constant : type.getEnumConstants()) {
            if (of(constant).equals(name)) {
                return constant;
            }
        }
        throw new IllegalArgumentException("expected one of " + all(type) + ", got '" + name + "'");
    }

    /** The written forms of all constants of a type. */
    public static <E extends Enum<E>> List<String> all(final Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Names::of).toList();
    }
}
