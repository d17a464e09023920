package io.lanewise.bench.training;

import io.lanewise.bench.contest.Net;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A classifier, the rows of a step and the optimiser, written {@code 784-512-256-10:128:adam}. The loss is softmax
 * cross-entropy.
 *
 * @param net the network
 * @param batch rows
 * @param method the optimiser
 */
public record Case(Net net, int batch, Method method) {
    private static final Pattern TEXT = Pattern.compile("(" + Net.PATTERN + ")(?::(\\d{1,9}))?(?::(sgd|adam))?");

    /** Checks the sizes. */
    public Case {
        net.checkBatch(batch);
        if (net.outputs() < 2) {
            throw new IllegalArgumentException("expected at least 2 classes, got 1");
        }
    }

    /**
     * Reads cases, separated by commas.
     *
     * @param batches those of a network that is written without one; both optimisers are meant where none is written
     * @throws IllegalArgumentException if one is not of the form {@code 784-512-10}, {@code 784-512-10:32},
     *     {@code 784-512-10:adam} or {@code 784-512-10:32:adam}, a size is 0, or it is too large
     */
    static List<Case> parseList(final String text, final List<Integer> batches) {
        return Net.parseList(text, one -> parse(one, batches));
    }

    private static Stream<Case> parse(final String text, final List<Integer> batches) {
        final Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected widths such as 784-512-10, and a batch and sgd or adam behind"
                    + " them where not all are meant: 784-512-10:32:adam");
        }
        final Net net = Net.parse(matcher.group(1));
        final List<Integer> rows = matcher.group(2) == null ? batches : List.of(Integer.valueOf(matcher.group(2)));
        final List<Method> methods = matcher.group(3) == null
                ? List.of(Method.values())
                : List.of(Method.valueOf(matcher.group(3).toUpperCase(Locale.ROOT)));
        return rows.stream().flatMap(batch -> methods.stream().map(method -> new Case(net, batch, method)));
    }

    /** Reads one case, as {@link #toString} writes it. */
    static Case parse(final String text) {
        return parse(text, List.of(1)).findFirst().orElseThrow();
    }

    /**
     * Floating-point operations of a step's products, each 2 for a weight and a row: forward, to the gradients of the
     * weights, and to those of each layer's input but the first's.
     */
    double flops() {
        return 2 * (3 * net.weights() - net.weights(0)) * batch;
    }

    /** {@code 784-512-256-10:128:adam}. */
    @Override
    public String toString() {
        return net + ":" + batch + ":" + method;
    }
}
