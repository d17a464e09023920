package io.lanewise.training;

import io.lanewise.mlp.Names;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The text form of schedules: a kind, and behind a colon its options. {@link Schedule#parse} says more. */
final class ScheduleText {
    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private ScheduleText() {}

    /** The kinds, with the names of their options in the order of the records' components. */
    private enum Kind {
        CONSTANT,
        STEP("epochs", "gamma"),
        EXPONENTIAL("gamma"),
        COSINE("warm-up", "final"),
        ONE_CYCLE("warm-up", "divisor", "final-divisor"),
        PLATEAU("factor", "patience", "threshold", "cooldown", "minimum");

        @SuppressWarnings("ImmutableEnumChecker") // List.of is
        private final List<String> options;

        Kind(final String... options) {
            this.options = List.of(options);
        }
    }

    static String of(final Schedule schedule) {
        return switch (schedule) {
            case Schedule.Constant ignored -> written(Kind.CONSTANT);
            case Schedule.Step s -> written(Kind.STEP, s.epochs(), s.gamma());
            case Schedule.Exponential s -> written(Kind.EXPONENTIAL, s.gamma());
            case Schedule.Cosine s -> written(Kind.COSINE, s.warmUp(), s.finalFactor());
            case Schedule.OneCycle s -> written(Kind.ONE_CYCLE, s.warmUp(), s.divisor(), s.finalDivisor());
            case Schedule.ReduceOnPlateau s ->
                written(Kind.PLATEAU, s.factor(), s.patience(), s.threshold(), s.cooldown(), s.minimumRate());
        };
    }

    static Schedule parse(final String text) {
        final int colon = text.indexOf(':');
        final Kind kind = Names.parse(Kind.class, colon < 0 ? text : text.substring(0, colon));
        final Options options = colon < 0 ? new Options(Map.of()) : options(kind, text.substring(colon + 1));
        return switch (kind) {
            case CONSTANT -> Schedule.constant();
            case STEP -> new Schedule.Step(options.integer("epochs", 30), options.number("gamma", 0.1));
            case EXPONENTIAL -> new Schedule.Exponential(options.number("gamma", 0.95));
            case COSINE -> new Schedule.Cosine(options.number("warm-up", 0.05), options.number("final", 0));
            case ONE_CYCLE ->
                new Schedule.OneCycle(
                        options.number("warm-up", 0.3),
                        options.number("divisor", 25),
                        options.number("final-divisor", 1e4));
            case PLATEAU ->
                new Schedule.ReduceOnPlateau(
                        options.number("factor", 0.1),
                        options.integer("patience", 10),
                        options.number("threshold", 1e-4),
                        options.integer("cooldown", 0),
                        options.number("minimum", 0));
        };
    }

    private static String written(final Kind kind, final Number... values) {
        final StringBuilder text = new StringBuilder(Names.of(kind));
        for (int i = 0; i < values.length; i++) {
            text.append(i == 0 ? ':' : ',')
                    .append(kind.options.get(i))
                    .append('=')
                    .append(number(values[i]));
        }
        return text.toString();
    }

    /** The shortest decimal that gives the value back, as people write it: {@code 25} and {@code 1e-4}. */
    private static String number(final Number value) {
        final String text = value.toString().replace(".0E", "e").replace('E', 'e');
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static Options options(final Kind kind, final String text) {
        if (kind.options.isEmpty()) {
            throw new IllegalArgumentException("expected no options of " + Names.of(kind) + ", got '" + text + "'");
        }
        final Map<String, String> given = new HashMap<>();
        for (final String option : Arrays.asList(text.split(",", -1))) {
            final int equals = option.indexOf('=');
            final String name = equals < 0 ? option : option.substring(0, equals);
            if (!kind.options.contains(name)) {
                throw new IllegalArgumentException(
                        "expected one of " + kind.options + " for " + Names.of(kind) + ", got '" + name + "'");
            }
            if (equals < 0) {
                throw new IllegalArgumentException("expected " + name + "=number, got '" + option + "'");
            }
            if (given.put(name, option.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("expected " + name + " once, got '" + text + "'");
            }
        }
        return new Options(given);
    }

    /** What was given, by name. */
    private record Options(Map<String, String> given) {
        double number(final String name, final double otherwise) {
            final String text = given.get(name);
            if (text == null) {
                return otherwise;
            }
            if (!NUMBER.matcher(text).matches()) {
                throw new IllegalArgumentException("expected a number for " + name + ", got '" + text + "'");
            }
            return Double.parseDouble(text);
        }

        int integer(final String name, final int otherwise) {
            final String text = given.get(name);
            if (text == null) {
                return otherwise;
            }
            try {
                return Integer.parseInt(text);
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException("expected an integer for " + name + ", got '" + text + "'", e);
            }
        }
    }
}
