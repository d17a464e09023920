package io.lanewise.inference;

import java.util.ArrayList;
import java.util.List;

/**
 * What a session does with a block of rows: operations in order, each from one place in memory to another. Places are
 * used again as soon as what they hold is not needed any more. Immutable, shared by all sessions of a model.
 *
 * @param steps the operations
 * @param widths the width of the rows of each place
 */
record Plan(List<Step> steps, List<Integer> widths) {
    /** The rows that the caller gives. */
    static final int INPUT = -1;

    /** The rows that the caller wants. */
    static final int OUTPUT = -2;

    /**
     * An operation and where it works.
     *
     * @param x the place of X: {@link #INPUT}, or a number from 0
     * @param y the place of Y: {@link #OUTPUT}, or a number from 0
     */
    record Step(Operation operation, int x, int y) {}

    /**
     * An operation and what it works on.
     *
     * @param source the node whose rows it takes, counted from 0, or {@link #INPUT}
     * @param added the node whose rows are added to them, or {@link #INPUT}; only of a sum
     */
    record Node(Operation operation, int source, int added) {}

    /** Finds a place for what each node gives; the last node gives the output. */
    static Plan of(final List<Node> nodes) {
        return new Places(nodes).plan();
    }

    /** The places while they are given out. */
    private static final class Places {
        private final List<Node> nodes;
        private final int[] lastReader; // of what a node gives
        private final int[] places; // of what a node gives
        private final List<Step> steps = new ArrayList<>();
        private final List<Integer> widths = new ArrayList<>(); // of each place
        private final List<Integer> holds = new ArrayList<>(); // the node whose rows are in a place

        Places(final List<Node> nodes) {
            this.nodes = nodes;
            this.places = new int[nodes.size()];
            this.lastReader = new int[nodes.size()];
            for (int i = 0; i < nodes.size(); i++) {
                final Node node = nodes.get(i);
                if (node.source() != INPUT) {
                    lastReader[node.source()] = i;
                }
                if (node.operation() instanceof Operation.Sum && node.added() != INPUT) {
                    lastReader[node.added()] = i;
                }
            }
            lastReader[nodes.size() - 1] = Integer.MAX_VALUE;
        }

        Plan plan() {
            // What is changed where it is up to the output has to be made there.
            int root = nodes.size() - 1;
            while (staysInPlace(root)) {
                root = nodes.get(root).source();
            }
            for (int i = 0; i < nodes.size(); i++) {
                final Node node = nodes.get(i);
                final int width = node.operation().width();
                if (staysInPlace(i)) {
                    places[i] = places[node.source()];
                } else if (i == root) {
                    places[i] = OUTPUT;
                } else {
                    places[i] = free(i, width);
                }
                if (places[i] >= 0) {
                    holds.set(places[i], i);
                }
                final int source = place(node.source());
                if (node.operation().inPlace()) {
                    if (source != places[i]) {
                        steps.add(new Step(new Operation.Copy(width), source, places[i]));
                    }
                    final boolean sum = node.operation() instanceof Operation.Sum;
                    steps.add(new Step(node.operation(), sum ? place(node.added()) : source, places[i]));
                } else {
                    steps.add(new Step(node.operation(), source, places[i]));
                }
            }
            return new Plan(List.copyOf(steps), List.copyOf(widths));
        }

        /** Whether a node may overwrite the rows that it takes. */
        private boolean staysInPlace(final int i) {
            final Node node = nodes.get(i);
            return node.operation().inPlace()
                    && node.source() != INPUT
                    && lastReader[node.source()] == i
                    && !(node.operation() instanceof Operation.Sum && node.added() == node.source());
        }

        private int place(final int node) {
            return node == INPUT ? INPUT : places[node];
        }

        /** A place whose rows no node from {@code i} on reads. */
        private int free(final int i, final int width) {
            for (int p = 0; p < widths.size(); p++) {
                if (lastReader[holds.get(p)] < i) {
                    widths.set(p, Math.max(widths.get(p), width));
                    return p;
                }
            }
            widths.add(width);
            holds.add(i);
            return widths.size() - 1;
        }
    }
}
