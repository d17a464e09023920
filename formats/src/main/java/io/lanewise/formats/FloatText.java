package io.lanewise.formats;

/**
 * Numbers as people write them in tables: an optional sign, decimal digits with at most one point, an optional
 * exponent. {@link Float#parseFloat} alone accepts more, such as {@code 1f}, {@code 0x1p3} and {@code NaN}.
 */
final class FloatText {
    /** Whole numbers and powers of ten up to here are exact floats, so one division of them rounds once. */
    private static final int MAX_EXACT = 1 << 24;

    private static final float[] POWERS_OF_TEN = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};

    private FloatText() {}

    /**
     * The float nearest to a written number; white space around it is ignored.
     *
     * @return NaN if there is no number, or one that is too large for a float
     */
    static float parse(final char[] text, final int offset, final int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && text[from] <= ' ') {
            from++;
        }
        while (from < to && text[to - 1] <= ' ') {
            to--;
        }
        final boolean negative = from < to && text[from] == '-';
        final int first = negative ? from + 1 : from;
        int digits = 0;
        int decimals = 0;
        int significand = 0;
        boolean point = false;
        for (int i = first; i < to; i++) {
            final char c = text[i];
            if (c >= '0' && c <= '9') {
                significand = significand * 10 + (c - '0');
                digits++;
                decimals += point ? 1 : 0;
                if (significand > MAX_EXACT) {
                    return parseSlowly(text, from, to);
                }
            } else if (c == '.' && !point) {
                point = true;
            } else {
                return parseSlowly(text, from, to);
            }
        }
        if (digits == 0 || decimals >= POWERS_OF_TEN.length) {
            return parseSlowly(text, from, to);
        }
        final float value = significand / POWERS_OF_TEN[decimals];
        return negative ? -value : value;
    }

    private static float parseSlowly(final char[] text, final int from, final int to) {
        if (!isNumber(text, from, to)) {
            return Float.NaN;
        }
        final float value = Float.parseFloat(new String(text, from, to - from));
        return Float.isInfinite(value) ? Float.NaN : value;
    }

    private static boolean isNumber(final char[] text, final int from, final int to) {
        int i = from < to && (text[from] == '-' || text[from] == '+') ? from + 1 : from;
        final int whole = skipDigits(text, i, to);
        int digits = whole - i;
        i = whole;
        if (i < to && text[i] == '.') {
            final int end = skipDigits(text, i + 1, to);
            digits += end - i - 1;
            i = end;
        }
        if (digits == 0) {
            return false;
        }
        if (i < to && (text[i] == 'e' || text[i] == 'E')) {
            i++;
            i += i < to && (text[i] == '-' || text[i] == '+') ? 1 : 0;
            final int end = skipDigits(text, i, to);
            return end > i && end == to;
        }
        return i == to;
    }

    private static int skipDigits(final char[] text, final int from, final int to) {
        int i = from;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i;
    }

    /** Why {@link #parse} gave NaN: what was expected, what was found and what to do. */
    static String problem(final String text) {
        final String stripped = text.strip();
        if (stripped.isEmpty()) {
            return "expected a number, got an empty cell: fill in missing values, or remove such rows";
        }
        if (isNumber(stripped.toCharArray(), 0, stripped.length())) {
            return "expected a number up to ±3.4028235e38, got " + Quoted.of(stripped);
        }
        if (stripped.matches("(?i)[+-]?(nan|inf|infinity)")) {
            return "expected a finite number, got " + Quoted.of(stripped)
                    + ": fill in missing values, or remove such rows";
        }
        if (stripped.matches("[+-]?[0-9]+,[0-9]+")) {
            return "expected a number, got " + Quoted.of(stripped) + ": write a decimal point, not a comma";
        }
        return "expected a number, got " + Quoted.of(stripped);
    }
}
