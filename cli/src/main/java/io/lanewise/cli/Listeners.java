package io.lanewise.cli;

import io.lanewise.training.EpochReport;
import io.lanewise.training.TrainingListener;
import io.lanewise.training.TrainingState;
import java.util.List;

/** Tells several listeners, one after the other. */
record Listeners(List<TrainingListener> all) implements TrainingListener {
    Listeners {
        all = List.copyOf(all);
    }

    @Override
    public void onStep(final int epoch, final long rows, final double loss) {
        for (final TrainingListener listener : all) {
            listener.onStep(epoch, rows, loss);
        }
    }

    @Override
    public void onEpoch(final EpochReport report) {
        all.forEach(listener -> listener.onEpoch(report));
    }

    @Override
    public void onResume(final TrainingState state) {
        all.forEach(listener -> listener.onResume(state));
    }
}
