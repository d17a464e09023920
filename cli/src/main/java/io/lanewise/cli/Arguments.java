package io.lanewise.cli;

import java.util.function.Supplier;

/** Turns the refusal of a value that came from the command line into a line for the user. */
final class Arguments {
    private Arguments() {}

    static <T> T checked(final Supplier<T> value) {
        try {
            return value.get();
        } catch (final IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
    }
}
