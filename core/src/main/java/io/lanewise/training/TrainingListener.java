package io.lanewise.training;

/** Is told how a training run goes, on the thread that trains. */
public interface TrainingListener {
    /** Nobody listens. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * After each step.
     *
     * @param epoch the number of the epoch, from 1
     * @param rows how many rows of this epoch were learnt from so far
     * @param loss the mean loss of the epoch so far, as {@link EpochReport#loss}; NaN before the first row that counts
     */
    default void onStep(final int epoch, final long rows, final double loss) {}

    /**
     * After each epoch.
     *
     * @param report what it gave; it alone has {@link EpochReport#validation}
     */
    default void onEpoch(final EpochReport report) {}

    /**
     * When a run goes on from a checkpoint, before its first step.
     *
     * @param state where it goes on from
     */
    default void onResume(final TrainingState state) {}
}
