package io.lanewise.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of work with a known hash for each item of it. If this machine, this Java and this backend keep the
 * promise of the same bits everywhere, all hashes agree.
 */
public final class Verification {
    private final Map<String, String> expected;
    private final List<Item> items;

    /**
     * Puts items and hashes together.
     *
     * @param expected hashes by the name of the item
     */
    Verification(final List<Item> items, final Map<String, String> expected) {
        this.items = List.copyOf(items);
        this.expected = Map.copyOf(expected);
    }

    /** The whole work, and the hashes that the repository has. */
    public static Verification standard() {
        return new Verification(allItems(), ExpectedHashes.read());
    }

    private static List<Item> allItems() {
        final List<Item> items = Stream.of(
                        GemmItems.all(),
                        RowItems.all(),
                        FunctionItems.all(),
                        NormItems.all(),
                        LossItems.all(),
                        UpdateItems.all(),
                        RandomItems.all(),
                        InferenceItems.all(),
                        TrainingItems.all())
                .flatMap(List::stream)
                .toList();
        final Set<String> names = new HashSet<>();
        for (final Item item : items) {
            if (!names.add(item.name())) {
                throw new IllegalStateException("two items are called " + item.name());
            }
        }
        return items;
    }

    /** All items, in their order. */
    public List<Item> items() {
        return items;
    }

    /** The hash that an item should have; null if it has none yet. */
    public @Nullable String expected(final Item item) {
        return expected.get(item.name());
    }

    /** Does some of the work, in order; each result is shown as soon as it is there. */
    public List<Result> run(final List<Item> chosen, final Setting setting, final Consumer<Result> shown) {
        final List<Result> results = new ArrayList<>();
        for (final Item item : chosen) {
            final long start = System.nanoTime();
            final String actual = hash(item, setting);
            final double seconds = (System.nanoTime() - start) * 1e-9;
            final Result result = new Result(item.name(), expected.getOrDefault(item.name(), "none"), actual, seconds);
            results.add(result);
            shown.accept(result);
        }
        return results;
    }

    /** An item that fails is one that differs: the others are worth knowing all the same. */
    private static String hash(final Item item, final Setting setting) {
        try {
            return item.hash(setting);
        } catch (final RuntimeException e) {
            return e.toString();
        }
    }

    /** One hash of some results: of the lines {@code NAME HASH}, each ended by a line feed. */
    public static String total(final List<Result> results) {
        final BitHash total = new BitHash();
        results.forEach(result -> total.add(result.name() + " " + result.actual() + "\n"));
        return total.toString();
    }

    /**
     * What an item gave.
     *
     * @param name the item's
     * @param expected the hash that the repository has
     * @param actual the hash of what was computed, or what went wrong
     * @param seconds how long it took
     */
    public record Result(String name, String expected, String actual, double seconds) {
        /** Whether it is as expected. */
        public boolean agrees() {
            return expected.equals(actual);
        }
    }
}
