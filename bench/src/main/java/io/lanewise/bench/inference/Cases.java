package io.lanewise.bench.inference;

import io.lanewise.bench.contest.Net;
import io.lanewise.mlp.Dense;
import io.lanewise.mlp.Model;
import java.util.ArrayList;
import java.util.List;

/** The cases of the contest. */
final class Cases {
    /** Batches of a network. */
    static final List<Integer> BATCHES = List.of(1, 8, 32, 128, 512, 2048);

    private static final List<Integer> QUICK_BATCHES = List.of(1, 32, 512);

    /** A tiny regression, a tabular classifier, digits, and one whose weights no L2 cache holds. */
    private static final String NETS = "32-64-32-1,13-128-64-2,784-512-256-10,1024-2048-2048-1000";

    private static final String QUICK = "32-64-32-1:1,32-64-32-1:128,13-128-64-2:1,13-128-64-2:32,"
            + "784-512-256-10:1,784-512-256-10:32,784-512-256-10:512,1024-2048-2048-1000:1,1024-2048-2048-1000:32";

    private Cases() {}

    /** All of them. */
    static List<Case> all() {
        return Case.parseList(NETS, BATCHES);
    }

    /** A model, called by the widths of its input and its dense layers. */
    static List<Case> of(final Model model, final boolean quick) {
        final List<Integer> widths = new ArrayList<>(List.of(model.mlp().inputs()));
        model.mlp().layers().stream().filter(Dense.class::isInstance).forEach(layer -> widths.add(layer.outputs()));
        final Net net = new Net(widths);
        return (quick ? QUICK_BATCHES : BATCHES)
                .stream().map(batch -> new Case(net, batch)).toList();
    }

    /** Each network, none so large that a slow contestant would need seconds. */
    static List<Case> quick() {
        return Case.parseList(QUICK, BATCHES);
    }
}
