package io.lanewise.formats;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the text of an npy header: a dictionary in Python's notation, with these three keys and no others. */
final class NpyHeaderText {
    private static final int MAX_DIGITS = 18;

    private final String text;
    private final NpyHeader.Problems problems;
    private int at;
    private @Nullable String description;
    private @Nullable Boolean columnMajor;
    private long @Nullable [] shape;

    NpyHeaderText(final String text, final NpyHeader.Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** Reads all of it; {@code length} is what goes into the header. */
    NpyHeader parse(final int length) throws FormatException {
        expect('{');
        while (!accept('}')) {
            entry(string());
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (at < text.length()) {
            throw wrong("nothing after the dictionary");
        }
        if (description == null || columnMajor == null || shape == null) {
            throw problems.of("expected a header with descr, fortran_order and shape, got " + shown());
        }
        return NpyHeader.checked(description, columnMajor, shape, length, problems);
    }

    private void entry(final String key) throws FormatException {
        expect(':');
        switch (key) {
            case "descr" -> {
                refuseTwice(key, description);
                skipSpace();
                if (at < text.length() && text.charAt(at) == '[') {
                    throw problems.of("expected elements that are one number each, got a structured array: give a"
                            + " column for each field, such as numpy.column_stack([a[f] for f in a.dtype.names])");
                }
                description = string();
            }
            case "fortran_order" -> {
                refuseTwice(key, columnMajor);
                columnMajor = truth();
            }
            case "shape" -> {
                refuseTwice(key, shape);
                shape = tuple();
            }
            default ->
                throw problems.of("expected a header of descr, fortran_order and shape, got the key " + Quoted.of(key));
        }
    }

    private void refuseTwice(final String key, final @Nullable Object value) throws FormatException {
        if (value != null) {
            throw problems.of("expected a header with one " + key + ", got two: " + shown());
        }
    }

    private String string() throws FormatException {
        final char quote = accept('"') ? '"' : '\'';
        if (quote == '\'') {
            expect('\'');
        }
        final int end = text.indexOf(quote, at);
        final String content = end < 0 ? "\\" : text.substring(at, end);
        if (content.indexOf('\\') >= 0) {
            throw wrong("a text in quotes");
        }
        at = end + 1;
        return content;
    }

    private boolean truth() throws FormatException {
        skipSpace();
        for (final boolean value : new boolean[] {false, true}) {
            final String word = value ? "True" : "False";
            if (text.startsWith(word, at)) {
                at += word.length();
                return value;
            }
        }
        throw wrong("True or False");
    }

    private long[] tuple() throws FormatException {
        long[] numbers = {};
        expect('(');
        while (!accept(')')) {
            numbers = Arrays.copyOf(numbers, numbers.length + 1);
            numbers[numbers.length - 1] = number();
            if (!accept(',')) {
                if (numbers.length == 1) {
                    throw wrong("a comma: in Python, a tuple of one number has one");
                }
                expect(')');
                break;
            }
        }
        return numbers;
    }

    private long number() throws FormatException {
        skipSpace();
        final int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start || at - start > MAX_DIGITS) {
            at = start;
            throw wrong("a whole number of at most " + MAX_DIGITS + " digits");
        }
        final long number = Long.parseLong(text.substring(start, at));
        if (at < text.length() && text.charAt(at) == 'L') { // Python 2
            at++;
        }
        return number;
    }

    private boolean accept(final char c) {
        skipSpace();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(final char c) throws FormatException {
        if (!accept(c)) {
            throw wrong("'" + c + "'");
        }
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private FormatException wrong(final String expected) {
        return problems.of("expected " + expected + " at character " + (at + 1) + " of the header, got " + shown());
    }

    private String shown() {
        return Quoted.plain(text.strip(), 200);
    }
}
