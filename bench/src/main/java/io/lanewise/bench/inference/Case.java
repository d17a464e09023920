package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Net;
import io.lanewise.mlp.Mlp;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network and how many rows it scores in a call, written {@code 784-512-256-10:32}.
 *
 * @param net the network
 * @param batch rows
 */
public record Case(Net net, int batch) {
    private static final Pattern TEXT = Pattern.compile("(" + Net.PATTERN + ")(?::(\\d{1,9}))?");

    /** Checks the sizes. */
    public Case {
        net.checkBatch(batch);
    }

    /**
     * Reads cases, separated by commas.
     *
     * @param batches those of a network that is written without one
     * @throws IllegalArgumentException if one is not of the form {@code 784-512-10} or {@code 784-512-10:32}, a size is
     *     0, or it is too large
     */
    static List<Case> parseList(final String text, final List<Integer> batches) {
        return Net.parseList(text, one -> parse(one, batches));
    }

    private static Stream<Case> parse(final String text, final List<Integer> batches) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected widths such as 784-512-10, or with a batch behind them 784-512-10:32");
        }
        final Net net = Net.parse(matcher.group(1));
        final List<Integer> rows = matcher.group(2) == null ? batches : List.of(Integer.valueOf(matcher.group(2)));
        return rows.stream().map(batch -> new Case(net, batch));
    }

    /** Reads one case, as {@link #toString} writes it. */
    static Case parse(final String text) {
        return parse(text, List.of(1)).findFirst().orElseThrow();
    }

    /** The network, as Lanewise describes it. */
    Mlp mlp() {
        return net.mlp();
    }

    /** Floating-point operations of a row: a multiplication and an addition for each weight. */
    double flopsOfRow() {
        return 2 * net.weights();
    }

    /** {@code 784-512-256-10:32}. */
    @Override
    public String toString() {
        return net + ":" + batch;
    }
}
