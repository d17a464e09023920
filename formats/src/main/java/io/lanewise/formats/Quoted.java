package io.lanewise.formats;

import java.util.List;
import java.util.stream.Collectors;

/** Text from files as it is shown in messages: short, on one line, without control characters. */
public final class Quoted {
    private static final int MAX_LENGTH = 60;
    private static final int MAX_NAMES = 20;

    private Quoted() {}

    /** The text in single quotes. */
    public static String of(final String text) {
        return "'" + plain(text, MAX_LENGTH) + "'";
    }

    /** The text without quotes, at most {@code length} characters of it. */
    public static String plain(final String text, final int length) {
        final StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), length); i++) {
            final char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > length ? shown.append('…').toString() : shown.toString();
    }

    /** Names, separated by commas: the first few of them and how many there are. */
    static String list(final List<String> names) {
        final String shown = names.stream()
                .limit(MAX_NAMES)
                .map(name -> plain(name, MAX_LENGTH))
                .collect(Collectors.joining(", "));
        return names.size() <= MAX_NAMES ? shown : shown + ", … (" + names.size() + " in all)";
    }
}
