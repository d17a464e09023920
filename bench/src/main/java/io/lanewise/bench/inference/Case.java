package io.lanewise.bench.inference;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network and how many rows it scores in a call, written {@code 784-512-256-10:32}. ReLU stands between the layers; a
 * network of one output gives values, others class probabilities.
 *
 * @param widths of the input and of each layer's output
 * @param batch rows
 */
public record Case(List<Integer> widths, int batch) {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:-\\d{1,9})+)(?::(\\d{1,9}))?");

    /** Largest number of parameters, and of elements of a layer's output: a quarter of what an array can hold. */
    private static final long LARGEST = 1L << 29;

    /** Checks the sizes. */
    public Case {
        widths = List.copyOf(widths);
        long parameters = 0;
        long widest = 0;
        for (int i = 0; i < widths.size(); i++) {
            final long width = widths.get(i);
            if (width < 1 || width > Dense.MAX_WIDTH) {
                throw new IllegalArgumentException("expected widths from 1 to " + Dense.MAX_WIDTH + ", got " + width);
            }
            parameters += i == 0 ? 0 : (widths.get(i - 1) + 1) * width;
            widest = Math.max(widest, width);
        }
        if (batch < 1) {
            throw new IllegalArgumentException("expected a batch of at least 1 row, got " + batch);
        }
        if (Math.max(parameters, widest * batch) > LARGEST) {
            throw new IllegalArgumentException("expected at most " + LARGEST + " parameters, and elements of a layer's"
                    + " output, got " + parameters + " and " + widest * batch);
        }
    }

    /**
     * Reads cases, separated by commas.
     *
     * @param batches those of a network that is written without one
     * @throws IllegalArgumentException if one is not of the form {@code 784-512-10} or {@code 784-512-10:32}, a size is
     *     0, or it is too large
     */
    static List<Case> parseList(final String text, final List<Integer> batches) {
        return Arrays.stream(text.split(",", -1))
                .flatMap(one -> parse(one, batches))
                .distinct()
                .toList();
    }

    private static Stream<Case> parse(final String text, final List<Integer> batches) {
        final Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected widths such as 784-512-10, or with a batch behind them"
                    + " 784-512-10:32, got '" + text + "'");
        }
        final List<Integer> widths =
                Arrays.stream(matcher.group(1).split("-")).map(Integer::valueOf).toList();
        final List<Integer> rows = matcher.group(2) == null ? batches : List.of(Integer.valueOf(matcher.group(2)));
        try {
            return rows.stream().map(batch -> new Case(widths, batch)).toList().stream();
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + " in '" + text + "'", e);
        }
    }

    /** Reads one case, as {@link #toString} writes it. */
    static Case parse(final String text) {
        return parse(text, List.of(1)).findFirst().orElseThrow();
    }

    /** The network: {@code 784-512-256-10}. */
    public String net() {
        return widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }

    /** The network, as Lanewise describes it. */
    Mlp mlp() {
        final Mlp.Builder builder = Mlp.inputs(widths.getFirst());
        widths.subList(1, widths.size() - 1).forEach(width -> builder.dense(width, Activation.RELU));
        builder.dense(widths.getLast());
        return widths.getLast() == 1 ? builder.linear() : builder.softmax();
    }

    /** Floating-point operations of a row: a multiplication and an addition for each weight. */
    double flopsOfRow() {
        double flops = 0;
        for (int i = 1; i < widths.size(); i++) {
            flops += 2.0 * widths.get(i - 1) * widths.get(i);
        }
        return flops;
    }

    /** {@code 784-512-256-10:32}. */
    @Override
    public String toString() {
        return net() + ":" + batch;
    }
}
