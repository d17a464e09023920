package io.lanewise.onnx;

import java.io.Serial;

/**
 * Why a graph cannot be read. It never leaves the package: who knows the node and the file makes a
 * {@link io.lanewise.formats.FormatException} of it.
 */
final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    Refusal(final String reason) {
        super(reason, null, false, false);
    }

    /** Of an exception that nothing foresaw. */
    Refusal(final String reason, final Throwable cause) {
        super(reason, cause, false, false);
    }

    /** The reason. */
    String reason() {
        return String.valueOf(getMessage());
    }
}
