package io.lanewise.bench.contest;

import java.io.Serial;

/** Says what is wrong with the result of a contestant. */
public final class WrongResult extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /** With what is shown to people. */
    public WrongResult(final String message) {
        super(message);
    }
}
