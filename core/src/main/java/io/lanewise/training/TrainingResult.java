package io.lanewise.training;

import io.lanewise.mlp.Model;
import java.util.List;

/**
 * What a training run gave.
 *
 * @param model the trained model
 * @param history a report for each epoch, in order
 */
public record TrainingResult(Model model, List<EpochReport> history) {
    /** Copies the history. */
    public TrainingResult {
        history = List.copyOf(history);
    }
}
