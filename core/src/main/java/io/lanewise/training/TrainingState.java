package io.lanewise.training;

import io.lanewise.mlp.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that a training run carries from one step to the next: a run that goes on from it gives the bits of one that was
 * never interrupted. Immutable.
 *
 * @param run what the run was told and given, by name; one that goes on has to agree
 * @param session parameters, moments and steps
 * @param epoch the epoch that is under way, from 1; one more than the last if all are made
 * @param rows how many of its rows were learnt from
 * @param lossSum the sum of the losses of those rows, each counted by its weight, in {@code double}
 * @param weightSum the sum of these weights; the number of rows where all count alike
 * @param stopping how far early stopping has come
 * @param plateau the state of a schedule that follows the validation loss, or null
 * @param best the parameters of the best epoch, or null where none is looked for
 * @param history a report for each whole epoch, in order: of 1 to {@code epoch} − 1
 */
public record TrainingState(
        Map<String, String> run,
        SessionState session,
        int epoch,
        long rows,
        double lossSum,
        double weightSum,
        EarlyStoppingState stopping,
        @Nullable PlateauState plateau,
        @Nullable Parameters best,
        List<EpochReport> history) {
    /** Checks the ranges, copies map and list. */
    public TrainingState {
        if (epoch < 1 || rows < 0) {
            throw new IllegalArgumentException(
                    "expected an epoch from 1 and rows from 0, got " + epoch + " and " + rows);
        }
        run = Map.copyOf(run);
        history = List.copyOf(history);
        if (history.size() != epoch - 1) {
            throw new IllegalArgumentException(
                    "expected a report for each epoch before epoch " + epoch + ", got " + history.size());
        }
        for (int i = 0; i < history.size(); i++) {
            if (history.get(i).epoch() != i + 1) {
                throw new IllegalArgumentException("expected the reports of epochs in order, got one of epoch "
                        + history.get(i).epoch() + " where that of epoch " + (i + 1) + " should be");
            }
        }
    }

    /** The first thing, in the order of {@code other}, that is not as it was, in words; nothing if all is. */
    Optional<String> difference(final Map<String, String> other) {
        return other.entrySet().stream()
                .filter(now -> !now.getValue().equals(run.get(now.getKey())))
                .findFirst()
                .map(now -> now.getKey() + " was " + run.getOrDefault(now.getKey(), "not known") + ", and is now "
                        + now.getValue());
    }
}
