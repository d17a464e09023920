package io.lanewise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a run of the command gave. */
record Run(int status, String out, String err) {
    static Run of(final Object... arguments) {
        final String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int status = Main.run(texts, new PrintWriter(out), new PrintWriter(err));
        return new Run(status, out.toString(), err.toString());
    }

    /** Checks that all went well. */
    Run ok() {
        assertEquals(Main.OK, status, () -> out + err);
        return this;
    }

    /** Checks that it was a user's error, told in this one line. */
    void refused(final String line) {
        assertEquals("lanewise: " + line + "\n", err);
        assertEquals(Main.USER_ERROR, status);
    }
}
