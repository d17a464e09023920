package io.lanewise.training;

import io.lanewise.mlp.Model;
import java.util.List;

/**
 * What a training run gave.
 *
 * @param model the trained model: that of the last epoch, or of the best one where {@link EarlyStopping} looks for it
 * @param epoch the epoch that the model is of, from 1; 0 if the run was cancelled in the first
 * @param end why the run ended
 * @param history a report for each whole epoch, in order; of validations the numbers alone
 */
public record TrainingResult(Model model, int epoch, End end, List<EpochReport> history) {
    /** Why a run ended. */
    public enum End {
        /** It made all its epochs. */
        ALL_EPOCHS,
        /** The validation loss has stopped falling. */
        EARLY_STOPPING,
        /** It was cancelled. */
        CANCELLED
    }

    /** Copies the history. */
    public TrainingResult {
        history = List.copyOf(history);
    }
}
