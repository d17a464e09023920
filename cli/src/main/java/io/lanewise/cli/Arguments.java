package io.lanewise.cli;

import io.lanewise.kernel.ThreadTeam;
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

    /** Refuses a number of threads that there cannot be. */
    static void checkThreads(final int threads) {
        if (threads < 1 || threads > ThreadTeam.MAX_THREADS) {
            throw new UserException("expected 1 to " + ThreadTeam.MAX_THREADS + " threads, got " + threads);
        }
    }
}
