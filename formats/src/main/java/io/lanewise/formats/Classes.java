package io.lanewise.formats;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The order of classes: which number each label has. */
final class Classes {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private Classes() {}

    /** All labels, each once: as numbers where all are whole numbers, as text otherwise. */
    static List<String> ordered(final Collection<String> labels) {
        final List<String> distinct = labels.stream().distinct().toList();
        final boolean numbers =
                distinct.stream().allMatch(name -> WHOLE_NUMBER.matcher(name).matches());
        final Comparator<String> text = Comparator.naturalOrder();
        return distinct.stream()
                .sorted(
                        numbers
                                ? Comparator.<String>comparingInt(Integer::parseInt)
                                        .thenComparing(text)
                                : text)
                .toList();
    }
}
