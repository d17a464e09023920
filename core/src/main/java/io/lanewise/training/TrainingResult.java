package io.lanewise.training;

import io.lanewise.mlp.Model;
import java.util.List;

/**
 * What a training run gave.
 *
 * @param model the trained model: that of the last step, or of the best epoch where {@link EarlyStopping} looks for it
 *     and there was one
 * @param epoch the last epoch of {@code history} that the model has learnt from, from 1; 0 if there is none. The model
 *     of a run that was cancelled has learnt from steps of the next one too, be it all of them: a report is made after
 *     that
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
