package io.lanewise.cli;

/** Something that the user can mend: its message is all that is shown. */
final class UserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserException(final String message) {
        super(message);
    }
}
