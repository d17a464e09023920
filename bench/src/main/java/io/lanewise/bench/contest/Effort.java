package io.lanewise.bench.contest;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of how much is measured. */
public final class Effort {
    private static final int FORKS = 3;
    private static final int QUICK_FORKS = 2;

    @Option(names = "--quick", description = "A subset of the cases and shorter turns: under 4 minutes.")
    private boolean quick;

    @Option(
            names = "--forks",
            paramLabel = "N",
            description =
                    "Virtual machines, one after the other (default: " + FORKS + ", with --quick " + QUICK_FORKS + ").")
    private @Nullable Integer forks;

    /** The defaults. */
    public Effort() {}

    /** Whether a subset and short turns are enough. */
    public boolean quick() {
        return quick;
    }

    /** Virtual machines, one after the other. */
    public int forks() {
        return forks != null ? forks : quick ? QUICK_FORKS : FORKS;
    }
}
