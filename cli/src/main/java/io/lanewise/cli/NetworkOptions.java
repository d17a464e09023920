package io.lanewise.cli;

import io.lanewise.kernel.Activation;
import io.lanewise.mlp.Head;
import io.lanewise.mlp.Initialization;
import io.lanewise.mlp.Mlp;
import io.lanewise.mlp.Names;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which network is trained: hidden layers that are all made alike, and a head that follows from the task. */
final class NetworkOptions {
    /** What is normalised before the activation of a hidden layer. */
    enum Norm {
        NONE,
        BATCH,
        LAYER;

        @Override
        public String toString() {
            return Names.of(this);
        }
    }

    @Option(
            names = "--hidden",
            defaultValue = "64,32",
            paramLabel = "UNITS",
            description = "Units of each hidden layer; 0 for none. Default: ${DEFAULT-VALUE}.")
    private Units hidden = new Units(List.of());

    @Option(
            names = "--activation",
            defaultValue = "relu",
            paramLabel = "NAME",
            completionCandidates = ActivationNames.class,
            description = "Of the hidden layers: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Activation activation = Activation.RELU;

    @Option(
            names = "--norm",
            defaultValue = "none",
            paramLabel = "NAME",
            description = "Normalisation before each of these activations: ${COMPLETION-CANDIDATES}. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Norm norm = Norm.NONE;

    @Option(
            names = "--dropout",
            defaultValue = "0",
            paramLabel = "RATE",
            description = "Share of the units left out at random behind each of them. Default: ${DEFAULT-VALUE}.")
    private float dropout;

    @Option(
            names = "--residual",
            description = "Add the input of a hidden layer to its output, where it is as wide as the one before.")
    private boolean residual;

    @Option(
            names = "--head",
            defaultValue = "softmax",
            paramLabel = "NAME",
            completionCandidates = HeadNames.class,
            description =
                    "Of a classifier: ${COMPLETION-CANDIDATES}. A sigmoid tells two classes apart by one output, and"
                            + " learns by binary cross-entropy. Default: ${DEFAULT-VALUE}.")
    private Head head = Head.SOFTMAX;

    @Option(
            names = "--initialization",
            defaultValue = "auto",
            paramLabel = "NAME",
            completionCandidates = InitializationNames.class,
            description = "Of the weights: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}, as the activation asks"
                    + " for.")
    private Initialization initialization = Initialization.AUTO;

    /** How weights start. */
    Initialization initialization() {
        return initialization;
    }

    /** Whether two classes are told apart by one output. */
    boolean isBinary() {
        return head == Head.SIGMOID;
    }

    /** Refuses a head that does not fit the task. */
    void check(final boolean classifier) {
        if (head != Head.SOFTMAX && head != Head.SIGMOID) {
            throw new UserException("expected softmax or sigmoid, got --head " + Names.of(head));
        }
        if (isBinary() && !classifier) {
            throw new UserException("--head sigmoid is for classes, not for --task regression");
        }
        if (hidden.widths().isEmpty()) {
            refuseWithoutHidden(norm != Norm.NONE, "--norm");
            refuseWithoutHidden(dropout != 0, "--dropout");
            refuseWithoutHidden(activation != Activation.RELU, "--activation");
        }
        mlp(1, 2, classifier);
    }

    private static void refuseWithoutHidden(final boolean given, final String option) {
        if (given) {
            throw new UserException(option + " is for hidden layers, and --hidden 0 asks for none");
        }
    }

    /** The network for rows with so many features and classes, or target values. */
    Mlp mlp(final int inputs, final int outputs, final boolean classifier) {
        final List<Integer> widths = hidden.widths();
        if (residual && !hasNeighboursOfOneWidth(widths)) {
            throw new UserException("--residual adds the input of a hidden layer to its output, which needs layers of"
                    + " equal widths that follow each other, such as --hidden 64,64; got --hidden " + hidden);
        }
        if (isBinary() && outputs != 2) {
            throw new UserException(
                    "--head sigmoid tells two classes apart, but there are " + outputs + ": use --head softmax");
        }
        return Arguments.checked(() -> {
            final Mlp.Builder builder = Mlp.inputs(inputs);
            for (int i = 0; i < widths.size(); i++) {
                final int width = widths.get(i);
                if (residual && i > 0 && width == widths.get(i - 1)) {
                    builder.residual(block -> addHidden(block, width));
                } else {
                    addHidden(builder, width);
                }
            }
            builder.dense(isBinary() ? 1 : outputs);
            if (!classifier) {
                return builder.linear();
            }
            return isBinary() ? builder.sigmoid() : builder.softmax();
        });
    }

    private static boolean hasNeighboursOfOneWidth(final List<Integer> widths) {
        for (int i = 1; i < widths.size(); i++) {
            if (widths.get(i).equals(widths.get(i - 1))) {
                return true;
            }
        }
        return false;
    }

    private void addHidden(final Mlp.Builder builder, final int units) {
        switch (norm) {
            case NONE -> builder.dense(units, activation);
            case BATCH -> builder.dense(units).batchNorm();
            case LAYER -> builder.dense(units).layerNorm();
        }
        if (norm != Norm.NONE && activation != Activation.IDENTITY) {
            builder.activation(activation);
        }
        if (dropout != 0) {
            builder.dropout(dropout);
        }
    }

    /** The widths of hidden layers. A type of its own, since an option that is a list may be given again and grows. */
    record Units(List<Integer> widths) {
        static Units parse(final String text) {
            if (text.strip().equals("0")) {
                return new Units(List.of());
            }
            final List<Integer> widths = new ArrayList<>();
            for (final String width : text.split(",", -1)) {
                try {
                    widths.add(Integer.parseInt(width.strip()));
                } catch (final NumberFormatException e) {
                    throw wrong(text);
                }
                if (widths.getLast() < 1) {
                    throw wrong(text);
                }
            }
            return new Units(widths);
        }

        private static IllegalArgumentException wrong(final String text) {
            return new IllegalArgumentException(
                    "expected the units of each hidden layer, such as 64,32, or 0 for none, got '" + text + "'");
        }

        @Override
        public String toString() {
            return widths.isEmpty() ? "0" : widths.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    static final class ActivationNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Names.all(Activation.class).iterator();
        }
    }

    static final class HeadNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(Names.of(Head.SOFTMAX), Names.of(Head.SIGMOID)).iterator();
        }
    }

    static final class InitializationNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Names.all(Initialization.class).iterator();
        }
    }
}
