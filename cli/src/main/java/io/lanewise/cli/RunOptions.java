package io.lanewise.cli;

import io.lanewise.kernel.ThreadTeam;
import io.lanewise.training.EarlyStopping;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long is trained, in which portions, and by how many threads. */
final class RunOptions {
    private static final long STEPS = 3000;
    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 200;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "How often all rows are seen. Default: as many as make some 3,000 steps, from 10 to 200.")
    private @Nullable Integer epochs;

    @Option(
            names = "--batch",
            defaultValue = "32",
            paramLabel = "ROWS",
            description = "Rows in each step. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--early-stopping",
            paramLabel = "PATIENCE",
            description = "Stop after more than so many epochs whose loss on held-out rows was no better, and keep the"
                    + " model of the best epoch. Default: make all epochs, and keep the last.")
    private @Nullable Integer patience;

    @Option(
            names = "--min-delta",
            paramLabel = "LOSS",
            description = "By how much a better loss is lower, for --early-stopping. Default: 0.")
    private @Nullable Double minimumDelta;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Decides initial weights, held-out rows, the order of rows, and what --dropout leaves out."
                    + " Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that share the work; the model is the same, to the bit. Default: ${DEFAULT-VALUE}.")
    private int threads;

    int batch() {
        return batch;
    }

    long seed() {
        return seed;
    }

    /** The number of epochs for so many rows to learn from. */
    int epochs(final long rows) {
        final long steps = Math.max(1, rows / Math.max(1, batch));
        return epochs != null ? epochs : Math.clamp(STEPS / steps, FEWEST_EPOCHS, MOST_EPOCHS);
    }

    @Nullable
    EarlyStopping earlyStopping() {
        if (patience == null) {
            if (minimumDelta != null) {
                throw new UserException("--min-delta is for --early-stopping PATIENCE");
            }
            return null;
        }
        final int epochsNoBetter = patience;
        return Arguments.checked(() -> new EarlyStopping(epochsNoBetter, minimumDelta == null ? 0 : minimumDelta));
    }

    /** Refuses a number of threads that there cannot be. */
    void checkThreads() {
        Arguments.checkThreads(threads);
    }

    /** The threads, to be closed; null for the calling thread alone. */
    @Nullable
    ThreadTeam team() {
        return threads == 1 ? null : ThreadTeam.of(threads);
    }
}
