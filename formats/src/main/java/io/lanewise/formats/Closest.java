package io.lanewise.formats;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that somebody may have meant. */
final class Closest {
    private static final int MAX_CANDIDATES = 10_000;
    private static final int MAX_LENGTH = 100;

    private Closest() {}

    /** The candidate that fewest edits lead to, upper and lower case being the same; null if none is near. */
    static @Nullable String to(final String name, final List<String> candidates) {
        if (name.length() > MAX_LENGTH) {
            return null;
        }
        String closest = null;
        int fewest = 1 + Math.max(1, name.length() / 3);
        for (final String candidate : candidates.subList(0, Math.min(candidates.size(), MAX_CANDIDATES))) {
            if (candidate.length() <= MAX_LENGTH) {
                final int edits = edits(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
                if (edits < fewest) {
                    fewest = edits;
                    closest = candidate;
                }
            }
        }
        return closest;
    }

    /** How many characters are to be inserted, deleted or replaced (Levenshtein 1965), row by row of the table. */
    private static int edits(final String a, final String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            final int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
