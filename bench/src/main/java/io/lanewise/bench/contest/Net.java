package io.lanewise.bench.contest;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A network by its widths, written {@code 784-512-256-10}. ReLU stands between the layers; a network of one output gives
 * values, others class probabilities.
 *
 * @param widths of the input and of each layer's output
 */
public record Net(List<Integer> widths) {
    /** A regular expression of what {@link #parse} reads. */
    public static final String PATTERN = "\\d{1,9}(?:-\\d{1,9})+";

    /** Largest number of parameters, and of elements of a layer's output: a quarter of what an array can hold. */
    private static final long LARGEST = 1L << 29;

    /** Checks the sizes. */
    public Net {
        widths = List.copyOf(widths);
        long parameters = 0;
        for (int i = 0; i < widths.size(); i++) {
            final long width = widths.get(i);
            if (width < 1 || width > Dense.MAX_WIDTH) {
                throw new IllegalArgumentException("expected widths from 1 to " + Dense.MAX_WIDTH + ", got " + width);
            }
            parameters += i == 0 ? 0 : (widths.get(i - 1) + 1) * width;
        }
        if (parameters > LARGEST) {
            throw new IllegalArgumentException("expected at most " + LARGEST + " parameters, got " + parameters);
        }
    }

    /** Reads one that {@link #PATTERN} matches. */
    public static Net parse(final String text) {
        return new Net(Arrays.stream(text.split("-", -1)).map(Integer::valueOf).toList());
    }

    /**
     * Reads cases, separated by commas.
     *
     * @param parser of one, which may stand for several
     * @throws IllegalArgumentException if the parser threw one; the message tells of which
     */
    public static <C> List<C> parseList(final String text, final Function<String, Stream<C>> parser) {
        return Arrays.stream(text.split(",", -1))
                .flatMap(one -> {
                    try {
                        return parser.apply(one.strip()).toList().stream();
                    } catch (final IllegalArgumentException e) {
                        throw new IllegalArgumentException(e.getMessage() + ", in '" + one + "'", e);
                    }
                })
                .distinct()
                .toList();
    }

    /**
     * Checks that a batch is not too large.
     *
     * @param rows of the batch
     */
    public void checkBatch(final int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("expected a batch of at least 1 row, got " + rows);
        }
        final long widest = widths.stream().mapToLong(Integer::longValue).max().orElse(1);
        if (widest * rows > LARGEST) {
            throw new IllegalArgumentException(
                    "expected at most " + LARGEST + " elements of a layer's output, got " + widest * rows);
        }
    }

    /** The network, as Lanewise describes it. */
    public Mlp mlp() {
        final Mlp.Builder builder = Mlp.inputs(widths.getFirst());
        widths.subList(1, widths.size() - 1).forEach(width -> builder.dense(width, Activation.RELU));
        builder.dense(outputs());
        return outputs() == 1 ? builder.linear() : builder.softmax();
    }

    /** The width of the output. */
    public int outputs() {
        return widths.getLast();
    }

    /** The weights of a layer, from 0, without its biases. */
    public double weights(final int layer) {
        return (double) widths.get(layer) * widths.get(layer + 1);
    }

    /** The weights of all layers, without biases. */
    public double weights() {
        double weights = 0;
        for (int i = 0; i < widths.size() - 1; i++) {
            weights += weights(i);
        }
        return weights;
    }

    /** {@code 784-512-256-10}. */
    @Override
    public String toString() {
        return widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}
