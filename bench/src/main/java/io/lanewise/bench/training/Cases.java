package io.lanewise.bench.training;

import java.util.List;

/** The cases of the contest. */
final class Cases {
    /** Batches of a network. */
    static final List<Integer> BATCHES = List.of(32, 128, 512);

    /** A tabular classifier, digits, and one whose weights no L2 cache holds. */
    private static final String NETS = "13-64-32-2,784-512-256-10,1024-2048-2048-1000";

    private static final String QUICK = "13-64-32-2:32,784-512-256-10:128,784-512-256-10:512:sgd,"
            + "1024-2048-2048-1000:32:adam,1024-2048-2048-1000:128:sgd";

    private Cases() {}

    /** All of them. */
    static List<Case> all() {
        return Case.parseList(NETS, BATCHES);
    }

    /** Each network and each optimiser, no step so large that a slow contestant would need a second. */
    static List<Case> quick() {
        return Case.parseList(QUICK, BATCHES);
    }
}
